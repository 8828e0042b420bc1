"""What always holds of assignments and their counters, whatever happens to an officer in a course."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from app.learning.domain.assignments import periods
from app.learning.domain.completion import COUNTERS, DAY
from tests.support import completion_histories as histories, completion_table
from tests.support.completion_histories import LENGTH, Deed, day
from tests.support.examples import examples

DAYS = [day(number) for number in range(-1, LENGTH + 90)]
SOME_DAYS = DAYS[::6]
APART = 7  # days between those of a long test
SUMMED = [
    COUNTERS.index(name) for name in ("exempt", "not_started", "in_progress", "completed_on_time", "completed_late")
]


def check_table(history: list[Deed], days: Sequence[date]) -> None:
    """Compare the sums of the changes with the table of completion on each of these days, past and future."""
    lived = histories.lived(history)
    for moment, cells in zip(days, histories.sums(lived.stored, days), strict=True):
        assert cells == completion_table.counted(lived.record_on, moment), moment


@settings(max_examples=examples(100))  # 0.03 s each; more by the next test
@given(histories.deeds())
def test_rollup_gives_the_table_on_each_day_past_or_future(history: list[Deed]) -> None:
    check_table(history, DAYS)


@pytest.mark.soak
@settings(max_examples=1_000)  # 10,000 took more than ten minutes
@given(histories.deeds(), st.integers(0, APART - 1))
def test_rollup_gives_the_table_in_many_histories(history: list[Deed], first: int) -> None:
    check_table(history, DAYS[first::APART])  # where a sum goes wrong, it stays wrong for weeks


@settings(max_examples=examples(80))
@given(histories.deeds())
def test_states_sum_to_assigned_in_each_cell(history: list[Deed]) -> None:
    for cells in histories.sums(histories.lived(history).stored, SOME_DAYS):
        for amounts in cells.values():
            assert amounts[0] == sum(amounts[position] for position in SUMMED)
            assert min(amounts) >= 0


@settings(max_examples=examples(80))
@given(histories.deeds())
def test_rollup_is_the_full_count_on_each_day(history: list[Deed]) -> None:
    stored = histories.lived(history).stored
    for moment, cells in zip(SOME_DAYS, histories.sums(stored, SOME_DAYS), strict=True):
        assert cells == histories.full_count(stored, moment)


@settings(max_examples=examples(80))
@given(histories.deeds())
def test_past_days_stay_whatever_happens_later(history: list[Deed]) -> None:
    lived = histories.lived(history)
    for today, before in lived.versions.items():
        past = [moment for moment in SOME_DAYS if moment < today] + [today - DAY]
        assert list(histories.sums(before, past)) == list(histories.sums(lived.stored, past))


@settings(max_examples=examples(80))
@given(histories.deeds())
def test_periods_of_an_officer_do_not_overlap(history: list[Deed]) -> None:
    stored = histories.lived(history).stored
    for before, following in pairwise(stored):
        assert before.until is not None
        assert before.until < following.since


@settings(max_examples=examples(100))
@given(histories.deeds())
def test_all_days_are_rebuilt_from_the_record(history: list[Deed]) -> None:
    kept = [deed for deed in history if deed[1] != "protect"]  # when a threat began is not recorded
    lived = histories.lived(kept)
    fresh = periods(lived.record_on(DAYS[-1]))
    assert list(histories.sums(fresh, SOME_DAYS)) == list(histories.sums(lived.stored, SOME_DAYS))
