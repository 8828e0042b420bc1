"""Rules of role assignments: who may assign or revoke which role, its scope, and its days."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.access.people_rules import (
    ASSIGNABLE_ROLES,
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
DEPUTY_WITHIN = 180  # days: a deputy has the role for at most DEPUTY_DAYS in any such period
AHEAD = timedelta(days=366)  # how far ahead a role may begin
ASKED_FOR = timedelta(hours=72)  # how long a second administrator may answer


@dataclass(frozen=True, slots=True)
class RoleRequest:
    """A role that a granter wants to assign."""

    gift: AssignableRole
    scope: Scope
    reach: str
    since: date
    until: date | None


class RoleRefusal(StrEnum):
    """Why a role is not assigned or not revoked."""

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


class RequestAnswer(StrEnum):
    """The answer to a request for another administrator."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


SCOPES: Mapping[Role, tuple[Scope, ...]] = {
    Role.PRACTITIONER: (Scope.SELF,),
    Role.SUPERVISOR: (Scope.COUNTRY, Scope.AGENCY),  # for officers assigned one by one, or all of the own agency
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
ASSIGNED_BY_COORDINATORS = frozenset(gift.role for gift in ASSIGNABLE_ROLES[Role.COORDINATOR])
COUNTRY_SCOPES = frozenset({Scope.COUNTRY, Scope.AGENCY})  # their reach reveals where the person serves


def assignable_roles(assignments: Collection[RoleAssignment], country: str, today: date) -> tuple[AssignableRole, ...]:
    """Return the roles that a granter with these assignments may assign today."""
    active = valid_assignments(assignments, country, today)
    roles = {role for assignment in active for role in roles_assignable_through(assignment)}
    return tuple(sorted(roles, key=lambda assignable: (list(Role).index(assignable.role), assignable.deputy)))


def refusal(request: RoleRequest, granter: Granter, recipient: Recipient, today: date) -> RoleRefusal | None:
    """Return why a role may not be assigned, or None if it may."""
    if granter.id == recipient.id:
        return RoleRefusal.OWN
    if not recipient.active:
        return RoleRefusal.CLOSED
    if not can_assign(granter, recipient, request.gift, today):
        return RoleRefusal.NOT_YOURS
    return _refuse_terms(request, granter, recipient, today)


def _refuse_terms(request: RoleRequest, granter: Granter, recipient: Recipient, today: date) -> RoleRefusal | None:
    return (
        _refuse_reach(request, recipient)
        or _refuse_days(request, today)
        or _refuse_beyond_deputy(request, granter, today)
        or _refuse_overlap(request, recipient)
        or _refuse_long_deputy(request, recipient)
    )


def needs_password(role: Role, scope: Scope) -> bool:
    """Return whether assigning or revoking a role needs reauthentication; that of a deputy contact point does, too."""
    return role in GUARDED or scope is Scope.AGENCY


def last_day(since: date, today: date) -> date | None:
    """Return the last day of a role that ends now; None if it has not begun."""
    return None if since >= today else today - timedelta(days=1)


def _refuse_reach(request: RoleRequest, recipient: Recipient) -> RoleRefusal | None:
    if request.scope not in SCOPES[request.gift.role]:
        return RoleRefusal.REACH
    if request.scope in COUNTRY_SCOPES:
        if not recipient.country:
            return RoleRefusal.NO_COUNTRY
        fits = is_in_scope(request.scope, request.reach, recipient.country, recipient.agency_id)
        return None if fits else RoleRefusal.REACH
    needs_reach = request.scope in {Scope.COURSE, Scope.EVENT}
    return None if needs_reach == bool(request.reach) else RoleRefusal.REACH


def _refuse_days(request: RoleRequest, today: date) -> RoleRefusal | None:
    if request.since < today:
        return RoleRefusal.PAST
    if request.since > today + AHEAD:
        return RoleRefusal.FAR
    if request.until is not None and request.until < request.since:
        return RoleRefusal.BACKWARDS
    return RoleRefusal.DEPUTY_DAYS if request.gift.deputy and not _is_short(request) else None


def _is_short(request: RoleRequest) -> bool:
    return request.until is not None and (request.until - request.since).days < DEPUTY_DAYS


def _refuse_beyond_deputy(request: RoleRequest, granter: Granter, today: date) -> RoleRefusal | None:
    """Refuse a role for a whole agency that lasts longer than the days of a granter who is only a deputy."""
    if request.scope is not Scope.AGENCY:
        return None
    last = _last_day_as_deputy(request.gift, granter, today)
    return RoleRefusal.BEYOND if last is not None and (request.until is None or request.until > last) else None


def _last_day_as_deputy(assignable: AssignableRole, granter: Granter, today: date) -> date | None:
    """Return the last day on which a granter who is only a deputy may assign a role; None for other granters."""
    active = valid_assignments(granter.assignments, granter.country, today)
    allowing = [assignment for assignment in active if assignable in roles_assignable_through(assignment)]
    if not all(assignment.deputy for assignment in allowing):
        return None
    return max((assignment.until for assignment in allowing if assignment.until is not None), default=today)


def _refuse_overlap(request: RoleRequest, recipient: Recipient) -> RoleRefusal | None:
    wanted = (request.gift.role, request.scope, request.reach)
    for assignment in recipient.assignments:
        same = (assignment.role, assignment.scope, assignment.reach) == wanted
        if same and _overlaps(request, assignment):
            return RoleRefusal.HELD
    return None


def _overlaps(request: RoleRequest, assignment: RoleAssignment) -> bool:
    before = request.until is not None and request.until < assignment.since
    after = assignment.until is not None and assignment.until < request.since
    return not before and not after


def _refuse_long_deputy(request: RoleRequest, recipient: Recipient) -> RoleRefusal | None:
    """Refuse a deputy with more than DEPUTY_DAYS in any DEPUTY_WITHIN days, earlier and later periods included."""
    if not request.gift.deputy or request.until is None:
        return None
    days = sorted(_deputy_days(request, request.until, recipient))
    # more than DEPUTY_DAYS lie within the window if a day and the one DEPUTY_DAYS places later do
    distances = (later - day for day, later in zip(days, days[DEPUTY_DAYS:], strict=False))
    return RoleRefusal.DEPUTY_DAYS if any(distance < DEPUTY_WITHIN for distance in distances) else None


def _deputy_days(request: RoleRequest, until: date, recipient: Recipient) -> set[int]:
    """Return the ordinals of all days as a deputy, the requested ones included, that the window can reach."""
    periods = [(request.since, until)] + [
        (assignment.since, assignment.until)
        for assignment in recipient.stood_in
        if assignment.deputy and assignment.reach == request.reach and assignment.until is not None
    ]
    first, last = request.since.toordinal() - DEPUTY_WITHIN + 1, until.toordinal() + DEPUTY_WITHIN - 1
    return {
        day for start, end in periods for day in range(max(start.toordinal(), first), min(end.toordinal(), last) + 1)
    }
