"""What comes after a passed test: what it showed, what it counts for, where to go next."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Actor
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.i18n.languages import direction
from app.quizzes.domain.attempts import Outcome
from app.quizzes.shapes import AttemptView


def page(attempt: AttemptView, outline: Outline, outcomes: Sequence[Outcome], actor: Actor) -> dict[str, Any]:
    """Return what a passed test showed and the next steps: practice, courses, workshops."""
    return {
        "shown": [_shown(attempt, outcome) for outcome in outcomes if outcome.reached],
        "counts_for": _counts_for(outline, attempt.language),
        "steps": [*_practice(attempt, outline), *_courses(attempt, outline, actor), *_others()],
    }


def _shown(attempt: AttemptView, outcome: Outcome) -> dict[str, str]:
    """Return a competency that was shown, with its page where the framework names it."""
    framework = catalogue.competencies()
    named = framework is not None and framework.get(outcome.competency) is not None
    titles = catalogue.competency_titles(attempt.language)
    return {
        "name": titles.get(outcome.competency, outcome.competency),
        "href": url_for("home.competency", competency=outcome.competency) if named else "",
        "lang": attempt.language,
        "dir": direction(attempt.language),
    }


def _counts_for(outline: Outline, language: str) -> list[str]:
    title = outline.title(language)
    texts = [_("It completes the course %(title)s, which is now on your record.", title=title)]
    if outline.facts.competencies:
        texts.append(_("It is evidence for these competencies. Their pages say what is still missing."))
    return texts


def _practice(attempt: AttemptView, outline: Outline) -> Iterator[dict[str, str]]:
    for name, titles in outline.cases.items():
        code = attempt.language if attempt.language in titles else outline.facts.source_language
        yield {
            "name": _("Case: %(title)s", title=titles[code]),
            "sub": _("Practice: use what you learned in a case."),
            "href": url_for("learning.case", course=outline.slug, case=name),
        }


def _courses(attempt: AttemptView, outline: Outline, actor: Actor) -> Iterator[dict[str, str]]:
    """Yield the courses that ask for this one before them, else the list of courses."""
    after = [course for course in catalogue.all_visible(actor) if outline.code in course.facts.prerequisites]
    for course in after:
        yield {
            "name": _("Course: %(title)s", title=f"{course.code} {course.title(attempt.language)}"),
            "sub": _("Builds on this course."),
            "href": url_for("learning.course", course=course.slug),
        }
    if not after:
        yield {"name": _("Courses"), "sub": _("Choose the next course."), "href": url_for("learning.courses")}


def _others() -> Iterator[dict[str, str]]:
    yield {
        "name": _("Workshops"),
        "sub": _("An assessor watches you work. That verifies a competency."),
        "href": url_for("workshops.show_workshops"),
    }
    yield {"name": _("Record"), "sub": _("See what you have shown."), "href": url_for("home.record")}
