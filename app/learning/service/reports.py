"""Use cases of reports of mistakes: a learner reports, a trainer of the course answers or closes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from app.access.targets import Target
from app.catalogue.shapes import LessonText, Outline
from app.db.session import db, record
from app.identity.queries import postings
from app.learning.domain.learner_posts import LONGEST_PASSAGE, ReportState, ReportStep, after_report, may_write
from app.learning.events import MistakeReported, ReportSettled
from app.learning.models import MistakeReport
from app.learning.queries import reports
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports


@dataclass(frozen=True, slots=True)
class NewReport:
    """A mistake in an element (0: the whole lesson) of a lesson that a person reads."""

    person_id: UUID
    element: int
    body: str


def report_mistake(new: NewReport, outline: Outline, text: LessonText, now: datetime) -> bool:
    """Store a report of a mistake; return False if the person has reported too many within 24 hours."""
    postings.lock(new.person_id)  # two submissions at once are counted one after the other
    if not may_write(reports.written_today(new.person_id, now)):
        return False
    passage = next((block.text for block in text.rendered.blocks if block.anchor == f"h-{new.element}"), "")
    report = MistakeReport(
        course_id=outline.course_id,
        version_id=outline.version_id,
        lesson=text.slug,
        language=text.language,
        element=new.element if passage else 0,
        passage=passage[:LONGEST_PASSAGE],
        body=new.body,
        person_id=new.person_id,
        reported_at=now,
        state=ReportState.OPEN,
    )
    db.session.add(report)
    db.session.flush()
    record(
        MistakeReported(
            at=now, person_id=new.person_id, course_id=outline.course_id, lesson=text.slug, report_id=report.id
        )
    )
    return True


def answer_report(course: Outline, report_id: UUID, answer: str, *, by: UUID, now: datetime) -> None:
    """Answer a report of a course, and notify its author. Raises NoResultFound, or DomainError if it is settled."""
    report = _settle(course.course_id, report_id, ReportStep.ANSWER, answer, by=by, now=now)
    messages.notify(
        report.person_id,
        NoticeKind.REPORT_ANSWERED,
        occasion=_occasion(report.id),
        facts={"course": course.code},
        path=ports().path_to(Target.LESSON_REPORT, course.slug, report.lesson),
        now=now,
    )


def close_report(course_id: UUID, report_id: UUID, *, by: UUID, now: datetime) -> None:
    """Close a report without an answer. Raises NoResultFound, or DomainError if it is settled."""
    _settle(course_id, report_id, ReportStep.CLOSE, "", by=by, now=now)


def delete_reports(person_id: UUID) -> None:
    """Delete the reports of a person whose identity is deleted: their texts are personal data."""
    gone = delete(MistakeReport).where(MistakeReport.person_id == person_id).returning(MistakeReport.id)
    messages.delete_notices([_occasion(report_id) for report_id in db.session.scalars(gone).all()])


def _settle(
    course_id: UUID, report_id: UUID, step: ReportStep, answer: str, *, by: UUID, now: datetime
) -> MistakeReport:
    report = reports.lock(course_id, report_id)
    report.state = after_report(report.state, step)
    report.answer, report.answered_by, report.answered_at = answer, by, now
    record(ReportSettled(at=now, course_id=course_id, report_id=report_id, state=str(report.state)))
    return report


def _occasion(report_id: UUID) -> str:
    return f"report-answered:{report_id}"
