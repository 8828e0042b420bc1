"""Adding to the trail, and signing where it ends."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple, cast
from uuid import UUID

import msgspec
from sqlalchemy import Table, bindparam, insert, select, update

from app.audit.domain import checkpoints
from app.audit.domain.chain import GENESIS, ChainEntry, Fault, link
from app.audit.events import TrailExported, TrailRead, TrailVerified
from app.audit.models import Entry, Head, Signed, Verification
from app.audit.queries import AuditFilter
from app.db.session import db, record
from app.db.upsert import insert_ignore
from app.kernel.events import Event, stored_name

Countries = Callable[[Collection[UUID], date], Mapping[UUID, str]]  # where people serve on a day
Put = Callable[[Sequence[tuple[object, ...]]], None]  # stores rows of the trail, values in the order of its columns
ENVELOPE = frozenset({"at", "actor_id", "request_id"})
PEOPLE = ("person_id", "officer", "recipient_id")  # names of fields that say whom an event is about
ASKED = ("who", "about")  # what a reader asked for is no thing that something happened to
PORTION = 500  # people asked for at once


class _Shape(NamedTuple):
    """Which fields of a kind of event name a person and things, whether one names a country, and all that it tells."""

    person: str
    things: tuple[str, ...]
    has_country: bool
    told: tuple[str, ...]


class _Said(NamedTuple):
    """What an event says of itself: about whom and what it is, its own country, and the facts as JSON."""

    person_id: UUID | None
    thing_id: UUID | None
    country: str | None
    facts: str


def write(waiting: Sequence[Event], countries: Countries, put: Put | None = None) -> None:
    """Write events, in order, behind the end of the chain, which is locked until the transaction ends.

    `put` stores the rows, in the same transaction, where they are more than a statement should carry.
    """
    if not waiting:
        return
    last_id, before = _lock()
    rows: list[tuple[object, ...]] = []
    for line in _lines(waiting, countries, last_id + 1):
        last_id, before = line.id, link(before, line)
        rows.append((*line, before))
    (put or _put)(rows)
    db.session.connection().execute(_MOVE, {"last_id": last_id, "hash": before})


def sign(key: tuple[str, bytes], now: datetime) -> None:
    """Sign where the chain ends now."""
    key_id, secret = key
    last_id, hash_ = _lock()
    made = checkpoints.sign(secret, key_id, last_id=last_id, hash_=hash_, count=last_id, at=now)
    db.session.add(
        Signed(
            last_id=made.last_id,
            hash=made.hash,
            count=made.count,
            at=made.at,
            key_id=made.key_id,
            signature=made.signature,
        )
    )


def record_verification(fault: Fault | None, *, entries: int, took_ms: int, now: datetime) -> None:
    """Keep what a verification of the whole trail found."""
    kind, entry = (fault.kind, fault.entry) if fault else (None, None)
    db.session.add(Verification(at=now, entries=entries, took_ms=took_ms, fault=kind, fault_entry=entry))
    record(TrailVerified(entries=entries, fault=kind or "", entry=entry))


def record_read(sought: AuditFilter, *, country: str, as_file: bool) -> None:
    """Keep that somebody reads the trail, before it is shown."""
    kind = TrailExported if as_file else TrailRead
    record(
        kind(
            country=country,
            name=sought.name,
            since=sought.since.date() if sought.since else None,
            until=sought.until.date() if sought.until else None,
            who=sought.who,
            about=sought.about,
        )
    )


def _put(rows: Sequence[tuple[object, ...]]) -> None:
    db.session.connection().execute(_NOTE, [dict(zip(_COLUMNS, row, strict=True)) for row in rows])


def _lines(waiting: Sequence[Event], countries: Countries, first_id: int) -> Iterator[ChainEntry]:
    """Yield events as lines; the country is the event's own, else of the person it is about, else of the actor."""
    said = [_said(happened) for happened in waiting]
    served = _served(waiting, said, countries)
    for number, (happened, one) in enumerate(zip(waiting, said, strict=True), first_id):
        at = happened.at.astimezone(UTC)
        yield ChainEntry(
            id=number,
            at=at,
            name=stored_name(type(happened)),
            actor_id=happened.actor_id,
            request_id=happened.request_id,
            person_id=one.person_id,
            thing_id=one.thing_id,
            country=one.country or _country(served[at.date()], one.person_id, happened.actor_id),
            facts=one.facts,
        )


def _served(waiting: Sequence[Event], said: Sequence[_Said], countries: Countries) -> Mapping[date, Mapping[UUID, str]]:
    """Return where those serve, by day, of whom an event without a country of its own tells."""
    days: dict[date, set[UUID]] = defaultdict(set)
    for happened, one in zip(waiting, said, strict=True):
        if one.country is None:
            people = days[happened.at.astimezone(UTC).date()]
            people.update(each for each in (one.person_id, happened.actor_id) if each)
    return {day: _of_day(sorted(people), day, countries) for day, people in days.items()}


def _of_day(people: Sequence[UUID], day: date, countries: Countries) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for start in range(0, len(people), PORTION):
        found.update(countries(people[start : start + PORTION], day))
    return found


def _country(of_day: Mapping[UUID, str], person_id: UUID | None, actor_id: UUID | None) -> str | None:
    of_person = of_day.get(person_id) if person_id else None
    return of_person or (of_day.get(actor_id) if actor_id else None)


def _said(happened: Event) -> _Said:
    shape, told = _shape(type(happened)), cast("Any", happened)  # type: ignore[arg-type]  # classes can be hashed
    ids = (getattr(told, name) for name in shape.things)
    return _Said(
        person_id=getattr(told, shape.person) if shape.person else None,
        thing_id=next((each for each in ids if isinstance(each, UUID)), None),
        country=(told.country or None) if shape.has_country else None,
        facts=_encode({name: getattr(told, name) for name in shape.told}).decode(),
    )


@cache
def _shape(kind: type[Event]) -> _Shape:
    names = [f.name for f in fields(kind) if f.name not in ENVELOPE and not f.metadata.get("untold")]
    person = next((name for name in PEOPLE if name in names), "")
    things = tuple(name for name in names if name not in PEOPLE + ASKED)
    return _Shape(person, things, "country" in names, tuple(sorted(names)))


def _lock() -> tuple[int, bytes]:
    """Return number and hash of the last entry, and let nobody else write on until the transaction ends."""
    connection = db.session.connection()
    found = connection.execute(_LOCK).first()
    if found is None:
        last = connection.execute(_LAST).first()
        first = {"id": 1, "last_id": last.id if last else 0, "hash": last.hash if last else GENESIS}
        connection.execute(insert_ignore(Head).values(first))
        found = connection.execute(_LOCK).one()
    return found.last_id, found.hash


# put together once: every event is noted
_encode = msgspec.json.Encoder(order="deterministic").encode
_NOTE = insert(cast("Table", Entry.__table__))
_COLUMNS = tuple(column.name for column in cast("Table", Entry.__table__).columns)
_LOCK = select(Head.last_id, Head.hash).with_for_update()
_LAST = select(Entry.id, Entry.hash).order_by(Entry.id.desc()).limit(1)
_MOVE = update(cast("Table", Head.__table__)).values(last_id=bindparam("last_id"), hash=bindparam("hash"))
