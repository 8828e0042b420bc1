"""Verifying the trail: the whole chain in portions, against where it ends and what was signed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from app.audit.domain import chain
from app.audit.domain.chain import ChainEntry, ChainHead, Fault, Kind
from app.audit.domain.checkpoints import Checkpoint, Kept, is_genuine
from app.audit.models import Entry, Signed
from app.audit.models import Head as HeadRow
from app.audit.queries import COLUMNS
from app.db.session import db

PORTION = 5_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many entries and checkpoints there are, and the first fault, None for an intact trail."""

    entries: int
    checkpoints: int
    fault: Fault | None


def verify(keys: Mapping[str, bytes], outside: Kept | None = None, *, once: int = 0) -> Verdict:
    """Walk the whole trail and compare it with the checkpoints of its table, and of elsewhere.

    `keys`: public keys by id. `once`: the most entries that a verification ever counted; they grow no fewer. Each
    portion is a short read of its own, so that nobody waits; what is written meanwhile is left out.
    """
    kept = outside or Kept([], [])
    signed = [*_checkpoints(), *kept.checkpoints]  # read before the head: none may then reach further
    head = _head()
    marks: dict[int, set[bytes]] = {}
    forged = next((Fault(Kind.FORGED, entry) for entry in kept.spoiled_at), None)
    for each in signed:
        if is_genuine(each, keys) and each.count == each.last_id:
            marks.setdefault(each.last_id, set()).add(each.hash)
        else:
            forged = forged or Fault(Kind.FORGED, each.last_id)
    cut = Fault(Kind.MISSING, head.last_id + 1) if head.last_id < once else None
    fault = next(chain.faults(_lines(head.last_id), head, marks), cut or forged)
    return Verdict(head.last_id, len(signed), fault)


def _checkpoints() -> list[Checkpoint]:
    query = select(Signed.last_id, Signed.hash, Signed.count, Signed.at, Signed.key_id, Signed.signature)
    try:
        return [Checkpoint(*row) for row in db.session.execute(query.order_by(Signed.id))]
    finally:
        db.session.rollback()


def _head() -> ChainHead:
    """Return where the chain ends and what stands behind it, as of one moment."""
    last = select(HeadRow.last_id).scalar_subquery()
    beyond = select(func.min(Entry.id)).where(Entry.id > last).scalar_subquery()
    query = select(last, select(HeadRow.hash).scalar_subquery(), select(func.max(Entry.id)).scalar_subquery(), beyond)
    try:
        last_id, hash_, newest, first_beyond = db.session.execute(query).one()
    finally:
        db.session.rollback()
    if last_id is None:  # the end was taken away, or nothing has happened yet
        return ChainHead(newest or 0, b"" if newest else chain.GENESIS)
    return ChainHead(last_id, hash_, first_beyond)


def _lines(newest: int) -> Iterator[tuple[ChainEntry, bytes] | Fault]:
    """Yield entries up to a number; one that cannot be read is a fault, and the last thing yielded."""
    after: int | None = None
    while True:
        try:
            portion = _portion(after, newest, PORTION)
        except (ValueError, TypeError, AttributeError):
            yield from _one_by_one(after, newest)
            return
        yield from portion
        if len(portion) < PORTION:
            return
        after = portion[-1][0].id


def _one_by_one(after: int | None, newest: int) -> Iterator[tuple[ChainEntry, bytes] | Fault]:
    while True:
        number = _next(after, newest)
        if number is None:
            return
        try:
            yield from _portion(after, newest, 1)
        except (ValueError, TypeError, AttributeError):
            yield Fault(Kind.CHANGED, number)
            return
        after = number


def _portion(after: int | None, newest: int, size: int) -> Sequence[tuple[ChainEntry, bytes]]:
    query = select(*COLUMNS, Entry.hash).where(*_between(after, newest)).order_by(Entry.id).limit(size)
    try:
        return [(ChainEntry(*row[:-1]), row[-1]) for row in db.session.execute(query)]
    finally:
        db.session.rollback()


def _next(after: int | None, newest: int) -> int | None:
    return db.session.scalar(select(func.min(Entry.id)).where(*_between(after, newest)))


def _between(after: int | None, newest: int) -> list[ColumnElement[bool]]:
    return [Entry.id <= newest, *([] if after is None else [Entry.id > after])]
