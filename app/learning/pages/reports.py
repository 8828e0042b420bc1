"""View model of the page on which a learner reports a mistake in a lesson."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.shapes import LessonText, Outline
from app.i18n.languages import direction
from app.learning.forms import MistakeReportForm
from app.learning.queries.reports import ReportLine
from app.web.pages import Page

LONGEST_LABEL = 90  # characters of a paragraph in the list


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage(Page):
    """The form, and the user's earlier reports about this lesson. `places` are element numbers with their texts."""

    template: ClassVar[str] = "learning/report.html"

    course_title: str
    course_href: str
    course_lang: str
    title: str
    href: str
    lang: str
    dir: str
    action: str
    ask_href: str
    places: Sequence[tuple[int, str]]
    form: MistakeReportForm
    is_refused: bool
    own: Sequence[ReportLine]


def report_page(
    outline: Outline, text: LessonText, form: MistakeReportForm, own: Sequence[ReportLine], *, is_refused: bool = False
) -> ReportPage:
    """Return the page; `is_refused`: the user has reported too many mistakes within 24 hours."""
    return ReportPage(
        course_title=outline.title(text.language),
        course_href=url_for("learning.course", course=outline.slug),
        course_lang=outline.spoken(text.language),
        title=text.rendered.title,
        href=url_for("learning.lesson", course=outline.slug, lesson=text.slug),
        lang=text.language,
        dir=direction(text.language),
        action=url_for("learning.report_mistake", course=outline.slug, lesson=text.slug),
        ask_href=url_for("learning.show_questions", course=outline.slug, about=text.slug),
        places=[(0, _("The whole lesson")), *_places(text)],
        form=form,
        is_refused=is_refused,
        own=own,
    )


def _places(text: LessonText) -> list[tuple[int, str]]:
    return [(int(block.anchor.removeprefix("h-")), _short(block.text)) for block in text.rendered.blocks]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else f"{text[:LONGEST_LABEL].rstrip()}…"
