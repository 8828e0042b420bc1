"""Titles of courses, cases and workshops in the language of the user, and list lines that show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.shapes import Outline
from app.i18n.stored_translations import SOURCE, TranslatedText
from app.learning import labels
from app.learning.shapes import CourseStatus
from app.workshops import labels as workshops
from app.workshops.shapes import WorkshopLine

Translations = Mapping[tuple[UUID, str], TranslatedText]  # by workshop and field


@dataclass(frozen=True, slots=True, kw_only=True)
class TitledLine:
    """A line of a list: a title in its language, details, and a status as a word and a shape."""

    title: TranslatedText
    href: str = ""
    sub: str = ""
    day: date | None = None
    word: str = ""
    kind: str = ""


def course_title(outline: Outline) -> TranslatedText:
    """Return the title of a course."""
    code = labels.shown(outline)
    return TranslatedText(outline.title(code), code)


def coded_title(outline: Outline) -> TranslatedText:
    """Return the code and the title of a course."""
    title = course_title(outline)
    return TranslatedText(f"{outline.code} {title.text}", title.lang)


def course_line(title: TranslatedText, course: CourseStatus, *, sub: str = "", kind: str = "") -> TitledLine:
    """Return a line that links to a course."""
    return TitledLine(title=title, href=url_for("learning.course", course=course.outline.slug), sub=sub, kind=kind)


def case_title(outline: Outline, name: str) -> TranslatedText:
    """Return the title of a case of a course, or that in the source language."""
    code, titles = labels.shown(outline), outline.cases[name]
    return TranslatedText(titles.get(code) or titles[outline.facts.source_language], code)


def workshop_title(workshop_id: UUID, code: str, translations: Translations) -> TranslatedText:
    """Return the title of a workshop, or its code if there is no translation."""
    return translations.get((workshop_id, "title"), TranslatedText(code, SOURCE))


def days_and_place(workshop: WorkshopLine) -> str:
    """Return the days and the place of a workshop in words."""
    days = workshops.event_days(workshop)
    return _("%(days)s, %(place)s", days=days, place=workshops.place_and_country(workshop))
