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
from sqlalchemy.dialects import postgresql, sqlite

from app.audit.domain import checkpoints
from app.audit.domain.chain import GENESIS, Fault, Line, link
from app.audit.events import TrailExported, TrailRead, TrailVerified
from app.audit.models import Entry, Head, Signed, Verification
from app.audit.queries import Sought
from app.db.session import db, record
from app.kernel.events import Event

Countries = Callable[[Collection[UUID], date], Mapping[UUID, str]]  # where people serve on a day
Put = Callable[[Sequence[tuple[object, ...]]], None]  # stores rows of the trail, values in the order of its columns
ENVELOPE = frozenset({"at", "actor_id", "request_id"})
PEOPLE = ("person_id", "officer", "recipient_id")  # names of fields that say whom an event is about
ASKED = ("who", "about")  # what a reader asked for is no thing that something happened to
PORTION = 500  # people asked for at once


def note(happened: Event) -> None:
    """Take an event for the trail; `write` has to follow in the same transaction."""
    db.session.info.setdefault("trail", []).append(happened)


def write(countries: Countries, put: Put | None = None) -> None:
    """Write what was taken, in order, behind the end of the chain, which is locked until the transaction ends.

    `put` stores the rows, in the same transaction, where they are more than a statement should carry.
    """
    waiting: list[Event] = db.session.info.pop("trail", [])
    if not waiting:
        return
    last_id, before = _lock()
    rows: list[tuple[object, ...]] = []
    for line in _lines(waiting, countries, last_id + 1):
        last_id, before = line.id, link(before, line)
        rows.append((*line, before))
    (put or _put)(rows)
    db.session.connection().execute(_MOVE, {"last_id": last_id, "hash": before})


def facts(happened: Event) -> str:
    """Return what an event tells beside time, actor and request, as JSON with sorted names."""
    return _encode({name: getattr(happened, name) for name in _shape(type(happened)).told}).decode()


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


def note_verification(fault: Fault | None, *, entries: int, took_ms: int, now: datetime) -> None:
    """Keep what a verification of the whole trail found."""
    kind, entry = (fault.kind, fault.entry) if fault else (None, None)
    db.session.add(Verification(at=now, entries=entries, took_ms=took_ms, fault=kind, fault_entry=entry))
    record(TrailVerified(entries=entries, fault=kind or "", entry=entry))


def note_read(sought: Sought, *, country: str, as_file: bool) -> None:
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


def _lines(waiting: Sequence[Event], countries: Countries, first_id: int) -> Iterator[Line]:
    """Yield events as lines; the country is the event's own, else of the person it is about, else of the actor."""
    people = [_person(happened) for happened in waiting]
    owned = [_own_country(happened) for happened in waiting]
    served = _served(waiting, people, owned, countries)
    for number, (happened, person_id, own) in enumerate(zip(waiting, people, owned, strict=True), first_id):
        at = happened.at.astimezone(UTC)
        yield Line(
            id=number,
            at=at,
            name=type(happened).__name__,
            actor_id=happened.actor_id,
            request_id=happened.request_id,
            person_id=person_id,
            thing_id=_thing(happened),
            country=own or _country(served[at.date()], person_id, happened.actor_id),
            facts=facts(happened),
        )


def _served(
    waiting: Sequence[Event], people: Sequence[UUID | None], owned: Sequence[str | None], countries: Countries
) -> Mapping[date, Mapping[UUID, str]]:
    """Return where those serve, by day, of whom an event without a country of its own tells."""
    days: dict[date, set[UUID]] = defaultdict(set)
    for happened, person_id, own in zip(waiting, people, owned, strict=True):
        if own is None:
            days[happened.at.astimezone(UTC).date()].update(one for one in (person_id, happened.actor_id) if one)
    return {day: _of_day(sorted(ids), day, countries) for day, ids in days.items()}


def _of_day(people: Sequence[UUID], day: date, countries: Countries) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for start in range(0, len(people), PORTION):
        found.update(countries(people[start : start + PORTION], day))
    return found


def _country(of_day: Mapping[UUID, str], *people: UUID | None) -> str | None:
    return next((of_day[one] for one in people if one in of_day), None)


def _person(happened: Any) -> UUID | None:
    name = _shape(type(happened)).person
    found: UUID | None = getattr(happened, name) if name else None
    return found


def _thing(happened: Event) -> UUID | None:
    told = (getattr(happened, name) for name in _shape(type(happened)).things)
    return next((each for each in told if isinstance(each, UUID)), None)


def _own_country(happened: Any) -> str | None:
    return (happened.country or None) if _shape(type(happened)).has_country else None


class _Shape(NamedTuple):
    """Which fields of an event name a person and things, whether one names a country, and all that are told."""

    person: str
    things: tuple[str, ...]
    has_country: bool
    told: tuple[str, ...]


@cache
def _shape(kind: type[Any]) -> _Shape:
    names = [f.name for f in fields(kind) if f.name not in ENVELOPE]
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
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        connection.execute(dialect.insert(Head).values(first).on_conflict_do_nothing())
        found = connection.execute(_LOCK).one()
    return found.last_id, found.hash


# put together once: every event is noted
_encode = msgspec.json.Encoder(order="deterministic").encode
_NOTE = insert(cast("Table", Entry.__table__))
_COLUMNS = tuple(column.name for column in cast("Table", Entry.__table__).columns)
_LOCK = select(Head.last_id, Head.hash).with_for_update()
_LAST = select(Entry.id, Entry.hash).order_by(Entry.id.desc()).limit(1)
_MOVE = update(cast("Table", Head.__table__)).values(last_id=bindparam("last_id"), hash=bindparam("hash"))
