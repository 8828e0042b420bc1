from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from app.access.people_rules import (
    ASSIGNABLE_ROLES,
    AssignableRole,
    Granter,
    Recipient,
    RoleAssignment,
    can_revoke,
    is_in_scope,
)
from app.access.policy import Role, Scope
from app.identity.domain.roles import decides_for
from app.rights.domain.roles import (
    AHEAD,
    SCOPES,
    RoleRefusal,
    RoleRequest,
    assignable_roles,
    last_day,
    needs_password,
    refusal,
)

TODAY = date(2027, 3, 1)
DAY = timedelta(days=1)
ME, OTHER = UUID(int=1), UUID(int=2)
DEPUTY = AssignableRole(Role.CONTACT_POINT, deputy=True)
# written by hand: who gives what
TABLE = {
    Role.PRACTITIONER: set(),
    Role.SUPERVISOR: set(),
    Role.CONTACT_POINT: {"practitioner", "supervisor", "deputy"},
    Role.TRAINER: set(),
    Role.ASSESSOR: set(),
    Role.INVIGILATOR: set(),
    Role.HOST: set(),
    Role.COORDINATOR: {"contact_point", "trainer", "assessor", "invigilator", "host", "coordinator", "co_chair"},
    Role.CO_CHAIR: set(),
    Role.ADMINISTRATOR: {"administrator", "coordinator"},
}


def _held(role: Role, *, country: str = "IQ", deputy: bool = False, until: date | None = None) -> RoleAssignment:
    scope = SCOPES[role][0]
    return RoleAssignment(role, scope, country if scope is Scope.COUNTRY else "", TODAY - DAY, until, deputy)


def _giver(*held: RoleAssignment, country: str = "IQ", own: bool = False) -> Granter:
    return Granter(OTHER if own else ME, country, held)


def _receiver(*held: RoleAssignment, country: str = "IQ", active: bool = True) -> Recipient:
    return Recipient(OTHER, country, active, held)


def _wish(gift: AssignableRole, *, since: date = TODAY, until: date | None = None, country: str = "IQ") -> RoleRequest:
    scope = SCOPES[gift.role][0]
    return RoleRequest(gift, scope, country if scope is Scope.COUNTRY else "", since, until)


def _name(gift: AssignableRole) -> str:
    return "deputy" if gift.deputy else str(gift.role)


@pytest.mark.parametrize("role", list(Role))
def test_can_assign_follows_the_table_of_assignable_roles(role: Role) -> None:
    assert {_name(gift) for gift in assignable_roles([_held(role)], "IQ", TODAY)} == TABLE[role]
    for gift in {AssignableRole(one) for one in Role} | {DEPUTY}:
        wish = _wish(gift, until=TODAY + DAY)
        given = refusal(wish, _giver(_held(role)), _receiver(), TODAY) is None
        assert given == (_name(gift) in TABLE[role]), gift


def test_every_role_has_a_scope_and_a_granter() -> None:
    assert set(SCOPES) == set(Role)
    assert {gift.role for given in ASSIGNABLE_ROLES.values() for gift in given} == set(Role)


@pytest.mark.parametrize("role", list(Role))
def test_own_role_is_not_assigned(role: Role) -> None:
    everything = [_held(each) for each in Role]
    wish = _wish(AssignableRole(role), until=TODAY + DAY)
    assert refusal(wish, _giver(*everything, own=True), _receiver(), TODAY) is RoleRefusal.OWN


@pytest.mark.parametrize("gift", ASSIGNABLE_ROLES[Role.CONTACT_POINT], ids=_name)
def test_contact_point_assigns_in_the_own_country_only(gift: AssignableRole) -> None:
    giver, wish = _giver(_held(Role.CONTACT_POINT)), _wish(gift, until=TODAY + DAY)
    assert refusal(wish, giver, _receiver(), TODAY) is None
    abroad = _wish(gift, until=TODAY + DAY, country="BG")
    assert refusal(abroad, giver, _receiver(country="BG"), TODAY) is RoleRefusal.NOT_YOURS
    # a contact point who serves elsewhere now is none of either country
    moved = _giver(_held(Role.CONTACT_POINT), country="BG")
    assert refusal(wish, moved, _receiver(), TODAY) is RoleRefusal.NOT_YOURS
    assert refusal(abroad, moved, _receiver(country="BG"), TODAY) is RoleRefusal.NOT_YOURS


@pytest.mark.parametrize("gift", ASSIGNABLE_ROLES[Role.CONTACT_POINT], ids=_name)
def test_deputy_does_not_assign_a_deputy(gift: AssignableRole) -> None:
    deputy = _giver(_held(Role.CONTACT_POINT, deputy=True, until=TODAY + DAY))
    given = refusal(_wish(gift, until=TODAY + DAY), deputy, _receiver(), TODAY)
    assert given is (RoleRefusal.NOT_YOURS if gift.deputy else None)
    assert not can_revoke(deputy, _receiver(), _held(Role.CONTACT_POINT, deputy=True, until=TODAY), TODAY)


@pytest.mark.parametrize(
    ("days", "wrong"), [(0, None), (89, None), (90, RoleRefusal.DEPUTY_DAYS), (None, RoleRefusal.DEPUTY_DAYS)]
)
def test_deputy_serves_at_most_ninety_days(days: int | None, wrong: RoleRefusal | None) -> None:
    until = None if days is None else TODAY + days * DAY
    assert refusal(_wish(DEPUTY, until=until), _giver(_held(Role.CONTACT_POINT)), _receiver(), TODAY) is wrong


@pytest.mark.parametrize(
    ("scope", "until", "wrong"),
    [
        (Scope.AGENCY, None, RoleRefusal.BEYOND),
        (Scope.AGENCY, TODAY + 10 * DAY, RoleRefusal.BEYOND),
        (Scope.AGENCY, TODAY + 9 * DAY, None),
        (Scope.COUNTRY, None, None),  # sees only who is assigned by name
    ],
)
def test_deputy_assigns_no_agency_beyond_the_own_last_day(
    scope: Scope, until: date | None, wrong: RoleRefusal | None
) -> None:
    agency = UUID(int=7)
    reach = agency.hex if scope is Scope.AGENCY else "IQ"
    wish = RoleRequest(AssignableRole(Role.SUPERVISOR), scope, reach, TODAY, until)
    officer = replace(_receiver(_held(Role.PRACTITIONER)), agency_id=agency)
    deputy = _held(Role.CONTACT_POINT, deputy=True, until=TODAY + 9 * DAY)
    whole = _held(Role.CONTACT_POINT, until=TODAY + 9 * DAY)
    assert refusal(wish, _giver(deputy), officer, TODAY) is wrong
    assert refusal(wish, _giver(deputy, whole), officer, TODAY) is None  # who hands over leaves it to the next one


def _stood_in(first: int, last: int, *, country: str = "IQ", deputy: bool = True) -> RoleAssignment:
    """Return days as a deputy, counted from today."""
    since, until = TODAY + first * DAY, TODAY + last * DAY
    return RoleAssignment(Role.CONTACT_POINT, Scope.COUNTRY, country, since, until, deputy)


@pytest.mark.parametrize(
    ("before", "days", "wrong"),
    [
        ([(-1, -1)], 90, RoleRefusal.DEPUTY_DAYS),  # it touches
        ([(-1, -1)], 89, None),
        ([(-90, -1)], 1, RoleRefusal.DEPUTY_DAYS),
        ([(-179, -90)], 1, RoleRefusal.DEPUTY_DAYS),  # of 180 days ninety are used up
        ([(-180, -91)], 1, None),  # the first of them leaves the window today
        ([(-180, -91)], 90, None),
        ([(-170, -90)], 9, None),
        ([(-170, -90)], 10, RoleRefusal.DEPUTY_DAYS),
        ([(10, 60)], 10, None),
        ([(90, 179)], 1, RoleRefusal.DEPUTY_DAYS),  # days to come count as well
        ([(90, 180)], 1, RoleRefusal.DEPUTY_DAYS),
        ([(91, 180)], 1, None),
        ([(-300, -181)], 90, None),
        ([(-60, -21), (-40, -1)], 30, None),  # a day is one day
        ([(-60, -21), (-40, -1)], 31, RoleRefusal.DEPUTY_DAYS),
    ],
)
def test_deputy_serves_at_most_ninety_days_in_any_half_year(
    before: list[tuple[int, int]], days: int, wrong: RoleRefusal | None
) -> None:
    """`before`: first and last days, counted from today, of earlier service as a deputy; `days`: for how many."""
    receiver = Recipient(OTHER, "IQ", active=True, assignments=(), stood_in=[_stood_in(*each) for each in before])
    wish = _wish(DEPUTY, until=TODAY + (days - 1) * DAY)
    assert refusal(wish, _giver(_held(Role.CONTACT_POINT)), receiver, TODAY) is wrong


def test_days_elsewhere_or_not_as_deputy_do_not_count() -> None:
    elsewhere = [_stood_in(-90, -1, country="BG"), _stood_in(-90, -1, deputy=False)]
    receiver = Recipient(OTHER, "IQ", active=True, assignments=(), stood_in=elsewhere)
    wish = _wish(DEPUTY, until=TODAY + 89 * DAY)
    assert refusal(wish, _giver(_held(Role.CONTACT_POINT)), receiver, TODAY) is None


@pytest.mark.parametrize(
    ("since", "until", "wrong"),
    [
        (TODAY, None, None),
        (TODAY, TODAY, None),
        (TODAY - DAY, None, RoleRefusal.PAST),
        (TODAY + AHEAD, None, None),
        (TODAY + AHEAD + DAY, None, RoleRefusal.FAR),
        (TODAY + DAY, TODAY, RoleRefusal.BACKWARDS),
    ],
)
def test_a_role_begins_today_or_later_and_ends_after(
    since: date, until: date | None, wrong: RoleRefusal | None
) -> None:
    wish = _wish(AssignableRole(Role.TRAINER), since=since, until=until)
    assert refusal(wish, _giver(_held(Role.COORDINATOR)), _receiver(), TODAY) is wrong


@pytest.mark.parametrize(
    ("since", "until", "wrong"),
    [
        (TODAY, TODAY + 4 * DAY, None),
        (TODAY, TODAY + 5 * DAY, RoleRefusal.HELD),
        (TODAY, None, RoleRefusal.HELD),
        (TODAY + 9 * DAY, None, RoleRefusal.HELD),
        (TODAY + 10 * DAY, None, None),
    ],
)
def test_overlapping_assignment_of_a_role_is_refused(
    since: date, until: date | None, wrong: RoleRefusal | None
) -> None:
    before = RoleAssignment(Role.TRAINER, Scope.ALL, "", TODAY + 5 * DAY, TODAY + 9 * DAY)
    wish = _wish(AssignableRole(Role.TRAINER), since=since, until=until)
    assert refusal(wish, _giver(_held(Role.COORDINATOR)), _receiver(before), TODAY) is wrong


@pytest.mark.parametrize(
    ("role", "scope", "reach", "wrong"),
    [
        (Role.TRAINER, Scope.ALL, "", None),
        (Role.TRAINER, Scope.ALL, "x", RoleRefusal.REACH),
        (Role.TRAINER, Scope.COURSE, "c", None),
        (Role.TRAINER, Scope.COURSE, "", RoleRefusal.REACH),
        (Role.TRAINER, Scope.EVENT, "e", RoleRefusal.REACH),  # named at the event
        (Role.HOST, Scope.EVENT, "e", None),
        (Role.COORDINATOR, Scope.COURSE, "c", RoleRefusal.REACH),
        (Role.CONTACT_POINT, Scope.COUNTRY, "IQ", None),
        (Role.CONTACT_POINT, Scope.COUNTRY, "BG", RoleRefusal.REACH),
    ],
)
def test_reach_must_fit_the_role(role: Role, scope: Scope, reach: str, wrong: RoleRefusal | None) -> None:
    wish = RoleRequest(AssignableRole(role), scope, reach, TODAY, None)
    assert refusal(wish, _giver(_held(Role.COORDINATOR)), _receiver(), TODAY) is wrong


def test_role_is_refused_for_closed_account_or_missing_country() -> None:
    giver, wish = _giver(_held(Role.COORDINATOR)), _wish(AssignableRole(Role.CONTACT_POINT), country="")
    assert refusal(wish, giver, _receiver(active=False), TODAY) is RoleRefusal.CLOSED
    assert refusal(wish, giver, _receiver(country=""), TODAY) is RoleRefusal.NO_COUNTRY


def test_past_and_future_roles_assign_nothing() -> None:
    over = RoleAssignment(Role.COORDINATOR, Scope.ALL, "", TODAY - 9 * DAY, TODAY - DAY)
    to_come = RoleAssignment(Role.COORDINATOR, Scope.ALL, "", TODAY + DAY, None)
    assert (
        refusal(_wish(AssignableRole(Role.TRAINER)), _giver(over, to_come), _receiver(), TODAY) is RoleRefusal.NOT_YOURS
    )


def test_role_assigns_on_its_first_and_last_day() -> None:
    of_today = RoleAssignment(Role.COORDINATOR, Scope.ALL, "", TODAY, TODAY)
    other = RoleAssignment(Role.HOST, Scope.ALL, "", TODAY, None)
    assert refusal(_wish(AssignableRole(Role.TRAINER)), _giver(of_today), _receiver(other), TODAY) is None


def test_can_revoke_follows_the_table_of_assignable_roles() -> None:
    deputy = _held(Role.CONTACT_POINT, deputy=True, until=TODAY)
    whole, contact = _held(Role.CONTACT_POINT), _giver(_held(Role.CONTACT_POINT))
    desk, admin = _giver(_held(Role.COORDINATOR)), _giver(_held(Role.ADMINISTRATOR))
    ends = [(can_revoke(who, _receiver(), one, TODAY)) for who in (contact, desk, admin) for one in (deputy, whole)]
    assert ends == [True, False, True, True, False, False]
    assert can_revoke(admin, _receiver(), _held(Role.ADMINISTRATOR), TODAY)
    assert not can_revoke(desk, _receiver(), _held(Role.ADMINISTRATOR), TODAY)
    assert not can_revoke(_giver(_held(Role.COORDINATOR), own=True), _receiver(), _held(Role.TRAINER), TODAY)


def test_last_day_of_a_role_that_ends_now_is_yesterday() -> None:
    assert last_day(TODAY - DAY, TODAY) == TODAY - DAY
    assert last_day(TODAY, TODAY) is None
    assert last_day(TODAY + DAY, TODAY) is None


def test_guarded_roles_need_the_password() -> None:
    assert {role for role in Role if needs_password(role, SCOPES[role][0])} == {
        Role.CONTACT_POINT, Role.COORDINATOR, Role.ADMINISTRATOR,
    }  # fmt: skip
    assert needs_password(Role.SUPERVISOR, Scope.AGENCY)  # the names of a whole service


def test_agency_role_needs_a_posting_there_and_assigns_nothing() -> None:
    here, there = UUID(int=7), UUID(int=8)
    giver = _giver(_held(Role.CONTACT_POINT))
    receiver = Recipient(OTHER, "IQ", True, (), agency_id=here)
    wish = RoleRequest(AssignableRole(Role.SUPERVISOR), Scope.AGENCY, here.hex, TODAY, None)
    assert refusal(wish, giver, receiver, TODAY) is None
    assert refusal(replace(wish, reach=there.hex), giver, receiver, TODAY) is RoleRefusal.REACH
    assert refusal(replace(wish, reach=""), giver, receiver, TODAY) is RoleRefusal.REACH
    assert refusal(wish, giver, replace(receiver, agency_id=None), TODAY) is RoleRefusal.REACH
    assert refusal(wish, giver, replace(receiver, country=""), TODAY) is RoleRefusal.NOT_YOURS
    assert refusal(replace(wish, gift=AssignableRole(Role.PRACTITIONER)), giver, receiver, TODAY) is RoleRefusal.REACH
    held = RoleAssignment(Role.SUPERVISOR, Scope.AGENCY, here.hex, TODAY - DAY, None)
    assert refusal(wish, giver, replace(receiver, assignments=[held]), TODAY) is RoleRefusal.HELD
    assert assignable_roles([held], "IQ", TODAY) == ()
    assert not decides_for([held], "IQ", TODAY)


@pytest.mark.parametrize(
    ("scope", "reach", "here"),
    [
        (Scope.COUNTRY, "IQ", True),
        (Scope.COUNTRY, "BG", False),
        (Scope.AGENCY, UUID(int=7).hex, True),
        (Scope.AGENCY, UUID(int=8).hex, False),
        (Scope.ALL, "", True),
        (Scope.SELF, "", True),
        (Scope.EVENT, "event", True),
    ],
)
def test_has_role_in_compares_reach_with_posting(scope: Scope, reach: str, here: bool) -> None:
    assert is_in_scope(scope, reach, "IQ", UUID(int=7)) is here
    assert is_in_scope(scope, reach, None, None) is (here and scope not in {Scope.COUNTRY, Scope.AGENCY})


def test_deputy_does_not_decide_for_the_country() -> None:
    whole, stands_in = _held(Role.CONTACT_POINT), _held(Role.CONTACT_POINT, deputy=True, until=TODAY + DAY)
    assert decides_for([whole], "IQ", TODAY)
    assert decides_for([stands_in, whole], "IQ", TODAY)
    assert not decides_for([stands_in], "IQ", TODAY)
    assert not decides_for([whole], "BG", TODAY)  # who serves elsewhere now
    assert not decides_for([_held(Role.CONTACT_POINT, until=TODAY - DAY)], "IQ", TODAY)
    assert not decides_for([_held(role) for role in Role if role is not Role.CONTACT_POINT], "IQ", TODAY)
