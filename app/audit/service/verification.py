"""Verify the whole audit log, in portions, against its end and its checkpoints; for `jobs` and `commands`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from app.audit.domain import chain
from app.audit.domain.chain import ChainEntry, ChainFault, ChainHead, FaultKind
from app.audit.domain.checkpoints import Checkpoint, CheckpointFolder, is_genuine
from app.audit.models import AuditHead, Entry, Signed
from app.audit.queries import COLUMNS
from app.db.session import db

PORTION = 5_000


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """The numbers of entries and checkpoints, and the first fault, or None if the audit log is intact."""

    entries: int
    checkpoints: int
    fault: ChainFault | None


def verify(keys: Mapping[str, bytes], outside: CheckpointFolder | None = None, *, once: int = 0) -> VerificationResult:
    """Verify the whole audit log against the checkpoints of its table and of files.

    `keys`: public keys by id. `once`: the highest number of entries that a verification counted before. Each portion
    is a short read of its own, so that no writer waits; entries written meanwhile are left out.
    """
    files = outside or CheckpointFolder([], [])
    signed = [*_checkpoints(), *files.checkpoints]  # read before the head: none may then reach further
    head = _head()
    signed_hashes, forged = _signed_hashes(signed, keys)
    forged = [*files.spoiled_at, *forged]
    cut = ChainFault(FaultKind.MISSING, head.last_id + 1) if head.last_id < once else None
    fault = next(chain.faults(_lines(head.last_id), head, signed_hashes), cut)
    if fault is None and forged:
        fault = ChainFault(FaultKind.FORGED, forged[0])
    return VerificationResult(head.last_id, len(signed), fault)


def _signed_hashes(
    checkpoints: Sequence[Checkpoint], keys: Mapping[str, bytes]
) -> tuple[Mapping[int, set[bytes]], list[int]]:
    """Return the hashes of genuine checkpoints by entry, and the entries of forged checkpoints."""
    hashes: dict[int, set[bytes]] = {}
    forged = []
    for checkpoint in checkpoints:
        if is_genuine(checkpoint, keys) and checkpoint.count == checkpoint.last_id:
            hashes.setdefault(checkpoint.last_id, set()).add(checkpoint.hash)
        else:
            forged.append(checkpoint.last_id)
    return hashes, forged


def _checkpoints() -> list[Checkpoint]:
    query = select(Signed.last_id, Signed.hash, Signed.count, Signed.at, Signed.key_id, Signed.signature)
    try:
        return [Checkpoint(*row) for row in db.session.execute(query.order_by(Signed.id))]
    finally:
        db.session.rollback()


def _head() -> ChainHead:
    """Return the end of the chain and the first entry after it, in one statement."""
    last = select(AuditHead.last_id).scalar_subquery()
    beyond = select(func.min(Entry.id)).where(Entry.id > last).scalar_subquery()
    query = select(last, select(AuditHead.hash).scalar_subquery(), select(func.max(Entry.id)).scalar_subquery(), beyond)
    try:
        last_id, hash_, newest, first_beyond = db.session.execute(query).one()
    finally:
        db.session.rollback()
    if last_id is None:  # the end was taken away, or nothing has happened yet
        return ChainHead(newest or 0, b"" if newest else chain.GENESIS)
    return ChainHead(last_id, hash_, first_beyond)


def _lines(newest: int) -> Iterator[tuple[ChainEntry, bytes] | ChainFault]:
    """Yield entries up to a number; an entry that cannot be read is yielded as a fault, and is the last one."""
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


def _one_by_one(after: int | None, newest: int) -> Iterator[tuple[ChainEntry, bytes] | ChainFault]:
    while True:
        number = _next(after, newest)
        if number is None:
            return
        try:
            yield from _portion(after, newest, 1)
        except (ValueError, TypeError, AttributeError):
            yield ChainFault(FaultKind.CHANGED, number)
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
