"""Past completions of the demonstration: a sheet that a contact point sent, and one with two wrong rows to send."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial
from io import BytesIO
from uuid import UUID

import xlsxwriter
from flask_babel import force_locale

from app.access.policy import Actor, Role
from app.catalogue.queries import versions
from app.demo.cast import roster
from app.demo.history.accounts import DemoOfficer
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.learning.domain import EnrolmentState
from app.learning.queries import progress
from app.plan.domain import sheet_formats
from app.plan.domain.value_sheets import VALUE, EnteredRow, SheetKind
from app.plan.service import value_sheets

CODE, OFFICERS, DAY = "M03", 12, -2  # of the sheet that was sent
COMPLETED = (date(2026, 9, 24), date(2026, 10, 8), date(2026, 11, 19))
PROOFS = ("certificate", "attendance_list", "service_record")
NOTE = "Course of the national academy (fictional)"
HEADS = ("Officer", "Course", "Was", "Completed on", "Proof", "Note")
SHEET_CODE, SHEET_OFFICERS = "M05", 6  # of the sheet to send


def actions(office: DemoStaff) -> Iterator[TimedAction]:
    """Return the sheet of a contact point with completions elsewhere of officers who have not done the course."""
    at, by = office.at(DAY), office.contacts[roster.FIRST]
    yield TimedAction(at, by, partial(_send, office, by, at))


def sheet_to_send(officers: Sequence[DemoOfficer], now: datetime) -> bytes:
    """Return a sheet of the same contact point in which two rows are wrong: the 30th of February, an unknown course."""
    chosen = _without_course(officers, SHEET_CODE)[-SHEET_OFFICERS:]
    lines = [_cells(officer, SHEET_CODE, index) for index, officer in enumerate(chosen)]
    if len(lines) > 1:
        lines[1][VALUE] = f"{now.year}-02-30"
        lines[-1]["course"] = "M99"
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("Past completions")
    names = sheet_formats.COMPLETIONS.names
    for number, cells in enumerate((names, HEADS, *([line.get(name, "") for name in names] for line in lines))):
        for position, text in enumerate(cells):
            sheet.write_string(number, position, text)
    sheet.set_column(0, len(names) - 1, 24)
    book.close()
    return file.getvalue()


def _send(office: DemoStaff, by: UUID, now: datetime) -> None:
    rows = [_row(officer, index) for index, officer in enumerate(_without_course(office.officers, CODE)[:OFFICERS])]
    if not rows:
        return
    actor = Actor(by, roster.FIRST, frozenset({Role.CONTACT_POINT}))
    with force_locale("en"):  # proofs are read in the language of the sender
        sheet_id = value_sheets.check(actor, SheetKind.COMPLETIONS, rows, {}, now=now)
        value_sheets.write(actor, sheet_id, document=b"", now=now)


def _without_course(officers: Sequence[DemoOfficer], code: str) -> Sequence[DemoOfficer]:
    """Return the officers of the country without a completion of the course, those of the tour left out."""
    course_id = next((record.id for record in versions.course_records() if record.code == code), None)
    if course_id is None:
        return ()
    return [
        officer
        for officer in officers[len(roster.TOUR) :]
        if officer.player.country == roster.FIRST and not _has_completed(officer.id, course_id)
    ]


def _has_completed(person_id: UUID, course_id: UUID) -> bool:
    enrolment = progress.enrolment_summary(person_id, course_id)
    return enrolment is not None and enrolment.state is EnrolmentState.COMPLETED


def _row(officer: DemoOfficer, index: int) -> EnteredRow:
    cells = _cells(officer, CODE, index)
    entries = {column: cells[column] for column in (VALUE, "proof", "note")}
    return EnteredRow(number=index + 3, key=(cells["officer"], cells["course"]), was="", entries=entries)


def _cells(officer: DemoOfficer, code: str, index: int) -> dict[str, str]:
    return {
        "officer": officer.player.alias,
        "course": code,
        VALUE: COMPLETED[index % len(COMPLETED)].isoformat(),
        "proof": PROOFS[index % len(PROOFS)],
        "note": NOTE,
    }
