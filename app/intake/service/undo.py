"""Undo an import, within `UNDO_FOR`, as far as its values have not changed since."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app.access.policy import Actor
from app.db.session import db, record
from app.identity import service
from app.identity.queries import people
from app.intake.domain.headers import Column
from app.intake.domain.rows import shared
from app.intake.domain.undo import UNDO_FOR, UndoOutcome, set_back
from app.intake.domain.validation import ExistingAccount, ValueChange
from app.intake.events import ImportUndone
from app.intake.models import Batch, BatchLine
from app.intake.queries import imports, matching as intake_matching
from app.intake.service.sheet_import import change, has
from app.invitations.queries import matching
from app.invitations.service import bulk
from app.kernel.errors import DomainError

Restored = dict[UUID, tuple[ValueChange, ...]]  # the values to restore of each person
NUMBER = (Column.SERVICE_NUMBER,)


def undo(actor: Actor, batch_id: UUID, *, now: datetime, real_now: datetime) -> None:
    """Undo an import as far as possible; raise DomainError if it is undone already or too old."""
    query = select(Batch).where(Batch.id == batch_id).with_for_update()
    batch = db.session.scalars(query, execution_options={"populate_existing": True}).one()
    if batch.undone_at is not None:
        raise DomainError("This import is undone already.")
    if batch.made_at + UNDO_FOR <= real_now:
        raise DomainError("The time to undo this import is over.")
    bulk.lock_country(batch.country)
    batch.undone_at, batch.undone_by = real_now, actor.id
    lines = imports.lines_of(batch_id)
    _withdraw([line for line in lines if line.invitation_id is not None], real_now)
    _restore({line.person_id: line for line in lines if line.person_id is not None}, batch.country, now)
    undone = sum(line.outcome is UndoOutcome.UNDONE for line in lines)
    for line in lines:
        line.changes = None
    record(ImportUndone(batch_id=batch_id, country=batch.country, undone=undone, kept=len(lines) - undone))


def _withdraw(lines: Sequence[BatchLine], real_now: datetime) -> None:
    ids = [line.invitation_id for line in lines if line.invitation_id is not None]
    withdrawn = bulk.withdraw_all(ids, real_now)
    accepted = {invitation_id for portion in service.portions(ids) for invitation_id in matching.accepted(portion)}
    for line in lines:
        if line.invitation_id in withdrawn:
            line.outcome = UndoOutcome.UNDONE
        else:
            line.outcome = UndoOutcome.ACCEPTED if line.invitation_id in accepted else UndoOutcome.WITHDRAWN


def _restore(lines: Mapping[UUID, BatchLine], country: str, now: datetime) -> None:
    service.lock_people(lines)  # no identity is deleted between reading and writing
    accounts = intake_matching.accounts_of(list(lines), now.date())
    agencies = {name for _id, _country, name in people.agencies(country)}
    restored: Restored = {}
    for person_id, line in lines.items():
        account = accounts.get(person_id)
        if account is None or not account.serves or account.country != country:
            line.outcome = UndoOutcome.LEFT
        elif values := _values_to_restore(line, account, agencies):
            restored[person_id] = values
    _skip_taken_numbers(lines, restored, accounts, now.date())
    change(list(restored.items()), country, now)


def _values_to_restore(line: BatchLine, account: ExistingAccount, agencies: Collection[str]) -> tuple[ValueChange, ...]:
    """Set the outcome of a row; return its changes in reverse, none if its previous agency no longer exists."""
    unchanged, line.outcome = set_back(imports.changes(line), _values(account), moves=account.moves)
    restored = tuple(ValueChange(change.column, change.after, change.before) for change in unchanged)
    if any(change.column is Column.AGENCY and change.after not in agencies for change in restored):
        line.outcome = UndoOutcome.CHANGED
        return ()
    return restored


def _skip_taken_numbers(
    lines: Mapping[UUID, BatchLine], restored: Restored, accounts: Mapping[UUID, ExistingAccount], today: date
) -> None:
    """Do not restore service numbers that another person has now."""
    numbers = {person_id: _number(changes) for person_id, changes in restored.items() if has(changes, NUMBER)}
    taken = intake_matching.owners_of([number for number in numbers.values() if number], today)
    taken -= {shared(accounts[person_id].service_number) for person_id in numbers}
    for person_id, number in numbers.items():
        if shared(number) in taken:
            restored[person_id] = tuple(change for change in restored[person_id] if change.column not in NUMBER)
            lines[person_id].outcome = UndoOutcome.NUMBER


def _number(changes: Sequence[ValueChange]) -> str:
    return next(change.after for change in changes if change.column in NUMBER)


def _values(account: ExistingAccount) -> dict[Column, str]:
    return {
        Column.NAME: account.name,
        Column.LATIN_NAME: account.latin_name,
        Column.SERVICE_NUMBER: account.service_number,
        Column.AGENCY: account.agency,
        Column.POSTING: " ".join(account.posting),
    }
