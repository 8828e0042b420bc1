"""Labels, languages and URLs of courses for pages: state, next step, fallback language; also used by `home`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from flask import url_for
from flask_babel import gettext as _, lazy_gettext
from flask_login import current_user

from app.access.policy import Sensitivity
from app.catalogue.domain.courses import LessonEntry, ReviewPoint
from app.catalogue.domain.references.texts import Texts
from app.catalogue.domain.translations import FrontState, TranslationState
from app.catalogue.shapes import Outline
from app.i18n.languages import current, language_name
from app.learning import domain
from app.learning.domain import Finished, NextCase, NextLesson, Test
from app.learning.shapes import CourseStatus
from app.web.settings import settings

SOURCE = "source"
REVIEW_POINTS = {
    ReviewPoint.OUTCOMES: lazy_gettext("What is learnt can be measured"),
    ReviewPoint.FACTS: lazy_gettext("Facts have sources and dates"),
    ReviewPoint.FICTION: lazy_gettext("People, places and numbers are invented"),
    ReviewPoint.MARK: lazy_gettext("The sensitivity says who may read it"),
    ReviewPoint.WARNINGS: lazy_gettext("A warning precedes what is hard to read"),
    ReviewPoint.RIGHTS: lazy_gettext("Rights and limits are covered"),
    ReviewPoint.WORDS: lazy_gettext("No stereotypes, no blaming words"),
    ReviewPoint.FEEDBACK: lazy_gettext("Each answer is explained"),
    ReviewPoint.READABLE: lazy_gettext("Short sentences, plain words"),
    ReviewPoint.LIGHT: lazy_gettext("Works on slow connections and in both writing directions"),
    ReviewPoint.ALTERNATIVES: lazy_gettext("Pictures are described, tables can be read aloud"),
    ReviewPoint.COUNTRIES: lazy_gettext("National law is covered"),
    ReviewPoint.LICENCE: lazy_gettext("The licence is stated"),
    ReviewPoint.REVIEWED: lazy_gettext("Read by a practitioner, a prosecutor and a victim-support expert"),
    ReviewPoint.DUAL_USE: lazy_gettext("Checked for misuse"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """The names of the language that the user wants, and of the one that is shown instead."""

    wanted: str
    shown: str


def wanted() -> str:
    """Return the language in which the user wants lessons."""
    return str(current_user.signed.content_language or current())


def shown(outline: Outline) -> str:
    """Return the language in which a course is shown to the user."""
    offered = {
        code: TranslationState(words.translation)
        for code, words in outline.words.items()
        if words.translation != SOURCE
    }
    own = outline.facts.source_language
    return domain.content_language(wanted(), offered, own, drafts=drafts_shown())


def shown_lesson(outline: Outline, slug: str) -> str:
    """Return the language in which a lesson is shown to the user."""
    heads = outline.lessons[slug]
    offered = {code: TranslationState(head.translation) for code, head in heads.items() if head.translation != SOURCE}
    return domain.content_language(wanted(), offered, outline.facts.source_language, drafts=drafts_shown())


def sensitivity(level: Sensitivity) -> str:
    """Return the label of a sensitivity."""
    return {
        Sensitivity.UNRESTRICTED: _("Unrestricted"),
        Sensitivity.LAW_ENFORCEMENT_ONLY: _("Law enforcement only"),
        Sensitivity.PARTICIPANTS_ONLY: _("Participants only"),
    }[level]


def state(status: CourseStatus) -> str:
    """Return the state of a course for its style: done, here (begun) or open."""
    if status.enrolment is None:
        return "open"
    return "done" if domain.is_finished(status.asks, status.standing) else "here"


def next_href(status: CourseStatus) -> str:
    """Return the URL of the next step in a course, with the anchor of the last paragraph read."""
    slug = status.outline.slug
    step = domain.next_step(status.asks, status.standing)
    match step:
        case NextLesson(lesson):
            return url_for("learning.lesson", course=slug, lesson=lesson, _anchor=_anchor(status, lesson))
        case NextCase(name):
            return url_for("learning.case", course=slug, case=name)
        case Test():
            return url_for("learning.test", course=slug)
        case Finished():
            return url_for("learning.course", course=slug)
        case _:
            assert_never(step)


def _anchor(status: CourseStatus, lesson: str) -> str | None:
    """Return the anchor of the element or of the part that was read last, None for the beginning."""
    if status.enrolment is None:
        return None
    element = status.enrolment.places.get(lesson, 0)
    if element:
        return f"h-{element}"
    part, _parts = status.enrolment.parts.get(lesson, (0, 0))
    return f"part-{part}" if part > 1 else None


def nodes(status: CourseStatus, current_slug: str) -> list[str]:
    """Return the state of each lesson for its style: "done", "here" (open now) or "" (not complete)."""
    return [_node(status, entry, is_current=entry.slug == current_slug) for entry in status.asks.lessons]


def _node(status: CourseStatus, entry: LessonEntry, *, is_current: bool) -> str:
    if is_current:
        return "here"
    return "done" if domain.is_complete(entry, status.standing) else ""


def offered(texts: Mapping[str, Texts]) -> dict[str, TranslationState]:
    """Return the languages of the translations of a reference with their states."""
    return {
        code: TranslationState.DRAFT if file.front.state is FrontState.DRAFT else TranslationState.CURRENT
        for code, file in texts.items()
        if file.front is not None
    }


def asked(code: str) -> Fallback | None:
    """Return the names of the wanted and the shown language for a notice, or None if they are the same."""
    want = wanted()
    return None if want == code else Fallback(wanted=language_name(want), shown=language_name(code))


def landing(status: CourseStatus, step: NextLesson) -> str:
    """Return the target of "Continue": the lesson's number and, if known, the part."""
    number = [entry.slug for entry in status.asks.lessons].index(step.slug) + 1
    part, parts = status.enrolment.parts.get(step.slug, (0, 0)) if status.enrolment else (0, 0)
    if not part:
        return _("Lesson %(n)s", n=number)
    if not parts:
        return _("Lesson %(n)s, part %(part)s", n=number, part=part)
    return _("Lesson %(n)s, part %(part)s of %(parts)s", n=number, part=part, parts=parts)


def drafts_shown() -> bool:
    """Return whether this site shows translations that were not checked yet."""
    return bool(settings().show_drafts)
