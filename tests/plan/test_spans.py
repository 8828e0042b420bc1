from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, strategies as st

from app.plan.domain import spans
from app.plan.domain.spans import FOREVER, PostingInterval, common, served_on, timeline, uncovered, union

D = date(2027, 1, 1)
days = st.integers(0, 60).map(lambda n: D + timedelta(days=n))
intervals = st.lists(st.tuples(days, st.one_of(days, st.just(FOREVER))), max_size=6)
WINDOW = [D + timedelta(days=n) for n in range(-2, 65)]


def within(found, day):
    return any(since <= day <= until for since, until in found)


@given(intervals, intervals)
def test_union_common_and_rest_contain_the_expected_days(left, right):
    one, other = union(left), union(right)
    whole = (D, D + timedelta(days=50))
    open_end = (D, FOREVER)
    for day in WINDOW:
        assert within(one, day) == within(left, day)
        assert within(common(one, other), day) == (within(left, day) and within(right, day))
        assert within(uncovered(whole, one), day) == (whole[0] <= day <= whole[1] and not within(left, day))
        assert within(uncovered(open_end, one), day) == (day >= D and not within(left, day))


@given(intervals)
def test_a_union_is_in_order_and_its_neighbours_are_joined(given_ones):
    found = union(given_ones)
    for (_, until), (since, _) in pairwise(found):
        assert since > spans.days_later(until, 1)


def served(country, since, until=FOREVER, roles=("investigator",)):
    return PostingInterval(country, "police", roles, since, until)


@given(st.lists(st.tuples(days, st.one_of(days, st.just(FOREVER))).filter(lambda one: one[0] <= one[1]), max_size=5))
def test_day_has_at_most_one_posting(given_ones):
    postings = [served(str(n), *one) for n, one in enumerate(given_ones)]
    found = timeline(postings)
    for day in WINDOW:
        there = [one for (since, until), one in found if since <= day <= until]
        assert len(there) == any(one.since <= day <= one.until for one in postings)
        if there:
            assert served_on(postings, day).since == there[0].since


def test_day_without_posting_takes_nearest_and_newer_posting():
    early = served("IQ", D, D + timedelta(days=9))
    late = served("BG", D + timedelta(days=21))
    assert served_on([early, late], D - timedelta(days=5)) is early
    assert served_on([early, late], D + timedelta(days=14)) is early
    assert served_on([early, late], D + timedelta(days=15)) is late
    assert served_on([early, late], D + timedelta(days=16)) is late
    assert served_on([], D) is None


def test_months_have_numbers_and_ends_of_the_calendar():
    assert spans.month_of(date(2027, 1, 31)) + 1 == spans.month_of(date(2027, 2, 1))
    assert spans.month_of(date(2027, 12, 31)) + 1 == spans.month_of(date(2028, 1, 1))
    assert [spans.ends_month(date(2028, 2, n)) for n in (28, 29)] == [False, True]
    assert spans.first_of(date(2028, 2, 29)) == date(2028, 2, 1)
    assert spans.days_later(FOREVER, 3) == FOREVER
