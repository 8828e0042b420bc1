"""Items that too many officers of an agency met rest for a year."""

from collections.abc import Iterable
from datetime import date, timedelta

from hypothesis import given, strategies as st

from app.checks.domain.resting import REST, Showing, resting

START = date(2026, 1, 1)
DAYS = st.integers(min_value=0, max_value=800).map(lambda days: START + timedelta(days=days))
SHOWINGS = st.lists(st.builds(Showing, st.sampled_from(["a", "b"]), DAYS, st.integers(1, 6)), max_size=12)
OFFICERS = st.integers(min_value=1, max_value=40)


def expected(showings: Iterable[Showing], officers: int, day: date) -> set[str]:
    """Return the items that rest by following each day: over a fifth met the item in the 365 days up to it."""
    last_over: dict[str, date] = {}
    for number in range((day - START).days + 1):
        at = START + timedelta(days=number)
        for item in ("a", "b"):
            met = [line.officers for line in showings if line.item == item and 0 <= (at - line.day).days < 365]
            if any(line.item == item and line.day == at for line in showings) and sum(met) > officers / 5:
                last_over[item] = at
    return {item for item, at in last_over.items() if (day - at).days < 365}


@given(SHOWINGS, OFFICERS, DAYS)
def test_resting_items_are_those_that_over_a_fifth_met_within_a_year(
    showings: list[Showing], officers: int, day: date
) -> None:
    assert resting(showings, officers, day) == expected(showings, officers, day)


@given(SHOWINGS, SHOWINGS, OFFICERS, DAYS)
def test_more_showings_let_no_item_return(
    before: list[Showing], added: list[Showing], officers: int, day: date
) -> None:
    assert resting(before, officers, day) <= resting([*before, *added], officers, day)


@given(SHOWINGS, OFFICERS, OFFICERS, DAYS)
def test_larger_agency_lets_fewer_items_rest(showings: list[Showing], officers: int, more: int, day: date) -> None:
    assert resting(showings, officers + more, day) <= resting(showings, officers, day)


@given(OFFICERS, DAYS)
def test_item_rests_for_365_days_from_the_showing_above_a_fifth_on(officers: int, day: date) -> None:
    at_the_limit = Showing("a", day - timedelta(days=100), officers // 5)
    showings = [at_the_limit, Showing("a", day, 1)]
    assert not resting([at_the_limit], officers, day)
    assert not resting(showings, officers, day - timedelta(days=1))
    assert resting(showings, officers, day) == {"a"}
    assert resting(showings, officers, day + REST - timedelta(days=1)) == {"a"}
    assert not resting(showings, officers, day + REST)
