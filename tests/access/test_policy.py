from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from app.access.policy import POLICY, Action, Actor, Role, Sensitivity, allows


@dataclass
class Course:
    sensitivity: Sensitivity


@dataclass
class Owned:
    person_id: UUID


ME = uuid4()
OPEN, RESTRICTED, EVENT = (Course(mark) for mark in Sensitivity)
MINE, THEIRS = Owned(ME), Owned(uuid4())


def _actor(*roles: Role) -> Actor:
    return Actor(ME, "IQ", frozenset(roles))


def test_every_action_has_a_line() -> None:
    assert set(POLICY) == set(Action)


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_courses(role: Role) -> None:
    actor = _actor(role)
    allowed = tuple(allows(actor, Action.READ_COURSE, course) for course in (OPEN, RESTRICTED, EVENT))
    assert allowed == (True, role is Role.PRACTITIONER, False)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", [Action.SIT_TEST, Action.PLAY_CASE])
def test_what_one_did_is_ones_own(role: Role, action: Action) -> None:
    assert (allows(_actor(role), action, MINE), allows(_actor(role), action, THEIRS)) == (True, False)


@pytest.mark.parametrize("role", list(Role))
def test_operations_are_for_administrators(role: Role) -> None:
    assert allows(_actor(role), Action.SEE_OPERATIONS) == (role is Role.ADMINISTRATOR)


@pytest.mark.parametrize(
    "action",
    [
        Action.LEARN,
        Action.SEE_OWN_RECORD,
        Action.SEE_OWN_NOTICES,
        Action.SEARCH,
        Action.CHANGE_OWN_SETTINGS,
        Action.SIGN_OUT,
    ],
)
def test_what_everybody_signed_in_may_do(action: Action) -> None:
    assert allows(_actor(), action)
