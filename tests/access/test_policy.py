from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from app.access.policy import POLICY, Action, Actor, Role, Sensitivity, allows, own_scope


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
@pytest.mark.parametrize(
    "action", [Action.SIT_TEST, Action.PLAY_CASE, Action.ANSWER_SUGGESTION, Action.WITHDRAW_BOOKING]
)
def test_what_one_did_is_ones_own(role: Role, action: Action) -> None:
    assert (allows(_actor(role), action, MINE), allows(_actor(role), action, THEIRS)) == (True, False)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", [Action.SEE_OPERATIONS, Action.RUN_INCIDENT, Action.SET_UP_SITE])
def test_operations_are_for_administrators(action: Action, role: Role) -> None:
    assert allows(_actor(role), action) == (role is Role.ADMINISTRATOR)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", [Action.SEE_OWN_COUNTRY, Action.SET_COUNTRY])
def test_a_country_is_for_its_contact_points(action: Action, role: Role) -> None:
    actor, moved = _actor(role), Actor(ME, "", frozenset({role}))
    assert allows(actor, action, own_scope(actor)) == (role is Role.CONTACT_POINT)
    assert not allows(actor, action, OfCountry("AT"))
    assert not allows(moved, action, own_scope(moved))  # a posting has ended


@pytest.mark.parametrize(
    "action",
    [
        Action.LEARN,
        Action.SEE_OWN_RECORD,
        Action.SEE_OWN_NOTICES,
        Action.SEARCH,
        Action.CHANGE_OWN_SETTINGS,
        Action.SIGN_OUT,
        Action.SEE_OWN_PATH,
        Action.SEE_WORKSHOPS,
    ],
)
def test_what_everybody_signed_in_may_do(action: Action) -> None:
    assert allows(_actor(), action)


@dataclass
class Event:
    sensitivity: Sensitivity
    trainers: frozenset[UUID] = frozenset()
    assessors: frozenset[UUID] = frozenset()


@dataclass
class OfCountry:
    country: str
    supervisors: frozenset[UUID] = frozenset()


SEES_PLAN = {Role.COORDINATOR, Role.CO_CHAIR, Role.CONTACT_POINT}


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_a_workshop(role: Role) -> None:
    actor = _actor(role)
    allowed = tuple(allows(actor, Action.READ_WORKSHOP, Event(mark)) for mark in Sensitivity)
    over = role is Role.COORDINATOR
    assert allowed == (True, over or role is Role.PRACTITIONER, over)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("mark", list(Sensitivity))
def test_who_leads_or_assesses_an_event_reads_it(role: Role, mark: Sensitivity) -> None:
    mine = frozenset({ME})
    assert allows(_actor(role), Action.READ_WORKSHOP, Event(mark, trainers=mine))
    assert allows(_actor(role), Action.READ_WORKSHOP, Event(mark, assessors=mine))


@pytest.mark.parametrize("role", list(Role))
def test_seats_are_for_practitioners(role: Role) -> None:
    allowed = tuple(allows(_actor(role), Action.BOOK_SEAT, Event(mark)) for mark in Sensitivity)
    assert allowed == ((True, True, False) if role is Role.PRACTITIONER else (False, False, False))


@pytest.mark.parametrize("role", list(Role))
def test_an_event_is_run_by_who_leads_it_and_assessed_by_its_assessors(role: Role) -> None:
    led = Event(Sensitivity.UNRESTRICTED, trainers=frozenset({ME}), assessors=frozenset({uuid4()}))
    assessed = Event(Sensitivity.UNRESTRICTED, trainers=frozenset({uuid4()}), assessors=frozenset({ME}))
    over, actor = role is Role.COORDINATOR, _actor(role)
    assert (allows(actor, Action.RUN_WORKSHOP, led), allows(actor, Action.RUN_WORKSHOP, assessed)) == (True, over)
    assert (allows(actor, Action.ASSESS, led), allows(actor, Action.ASSESS, assessed)) == (False, True)


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_the_plan(role: Role) -> None:
    actor = _actor(role)
    assert allows(actor, Action.SEE_PLAN) == (role in SEES_PLAN)
    assert allows(actor, Action.SEE_COUNTRY, OfCountry("IQ")) == (role in SEES_PLAN)
    assert allows(actor, Action.SEE_COUNTRY, OfCountry("AT")) == (role in SEES_PLAN - {Role.CONTACT_POINT})
    assert allows(actor, Action.SEE_ROWS, own_scope(actor)) == (role in {Role.COORDINATOR, Role.CONTACT_POINT})
    assert allows(actor, Action.ENTER_FIGURE, own_scope(actor)) == (role in {Role.COORDINATOR, Role.CONTACT_POINT})
    assert allows(actor, Action.DECIDE_FIGURE) == (role is Role.COORDINATOR)
    assert allows(actor, Action.WRITE_NOTE) == (role is Role.COORDINATOR)
    assert allows(actor, Action.SEE_CHECKS) == (role in {Role.COORDINATOR, Role.ADMINISTRATOR})


@pytest.mark.parametrize("role", list(Role))
def test_who_looks_after_officers(role: Role) -> None:
    actor = _actor(role)
    assert allows(actor, Action.SEE_OFFICERS, own_scope(actor)) == (role is Role.CONTACT_POINT)
    assert allows(actor, Action.FIND_PERSON) == (role is Role.CONTACT_POINT)
    assert not allows(Actor(ME, "", frozenset({role})), Action.FIND_PERSON)  # a posting has ended
    decides = tuple(allows(actor, Action.DECIDE_CLAIM, OfCountry(code)) for code in ("IQ", "AT", ""))
    assert decides == (role is Role.CONTACT_POINT, False, False)
    assigned = OfCountry("AT", frozenset({ME}))
    assert allows(actor, Action.DECIDE_CLAIM, assigned) == (role is Role.SUPERVISOR)
    assert not allows(actor, Action.DECIDE_CLAIM, OfCountry("AT", frozenset({uuid4()})))
    assert allows(actor, Action.SEE_SUPERVISED, own_scope(actor)) == (role is Role.SUPERVISOR)
    assert not allows(actor, Action.SEE_SUPERVISED, OfCountry("IQ", frozenset({uuid4()})))
    assigns = tuple(allows(actor, Action.ASSIGN_SUPERVISOR, OfCountry(code)) for code in ("IQ", "AT"))
    assert assigns == (role is Role.CONTACT_POINT, False)
    for action in (Action.SEE_LEARNING, Action.SUGGEST_COURSE, Action.SEE_LOOKS):
        sees = tuple(allows(actor, action, OfCountry(code)) for code in ("IQ", "AT", ""))
        assert sees == (role is Role.CONTACT_POINT, False, False)
        assert allows(actor, action, assigned) == (role is Role.SUPERVISOR and action is not Action.SEE_LOOKS)
    names = tuple(allows(actor, Action.NAME_NEED, OfCountry(code)) for code in ("IQ", "AT"))
    assert names == (role is Role.CONTACT_POINT, False)
    assert allows(actor, Action.CLAIM_SKILL) == (role is Role.PRACTITIONER)


@pytest.mark.parametrize("role", list(Role))
def test_who_teaches_and_makes_workshops(role: Role) -> None:
    actor = _actor(role)
    assert allows(actor, Action.TEACH) == (role in {Role.TRAINER, Role.ASSESSOR, Role.COORDINATOR})
    assert allows(actor, Action.MAKE_WORKSHOP) == (role in {Role.TRAINER, Role.COORDINATOR})
    led = Event(Sensitivity.UNRESTRICTED, trainers=frozenset({ME}))
    assert allows(actor, Action.CLEAR_WORKSHOP, led) == (role in {Role.TRAINER, Role.COORDINATOR})
    assert allows(actor, Action.CLEAR_WORKSHOP, Event(Sensitivity.UNRESTRICTED)) == (role is Role.COORDINATOR)


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_the_trail(role: Role) -> None:
    reads, actor, moved = (
        role in {Role.ADMINISTRATOR, Role.CONTACT_POINT},
        _actor(role),
        Actor(ME, "", frozenset({role})),
    )
    for action in (Action.SEE_TRAIL, Action.EXPORT_TRAIL):
        assert allows(actor, action, own_scope(actor)) == reads
        assert allows(moved, action, own_scope(moved)) == (role is Role.ADMINISTRATOR)


@pytest.mark.parametrize("role", list(Role))
def test_who_invites(role: Role) -> None:
    inviting = {Role.CONTACT_POINT, Role.COORDINATOR, Role.ADMINISTRATOR}
    actor, moved = _actor(role), Actor(ME, "", frozenset({Role.CONTACT_POINT}))
    for action in (Action.SEE_PEOPLE, Action.INVITE, Action.SEE_INVITATION):
        assert allows(actor, action, own_scope(actor)) == (role in inviting)
        assert not allows(moved, action, own_scope(moved))  # a posting has ended
