"""Sheets of a contact point in each state: with problems, ready to import, imported, undone."""

from collections.abc import Sequence
from uuid import UUID

from app.access.policy import Actor, Role
from app.db.session import transaction
from app.identity.domain.people import AgencyKind
from app.identity.service import add_agency
from app.intake.domain.headers import Column
from app.intake.domain.rows import CellProblem, PersonRow, RowReason
from app.intake.service import export, sheet_import, undo
from app.intake.service.sheet_import import Imported
from app.kernel import clock
from app.kernel.sheets.grid import ReadingNote, Remark

COUNTRY = "IQ"


def make(contact_point: UUID, known: str) -> dict[str, str]:
    """Create the sheets; return their ids by state. `known` is the mail address of an officer of the country."""
    actor = Actor(contact_point, COUNTRY, frozenset({Role.CONTACT_POINT}))
    with transaction():
        agency_id = add_agency(COUNTRY, AgencyKind.POLICE, "Police of sheets")

    def row(number: int, mail: str, name: str = "Sheet Person", faults: tuple[CellProblem, ...] = ()) -> PersonRow:
        return PersonRow(
            number=number, mail=mail, name=name, country=COUNTRY, agency_id=agency_id, agency="Police of sheets",
            posting=("investigator",), faults=faults,
        )  # fmt: skip

    wrong = (
        CellProblem(Column.SERVICE_NUMBER, RowReason.TWICE, "BP 17", row=7),
        CellProblem(Column.POSTING, RowReason.MISSING),
    )
    faulty = [row(2, "sheet1@police.example", "كريم حسن", wrong), row(3, "sheet2@police.example")]
    first, second = row(2, "sheet3@police.example"), row(2, "sheet4@police.example")
    changing = PersonRow(number=4, mail=known, name="Another Name", country=COUNTRY)
    imported, undone = _import(actor, [first]), _import(actor, [second])
    with transaction():
        undo.undo(actor, undone, now=clock.now(), real_now=clock.real_now())
        export.request_approval(actor, clock.real_now())
    return {
        "faulty sheet": str(_check(actor, faulty)),
        "right sheet": str(_check(actor, [row(3, "sheet5@police.example"), changing, first])),
        "import": str(imported),
        "undone import": str(undone),
    }


def _check(actor: Actor, rows: Sequence[PersonRow]) -> UUID:
    with transaction():
        notes = (ReadingNote(Remark.COLUMNS_LEFT_OUT, "Remarks, Rank"),)
        made = sheet_import.check(actor, rows, notes, now=clock.now(), real_now=clock.real_now())
    assert isinstance(made, UUID)
    return made


def _import(actor: Actor, rows: Sequence[PersonRow]) -> UUID:
    sheet = _check(actor, rows)
    with transaction():
        done = sheet_import.carry_out(
            actor, sheet, lambda _role, _posting: "Investigator", "en", now=clock.now(), real_now=clock.real_now()
        )
    assert isinstance(done, Imported)
    return done.batch_id
