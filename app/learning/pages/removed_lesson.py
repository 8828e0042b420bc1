"""View model of the page in place of a lesson that an earlier version of its course had."""

from dataclasses import dataclass
from typing import ClassVar

from flask import url_for

from app.catalogue.shapes import Outline
from app.i18n.languages import direction
from app.learning.labels import shown
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedLessonPage(Page):
    """The way to the course, with its title in the language `lang`."""

    template: ClassVar[str] = "learning/removed_lesson.html"

    title: str
    lang: str
    dir: str
    href: str


def page(outline: Outline) -> RemovedLessonPage:
    """Return the page for a course in the version that the user reads."""
    code = shown(outline)
    return RemovedLessonPage(
        title=outline.words[code].text.title,
        lang=code,
        dir=direction(code),
        href=url_for("learning.course", course=outline.slug),
    )
