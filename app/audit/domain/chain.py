"""The hash chain of the audit log: the hash of each entry covers the entry and the previous hash."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import msgspec

GENESIS = bytes(32)  # stands before the first entry
_encode = msgspec.json.Encoder().encode


class ChainEntry(NamedTuple):
    """An entry without its hash; the fields are in the order in which they are hashed."""

    id: int
    at: datetime  # in UTC
    name: str
    actor_id: UUID | None
    request_id: str
    person_id: UUID | None
    thing_id: UUID | None
    country: str | None
    facts: str


class FaultKind(StrEnum):
    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"
    REWRITTEN = "rewritten"
    HEAD = "head"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class ChainFault:
    """The kind of a fault, and its entry (of a forged checkpoint: the last entry that it names)."""

    kind: FaultKind
    entry: int


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The end of the chain: last number and hash, and the first entry after it, which does not belong to it."""

    last_id: int
    hash: bytes
    beyond: int | None = None


def link(before: bytes, line: ChainEntry) -> bytes:
    """Return an entry's hash: SHA-256 of the hash before it and the entry as a JSON array."""
    return hashlib.sha256(before + _encode(line)).digest()


def faults(
    lines: Iterable[tuple[ChainEntry, bytes] | ChainFault], head: ChainHead, marks: Mapping[int, Collection[bytes]]
) -> Iterator[ChainFault]:
    """Yield the faults of the entries up to the head, the first one first.

    `marks`: the hashes of entries by genuine checkpoints. Nothing is yielded for an intact audit log.
    """
    last, computed = 0, GENESIS
    for item in lines:
        if isinstance(item, ChainFault):
            yield item
            return
        line, stored = item
        if line.id != last + 1:
            yield ChainFault(FaultKind.ADDED, line.id) if line.id <= last else ChainFault(FaultKind.MISSING, last + 1)
            return
        last, computed = line.id, link(computed, line)
        if computed != stored:
            yield ChainFault(FaultKind.CHANGED, last)
            return
        if set(marks.get(last, ())) - {computed}:
            yield ChainFault(FaultKind.REWRITTEN, last)
            return
    yield from _at_the_end(last, computed, head, marks)


def _at_the_end(
    last: int, computed: bytes, head: ChainHead, marks: Mapping[int, Collection[bytes]]
) -> Iterator[ChainFault]:
    if last < max(head.last_id, *marks, 0):
        yield ChainFault(FaultKind.MISSING, last + 1)
    elif computed != head.hash:
        yield ChainFault(FaultKind.HEAD, last)
    if head.beyond is not None:
        yield ChainFault(FaultKind.ADDED, head.beyond)
