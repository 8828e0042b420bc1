"""Read entries of the audit log within the scope of the user; checkpoints and verifications."""

from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select, true, tuple_

from app.access.policy import ALL_COUNTRIES, Action, Actor, allows, contact_point
from app.audit.domain.chain import ChainEntry, ChainFault
from app.audit.domain.checkpoints import Checkpoint
from app.audit.models import Entry, Signed, Verification
from app.db.session import db

COLUMNS = tuple(getattr(Entry, name) for name in ChainEntry._fields)
Place = tuple[datetime, int]  # of an entry in the list: when it was, and its number
# how far a list was read: a moment and the number of its entries; entry numbers would reveal hidden entries between
ReadPosition = tuple[datetime, int]
Stay = tuple[date, date]  # from a day until before another one
# shown to the own country only: they reveal people under threat, who receive another alias
OWN_ALONE = ("AliasChanged", "ProtectionChanged")
# facts that reveal a country: administrators do not see them, so they must not find entries by them
TELLING = ("agency_id", "supervisor_id")
INVITATION = "invitation_id"  # it reveals the country of the sender, except in entries that name the sender


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Conditions on the entries of a list; `until` is excluded.

    `stays`: only entries of these days are listed.
    `but`: a query for people; entries of other actors about them are not listed.
    `without`: kinds of entries that this user never sees.
    """

    name: str = ""
    since: datetime | None = None
    until: datetime | None = None
    actor_id: UUID | None = None
    about: UUID | None = None
    stays: Sequence[Stay] | None = None
    but: Select[UUID] | None = None
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verified:
    """The time of a verification, the number of entries and the first fault."""

    at: datetime
    entries: int
    fault: ChainFault | None


def scope(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on entries that the actor may see: of the own country; administrators see nearly all."""
    if allows(actor, Action.SEE_TRAIL, ALL_COUNTRIES):
        own = actor.country if contact_point(actor) else None
        return or_(Entry.name.not_in(OWN_ALONE), Entry.country == (own or None))
    return Entry.country == (actor.country or None)


def page(
    actor: Actor, sought: AuditFilter, *, after: ReadPosition | None = None, size: int = 50
) -> Sequence[ChainEntry]:
    """Return entries, the newest first, after the position `after`."""
    query = select(*COLUMNS).where(_scope(actor, sought), *_conditions(actor, sought))
    if after is not None:
        moment, read = after
        query = query.where(Entry.at <= moment).offset(read)
    query = query.order_by(Entry.at.desc(), Entry.id.desc()).limit(size)
    return [ChainEntry(*row) for row in db.session.execute(query)]


def position_after(entries: Sequence[ChainEntry], after: ReadPosition | None) -> ReadPosition:
    """Return the position after these entries, which follow `after`: last time, and entries read of that time."""
    moment = entries[-1].at
    read = sum(line.at == moment for line in entries)
    return moment, read + (after[1] if after is not None and after[0] == moment else 0)


def _scope(actor: Actor, sought: AuditFilter) -> ColumnElement[bool]:
    """Return the scope; written so that no index fits if a person or thing narrows the list more than a country."""
    if allows(actor, Action.SEE_TRAIL, ALL_COUNTRIES) or (sought.actor_id is None and sought.about is None):
        return scope(actor)
    return and_(func.coalesce(Entry.country, "") == actor.country, Entry.country.is_not(None))


def people(actor: Actor, sought: AuditFilter, most: int) -> int:
    """Count the people that entries are about, up to `most`."""
    narrowed = select(Entry.person_id).where(scope(actor), *_conditions(actor, sought), Entry.person_id.is_not(None))
    return len(db.session.scalars(narrowed.distinct().limit(most)).all())


def between(name: str, person_id: UUID, others: Collection[UUID]) -> frozenset[tuple[UUID, UUID]]:
    """Return pairs of actor and person for entries of a kind between a person and these others, in both directions."""
    if not others:
        return frozenset()
    either = or_(
        and_(Entry.actor_id == person_id, Entry.person_id.in_(others)),
        and_(Entry.person_id == person_id, Entry.actor_id.in_(others)),
    )
    rows = db.session.execute(select(Entry.actor_id, Entry.person_id).where(Entry.name == name, either).distinct())
    return frozenset((by, to) for by, to in rows if by and to)


@dataclass(frozen=True, slots=True)
class ListMembership:
    """The lists that include a person on some days: of the whole country, or of the agency or sheets named."""

    country: str
    things: Set[UUID]
    days: Stay


def views_of_person(
    at_person: UUID,
    listed: Sequence[ListMembership],
    names: Sequence[str],
    *,
    stays: Sequence[Stay] | None = None,
    before: Place | None = None,
    size: int = 50,
) -> list[ChainEntry]:
    """Return the views of a person, the newest first: of the person alone, or of a list that includes the person.

    `names` are the event names of views. `stays`: only views of the person alone on these days are returned.
    Entries of the person's own actions are left out.
    """
    of_person = (Entry.person_id == at_person,)
    alone = [of_person] if stays is None else [(*of_person, *_between(*stay)) for stay in stays]
    entries: list[ChainEntry] = []
    # each part has an index; a statement for all at once would have none
    for part in (*alone, *(_list(listing) for listing in listed)):
        query = select(*COLUMNS).where(*part, Entry.name.in_(names))
        query = query.where(or_(Entry.actor_id.is_(None), Entry.actor_id != at_person))  # none: at the console
        if before is not None:
            query = query.where(tuple_(Entry.at, Entry.id) < tuple_(*before))
        ordered = query.order_by(Entry.at.desc(), Entry.id.desc()).limit(size)
        entries += [ChainEntry(*row) for row in db.session.execute(ordered)]
    return sorted(entries, key=lambda line: (line.at, line.id), reverse=True)[:size]


def _list(listed: ListMembership) -> tuple[ColumnElement[bool], ...]:
    whole = or_(Entry.thing_id.is_(None), Entry.thing_id.in_(listed.things))
    return (Entry.country == listed.country, Entry.person_id.is_(None), *_between(*listed.days), whole)


def verifications() -> tuple[Verified | None, Verified | None]:
    """Return the last verification, and the newest one that found a fault.

    A fault stays reported: a later verification may no longer be able to see it.
    """
    newest = select(func.max(Verification.id))
    faulty = newest.where(Verification.fault.is_not(None))
    either = or_(Verification.id == newest.scalar_subquery(), Verification.id == faulty.scalar_subquery())
    rows = db.session.scalars(select(Verification).where(either).order_by(Verification.id))
    results = [_verified(row) for row in rows]
    return results[-1] if results else None, next((result for result in results if result.fault), None)


def last_fault() -> Verified | None:
    """Return the newest verification that found a fault, or None."""
    return verifications()[1]


def _verified(row: Verification) -> Verified:
    fault = None if row.fault is None or row.fault_entry is None else ChainFault(row.fault, row.fault_entry)
    return Verified(row.at, row.entries, fault)


def most_entries() -> int:
    """Return the highest number of entries that a verification counted, or 0."""
    return db.session.scalar(select(func.max(Verification.entries))) or 0


def site_id() -> str:
    """Return the id of the site, "" before its first entry: the hash of that entry, which no backup changes."""
    digest = db.session.scalar(select(Entry.hash).where(Entry.id == 1))
    return digest.hex() if digest else ""


def last_entry() -> tuple[int, str]:
    """Return number and hash of the newest entry. Raises NoResultFound before the first one."""
    row = db.session.execute(select(Entry.id, Entry.hash).order_by(Entry.id.desc()).limit(1)).one()
    return row.id, row.hash.hex()


def has_entry(number: int, digest: str) -> bool:
    """Return whether the log has this entry, by number and hash."""
    stored = db.session.scalar(select(Entry.hash).where(Entry.id == number))
    return stored is not None and stored.hex() == digest


def last_checkpoints(most: int) -> list[Checkpoint]:
    """Return the newest checkpoints, the newest first."""
    return [_checkpoint(row) for row in db.session.scalars(select(Signed).order_by(Signed.id.desc()).limit(most))]


def by_hour(name: str, since: datetime) -> list[tuple[datetime, int]]:
    """Return the number of entries of a kind by hour since a time; hours without entries are left out."""
    if db.engine.dialect.name == "sqlite":
        hour = func.strftime("%Y-%m-%dT%H:00:00+00:00", Entry.at)
    else:
        hour = func.to_char(Entry.at, 'YYYY-MM-DD"T"HH24":00:00+00:00"')
    query = select(hour, func.count()).where(Entry.name == name, Entry.at >= since).group_by(hour).order_by(hour)
    return [(datetime.fromisoformat(row[0]), row[1]) for row in db.session.execute(query)]


def last_checkpoint_by_key() -> dict[str, Checkpoint]:
    """Return the last checkpoint of each signing key, by the id of the key."""
    last = select(func.max(Signed.id)).group_by(Signed.key_id)
    return {row.key_id: _checkpoint(row) for row in db.session.scalars(select(Signed).where(Signed.id.in_(last)))}


def signed_with(key_id: str) -> int:
    """Return the number of checkpoints that are signed with a key."""
    return db.session.scalar(select(func.count()).select_from(Signed).where(Signed.key_id == key_id)) or 0


def _checkpoint(row: Signed) -> Checkpoint:
    return Checkpoint(row.last_id, row.hash, row.count, row.at, row.key_id, row.signature)


def _conditions(actor: Actor, sought: AuditFilter) -> list[ColumnElement[bool]]:
    conditions = _kinds(sought) + _times(sought)
    if sought.actor_id is not None:
        conditions.append(Entry.actor_id == sought.actor_id)
    if sought.but is not None:
        conditions.append(or_(Entry.person_id.is_(None), Entry.person_id.not_in(sought.but)))
    if sought.about is not None:
        conditions.append(or_(Entry.person_id == sought.about, _thing(actor, sought.about)))
    return conditions


def _times(sought: AuditFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if sought.since is not None:
        conditions.append(Entry.at >= sought.since)
    if sought.until is not None:
        conditions.append(Entry.at < sought.until)
    if sought.stays is not None:
        conditions.append(or_(false(), *(and_(*_between(*stay)) for stay in sought.stays)))
    return conditions


def _between(since: date, until: date) -> list[ColumnElement[bool]]:
    """Return the conditions that an entry is of these days; the first and the last day of all are no bounds."""
    bounds = [Entry.at >= _begin(since)] if since > date.min else []
    return [true(), *bounds, *([Entry.at < _begin(until)] if until < date.max else [])]


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _thing(actor: Actor, about: UUID) -> ColumnElement[bool]:
    """Return the condition that an entry is about an object, as far as the user may see the object."""
    is_about_thing = Entry.thing_id == about
    if not allows(actor, Action.SEE_TRAIL, ALL_COUNTRIES):
        return is_about_thing
    mentions = {name: Entry.facts.contains(f'"{name}":"{about}"', autoescape=True) for name in (*TELLING, INVITATION)}
    by_actor_alone = and_(Entry.person_id.is_(None), Entry.actor_id.is_not(None))
    is_hidden = or_(not_(mentions[INVITATION]), by_actor_alone)
    return and_(is_about_thing, *(not_(mentions[name]) for name in TELLING), is_hidden)


def _kinds(sought: AuditFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if sought.name:
        conditions.append(Entry.name == sought.name)
    if sought.without:  # each page is read along an index by time: what is left out costs no sorting
        conditions.append(Entry.name.not_in(sorted(sought.without)))
    return conditions


def times_of(name: str, person_id: UUID, *, since: datetime) -> list[datetime]:
    """Return the times of the entries of a kind about a person from a time on, for limits."""
    query = select(Entry.at).where(Entry.person_id == person_id, Entry.at >= since, Entry.name == name)
    return list(db.session.scalars(query.order_by(Entry.at)))
