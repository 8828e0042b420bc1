"""What a row comes to: somebody new, a change, nothing, or a fault. It decides; who is known already is told to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from app.access.people_rules import can_invite
from app.access.policy import Action, Actor, CountryScope, Role, allows
from app.intake.domain.headers import Column
from app.intake.domain.rows import Fault, Reason, Row, clean, shared

OF_POSTING = (Column.AGENCY, Column.POSTING)


class Kind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class ExistingAccount:
    """Somebody with an account."""

    person_id: UUID
    country: str  # "" where the person serves nowhere
    serves: bool  # the account is open, and the person has a posting today
    name: str
    latin_name: str
    service_number: str
    agency_id: UUID | None
    agency: str
    posting: tuple[str, ...]
    roles: frozenset[Role]
    moves: bool = False  # to another posting, on a day to come


@dataclass(frozen=True, slots=True)
class PendingInvitation:
    """Somebody who is invited and has no account yet."""

    country: str
    visible: bool  # to whoever sent the sheet
    name: str
    latin_name: str
    service_number: str
    agency_id: UUID
    posting: tuple[str, ...]
    role: Role


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a service number is: the mail address as `shared` makes it, and the country ("": nowhere)."""

    mail: str
    country: str


@dataclass(frozen=True, slots=True)
class World:
    """Who is known already, by mail address, and whose a service number is; both as `shared` makes them."""

    known: Mapping[str, ExistingAccount]
    waiting: Mapping[str, PendingInvitation]
    numbers: Mapping[str, Owner]
    led: frozenset[str] = frozenset()  # countries that have or had a contact point, where it matters to the sender


@dataclass(frozen=True, slots=True)
class Change:
    """A value of a known person that the sheet sets anew; of posting, roles of the framework parted by blanks."""

    column: Column
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with what it comes to."""

    row: Row
    kind: Kind
    changes: tuple[Change, ...] = ()
    faults: tuple[Fault, ...] = ()
    person_id: UUID | None = None
    waits: bool = False  # the same, for an invitation of these values waits


def judge(rows: Sequence[Row], actor: Actor, world: World) -> list[Judged]:
    """Say what each row comes to."""
    freed = {
        shared(who.service_number)
        for row in rows
        if (who := world.known.get(shared(row.mail))) and row.service_number and who.service_number
        if manages(actor, who.country) and shared(who.service_number) != shared(row.service_number)
    }
    return [_judge(row, actor, world, freed) for row in rows]


def usual_role(actor: Actor) -> Role | None:
    """Return the role that an empty cell stands for: an officer's in a sheet of a contact point, else none."""
    return Role.PRACTITIONER if manages(actor, actor.country) else None


def manages(actor: Actor, country: str) -> bool:
    """Say whether the actor looks after the people of a country: changes them by a sheet, learns who has an account."""
    return allows(actor, Action.EXPORT_OFFICERS, CountryScope(country))


def _judge(row: Row, actor: Actor, world: World, freed: set[str]) -> Judged:
    who, waits = world.known.get(shared(row.mail)), world.waiting.get(shared(row.mail))
    own = manages(actor, row.country)
    if waits is not None and waits.country == row.country and (own or waits.visible):
        return _invited(_as_held(row, waits.name, waits.latin_name), waits)
    if who is not None and who.country == row.country and own:
        return _known(_as_held(row, who.name, who.latin_name), actor, who, world, freed)
    # all others learn as little of an address as another country's contact point, and as seldom
    if who is not None or waits is not None:
        return _wrong(row, Fault(Column.MAIL, Reason.ELSEWHERE))
    return _new(row, actor, world, freed)


def _as_held(row: Row, name: str, latin_name: str) -> Row:
    """Return a row without faults of names that are held so already: an export changes nothing when it comes back."""
    held = {Column.NAME: clean(Column.NAME, name), Column.LATIN_NAME: clean(Column.LATIN_NAME, latin_name)}
    faults = (one for one in row.faults if one.reason is not Reason.NOT_A_NAME or one.value != held[one.column])
    return replace(row, faults=tuple(faults))


def _wrong(row: Row, *faults: Fault) -> Judged:
    return Judged(row, Kind.WRONG, faults=(*row.faults, *faults))


def _invited(row: Row, waits: PendingInvitation) -> Judged:
    if row.faults:
        return _wrong(row)
    same = (
        (row.name, waits.name), (row.latin_name, waits.latin_name), (row.agency_id, waits.agency_id),
        (shared(row.service_number), shared(waits.service_number)), (row.posting, waits.posting),
        (row.role, waits.role),
    )  # fmt: skip
    if waits.visible and all(not given or given == held for given, held in same):
        return Judged(row, Kind.SAME, waits=True)
    return _wrong(row, Fault(Column.MAIL, Reason.INVITED))


def _new(row: Row, actor: Actor, world: World, freed: set[str]) -> Judged:
    role = row.role or usual_role(actor)
    faults = [
        Fault(column, Reason.MISSING)
        for column, value in ((Column.NAME, row.name), (Column.AGENCY, row.agency), (Column.ROLE, role))
        if not value
    ]
    if role is not None and row.country and not _may_invite(actor, role, row.country, world):
        led = role is Role.CONTACT_POINT and row.country in world.led
        faults.append(Fault(Column.ROLE, Reason.LED if led else Reason.UNKNOWN_ROLE, str(role)))
    if role is Role.PRACTITIONER and not row.posting:
        faults.append(Fault(Column.POSTING, Reason.MISSING))
    if role not in {None, Role.PRACTITIONER} and row.posting:
        faults.append(Fault(Column.POSTING, Reason.POSTING_UNFIT))
    faults += _number(row, actor, world, freed)
    named = {fault.column for fault in row.faults}
    faults = [fault for fault in faults if fault.column not in named]
    return _wrong(row, *faults) if faults or row.faults else Judged(row, Kind.NEW)


def _may_invite(actor: Actor, role: Role, country: str, world: World) -> bool:
    return can_invite(actor.roles, actor.country, role, country, led=country in world.led)


def _known(row: Row, actor: Actor, who: ExistingAccount, world: World, freed: set[str]) -> Judged:
    if (reason := _closed_to(who)) is not None:
        return _wrong(row, Fault(Column.MAIL, reason))
    changes = tuple(_changes(row, who))
    faults = _unfit(row, who)
    if any(change.column is Column.SERVICE_NUMBER for change in changes):
        faults += _number(row, actor, world, freed)
    if who.moves:
        faults += [Fault(one.column, Reason.MOVE_PLANNED) for one in changes if one.column in OF_POSTING]
    if changes and who.person_id == actor.id:
        faults.append(Fault(changes[0].column, Reason.OWN_ROW))
    if faults or row.faults:
        return _wrong(row, *faults)
    return Judged(row, Kind.CHANGED if changes else Kind.SAME, changes, person_id=who.person_id)


def _closed_to(who: ExistingAccount) -> Reason | None:
    """Return why somebody cannot be changed by a sheet at all."""
    if not who.serves:
        return Reason.CLOSED
    return None if who.posting or Role.SUPERVISOR in who.roles else Reason.NOT_AN_OFFICER


def _unfit(row: Row, who: ExistingAccount) -> list[Fault]:
    """Return what a sheet says of roles that it cannot change."""
    faults = []
    if row.role is not None and row.role not in who.roles:
        faults.append(Fault(Column.ROLE, Reason.ROLE_DIFFERS))
    if row.posting and not who.posting:
        faults.append(Fault(Column.POSTING, Reason.POSTING_UNFIT))
    return faults


def _changes(row: Row, who: ExistingAccount) -> list[Change]:
    """Return what the sheet says otherwise; an empty cell says nothing."""
    values = [
        (Column.NAME, who.name, row.name, clean(Column.NAME, who.name) != row.name),
        (Column.LATIN_NAME, who.latin_name, row.latin_name, clean(Column.NAME, who.latin_name) != row.latin_name),
        (
            Column.SERVICE_NUMBER,
            who.service_number,
            row.service_number,
            shared(clean(Column.SERVICE_NUMBER, who.service_number)) != shared(row.service_number),
        ),
        (Column.AGENCY, who.agency, row.agency, row.agency_id != who.agency_id),
        (Column.POSTING, " ".join(who.posting), " ".join(row.posting), row.posting != who.posting),
    ]
    return [Change(column, before, after) for column, before, after, differs in values if after and differs]


def _number(row: Row, actor: Actor, world: World, freed: set[str]) -> list[Fault]:
    """Return the fault of a number that somebody else has and keeps; of another country's it tells as of an address."""
    number = shared(row.service_number)
    owner = world.numbers.get(number) if number else None
    if owner is None or owner.mail == shared(row.mail) or number in freed:
        return []
    own = manages(actor, owner.country)
    return [Fault(Column.SERVICE_NUMBER, Reason.NUMBER if own else Reason.ELSEWHERE)]
