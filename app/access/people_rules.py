"""Rules beside the policy about other people: assign roles, restore access, close accounts, confirm, invite."""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, assert_never
from uuid import UUID

from app.access import policy
from app.access.policy import Actor, Role, Scope

PEOPLE_OF_A_COUNTRY = (Role.PRACTITIONER, Role.SUPERVISOR)
# to which roles a role invites, no others than those that it assigns: never to itself; an administrator needs two
# administrators and is not invited
INVITES_TO: Mapping[Role, tuple[Role, ...]] = {
    Role.CONTACT_POINT: PEOPLE_OF_A_COUNTRY,
    Role.COORDINATOR: (Role.CONTACT_POINT, Role.TRAINER, Role.CO_CHAIR),
    Role.ADMINISTRATOR: (Role.CONTACT_POINT, Role.COORDINATOR),
}
# a site begins with an administrator alone: the first contact point of a country comes from them, no further one does
FIRST_ALONE: Mapping[Role, Role] = {Role.ADMINISTRATOR: Role.CONTACT_POINT}
ANYWHERE = (Role.COORDINATOR, Role.ADMINISTRATOR)  # whose invitations reach beyond the own country


def roles_beyond_country(actor: Actor) -> frozenset[Role]:
    """Return the roles of the actor whose invitations and lists reach beyond the own country."""
    return actor.roles & frozenset(ANYWHERE)


def acts_beyond_country(actor: Actor) -> bool:
    """Return whether the actor invites and lists people of all countries."""
    return bool(roles_beyond_country(actor))


class Helper(StrEnum):
    """The role that restores the access of an account."""

    CONTACT_POINT = "contact_point"
    COORDINATOR = "coordinator"
    TWO_ADMINISTRATORS = "two_administrators"


HELPER_ROLES: Mapping[Helper, Role] = {
    Helper.CONTACT_POINT: Role.CONTACT_POINT,
    Helper.COORDINATOR: Role.COORDINATOR,
    Helper.TWO_ADMINISTRATORS: Role.ADMINISTRATOR,
}


class HelpedAccount(Protocol):
    """An account with the country of the posting of today ("" for none) and who restores its access."""

    @property
    def person_id(self) -> UUID: ...
    @property
    def country(self) -> str: ...
    @property
    def helper(self) -> Helper: ...


def helper(roles: Set[Role]) -> Helper:
    """Return which role restores the access of an account with these roles: the highest role decides."""
    if Role.ADMINISTRATOR in roles:
        return Helper.TWO_ADMINISTRATORS
    return Helper.CONTACT_POINT if roles <= frozenset(PEOPLE_OF_A_COUNTRY) else Helper.COORDINATOR


def can_restore_access(actor: Actor, account: HelpedAccount) -> bool:
    """Return whether the actor may restore access, end the sessions and change the address of another account.

    The policy checks only the role and the country of the actor; this rule also checks the roles of the account.
    """
    if actor.id == account.person_id or HELPER_ROLES[account.helper] not in actor.roles:
        return False
    same_country = actor.country != "" and actor.country == account.country
    return same_country or account.helper is not Helper.CONTACT_POINT


def is_supervisor(roles: Set[Role]) -> bool:
    """Return whether a person with these roles supervises officers."""
    return Role.SUPERVISOR in roles


def can_close(actor: Actor, account: HelpedAccount) -> bool:
    """Return whether the actor may close an account; only the server's console closes an administrator's."""
    return account.helper is not Helper.TWO_ADMINISTRATORS and can_restore_access(actor, account)


def can_confirm(first: UUID, second: UUID, person_id: UUID) -> bool:
    """Return whether two administrators may restore the access of a third: all three must be different people."""
    return len({first, second, person_id}) == 3


def can_invite(roles: Set[Role], own_country: str, role: Role, country: str, *, led: bool) -> bool:
    """Return whether a user with these roles, of this country, may invite to a role in a country.

    `led`: the country has or had a contact point.
    """
    same_country = own_country != "" and own_country == country
    return any(own_role in ANYWHERE or same_country for own_role in roles if _invites_to(own_role, role, led=led))


def _invites_to(own_role: Role, role: Role, *, led: bool) -> bool:
    return role in INVITES_TO.get(own_role, ()) and not (led and FIRST_ALONE.get(own_role) is role)


def agreeing_role(role: Role, roles: Set[Role], *, decides_for_country: bool) -> Role | None:
    """Return the role in which a person with these roles agrees to a proposed role as the second person, or None.

    `decides_for_country`: the person is contact point of the country and no deputy.
    """
    if role is Role.CONTACT_POINT and decides_for_country:
        return Role.CONTACT_POINT
    if role is Role.COORDINATOR and Role.ADMINISTRATOR in roles:
        return Role.ADMINISTRATOR
    return Role.COORDINATOR if Role.COORDINATOR in roles else None


def sees_proposal(actor: Actor, role: Role, country: str) -> bool:
    """Return whether the actor may see a proposed role.

    Coordinators see all, contact points the contact points of their country, administrators the coordinators.
    """
    if role is Role.CONTACT_POINT and policy.contact_point(actor) and country == actor.country:
        return True
    return policy.coordinator(actor) or (policy.administrator(actor) and role is Role.COORDINATOR)


def sees_invitation(actor: Actor, role: Role, country: str, invited_by: UUID) -> bool:
    """Return whether the actor may see an invitation.

    Contact points see those to officers and supervisors of their country. Coordinators and administrators see the
    invitations that they sent themselves, to roles that they may still invite to; a former contact point sees none.
    """
    if policy.contact_point(actor) and country == actor.country and role in PEOPLE_OF_A_COUNTRY:
        return True
    return invited_by == actor.id and any(role in INVITES_TO[own_role] for own_role in roles_beyond_country(actor))


@dataclass(frozen=True, slots=True)
class RoleAssignment:
    """A role of a person, with its scope and its first and last day."""

    role: Role
    scope: Scope
    reach: str
    since: date
    until: date | None
    deputy: bool = False


class PersonCard(Protocol):
    """A person as the sections of the person's page need them; `country` is that of the posting."""

    @property
    def person_id(self) -> UUID: ...
    @property
    def alias(self) -> str: ...
    @property
    def country(self) -> str: ...
    @property
    def active(self) -> bool: ...
    @property
    def posting_roles(self) -> Sequence[str]: ...
    @property
    def assignments(self) -> Sequence[RoleAssignment]: ...


def is_another_person(actor: Actor, person: PersonCard) -> bool:
    """Return whether the person is not the actor."""
    return person.person_id != actor.id


def serves_in_own_country(actor: Actor, person: PersonCard) -> bool:
    """Return whether the person is an active officer of the actor's country."""
    return person.active and bool(person.posting_roles) and person.country == actor.country


def is_officer_of_contact_point(actor: Actor, person: PersonCard) -> bool:
    """Return whether the actor is contact point and the person another officer of the country.

    It is False for supervisors: the person does not show who is assigned to them, and they have their own list.
    """
    is_officer = serves_in_own_country(actor, person)
    return policy.contact_point(actor) and is_officer and is_another_person(actor, person)


def can_have_supervision(actor: Actor, person: PersonCard) -> bool:
    """Return whether the person is an active officer or supervisor, and not the actor."""
    is_supervisor = any(assignment.role is Role.SUPERVISOR for assignment in person.assignments)
    return person.active and is_another_person(actor, person) and (is_supervisor or bool(person.posting_roles))


@dataclass(frozen=True, slots=True)
class Recipient:
    """The person who gets a role: the country of the posting ("" for none), and the roles of today or later.

    `stood_in`: assignments as a deputy, those of the last months included. `agency_id`: the agency of the posting.
    """

    id: UUID
    country: str
    active: bool
    assignments: Collection[RoleAssignment]
    stood_in: Collection[RoleAssignment] = ()
    agency_id: UUID | None = None


def is_in_scope(scope: Scope, reach: str, country: str | None, agency_id: UUID | None) -> bool:
    """Return whether a role applies at this posting: the role of a country or an agency ends with the posting."""
    match scope:
        case Scope.COUNTRY:
            return reach == country
        case Scope.AGENCY:
            return agency_id is not None and reach == agency_id.hex
        case Scope.SELF | Scope.COURSE | Scope.EVENT | Scope.ALL:
            return True
        case _:
            assert_never(scope)


def valid_assignments(assignments: Collection[RoleAssignment], country: str, today: date) -> list[RoleAssignment]:
    """Return today's assignments that allow the holder to assign or decide; a role for an agency allows neither."""
    return [
        assignment
        for assignment in assignments
        if assignment.since <= today
        and (assignment.until is None or assignment.until >= today)
        and is_in_scope(assignment.scope, assignment.reach, country, None)
    ]


@dataclass(frozen=True, slots=True)
class AssignableRole:
    """A role that a granter may assign: the role itself, or that of a deputy."""

    role: Role
    deputy: bool = False


@dataclass(frozen=True, slots=True)
class Granter:
    """The person who assigns: country of the posting, and role assignments of today."""

    id: UUID
    country: str
    assignments: Collection[RoleAssignment]


# a role is assigned by a higher one only, so that no two people can return each other's roles; exceptions are deputies,
# and equal roles that take two people
ASSIGNABLE_ROLES: Mapping[Role, tuple[AssignableRole, ...]] = {
    Role.CONTACT_POINT: (
        AssignableRole(Role.PRACTITIONER),
        AssignableRole(Role.SUPERVISOR),
        AssignableRole(Role.CONTACT_POINT, deputy=True),
    ),
    Role.COORDINATOR: (
        AssignableRole(Role.CONTACT_POINT),
        AssignableRole(Role.TRAINER),
        AssignableRole(Role.ASSESSOR),
        AssignableRole(Role.INVIGILATOR),
        AssignableRole(Role.HOST),
        AssignableRole(Role.COORDINATOR),
        AssignableRole(Role.CO_CHAIR),
    ),
    Role.ADMINISTRATOR: (AssignableRole(Role.COORDINATOR), AssignableRole(Role.ADMINISTRATOR)),
}


def can_assign(granter: Granter, recipient: Recipient, assignable: AssignableRole, today: date) -> bool:
    """Return whether a granter may assign or revoke a role; a contact point may in the own country only."""
    if granter.id == recipient.id:
        return False
    return any(
        assignable in roles_assignable_through(assignment)
        and (assignment.scope is not Scope.COUNTRY or recipient.country == assignment.reach)
        for assignment in valid_assignments(granter.assignments, granter.country, today)
    )


def can_revoke(granter: Granter, recipient: Recipient, assignment: RoleAssignment, today: date) -> bool:
    """Return whether a granter may end a role: one that they may assign, or that of a deputy of such a role."""
    if can_assign(granter, recipient, AssignableRole(assignment.role, assignment.deputy), today):
        return True
    return assignment.deputy and can_assign(granter, recipient, AssignableRole(assignment.role), today)


def roles_assignable_through(assignment: RoleAssignment) -> list[AssignableRole]:
    """Return the roles that an assignment allows to assign; a deputy cannot assign another deputy."""
    roles = ASSIGNABLE_ROLES.get(assignment.role, ())
    return [assignable for assignable in roles if not (assignment.deputy and assignable.role is assignment.role)]
