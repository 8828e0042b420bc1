"""The first quarter of the demonstration: locked by two coordinators, reported, and late evidence of a workshop.

The numbers of reports are frozen at their time. Their files are drawn later, in a second process.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from app.access.policy import Actor, Role
from app.db.session import transaction
from app.demo.history import report_preparations, timeline
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.plan.domain.cells import published_day
from app.plan.service import periods
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import ReportKind, ReportRequest, ordered_forms
from app.reports.queries import runs as queries
from app.reports.service import making, runs
from app.reports.shapes import RunLine
from app.workshops.domain.attendance import Attendance
from app.workshops.queries import participants, workshops
from app.workshops.service import results

PROPOSED_DAY, LOCKED_DAY, REPORTED_DAY, CORRECTED_DAY, NOTED_DAY = -72, -71, -70, -45, -44
WORKSHOP = "WS-2027-01"
CORRECTED_BECAUSE = "The signed list arrived late: the participant was present in all sessions."


@dataclass(frozen=True, slots=True)
class FrozenReport:
    """A report whose files are not drawn yet; `at` is the time at which it was made."""

    run: RunLine
    content: bytes
    at: datetime


def lock_and_report(office: DemoStaff) -> FrozenReport:
    """Lock the first quarter, with all figures calculated, and freeze its report; then evidence arrives late."""
    end, first, second = report_preparations.first_quarter(), *_coordinators(office)
    proposed, locked = office.at(PROPOSED_DAY), office.at(LOCKED_DAY)
    lock = [
        TimedAction(proposed, first, partial(periods.propose, end, by=first, now=proposed)),
        TimedAction(locked, second, partial(periods.agree, end, by=second, now=locked)),
    ]
    timeline.carry_out(lock)
    report = _freeze(ReportRequest(
        kind=ReportKind.QUARTERLY, period_end=end, compared_end=None, language="en", forms=frozenset(ReportFormat),
    ), by=second, at=office.at(REPORTED_DAY))  # fmt: skip
    timeline.carry_out(_correction(office))
    return report


def report_provisionally(office: DemoStaff) -> FrozenReport:
    """Freeze the report of the last quarter, which is not locked yet, against the first."""
    end, first = published_day(office.now.date()), report_preparations.first_quarter()
    return _freeze(ReportRequest(
        kind=ReportKind.QUARTERLY, period_end=end, compared_end=first if first < end else None, language="en",
        forms=frozenset({ReportFormat.PDF, ReportFormat.XLSX}),
    ), by=office.staff["Coordinator 2"], at=office.now)  # fmt: skip


def draw(reports: Sequence[FrozenReport]) -> list[dict[ReportFormat, bytes]]:
    """Return the files of each report, without reading the database."""
    return [making.drawings(ordered_forms(report.run.forms), report.content) for report in reports]


def store(reports: Sequence[FrozenReport], drawn: Sequence[Mapping[ReportFormat, bytes]]) -> None:
    """Store the files of each report."""
    for report, files in zip(reports, drawn, strict=True):
        with timeline.as_of(report.at):
            making.store(report.run.id, files)
            making.finish(report.run.id)


def _freeze(new: ReportRequest, *, by: UUID, at: datetime) -> FrozenReport:
    """Request a report and freeze its numbers."""
    with timeline.as_of(at):
        with timeline.acting(by), transaction():
            run_id = runs.request(new, by=by, now=at)
        run = queries.line(run_id)
        return FrozenReport(run, making.freeze(run), at)


def _coordinators(office: DemoStaff) -> tuple[UUID, UUID]:
    return office.staff["Coordinator 2"], office.staff["Coordinator 1"]


def _correction(office: DemoStaff) -> Iterator[TimedAction]:
    """Return the attendance of the first workshop's absent participant, corrected late, and the adjustment."""
    by, at, noted = office.staff["Coordinator 1"], office.at(CORRECTED_DAY), office.at(NOTED_DAY)
    events = workshops.teaching(Actor(by, "AT", frozenset({Role.COORDINATOR})))
    workshop_id = next((event.id for event in events if event.code == WORKSHOP), None)
    if workshop_id is not None:
        yield TimedAction(at, by, partial(_correct_attendance, workshop_id, by=by, now=at))
        yield TimedAction(noted, None, partial(periods.note_adjustments, noted))


def _correct_attendance(workshop_id: UUID, *, by: UUID, now: datetime) -> None:
    """Mark the first participant who was absent as present in all sessions, from a list that arrived late."""
    sessions = workshops.get(workshop_id).sessions
    marks = {session.id: participants.marks_of(session.id) for session in sessions}
    absent = [key for key, mark in marks[sessions[0].id].items() if mark is Attendance.ABSENT]
    for session in sessions:
        present = {key: Attendance.PRESENT for key in absent[:1] if marks[session.id].get(key) is Attendance.ABSENT}
        results.save_attendance(workshop_id, session.id, present, by=by, now=now, reason=CORRECTED_BECAUSE)
