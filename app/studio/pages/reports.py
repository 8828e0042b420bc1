"""View model of the reports of mistakes in a course: /teaching/courses/<course>/reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from flask import url_for

from app.catalogue.shapes import Outline
from app.learning.queries.reports import ReportLine
from app.studio.forms.learner_posts import LearnerAnswerForm
from app.studio.pages.header import CourseHeader
from app.web.pages import Page

SIZE = 20  # reports on a page


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportBox:
    """A report with the lesson and the text that it is about; no person is shown. `form` has a refused answer."""

    report: ReportLine
    lesson: str
    lesson_href: str
    answer_action: str
    close_action: str
    form: LearnerAnswerForm | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsPage(Page):
    """The open reports, the oldest first, or the settled ones."""

    template: ClassVar[str] = "studio/reports.html"

    head: CourseHeader
    is_open: bool
    boxes: Sequence[ReportBox]
    open_href: str
    settled_href: str
    pages: Sequence[tuple[int, str, bool]]
    onward: str


@dataclass(frozen=True, slots=True)
class RejectedAnswer:
    """An answer that was not saved: the id of its report or question, and the form with the errors."""

    id: UUID
    form: LearnerAnswerForm


def boxes(outline: Outline, lines: Sequence[ReportLine], rejected: RejectedAnswer | None) -> list[ReportBox]:
    """Return the reports with their addresses."""
    return [_box(outline, line, rejected) for line in lines]


def _box(outline: Outline, line: ReportLine, rejected: RejectedAnswer | None) -> ReportBox:
    exists = line.lesson in outline.lessons
    anchor = f"h-{line.element}" if line.element else None
    lesson = url_for("learning.lesson", course=outline.slug, lesson=line.lesson, _anchor=anchor)
    return ReportBox(
        report=line,
        lesson=outline.lesson_title(line.lesson, line.language) if exists else line.lesson,
        lesson_href=lesson if exists else "",
        answer_action=url_for("studio.answer_report", course=outline.slug, report_id=line.id),
        close_action=url_for("studio.close_report", course=outline.slug, report_id=line.id),
        form=rejected.form if rejected is not None and rejected.id == line.id else None,
    )
