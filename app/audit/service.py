"""Adding to the trail, and signing where it ends."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, cast
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
ENVELOPE = frozenset({"at", "actor_id", "request_id"})
PEOPLE = ("person_id", "officer", "recipient_id")  # names of fields that say whom an event is about
ASKED = ("who", "about")  # what a reader asked for is no thing that something happened to
PORTION = 500  # people asked for at once


def note(happened: Event) -> None:
    """Take an event for the trail; `write` has to follow in the same transaction."""
    db.session.info.setdefault("trail", []).append(happened)


def write(countries: Countries) -> None:
    """Write what was taken, in order, behind the end of the chain, which is locked until the transaction ends."""
    waiting: list[Event] = db.session.info.pop("trail", [])
    if not waiting:
        return
    lines = _with_countries(waiting, countries)
    connection = db.session.connection()
    last_id, before = _lock()
    rows = []
    for last_id, bare in enumerate(lines, last_id + 1):  # noqa: B020 - goes on counting from the end
        line = bare._replace(id=last_id)
        before = link(before, line)
        rows.append(line._asdict() | {"hash": before})
    connection.execute(_NOTE, rows)
    connection.execute(_MOVE, {"last_id": last_id, "hash": before})


def facts(happened: Event) -> str:
    """Return what an event tells beside time, actor and request, as JSON with sorted names."""
    told = {f.name: getattr(happened, f.name) for f in fields(happened) if f.name not in ENVELOPE}
    return msgspec.json.encode(told, order="deterministic").decode()


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


def _with_countries(waiting: Sequence[Event], countries: Countries) -> list[Line]:
    """Return events as lines; the country is the event's own, else of the person it is about, else of the actor."""
    lines = [_line(happened) for happened in waiting]
    days: dict[date, set[UUID]] = {}
    for line in lines:
        if line.country is None:
            days.setdefault(line.at.date(), set()).update(filter(None, (line.person_id, line.actor_id)))
    served = {day: _served(sorted(people), day, countries) for day, people in days.items()}
    return [line._replace(country=line.country or _country(line, served)) for line in lines]


def _served(people: Sequence[UUID], day: date, countries: Countries) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for start in range(0, len(people), PORTION):
        found.update(countries(people[start : start + PORTION], day))
    return found


def _country(line: Line, served: Mapping[date, Mapping[UUID, str]]) -> str | None:
    of_day = served[line.at.date()]
    of_person = of_day.get(line.person_id) if line.person_id else None
    return of_person or (of_day.get(line.actor_id) if line.actor_id else None)


def _line(happened: Event) -> Line:
    person, things, has_country = _fields(type(happened))  # type: ignore[arg-type]  # classes can be hashed
    told: Any = happened
    ids = (getattr(told, name) for name in things)
    return Line(
        id=0,
        at=happened.at.astimezone(UTC),
        name=type(happened).__name__,
        actor_id=happened.actor_id,
        request_id=happened.request_id,
        person_id=getattr(told, person) if person else None,
        thing_id=next((each for each in ids if isinstance(each, UUID)), None),
        country=(told.country or None) if has_country else None,
        facts=facts(happened),
    )


@cache
def _fields(kind: type[Event]) -> tuple[str, tuple[str, ...], bool]:
    """Return which fields of an event name a person and a thing, and whether one names a country."""
    names = [f.name for f in fields(kind) if f.name not in ENVELOPE]
    person = next((name for name in PEOPLE if name in names), "")
    return person, tuple(name for name in names if name not in PEOPLE + ASKED), "country" in names


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
_NOTE = insert(cast("Table", Entry.__table__))
_LOCK = select(Head.last_id, Head.hash).with_for_update()
_LAST = select(Entry.id, Entry.hash).order_by(Entry.id.desc()).limit(1)
_MOVE = update(cast("Table", Head.__table__)).values(last_id=bindparam("last_id"), hash=bindparam("hash"))
