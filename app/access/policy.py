"""Who may do what: the whole answer, on one page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID


class Role(StrEnum):
    PRACTITIONER = "practitioner"
    SUPERVISOR = "supervisor"
    CONTACT_POINT = "contact_point"
    TRAINER = "trainer"
    ASSESSOR = "assessor"
    INVIGILATOR = "invigilator"
    HOST = "host"
    COORDINATOR = "coordinator"
    CO_CHAIR = "co_chair"
    ADMINISTRATOR = "administrator"


STAFF = frozenset(Role) - {Role.PRACTITIONER}


class Sensitivity(StrEnum):
    """The marks of safeguarding section 4; a thing takes the highest mark of what it contains."""

    UNRESTRICTED = "unrestricted"
    LAW_ENFORCEMENT_ONLY = "law_enforcement_only"
    PARTICIPANTS_ONLY = "participants_only"


class Action(StrEnum):
    LEARN = "learning:learn"
    READ_COURSE = "catalogue:read-course"
    SIT_TEST = "quizzes:sit-test"
    PLAY_CASE = "scenarios:play-case"
    SEE_OWN_RECORD = "home:see-own-record"
    SEE_OWN_NOTICES = "messages:see-own-notices"
    SEARCH = "search:search"
    CHANGE_OWN_SETTINGS = "accounts:change-own-settings"
    SIGN_OUT = "accounts:sign-out"
    SEE_OPERATIONS = "operations:see"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person, the country of the posting of today ("" for none), the roles held today."""

    id: UUID
    country: str
    roles: frozenset[Role]


Test = Callable[[Actor, Any], bool]


def anybody(actor: Actor, thing: Any) -> bool:
    """Whoever is signed in."""
    return True


def practitioner(actor: Actor, thing: Any) -> bool:
    """Hold the role of a practitioner of a member country."""
    return Role.PRACTITIONER in actor.roles


def administrator(actor: Actor, thing: Any) -> bool:
    """Hold the role of an administrator."""
    return Role.ADMINISTRATOR in actor.roles


def unrestricted(actor: Actor, thing: Any) -> bool:
    """Carry the lowest mark."""
    return bool(thing.sensitivity == Sensitivity.UNRESTRICTED)


def for_practitioners(actor: Actor, thing: Any) -> bool:
    """Carry the mark that verified practitioners of member countries may read."""
    return bool(thing.sensitivity == Sensitivity.LAW_ENFORCEMENT_ONLY)


def own(actor: Actor, thing: Any) -> bool:
    """Belong to the one who asks."""
    return bool(actor.id == thing.person_id)


# One line per action. Any inner tuple grants it; all of its tests must hold.
POLICY: Mapping[Action, tuple[tuple[Test, ...], ...]] = {
    Action.LEARN: ((anybody,),),
    Action.READ_COURSE: ((unrestricted,), (for_practitioners, practitioner)),
    Action.SIT_TEST: ((own,),),
    Action.PLAY_CASE: ((own,),),
    Action.SEE_OWN_RECORD: ((anybody,),),
    Action.SEE_OWN_NOTICES: ((anybody,),),
    Action.SEARCH: ((anybody,),),
    Action.CHANGE_OWN_SETTINGS: ((anybody,),),
    Action.SIGN_OUT: ((anybody,),),
    Action.SEE_OPERATIONS: ((administrator,),),
}


def allows(actor: Actor, action: Action, thing: object = None) -> bool:
    """Say whether the actor may do this to that."""
    return any(all(test(actor, thing) for test in tests) for tests in POLICY[action])
