"""Rules of agreed actions."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from app.coordination.domain import actions as rules
from app.coordination.domain.actions import ActionOrigin, ActionState, ActionStep, Office, Owner
from app.kernel.errors import DomainError, IllegalMoveError

TODAY = date(2027, 3, 1)
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@given(steps=st.lists(st.sampled_from(ActionStep), max_size=12))
def test_action_is_live_unless_it_ended_last(steps: list[ActionStep]) -> None:
    state = ActionState.OPEN
    for step in steps:
        try:
            state = rules.state_after(state, step)
        except IllegalMoveError:
            continue
        assert (state in rules.LIVE) == (step not in {ActionStep.FINISH, ActionStep.DROP})


@pytest.mark.parametrize(
    ("state", "days", "overdue"),
    [
        (ActionState.OPEN, 0, False),
        (ActionState.OPEN, -1, True),
        (ActionState.IN_HAND, -1, True),
        (ActionState.DONE, -1, False),
        (ActionState.DROPPED, -1, False),
    ],
)
def test_live_action_is_overdue_from_the_day_after(state: ActionState, days: int, overdue: bool) -> None:
    assert rules.is_overdue(state, TODAY + timedelta(days=days), TODAY) is overdue


def test_ended_action_can_be_reopened_for_fourteen_days() -> None:
    ended = NOW - timedelta(days=14)
    assert ActionStep.REOPEN in rules.steps_of(ActionState.DONE, ended, NOW)
    assert rules.steps_of(ActionState.DONE, ended - timedelta(seconds=1), NOW) == []


@pytest.mark.parametrize(
    ("done", "on_time"), [(None, False), (TODAY, True), (TODAY - timedelta(1), True), (TODAY + timedelta(1), False)]
)
def test_action_is_on_time_by_its_first_date(done: date | None, on_time: bool) -> None:
    assert rules.is_on_time(TODAY, done) is on_time


@pytest.mark.parametrize(
    ("owner", "is_valid"),
    [
        (Owner(office=Office.CONTACT_POINT, country="IQ"), True),
        (Owner(office=Office.CONTACT_POINT, country="ZZ"), False),
        (Owner(office=Office.CONTACT_POINT), False),
        (Owner(office=Office.SECRETARIAT), True),
        (Owner(office=Office.SECRETARIAT, country="IQ"), False),
    ],
)
def test_only_contact_points_have_a_member_country(owner: Owner, is_valid: bool) -> None:
    if is_valid:
        rules.check_owner(owner, frozenset({"IQ"}))
    else:
        with pytest.raises(DomainError):
            rules.check_owner(owner, frozenset({"IQ"}))


@pytest.mark.parametrize(
    ("origin", "meeting_on"),
    [
        (ActionOrigin.MEETING, None),
        (ActionOrigin.MEETING, TODAY + timedelta(1)),
        (ActionOrigin.PLAN, TODAY),
    ],
)
def test_meeting_day_is_refused_unless_it_fits_the_origin(origin: ActionOrigin, meeting_on: date | None) -> None:
    with pytest.raises(DomainError):
        rules.check_meeting(origin, meeting_on, TODAY)


@pytest.mark.parametrize("due_on", [TODAY - timedelta(1), TODAY + timedelta(days=1099)])
def test_due_date_is_refused_in_the_past_and_far_ahead(due_on: date) -> None:
    with pytest.raises(DomainError):
        rules.check_due(due_on, TODAY)


@pytest.mark.parametrize("step", sorted(rules.EXPLAINED))
def test_ending_an_action_needs_an_explanation(step: ActionStep) -> None:
    with pytest.raises(DomainError):
        rules.check_explanation(step, "  ")
    assert rules.check_explanation(step, " Sent. ") == "Sent."
