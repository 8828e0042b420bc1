"""View model of the next steps after a passed test, a part of the result page: practice, courses, workshops."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Actor
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.i18n.languages import direction
from app.ports import ports
from app.quizzes.domain.attempts import CompetencyScore
from app.quizzes.shapes import AttemptView


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCompetency:
    """A competency in which the test was passed; `href` "": the framework does not contain it."""

    name: str
    href: str
    lang: str
    dir: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStepLink:
    """A link to what to do next."""

    name: str
    sub: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSteps:
    """The result of a passed test in competencies, its effects, and next steps: practice, courses, workshops."""

    shown: tuple[ShownCompetency, ...]
    counts_for: tuple[str, ...]
    steps: tuple[NextStepLink, ...]


def next_steps(attempt: AttemptView, outline: Outline, outcomes: Sequence[CompetencyScore], actor: Actor) -> NextSteps:
    """Return the competencies, effects and next steps of a passed test."""
    return NextSteps(
        shown=tuple(shown_competency(attempt, outcome.competency) for outcome in outcomes if outcome.reached),
        counts_for=tuple(_counts_for(outline, attempt.language)),
        steps=(
            *_certificate(attempt, actor),
            *_practice(attempt, outline),
            *_courses(attempt, outline, actor),
            *_others(),
        ),
    )


def shown_competency(attempt: AttemptView, competency: str) -> ShownCompetency:
    """Return a competency with the address of its page, in the language of the attempt."""
    framework = catalogue.competencies()
    named = framework is not None and framework.get(competency) is not None
    titles = catalogue.competency_titles(attempt.language)
    return ShownCompetency(
        name=titles.get(competency, competency),
        href=url_for("home.competency", competency=competency) if named else "",
        lang=attempt.language,
        dir=direction(attempt.language),
    )


def _counts_for(outline: Outline, language: str) -> Iterator[str]:
    title = outline.title(language)
    yield _("It completes the course %(title)s, which is now on your record.", title=title)
    if outline.facts.competencies:
        yield _("It is evidence for these competencies. Their pages say what is still missing.")


def _certificate(attempt: AttemptView, actor: Actor) -> Iterator[NextStepLink]:
    """Yield the certificate, first of all, once the course of the test is completed."""
    url = ports().certificate_url(actor.id, attempt.course_id, attempt.version_id)
    if url:
        yield NextStepLink(
            name=_("Get your certificate"),
            sub=_("You completed the course. Others can check the certificate."),
            href=url,
        )


def _practice(attempt: AttemptView, outline: Outline) -> Iterator[NextStepLink]:
    for name, titles in outline.cases.items():
        code = attempt.language if attempt.language in titles else outline.facts.source_language
        yield NextStepLink(
            name=_("Case: %(title)s", title=titles[code]),
            sub=_("Practice: use what you learned in a case."),
            href=url_for("learning.case", course=outline.slug, case=name),
        )


def _courses(attempt: AttemptView, outline: Outline, actor: Actor) -> Iterator[NextStepLink]:
    """Yield the courses that need this one before them, else the list of courses."""
    after = [course for course in catalogue.all_visible(actor) if outline.code in course.facts.prerequisites]
    for course in after:
        yield NextStepLink(
            name=_("Course: %(title)s", title=f"{course.code} {course.title(attempt.language)}"),
            sub=_("Builds on this course."),
            href=url_for("learning.course", course=course.slug),
        )
    if not after:
        yield NextStepLink(name=_("Courses"), sub=_("Choose the next course."), href=url_for("learning.courses"))


def _others() -> Iterator[NextStepLink]:
    yield NextStepLink(
        name=_("Workshops"),
        sub=_("An assessor watches you work. That verifies a competency."),
        href=url_for("workshops.show_workshops"),
    )
    yield NextStepLink(name=_("Record"), sub=_("See what you have shown."), href=url_for("home.record"))
