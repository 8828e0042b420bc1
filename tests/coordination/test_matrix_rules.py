"""Rules of the matrix: whom a suggestion fits, the next date, and the order of officers by number."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from app.coordination.domain.matrix import Candidate, Misfit, misfit, next_date
from app.identity.domain.alias_order import alias_key

TODAY = date(2027, 3, 1)
REASONS = [
    (Candidate(), None),
    (Candidate(is_self=True), Misfit.SELF),
    (Candidate(may_read=False), Misfit.NOT_OPEN),
    (Candidate(has_completed=True), Misfit.DONE),
    (Candidate(is_suggested=True), Misfit.SUGGESTED),
    (Candidate(reads_language=False), Misfit.LANGUAGE),
    (Candidate(has_completed=True, is_suggested=True, reads_language=False), Misfit.DONE),
    (Candidate(is_self=True, has_completed=True), Misfit.SELF),
]
DAYS = st.lists(st.none() | st.dates(TODAY - timedelta(days=99), TODAY + timedelta(days=99)))


@pytest.mark.parametrize(("candidate", "expected"), REASONS)
def test_suggestion_fits_unless_a_reason_applies(candidate: Candidate, expected: Misfit | None) -> None:
    assert misfit(candidate) is expected


@given(DAYS)
def test_next_date_is_the_nearest_that_is_not_past(days: list[date | None]) -> None:
    nearest = next_date(days, TODAY)
    future = [day for day in days if day is not None and day >= TODAY]
    assert (nearest is None) == (not future)
    assert nearest is None or (nearest in future and all(nearest <= day for day in future))


@given(st.lists(st.integers(0, 10**6), unique=True), st.sampled_from(["Border officer", "ضابط حدود", "Officer"]))
def test_aliases_with_numbers_are_sorted_by_number(numbers: list[int], name: str) -> None:
    aliases = sorted((f"{name} {number}" for number in numbers), key=alias_key)
    assert aliases == [f"{name} {number}" for number in sorted(numbers)]
