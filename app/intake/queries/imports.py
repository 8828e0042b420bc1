"""Read checked sheets of the actor, and imports that the actor may see."""

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import ALL_COUNTRIES, Action, Actor, allows
from app.db.session import db
from app.identity.queries import people as accounts
from app.intake.domain.undo import UndoOutcome
from app.intake.domain.validation import ValueChange, manages
from app.intake.models import Batch, BatchLine, CheckedSheet
from app.intake.shapes import BatchRow, BatchSummary, Content, ImportCounts, SavedSheet
from app.invitations.queries import matching
from app.kernel import clock

LISTED = 20


def sheet(actor: Actor, sheet_id: UUID) -> SavedSheet:
    """Return a checked sheet of the actor; raise NoResultFound if there is none or it has expired."""
    row = db.session.scalars(
        select(CheckedSheet).where(
            CheckedSheet.id == sheet_id, CheckedSheet.person_id == actor.id, CheckedSheet.ends_at > clock.real_now()
        )
    ).one()
    content = msgspec.json.decode(row.content, type=Content)
    return SavedSheet(row.id, content, row.ends_at)


def sheets(actor: Actor) -> list[tuple[UUID, datetime]]:
    """Return the checked sheets of the actor with the times when they were sent, the newest first."""
    own = (CheckedSheet.person_id == actor.id, CheckedSheet.ends_at > clock.real_now())
    query = select(CheckedSheet.id, CheckedSheet.made_at).where(*own).order_by(CheckedSheet.made_at.desc())
    return [(row[0], row[1]) for row in db.session.execute(query.limit(LISTED))]


def batch_of(actor: Actor, sheet_id: UUID) -> UUID | None:
    """Return the id of the import of a sheet of the actor, or None."""
    return db.session.scalar(select(Batch.id).where(Batch.sheet_id == sheet_id, Batch.person_id == actor.id))


def batches(actor: Actor) -> list[BatchSummary]:
    """Return the newest imports that the actor may see."""
    rows = db.session.scalars(select(Batch).where(visible(actor)).order_by(Batch.made_at.desc()).limit(LISTED))
    return [_summary(row) for row in rows]


def batch(actor: Actor, batch_id: UUID) -> BatchSummary:
    """Return an import that the actor may see, or raise NoResultFound."""
    batch = db.session.scalars(select(Batch).where(Batch.id == batch_id)).one()
    if not can_see_import(actor, batch.country, batch.person_id):
        raise NoResultFound
    return _summary(batch)


def import_counts(batch_id: UUID) -> ImportCounts:
    """Return the number of rows of an import, and of the rows that undoing left unchanged or restored."""
    undone = func.count(case((BatchLine.outcome == UndoOutcome.UNDONE, 1)))
    query = select(func.count(), func.count(BatchLine.outcome), undone).where(BatchLine.batch_id == batch_id)
    rows, with_outcome, restored = db.session.execute(query).one()
    return ImportCounts(rows=rows, unchanged=with_outcome - restored, restored=restored)


def lines(batch_id: UUID, *, offset: int, size: int) -> list[BatchRow]:
    """Return a page of the rows of an import by number; rows that undoing left unchanged come first."""
    stays = case((or_(BatchLine.outcome.is_(None), BatchLine.outcome == UndoOutcome.UNDONE), 1), else_=0)
    query = select(BatchLine).where(BatchLine.batch_id == batch_id).order_by(stays, BatchLine.number, BatchLine.id)
    page = list(db.session.scalars(query.offset(offset).limit(size)))
    aliases = matching.invitation_aliases([line.invitation_id for line in page if line.invitation_id is not None])
    names = accounts.names([line.person_id for line in page if line.person_id is not None])
    return [
        BatchRow(
            number=line.number,
            invitation_id=line.invitation_id,
            person_id=line.person_id,
            alias=names.get(line.person_id, "") if line.person_id else aliases.get(line.invitation_id or batch_id, ""),
            columns=tuple(change.column for change in changes(line)),
            outcome=line.outcome,
        )
        for line in page
    ]


def lines_of(batch_id: UUID) -> list[BatchLine]:
    """Return the rows of an import."""
    return list(db.session.scalars(select(BatchLine).where(BatchLine.batch_id == batch_id).order_by(BatchLine.number)))


def sheets_that_changed(person_id: UUID) -> set[UUID]:
    """Return the ids of the sheets that changed a person; other people in a sheet are not saved."""
    query = select(Batch.sheet_id).join(BatchLine, BatchLine.batch_id == Batch.id)
    return set(db.session.scalars(query.where(BatchLine.person_id == person_id)))


def invited(batch_id: UUID) -> list[UUID]:
    """Return the invitations of an import in the order of its rows."""
    return [
        invitation_id
        for invitation_id in db.session.scalars(inviting(batch_id).order_by(BatchLine.number))
        if invitation_id is not None
    ]


def inviting(batch_id: UUID) -> Select[UUID | None]:
    """Return the query for the ids of the invitations of an import, for conditions of other packages."""
    return select(BatchLine.invitation_id).where(BatchLine.batch_id == batch_id, BatchLine.invitation_id.is_not(None))


def changes(line: BatchLine) -> tuple[ValueChange, ...]:
    """Return the changes of a row."""
    return msgspec.json.decode(line.changes, type=tuple[ValueChange, ...]) if line.changes else ()


def can_see_import(actor: Actor, country: str, sender_id: UUID) -> bool:
    """Return whether the actor may see an import: one of the own country, or an own one of several countries ("")."""
    if country:
        return manages(actor, country)
    return sender_id == actor.id and allows(actor, Action.BRING_IN, ALL_COUNTRIES)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the imports that the actor may see: `can_see_import` in SQL."""
    conditions: list[ColumnElement[bool]] = [false()]
    if manages(actor, actor.country):
        conditions.append(Batch.country == actor.country)
    if allows(actor, Action.BRING_IN, ALL_COUNTRIES):
        conditions.append(and_(Batch.person_id == actor.id, Batch.country == ""))
    return or_(*conditions)


def _summary(row: Batch) -> BatchSummary:
    return BatchSummary(row.id, row.country, row.invited, row.changed, row.same, row.made_at, row.undone_at)
