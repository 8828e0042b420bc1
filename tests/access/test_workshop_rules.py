"""The rules about workshops agree with the policy, and name staff as the pages promise."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from hypothesis import given, strategies as st

from app.access.policy import Action, Actor, Role, Sensitivity, allows
from app.access.workshop_rules import can_name, can_name_staff, runs_every_workshop

EVENT_ROLES = (Role.TRAINER, Role.ASSESSOR)
ROLES = st.frozensets(st.sampled_from(list(Role)))
ACTOR, OTHER = uuid4(), uuid4()


@dataclass(frozen=True)
class Event:
    """An event in which no person has a role."""

    made_by: UUID = OTHER
    sensitivity: Sensitivity = Sensitivity.PARTICIPANTS_ONLY
    trainers: tuple[UUID, ...] = ()
    assessors: tuple[UUID, ...] = ()


@given(ROLES)
def test_runs_every_workshop_is_the_policy_for_an_event_without_staff(roles: frozenset[Role]) -> None:
    actor = Actor(ACTOR, "BG", roles)
    assert runs_every_workshop(actor) == allows(actor, Action.RUN_WORKSHOP, Event())
    assert runs_every_workshop(actor) == allows(actor, Action.READ_WORKSHOP, Event())


@given(ROLES)
def test_teaching_is_allowed_to_event_roles_and_coordinators(roles: frozenset[Role]) -> None:
    actor = Actor(ACTOR, "BG", roles)
    assert allows(actor, Action.TEACH) == (not roles.isdisjoint(EVENT_ROLES) or runs_every_workshop(actor))


@given(ROLES)
def test_staff_is_named_by_coordinators_and_the_author(roles: frozenset[Role]) -> None:
    actor = Actor(ACTOR, "BG", roles)
    assert can_name_staff(actor, Event(made_by=ACTOR))
    assert can_name_staff(actor, Event()) == (Role.COORDINATOR in roles)


@given(ROLES, ROLES, st.sampled_from(EVENT_ROLES))
def test_author_names_only_people_who_have_the_role(roles: frozenset[Role], own: frozenset[Role], role: Role) -> None:
    actor = Actor(ACTOR, "BG", roles)
    assert can_name(actor, role, OTHER, own) == (Role.COORDINATOR in roles or role in own)
    assert not can_name(actor, role, ACTOR, own)
