"""View model of the list of courses at /courses."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for

from app.i18n.babel import joined
from app.i18n.languages import direction, language
from app.learning import domain
from app.learning.labels import shown, state
from app.learning.pages.courses import hours
from app.learning.shapes import CourseStatus
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseCard:
    """A course in the list. `state` is "done", "here" (begun) or "open"; `of` is the number of lessons."""

    title: str
    href: str
    outcome: str
    code: str
    hours: str
    lang: str
    dir: str
    languages: str
    state: str
    done: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursesPage(Page):
    """The list of courses."""

    template: ClassVar[str] = "learning/courses.html"

    courses: tuple[CourseCard, ...]


def course_list(statuses: Iterable[CourseStatus]) -> CoursesPage:
    """Return the list of courses."""
    return CoursesPage(courses=tuple(map(_card, statuses)))


def _card(status: CourseStatus) -> CourseCard:
    outline = status.outline
    code = shown(outline)
    text = outline.words[code].text
    progress = domain.progress(status.asks, status.standing)
    return CourseCard(
        title=text.title,
        href=url_for("learning.course", course=outline.slug),
        outcome=text.paragraph,
        code=outline.code,
        hours=hours(outline),
        lang=code,
        dir=direction(code),
        languages=joined([language(offered).name for offered in outline.words]),
        state=state(status),
        done=progress.done,
        of=progress.total,
    )
