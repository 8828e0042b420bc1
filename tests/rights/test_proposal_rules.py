from datetime import date, timedelta
from uuid import UUID

import pytest

from app.access.policy import Role
from app.rights.domain.proposals import TENURE, Agreement, ProposalRefusal, Voter, agreement, needs_proposal

TODAY = date(2027, 6, 1)
PROPOSER, SUBJECT, VOTER = (UUID(int=number) for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("role", "granter", "deputy", "has_contact_point", "expected"),
    [
        (Role.CONTACT_POINT, Role.COORDINATOR, False, True, True),
        (Role.CONTACT_POINT, Role.ADMINISTRATOR, False, True, True),
        (Role.CONTACT_POINT, Role.COORDINATOR, False, False, False),
        (Role.CONTACT_POINT, Role.CONTACT_POINT, True, True, False),
        (Role.COORDINATOR, Role.COORDINATOR, False, True, True),
        (Role.COORDINATOR, Role.ADMINISTRATOR, False, True, False),
        (Role.TRAINER, Role.COORDINATOR, False, True, False),
    ],
)
def test_further_contact_points_and_coordinators_need_a_second_person(
    role: Role, granter: Role, deputy: bool, has_contact_point: bool, expected: bool
) -> None:
    assert needs_proposal(role, {granter}, deputy=deputy, has_contact_point=has_contact_point) is expected


def _vote(role: Role, *held: Role, since: date | None = date(2027, 1, 1), decides: bool = False, voter: UUID = VOTER):  # type: ignore[no-untyped-def]
    person = Voter(voter, set(held), since, decides)
    return agreement(role, person, proposer_id=PROPOSER, subject_id=SUBJECT, today=TODAY)


def test_a_contact_point_agrees_at_once_and_a_second_coordinator_later() -> None:
    assert _vote(Role.CONTACT_POINT, Role.CONTACT_POINT, decides=True) == Agreement(Role.CONTACT_POINT, at_once=True)
    assert _vote(Role.CONTACT_POINT, Role.COORDINATOR) == Agreement(Role.COORDINATOR, at_once=False)
    assert _vote(Role.CONTACT_POINT, Role.CONTACT_POINT) is ProposalRefusal.NOT_YOURS  # a deputy
    assert _vote(Role.CONTACT_POINT, Role.ADMINISTRATOR) is ProposalRefusal.NOT_YOURS


def test_a_new_coordinator_needs_an_administrator_or_a_second_coordinator() -> None:
    assert _vote(Role.COORDINATOR, Role.ADMINISTRATOR) == Agreement(Role.ADMINISTRATOR, at_once=True)
    assert _vote(Role.COORDINATOR, Role.COORDINATOR) == Agreement(Role.COORDINATOR, at_once=True)
    assert _vote(Role.COORDINATOR, Role.CONTACT_POINT) is ProposalRefusal.NOT_YOURS


@pytest.mark.parametrize("voter", [PROPOSER, SUBJECT])
def test_neither_proposer_nor_subject_is_the_second_person(voter: UUID) -> None:
    for role in (Role.CONTACT_POINT, Role.COORDINATOR):
        held = (Role.COORDINATOR, Role.ADMINISTRATOR, Role.CONTACT_POINT)
        assert _vote(role, *held, decides=True, voter=voter) is ProposalRefusal.OWN


@pytest.mark.parametrize(("days", "refused"), [(0, True), (6, True), (7, False)])
def test_a_coordinator_of_fewer_than_seven_days_is_no_second_person(days: int, refused: bool) -> None:
    since = TODAY - timedelta(days=days)
    assert (_vote(Role.CONTACT_POINT, Role.COORDINATOR, since=since) is ProposalRefusal.TENURE) is refused
    assert TENURE.days == 7
