"""Reading checked sheets and imports."""

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select

from app.access.people_rules import ANYWHERE
from app.access.policy import Actor, Role
from app.db.session import db
from app.identity.queries import people as accounts
from app.intake.domain.undo import Outcome
from app.intake.domain.validation import Change
from app.intake.models import Batch, BatchLine, CheckedSheet
from app.intake.shapes import BatchRow, BatchSummary, Content, ImportCounts, Kept
from app.invitations.queries import matching
from app.kernel import clock

LISTED = 20


def sheet(actor: Actor, sheet_id: UUID) -> Kept:
    """Return a checked sheet of the one who asks, or raise NoResultFound: also once its day is over."""
    row = db.session.scalars(
        select(CheckedSheet).where(
            CheckedSheet.id == sheet_id, CheckedSheet.person_id == actor.id, CheckedSheet.ends_at > clock.real_now()
        )
    ).one()
    return kept(row)


def kept(row: CheckedSheet) -> Kept:
    """Return a checked sheet from its row."""
    content = msgspec.json.decode(row.content, type=Content)
    return Kept(row.id, row.person_id, content, row.made_at, row.ends_at)


def sheets(actor: Actor) -> list[tuple[UUID, datetime]]:
    """Return the sheets of somebody that wait, with the times at which they were sent, the newest first."""
    own = (CheckedSheet.person_id == actor.id, CheckedSheet.ends_at > clock.real_now())
    query = select(CheckedSheet.id, CheckedSheet.made_at).where(*own).order_by(CheckedSheet.made_at.desc())
    return [(row[0], row[1]) for row in db.session.execute(query.limit(LISTED))]


def batch_of(actor: Actor, sheet_id: UUID) -> UUID | None:
    """Return the import that a sheet of somebody has become."""
    return db.session.scalar(select(Batch.id).where(Batch.sheet_id == sheet_id, Batch.person_id == actor.id))


def batches(actor: Actor) -> list[BatchSummary]:
    """Return the newest imports that somebody may see."""
    rows = db.session.scalars(select(Batch).where(_visible(actor)).order_by(Batch.made_at.desc()).limit(LISTED))
    return [_summary(row) for row in rows]


def batch(actor: Actor, batch_id: UUID) -> BatchSummary:
    """Return an import that somebody may see, or raise NoResultFound."""
    return _summary(db.session.scalars(select(Batch).where(Batch.id == batch_id, _visible(actor))).one())


def tally(batch_id: UUID) -> ImportCounts:
    """Return how many rows an import has, and what an undoing made of them."""
    undone = func.count(case((BatchLine.outcome == Outcome.UNDONE, 1)))
    query = select(func.count(), func.count(BatchLine.outcome), undone).where(BatchLine.batch_id == batch_id)
    rows, judged, set_back = db.session.execute(query).one()
    return ImportCounts(rows=rows, kept=judged - set_back, set_back=set_back)


def lines(batch_id: UUID, *, offset: int, size: int) -> list[BatchRow]:
    """Return a page of the rows of an import by their numbers; what an undoing left as it was comes first."""
    stays = case((or_(BatchLine.outcome.is_(None), BatchLine.outcome == Outcome.UNDONE), 1), else_=0)
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
    """Return the sheets whose import changed something of a person: who else stood in a sheet is not kept."""
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
    """Return the query for the invitations of an import, for conditions of other rooms."""
    return select(BatchLine.invitation_id).where(BatchLine.batch_id == batch_id, BatchLine.invitation_id.is_not(None))


def changes(line: BatchLine) -> tuple[Change, ...]:
    """Return what a row changed."""
    return msgspec.json.decode(line.changes, type=tuple[Change, ...]) if line.changes else ()


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Return what an actor may see: the country's imports with its contact points alone, also after a move."""
    conditions: list[ColumnElement[bool]] = [false()]
    if Role.CONTACT_POINT in actor.roles and actor.country:
        conditions.append(Batch.country == actor.country)
    if actor.roles & set(ANYWHERE):
        conditions.append(and_(Batch.person_id == actor.id, Batch.country == ""))
    return or_(*conditions)


def _summary(row: Batch) -> BatchSummary:
    return BatchSummary(
        id=row.id, person_id=row.person_id, country=row.country, invited=row.invited, changed=row.changed,
        same=row.same, made_at=row.made_at, undone_at=row.undone_at,
    )  # fmt: skip
