"""Rules of roles: who may give which, how far they reach, for how long, and who may end them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.access.people_rules import (
    AssignableRole,
    Granter,
    Recipient,
    RoleAssignment,
    can_assign,
    is_in_scope,
    roles_assignable_through,
    valid_assignments,
)
from app.access.policy import Role, Scope
from app.identity.domain.roles import GUARDED

DEPUTY_DAYS = 90  # while a contact point is on leave
DEPUTY_WITHIN = 180  # days, in any of which a deputy stands in for so many at most
AHEAD = timedelta(days=366)  # how far ahead a role may begin
ASKED_FOR = timedelta(hours=72)  # how long a second administrator has to answer


@dataclass(frozen=True, slots=True)
class Wish:
    """A role that somebody is to hold."""

    gift: AssignableRole
    scope: Scope
    reach: str
    since: date
    until: date | None


class Refusal(StrEnum):
    """Why a role is not given or not ended."""

    OWN = "own"
    NOT_YOURS = "not_yours"
    CLOSED = "closed"
    NO_COUNTRY = "no_country"
    REACH = "reach"
    PAST = "past"
    FAR = "far"
    BACKWARDS = "backwards"
    DEPUTY_DAYS = "deputy_days"
    HELD = "held"
    LAST = "last"
    ONE_ALONE = "one_alone"
    ASKED = "asked"
    PROPOSED = "proposed"
    OVER = "over"
    AT_EVENT = "at_event"
    BEYOND = "beyond"


class Answer(StrEnum):
    """What became of a request for an administrator."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


SCOPES: Mapping[Role, tuple[Scope, ...]] = {
    Role.PRACTITIONER: (Scope.SELF,),
    Role.SUPERVISOR: (Scope.COUNTRY, Scope.AGENCY),  # for officers assigned one by one, or all of the own service
    Role.CONTACT_POINT: (Scope.COUNTRY,),
    # trainers and assessors of one event are named and taken off at the event, which keeps its last trainer
    Role.TRAINER: (Scope.ALL, Scope.COURSE),
    Role.ASSESSOR: (Scope.ALL,),
    Role.INVIGILATOR: (Scope.ALL, Scope.EVENT),
    Role.HOST: (Scope.ALL, Scope.EVENT),
    Role.COORDINATOR: (Scope.ALL,),
    Role.CO_CHAIR: (Scope.ALL,),
    Role.ADMINISTRATOR: (Scope.ALL,),
}
NEEDS_TWO = frozenset({Role.ADMINISTRATOR})


def gifts(held: Collection[RoleAssignment], country: str, today: date) -> tuple[AssignableRole, ...]:
    """Return what somebody may give by the roles held today."""
    found = {gift: None for one in valid_assignments(held, country, today) for gift in roles_assignable_through(one)}
    return tuple(sorted(found, key=lambda gift: (list(Role).index(gift.role), gift.deputy)))


def refusal(wish: Wish, giver: Granter, receiver: Recipient, today: date) -> Refusal | None:
    """Say why a role is not given, or None when it may be."""
    if giver.id == receiver.id:
        return Refusal.OWN
    if not receiver.active:
        return Refusal.CLOSED
    if not can_assign(giver, receiver, wish.gift, today):
        return Refusal.NOT_YOURS
    wrong = _wrong_reach(wish, receiver) or _wrong_days(wish, today) or _beyond(wish, giver, today)
    return wrong or _held(wish, receiver) or _long(wish, receiver)


def needs_password(role: Role, scope: Scope) -> bool:
    """Say whether who gives or ends this role proves once more who they are; a deputy's is a contact point's."""
    return role in GUARDED or scope is Scope.AGENCY


def last_day(since: date, today: date) -> date | None:
    """Return the last day of a role that ends now; None when it never was."""
    return None if since >= today else today - timedelta(days=1)


def _wrong_reach(wish: Wish, receiver: Recipient) -> Refusal | None:
    if wish.scope not in SCOPES[wish.gift.role]:
        return Refusal.REACH
    if wish.scope in {Scope.COUNTRY, Scope.AGENCY}:
        if not receiver.country:
            return Refusal.NO_COUNTRY
        here = is_in_scope(wish.scope, wish.reach, receiver.country, receiver.agency_id)
        return None if here else Refusal.REACH
    needs = wish.scope in {Scope.COURSE, Scope.EVENT}
    return None if needs == bool(wish.reach) else Refusal.REACH


def _wrong_days(wish: Wish, today: date) -> Refusal | None:
    if wish.since < today:
        return Refusal.PAST
    if wish.since > today + AHEAD:
        return Refusal.FAR
    if wish.until is not None and wish.until < wish.since:
        return Refusal.BACKWARDS
    if wish.gift.deputy and (wish.until is None or (wish.until - wish.since).days >= DEPUTY_DAYS):
        return Refusal.DEPUTY_DAYS
    return None


def _beyond(wish: Wish, giver: Granter, today: date) -> Refusal | None:
    """Refuse a deputy who would open the names of a service for longer than they read them themselves."""
    by = [
        one for one in valid_assignments(giver.held, giver.country, today) if wish.gift in roles_assignable_through(one)
    ]
    if wish.scope is not Scope.AGENCY or not all(one.deputy for one in by):
        return None
    last = max((one.until for one in by if one.until is not None), default=today)
    return Refusal.BEYOND if wish.until is None or wish.until > last else None


def _held(wish: Wish, receiver: Recipient) -> Refusal | None:
    for one in receiver.held:
        same = (one.role, one.scope, one.reach) == (wish.gift.role, wish.scope, wish.reach)
        before = wish.until is not None and wish.until < one.since
        after = one.until is not None and one.until < wish.since
        if same and not before and not after:
            return Refusal.HELD
    return None


def _long(wish: Wish, receiver: Recipient) -> Refusal | None:
    """Refuse a deputy who would stand in for too long with the days before and after: a role from leave to leave."""
    if not wish.gift.deputy or wish.until is None:
        return None
    here = [(one.since, one.until) for one in receiver.stood_in if one.deputy and one.reach == wish.reach]
    spans = [(wish.since, wish.until), *((since, until) for since, until in here if until is not None)]
    first, last = wish.since.toordinal() - DEPUTY_WITHIN + 1, wish.until.toordinal() + DEPUTY_WITHIN - 1
    days = sorted(
        {
            day
            for since, until in spans
            for day in range(max(since.toordinal(), first), min(until.toordinal(), last) + 1)
        }
    )
    # more than so many days lie within the window where a day and the one so many places later do
    apart = (later - day for day, later in zip(days, days[DEPUTY_DAYS:], strict=False))
    return Refusal.DEPUTY_DAYS if any(one < DEPUTY_WITHIN for one in apart) else None
