"""Taking an import back, as far as nobody has gone on from it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app.access.policy import Actor
from app.db.session import db, record
from app.identity import service
from app.identity.queries import people
from app.intake.domain.headers import Column
from app.intake.domain.rows import shared
from app.intake.domain.undo import UNDO_FOR, Outcome, set_back
from app.intake.domain.validation import Change, ExistingAccount
from app.intake.events import ImportUndone
from app.intake.models import Batch, BatchLine
from app.intake.queries import imports
from app.intake.queries import matching as intake_matching
from app.intake.service.sheet_import import change, names, people_of
from app.invitations.queries import matching
from app.invitations.service import bulk
from app.kernel.errors import DomainError

Back = tuple[UUID, tuple[Change, ...]]  # a person, and the values that come back


def undo(actor: Actor, batch_id: UUID, *, now: datetime, real_now: datetime) -> None:
    """Take an import back as far as nobody has gone on from it; raise DomainError when it was, or is too late."""
    query = select(Batch).where(Batch.id == batch_id).with_for_update()
    found = db.session.scalars(query, execution_options={"populate_existing": True}).one()
    if found.undone_at is not None:
        raise DomainError("This import is undone already.")
    if found.made_at + UNDO_FOR <= real_now:
        raise DomainError("The time to undo this import is over.")
    bulk.queue_for(found.country)
    found.undone_at, found.undone_by = real_now, actor.id
    lines = imports.lines_of(batch_id)
    _withdraw([line for line in lines if line.invitation_id is not None], real_now)
    _set_back([line for line in lines if line.person_id is not None], found.country, now)
    undone = sum(line.outcome is Outcome.UNDONE for line in lines)
    for line in lines:
        line.changes = None
    record(ImportUndone(batch_id=batch_id, country=found.country, undone=undone, kept=len(lines) - undone))


def _withdraw(lines: Sequence[BatchLine], real_now: datetime) -> None:
    ids = [line.invitation_id for line in lines if line.invitation_id is not None]
    gone = bulk.withdraw_all(ids, real_now)
    accepted = {one for some in service.portions(ids) for one in matching.accepted(some)}
    for line in lines:
        if line.invitation_id in gone:
            line.outcome = Outcome.UNDONE
        else:
            line.outcome = Outcome.ACCEPTED if line.invitation_id in accepted else Outcome.WITHDRAWN


def _set_back(lines: Sequence[BatchLine], country: str, now: datetime) -> None:
    ids = [line.person_id for line in lines if line.person_id is not None]
    service.lock_people(ids)  # nobody is forgotten between what is read here and what is written
    who = {one: known for some in service.portions(ids) for one, known in people_of(some, now).items()}
    agencies = {name for _one, _country, name in people.agencies(country)}
    wanted: list[Back] = []
    for line in lines:
        known = who.get(line.person_id) if line.person_id else None
        if known is None or not known.serves or known.country != country:
            line.outcome = Outcome.LEFT
            continue
        still, line.outcome = set_back(imports.changes(line), _values(known), moves=known.moves)
        back = tuple(Change(one.column, one.after, one.before) for one in still)
        if any(one.column is Column.AGENCY and one.after not in agencies for one in back):
            line.outcome = Outcome.CHANGED
        elif back:
            wanted.append((known.person_id, back))
    _free_numbers(lines, wanted, who, now.date())
    change(wanted, country, now)


def _free_numbers(
    lines: Sequence[BatchLine], wanted: list[Back], who: Mapping[UUID, ExistingAccount], today: date
) -> None:
    """Leave those numbers as they are whose old value is somebody else's by now."""
    numbers = [one.after for _id, changes in wanted for one in changes if one.column is Column.SERVICE_NUMBER]
    taken = intake_matching.owners_of([one for one in numbers if one], today)
    freed = {shared(who[one].service_number) for one, changes in wanted if names(changes, (Column.SERVICE_NUMBER,))}
    by_person = {line.person_id: line for line in lines}
    for place, (person_id, changes) in enumerate(wanted):
        kept = tuple(
            one for one in changes if one.column is not Column.SERVICE_NUMBER or shared(one.after) not in taken - freed
        )
        if kept != changes:
            wanted[place] = (person_id, kept)
            by_person[person_id].outcome = Outcome.NUMBER


def _values(known: ExistingAccount) -> dict[Column, str]:
    return {
        Column.NAME: known.name,
        Column.LATIN_NAME: known.latin_name,
        Column.SERVICE_NUMBER: known.service_number,
        Column.AGENCY: known.agency,
        Column.POSTING: " ".join(known.posting),
    }
