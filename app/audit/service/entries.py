"""Write events as entries of the audit log and sign its end; record views, exports and verifications."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple, cast
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, insert, select, update

from app.audit.domain import checkpoints
from app.audit.domain.chain import GENESIS, ChainEntry, ChainFault, link
from app.audit.events import TrailExported, TrailRead, TrailVerified
from app.audit.models import AuditHead, Entry, Signed, Verification
from app.audit.queries import AuditFilter
from app.db.base import table_of
from app.db.session import db, record
from app.db.upsert import insert_ignore
from app.kernel.events import Event, stored_name

Countries = Callable[[Collection[UUID], date], Mapping[UUID, str]]  # the countries of people on a day
Put = Callable[[Sequence[tuple[object, ...]]], None]  # stores rows of the trail, values in the order of its columns
ENVELOPE = frozenset({"at", "actor_id", "request_id"})
PEOPLE = ("person_id", "officer", "recipient_id")  # names of fields with the person that an event is about
ASKED = ("who", "about")  # the filter of a user is not a thing that an event is about
PORTION = 500  # people per query


class _Shape(NamedTuple):
    """How a kind of event is stored: fields with a person, objects and a country, and all its facts."""

    person: str
    things: tuple[str, ...]
    has_country: bool
    facts: tuple[str, ...]


class _EventDetails(NamedTuple):
    """The person, the object and the country that an event is about, and its facts as JSON."""

    person_id: UUID | None
    thing_id: UUID | None
    country: str | None
    facts: str


def write(waiting: Sequence[Event], countries: Countries, put: Put | None = None) -> None:
    """Append events, in order, to the chain, whose end is locked until the transaction ends.

    `put` stores the rows, in the same transaction, if they are too many for one statement.
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
    """Sign the current end of the chain."""
    key_id, secret = key
    last_id, hash_ = _lock()
    checkpoint = checkpoints.sign(secret, key_id, last_id=last_id, hash_=hash_, count=last_id, at=now)
    db.session.add(Signed(**asdict(checkpoint)))


def record_verification(fault: ChainFault | None, *, entries: int, took_ms: int, now: datetime) -> None:
    """Record the result of a verification of the whole audit log."""
    kind, entry = (fault.kind, fault.entry) if fault else (None, None)
    db.session.add(Verification(at=now, entries=entries, took_ms=took_ms, fault=kind, fault_entry=entry))
    record(TrailVerified(entries=entries, fault=kind or "", entry=entry))


def record_read(sought: AuditFilter, *, country: str, as_file: bool) -> None:
    """Record a view of the audit log before it is shown."""
    kind = TrailExported if as_file else TrailRead
    record(
        kind(
            country=country,
            name=sought.name,
            since=sought.since.date() if sought.since else None,
            until=sought.until.date() if sought.until else None,
            who=sought.actor_id,
            about=sought.about,
        )
    )


def _put(rows: Sequence[tuple[object, ...]]) -> None:
    db.session.connection().execute(_NOTE, [dict(zip(_COLUMNS, row, strict=True)) for row in rows])


def _lines(waiting: Sequence[Event], countries: Countries, first_id: int) -> Iterator[ChainEntry]:
    """Yield events as lines; the country is the event's own, else of the person it is about, else of the actor."""
    details = [_details(event) for event in waiting]
    served = _served(waiting, details, countries)
    for number, (event, detail) in enumerate(zip(waiting, details, strict=True), first_id):
        at = event.at.astimezone(UTC)
        yield ChainEntry(
            id=number,
            at=at,
            name=stored_name(type(event)),
            actor_id=event.actor_id,
            request_id=event.request_id,
            person_id=detail.person_id,
            thing_id=detail.thing_id,
            country=detail.country or _country(served[at.date()], detail.person_id, event.actor_id),
            facts=detail.facts,
        )


def _served(
    waiting: Sequence[Event], details: Sequence[_EventDetails], countries: Countries
) -> Mapping[date, Mapping[UUID, str]]:
    """Return the countries of people by day, for events without a country of their own."""
    days: dict[date, set[UUID]] = defaultdict(set)
    for event, detail in zip(waiting, details, strict=True):
        if detail.country is None:
            people = days[event.at.astimezone(UTC).date()]
            people.update(each for each in (detail.person_id, event.actor_id) if each)
    return {day: _of_day(sorted(people), day, countries) for day, people in days.items()}


def _of_day(people: Sequence[UUID], day: date, countries: Countries) -> dict[UUID, str]:
    countries_by_person: dict[UUID, str] = {}
    for start in range(0, len(people), PORTION):
        countries_by_person.update(countries(people[start : start + PORTION], day))
    return countries_by_person


def _country(of_day: Mapping[UUID, str], person_id: UUID | None, actor_id: UUID | None) -> str | None:
    of_person = of_day.get(person_id) if person_id else None
    return of_person or (of_day.get(actor_id) if actor_id else None)


def _details(event: Event) -> _EventDetails:
    shape, values = _shape(type(event)), cast("Any", event)  # type: ignore[arg-type]  # classes can be hashed
    ids = (getattr(values, name) for name in shape.things)
    return _EventDetails(
        person_id=getattr(values, shape.person) if shape.person else None,
        thing_id=next((each for each in ids if isinstance(each, UUID)), None),
        country=(values.country or None) if shape.has_country else None,
        facts=_encode({name: getattr(values, name) for name in shape.facts}).decode(),
    )


@cache
def _shape(kind: type[Event]) -> _Shape:
    names = [f.name for f in fields(kind) if f.name not in ENVELOPE and not f.metadata.get("untold")]
    person = next((name for name in PEOPLE if name in names), "")
    things = tuple(name for name in names if name not in PEOPLE + ASKED)
    return _Shape(person, things, "country" in names, tuple(sorted(names)))


def _lock() -> tuple[int, bytes]:
    """Lock the end of the chain until the transaction ends and return number and hash of the last entry."""
    connection = db.session.connection()
    head = connection.execute(_LOCK).first()
    if head is None:
        last = connection.execute(_LAST).first()
        first = {"id": 1, "last_id": last.id if last else 0, "hash": last.hash if last else GENESIS}
        connection.execute(insert_ignore(AuditHead).values(first))
        head = connection.execute(_LOCK).one()
    return head.last_id, head.hash


# put together once: every event is noted
_encode = msgspec.json.Encoder(order="deterministic").encode
_NOTE = insert(table_of(Entry))
_COLUMNS = tuple(column.name for column in table_of(Entry).columns)
_LOCK = select(AuditHead.last_id, AuditHead.hash).with_for_update()
_LAST = select(Entry.id, Entry.hash).order_by(Entry.id.desc()).limit(1)
_MOVE = update(table_of(AuditHead)).values(last_id=bindparam("last_id"), hash=bindparam("hash"))
