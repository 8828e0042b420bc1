from itertools import combinations
from uuid import UUID

import pytest

from app.access.people_rules import Helper, can_close, can_confirm, can_restore_access, helper
from app.access.policy import Actor, Role, Scope
from app.recovery.domain import Account, enough_administrators, mail_suffices, roles_for_recovery

ME, OTHER, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)
OFFICER, DESK, PAIR = Helper.CONTACT_POINT, Helper.COORDINATOR, Helper.TWO_ADMINISTRATORS
OF_ONE_ROLE = {
    Role.PRACTITIONER: OFFICER, Role.SUPERVISOR: OFFICER, Role.CONTACT_POINT: DESK, Role.TRAINER: DESK,
    Role.ASSESSOR: DESK, Role.INVIGILATOR: DESK, Role.HOST: DESK, Role.COORDINATOR: DESK, Role.CO_CHAIR: DESK,
    Role.ADMINISTRATOR: PAIR,
}  # fmt: skip
HELPS = {OFFICER: Role.CONTACT_POINT, DESK: Role.COORDINATOR, PAIR: Role.ADMINISTRATOR}
STRICTNESS = [OFFICER, DESK, PAIR]


def _actor(*roles: Role, country: str = "IQ", who: UUID = ME) -> Actor:
    return Actor(who, country, frozenset(roles))


def _account(*roles: Role, country: str = "IQ", who: UUID = OTHER) -> Account:
    return Account(who, "Officer 1", country, frozenset(roles))


def test_every_role_has_a_helper() -> None:
    assert {role: helper({role}) for role in Role} == OF_ONE_ROLE
    assert helper(set()) is OFFICER


@pytest.mark.parametrize("pair", list(combinations(Role, 2)), ids=lambda pair: f"{pair[0]}-{pair[1]}")
def test_most_guarded_role_decides_the_helper(pair: tuple[Role, Role]) -> None:
    assert helper(set(pair)) is max((OF_ONE_ROLE[role] for role in pair), key=STRICTNESS.index)


@pytest.mark.parametrize(
    ("held", "roles"),
    [
        ({(Role.PRACTITIONER, Scope.SELF), (Role.HOST, Scope.EVENT)}, {Role.PRACTITIONER}),
        ({(Role.SUPERVISOR, Scope.AGENCY), (Role.TRAINER, Scope.EVENT)}, {Role.SUPERVISOR}),
        ({(Role.PRACTITIONER, Scope.SELF), (Role.HOST, Scope.ALL)}, {Role.PRACTITIONER, Role.HOST}),
        ({(Role.PRACTITIONER, Scope.SELF), (Role.TRAINER, Scope.COURSE)}, {Role.PRACTITIONER, Role.TRAINER}),
        ({(Role.HOST, Scope.EVENT)}, {Role.HOST}),
        ({(Role.TRAINER, Scope.ALL), (Role.HOST, Scope.EVENT)}, {Role.TRAINER, Role.HOST}),
        (set(), set()),
    ],
)
def test_event_roles_do_not_change_the_helper(held: set[tuple[Role, Scope]], roles: set[Role]) -> None:
    assert roles_for_recovery(held) == roles


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("held", list(Role))
def test_can_restore_access_by_role_and_country(held: Role, role: Role) -> None:
    mine = held is HELPS[OF_ONE_ROLE[role]]
    assert can_restore_access(_actor(held), _account(role)) == mine
    assert can_close(_actor(held), _account(role)) == (mine and role is not Role.ADMINISTRATOR)
    assert not can_restore_access(_actor(held, who=OTHER), _account(role))  # never oneself
    elsewhere = mine and held is not Role.CONTACT_POINT
    assert can_restore_access(_actor(held, country="BG"), _account(role)) == elsewhere
    assert can_restore_access(_actor(held, country=""), _account(role, country="")) == elsewhere  # without a country


def test_combined_roles_help_no_further_accounts() -> None:
    everything = _actor(*Role)
    assert [can_restore_access(everything, _account(role)) for role in Role] == [True] * len(Role)
    assert not can_restore_access(everything, _account(Role.PRACTITIONER, country="BG"))
    assert not can_restore_access(_actor(Role.CONTACT_POINT), _account(Role.PRACTITIONER, Role.HOST))


def test_confirmation_needs_two_other_administrators() -> None:
    assert can_confirm(ME, OTHER, THIRD)
    assert not any(can_confirm(*three) for three in ((ME, ME, THIRD), (ME, OTHER, ME), (ME, OTHER, OTHER)))
    assert [enough_administrators(n) for n in range(5)] == [False, False, False, True, True]


@pytest.mark.parametrize(
    ("required", "factors", "code_is_out", "suffices"),
    [
        (True, 1, False, True), (True, 0, False, False), (True, 0, True, True), (False, 0, False, True),
        (False, 2, True, True),
    ],
)  # fmt: skip
def test_mailbox_alone_never_opens_an_account(required: bool, factors: int, code_is_out: bool, suffices: bool) -> None:
    assert mail_suffices(factor_required=required, factors=factors, code_is_out=code_is_out) == suffices
