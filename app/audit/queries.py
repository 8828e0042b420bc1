"""Reading the trail, within what the reader may see of it."""

from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select, true, tuple_

from app.access.policy import ALL_COUNTRIES, Action, Actor, Role, allows
from app.audit.domain.chain import ChainEntry, Fault
from app.audit.domain.checkpoints import Checkpoint
from app.audit.models import Entry, Signed, Verification
from app.db.session import db

COLUMNS = tuple(getattr(Entry, name) for name in ChainEntry._fields)
Place = tuple[datetime, int]  # of an entry in the list: when it was, and its number
# how far a list was read: to a moment, and how many of its entries; a number would tell what is left out between two
Reached = tuple[datetime, int]
Stay = tuple[date, date]  # from a day until before another one
# what a country keeps to itself: who of it is under threat, and who has another alias, as those are given one
OWN_ALONE = ("AliasChanged", "ProtectionChanged")
# facts that tell of a country: an administrator is shown none of them, so none of them finds an entry, either
TELLING = ("agency_id", "supervisor_id")
INVITATION = "invitation_id"  # it tells whose country made it, except beside who made it


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What narrows the list; `until` is the first moment that no longer belongs to it.

    `stays`: the only days of which entries are listed.
    `but`: a query for people, of whom no entry is listed that somebody else wrote.
    `without`: kinds that are not for this reader at all, whatever else is asked.
    """

    name: str = ""
    since: datetime | None = None
    until: datetime | None = None
    who: UUID | None = None
    about: UUID | None = None
    stays: Sequence[Stay] | None = None
    but: Select[UUID] | None = None
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verified:
    """When the trail was last verified, how many entries there were, and what was wrong."""

    at: datetime
    entries: int
    fault: Fault | None


def scope(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on entries that the actor may see: those of the own country; administrators nearly all."""
    if allows(actor, Action.SEE_TRAIL, ALL_COUNTRIES):
        own = actor.country if Role.CONTACT_POINT in actor.roles else None
        return or_(Entry.name.not_in(OWN_ALONE), Entry.country == (own or None))
    return Entry.country == (actor.country or None)


def page(actor: Actor, sought: AuditFilter, *, after: Reached | None = None, size: int = 50) -> Sequence[ChainEntry]:
    """Return entries, the newest first, those left out that were read already."""
    query = select(*COLUMNS).where(_scope(actor, sought), *_conditions(actor, sought))
    if after is not None:
        moment, read = after
        query = query.where(Entry.at <= moment).offset(read)
    query = query.order_by(Entry.at.desc(), Entry.id.desc()).limit(size)
    return [ChainEntry(*row) for row in db.session.execute(query)]


def reached(found: Sequence[ChainEntry], after: Reached | None) -> Reached:
    """Return how far a list is read with these entries, which follow what was read already."""
    moment = found[-1].at
    read = sum(line.at == moment for line in found)
    return moment, read + (after[1] if after is not None and after[0] == moment else 0)


def _scope(actor: Actor, sought: AuditFilter) -> ColumnElement[bool]:
    """Return the scope, unfit for an index where a person or thing narrows the list to fewer entries than a country."""
    if allows(actor, Action.SEE_TRAIL, ALL_COUNTRIES) or (sought.who is None and sought.about is None):
        return scope(actor)
    return and_(func.coalesce(Entry.country, "") == actor.country, Entry.country.is_not(None))


def people(actor: Actor, sought: AuditFilter, most: int) -> int:
    """Return about how many people entries are, counted up to a number."""
    narrowed = select(Entry.person_id).where(scope(actor), *_conditions(actor, sought), Entry.person_id.is_not(None))
    return len(db.session.scalars(narrowed.distinct().limit(most)).all())


def between(name: str, one: UUID, others: Collection[UUID]) -> frozenset[tuple[UUID, UUID]]:
    """Return who did something of a kind to whom, as pairs: one person to these others, or they to that one."""
    if not others:
        return frozenset()
    either = or_(
        and_(Entry.actor_id == one, Entry.person_id.in_(others)),
        and_(Entry.person_id == one, Entry.actor_id.in_(others)),
    )
    rows = db.session.execute(select(Entry.actor_id, Entry.person_id).where(Entry.name == name, either).distinct())
    return frozenset((by, to) for by, to in rows if by and to)


@dataclass(frozen=True, slots=True)
class Listed:
    """In which lists somebody stands on some days: those of a country, whole or of the service or sheets named."""

    country: str
    things: Set[UUID]
    days: Stay


def looks(
    at_person: UUID,
    listed: Sequence[Listed],
    names: Sequence[str],
    *,
    stays: Sequence[Stay] | None = None,
    before: Place | None = None,
    size: int = 50,
) -> list[ChainEntry]:
    """Return who looked at a person, the newest first: at the person alone, or at a list that the person stands in.

    `names` are those of events that say so. `stays`: the only days of which looks at the person alone are returned,
    each of its own. What the person did is left out.
    """
    of_person = (Entry.person_id == at_person,)
    alone = [of_person] if stays is None else [(*of_person, *_between(*stay)) for stay in stays]
    found: list[ChainEntry] = []
    for part in (*alone, *(_list(one) for one in listed)):  # each has an index; of all at once there would be none
        query = select(*COLUMNS).where(*part, Entry.name.in_(names))
        query = query.where(or_(Entry.actor_id.is_(None), Entry.actor_id != at_person))  # none: at the console
        if before is not None:
            query = query.where(tuple_(Entry.at, Entry.id) < tuple_(*before))
        ordered = query.order_by(Entry.at.desc(), Entry.id.desc()).limit(size)
        found += [ChainEntry(*row) for row in db.session.execute(ordered)]
    return sorted(found, key=lambda line: (line.at, line.id), reverse=True)[:size]


def _list(one: Listed) -> tuple[ColumnElement[bool], ...]:
    whole = or_(Entry.thing_id.is_(None), Entry.thing_id.in_(one.things))
    return (Entry.country == one.country, Entry.person_id.is_(None), *_between(*one.days), whole)


def verifications() -> tuple[Verified | None, Verified | None]:
    """Return what the last verification found, and what the newest one found that found something.

    The latter stands for good: what was once found is not undone by a later one that can see it no more.
    """
    newest = select(func.max(Verification.id))
    faulty = newest.where(Verification.fault.is_not(None))
    either = or_(Verification.id == newest.scalar_subquery(), Verification.id == faulty.scalar_subquery())
    found = [_verified(row) for row in db.session.scalars(select(Verification).where(either).order_by(Verification.id))]
    return found[-1] if found else None, next((one for one in found if one.fault), None)


def last_verification() -> Verified | None:
    """Return what the last verification found, None when there was none."""
    return verifications()[0]


def last_fault() -> Verified | None:
    """Return what the newest verification found that found something, None when none did."""
    return verifications()[1]


def _verified(found: Verification) -> Verified:
    fault = None if found.fault is None or found.fault_entry is None else Fault(found.fault, found.fault_entry)
    return Verified(found.at, found.entries, fault)


def most_entries() -> int:
    """Return the most entries that a verification ever counted, 0 when there was none."""
    return db.session.scalar(select(func.max(Verification.entries))) or 0


def last_checkpoints(most: int) -> list[Checkpoint]:
    """Return the newest checkpoints, the newest first."""
    return [_checkpoint(row) for row in db.session.scalars(select(Signed).order_by(Signed.id.desc()).limit(most))]


def by_hour(name: str, since: datetime) -> list[tuple[datetime, int]]:
    """Return how many entries of a kind there were in each hour since then, where there was one."""
    if db.engine.dialect.name == "sqlite":
        hour = func.strftime("%Y-%m-%dT%H:00:00+00:00", Entry.at)
    else:
        hour = func.to_char(Entry.at, 'YYYY-MM-DD"T"HH24":00:00+00:00"')
    query = select(hour, func.count()).where(Entry.name == name, Entry.at >= since).group_by(hour).order_by(hour)
    return [(datetime.fromisoformat(row[0]), row[1]) for row in db.session.execute(query)]


def last_checkpoint_by_key() -> dict[str, Checkpoint]:
    """Return the last checkpoint of each key that signed, by the id of the key."""
    last = select(func.max(Signed.id)).group_by(Signed.key_id)
    return {row.key_id: _checkpoint(row) for row in db.session.scalars(select(Signed).where(Signed.id.in_(last)))}


def signed_with(key_id: str) -> int:
    """Return how many checkpoints are signed with a key."""
    return db.session.scalar(select(func.count()).select_from(Signed).where(Signed.key_id == key_id)) or 0


def _checkpoint(row: Signed) -> Checkpoint:
    return Checkpoint(row.last_id, row.hash, row.count, row.at, row.key_id, row.signature)


def _conditions(actor: Actor, sought: AuditFilter) -> list[ColumnElement[bool]]:
    found = _kinds(sought)
    if sought.since is not None:
        found.append(Entry.at >= sought.since)
    if sought.until is not None:
        found.append(Entry.at < sought.until)
    if sought.who is not None:
        found.append(Entry.actor_id == sought.who)
    if sought.stays is not None:
        found.append(or_(false(), *(and_(*_between(*stay)) for stay in sought.stays)))
    if sought.but is not None:
        found.append(or_(Entry.person_id.is_(None), Entry.person_id.not_in(sought.but)))
    if sought.about is not None:
        found.append(or_(Entry.person_id == sought.about, _thing(actor, sought.about)))
    return found


def _between(since: date, until: date) -> list[ColumnElement[bool]]:
    """Return the conditions that an entry is of these days; the first and the last day of all are no bounds."""
    bounds = [Entry.at >= _begin(since)] if since > date.min else []
    return [true(), *bounds, *([Entry.at < _begin(until)] if until < date.max else [])]


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _thing(actor: Actor, about: UUID) -> ColumnElement[bool]:
    """Return the condition that an entry is about a thing, as far as the reader is shown the thing."""
    here = Entry.thing_id == about
    if not allows(actor, Action.SEE_TRAIL, ALL_COUNTRIES):
        return here
    told = {name: Entry.facts.contains(f'"{name}":"{about}"', autoescape=True) for name in (*TELLING, INVITATION)}
    made = and_(Entry.person_id.is_(None), Entry.actor_id.is_not(None))
    return and_(here, *(not_(told[name]) for name in TELLING), or_(not_(told[INVITATION]), made))


def _kinds(sought: AuditFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if sought.name:
        found.append(Entry.name == sought.name)
    if sought.without:  # each page is read along an index by time: what is left out costs no sorting
        found.append(Entry.name.not_in(sorted(sought.without)))
    return found
