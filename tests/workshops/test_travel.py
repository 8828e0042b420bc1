"""Rules of visa and travel dates: the next step, the days left, warnings, and dates that cannot be."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from app.kernel.errors import DomainError
from app.workshops.domain.travel import (
    EventDays,
    Travel,
    TravelStep,
    TravelWarning,
    Visa,
    checked,
    status,
)

DAY = timedelta(days=1)
EVENT = EventDays(date(2027, 6, 8), date(2027, 6, 10))
TODAY = date(2027, 4, 20)  # 49 days before
ASKED = Travel(visa=Visa.NEEDED, visa_asked_on=TODAY)
DATES = {"arrives_on": EVENT.first - DAY, "departs_on": EVENT.last + DAY}
DAYS = st.none() | st.dates(EVENT.first - timedelta(days=60), EVENT.last + timedelta(days=60))
TRAVELS = st.builds(
    Travel, visa=st.none() | st.sampled_from(Visa), visa_asked_on=DAYS, visa_received_on=DAYS, arrives_on=DAYS,
    departs_on=DAYS,
)  # fmt: skip


@pytest.mark.parametrize(
    ("travel", "step", "days_left"),
    [
        (Travel(), TravelStep.SAY_IF_VISA, 7),
        (Travel(visa=Visa.NEEDED), TravelStep.ASK_FOR_VISA, 7),
        (ASKED, TravelStep.RECEIVE_VISA, 35),
        (Travel(visa=Visa.NEEDED, visa_asked_on=TODAY, visa_received_on=TODAY), TravelStep.SET_TRAVEL, 28),
        (Travel(visa=Visa.NOT_NEEDED), TravelStep.SET_TRAVEL, 28),
        (Travel(visa=Visa.NOT_NEEDED, arrives_on=EVENT.first), TravelStep.SET_TRAVEL, 28),
        (Travel(visa=Visa.NOT_NEEDED, **DATES), TravelStep.READY, None),
    ],
)
def test_next_step_has_its_days_left(travel: Travel, step: TravelStep, days_left: int | None) -> None:
    result = status(travel, EVENT, TODAY)
    assert (result.step, result.days_left) == (step, days_left)


@pytest.mark.parametrize(
    ("ago", "warning"),
    [(8, ()), (7, (TravelWarning.SOON,)), (0, (TravelWarning.SOON,)), (-1, (TravelWarning.LATE,))],
)
def test_warning_comes_seven_days_before_the_last_day(ago: int, warning: tuple[TravelWarning, ...]) -> None:
    last = EVENT.first - timedelta(weeks=6)
    assert status(Travel(visa=Visa.NEEDED), EVENT, last - ago * DAY).warnings == warning


def test_dates_within_the_event_are_warned_about() -> None:
    travel = Travel(visa=Visa.NOT_NEEDED, arrives_on=EVENT.first + DAY, departs_on=EVENT.last - DAY)
    assert status(travel, EVENT, TODAY).warnings == (TravelWarning.ARRIVES_LATE, TravelWarning.LEAVES_EARLY)


def test_step_of_a_postponed_event_has_no_last_day_and_no_warning() -> None:
    postponed = replace(EVENT, is_postponed=True)
    arrives_late = Travel(visa=Visa.NOT_NEEDED, arrives_on=EVENT.first + DAY, departs_on=EVENT.last + DAY)
    for travel in (Travel(), arrives_late):
        result = status(travel, postponed, EVENT.last)
        assert (result.until, result.days_left, result.warnings) == (None, None, ())


def test_list_begins_with_the_fewest_days_left_and_ends_with_those_who_are_ready() -> None:
    ready = Travel(visa=Visa.NOT_NEEDED, **DATES)
    listed = sorted([ready, ASKED, Travel()], key=lambda travel: status(travel, EVENT, TODAY).order)
    assert listed == [Travel(), ASKED, ready]


@pytest.mark.parametrize(
    "travel",
    [
        Travel(visa=Visa.NEEDED, visa_asked_on=TODAY + DAY),
        Travel(visa=Visa.NEEDED, visa_received_on=TODAY),
        Travel(visa=Visa.NEEDED, visa_asked_on=TODAY, visa_received_on=TODAY - DAY),
        Travel(visa=Visa.NOT_NEEDED, arrives_on=EVENT.last, departs_on=EVENT.first),
        Travel(visa=Visa.NOT_NEEDED, arrives_on=EVENT.first - timedelta(days=31)),
    ],
)
def test_dates_that_cannot_be_are_refused(travel: Travel) -> None:
    with pytest.raises(DomainError):
        checked(travel, EVENT, TODAY)


@given(travel=TRAVELS)
def test_checked_dates_never_break_a_constraint_of_the_table(travel: Travel) -> None:
    try:
        saved = checked(travel, EVENT, EVENT.last)
    except DomainError:
        return
    if saved.visa_asked_on is not None:
        assert saved.visa is Visa.NEEDED
    if saved.visa_received_on is not None:
        assert saved.visa_asked_on is not None
        assert saved.visa_asked_on <= saved.visa_received_on
    if saved.arrives_on is not None and saved.departs_on is not None:
        assert saved.arrives_on <= saved.departs_on


@given(travel=TRAVELS)
def test_checked_dates_are_checked_again_without_a_change(travel: Travel) -> None:
    try:
        saved = checked(travel, EVENT, EVENT.last)
    except DomainError:
        return
    assert checked(saved, EVENT, EVENT.last) == saved
