"""Gains of actions: parsing, ranges, pools, product-limit estimate; more seats never gain fewer officers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from math import comb

import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.items import Level
from app.plan.domain import gains, gaps
from app.plan.domain.gains import Cost, Gain, PlannedAction, PlannedKind, PricedAction, gain_of, quantile, together
from app.plan.domain.gaps import Aim, AskedCompetencies
from app.plan.domain.survival import ValidDays, still_valid

DAY = date(2027, 9, 14)
F, P = Level.FOUNDATION, Level.PRACTITIONER
ASKED = AskedCompetencies(("VIC-01", "VIC-02"), frozenset({"first_responder"}), None, {})
NUMBERS = st.integers(0, 300)
RATIOS = st.floats(0, 1)


@dataclass
class Group:
    count: int
    roles: tuple[str, ...] = ("first_responder",)
    ever: frozenset[Aim] = field(default_factory=frozenset)
    today: frozenset[Aim] = field(default_factory=frozenset)
    later: frozenset[Aim] = field(default_factory=frozenset)


BOTH = frozenset({("VIC-01", F), ("VIC-02", F)})
FIRST = frozenset({("VIC-01", F)})
GROUPS = [
    Group(5, ever=BOTH, today=BOTH, later=BOTH),
    Group(7, ever=BOTH, today=BOTH, later=FIRST),
    Group(11, ever=BOTH, today=FIRST),
    Group(13, ever=FIRST, today=FIRST, later=FIRST),
    Group(17),
    Group(19, roles=("investigator",), ever=BOTH, today=BOTH),
]


@pytest.mark.parametrize("text", ["workshop:A07:20:2027-09-14", "practice:2027-09-14:28", "refresher:2027-09-14:1"])
def test_action_is_read_as_it_is_written(text: str) -> None:
    assert str(gains.read_action(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "dance:2027-09-14:28", "practice:2027-09-14", "practice:2027-13-14:28", "practice:2027-09-14:0",
     "practice:2027-09-14:1001", "workshop:A07:x:2027-09-14", "workshop:20:2027-09-14", "practice:2027-09-14:28:1"],
)  # fmt: skip
def test_unknown_action_is_not_read(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  the views answer every one alike
        gains.read_action(text)


def test_pools_contain_officers_that_an_action_can_gain() -> None:
    assert gaps.ending(GROUPS, ASKED) == 7
    assert gaps.verified_before(GROUPS, ASKED) == 7 + 11
    assert gaps.closable(GROUPS, ASKED, {("VIC-02", F)}) == 7 + 13
    assert gaps.closable(GROUPS, ASKED, BOTH) == gaps.short(GROUPS, ASKED) == 7 + 11 + 13 + 17


def test_event_at_a_higher_level_closes_a_lower_gap() -> None:
    assert gaps.covers({("VIC-01", P)}, FIRST)
    assert not gaps.covers(FIRST, {("VIC-01", P)})


def test_level_follows_the_highest_counted_role() -> None:
    required = {"first_responder": {"VIC-01": F}, "investigator": {"VIC-01": P}}
    every_role = AskedCompetencies(("VIC-01",), frozenset(), None, required)
    assert every_role.aims(("first_responder", "investigator")) == {("VIC-01", P)}
    only_responders = AskedCompetencies(("VIC-01",), frozenset({"first_responder"}), None, required)
    assert only_responders.aims(("first_responder", "investigator")) == {("VIC-01", F)}
    assert only_responders.aims(("investigator",)) == frozenset()


def test_quantile_agrees_with_the_binomial_distribution() -> None:
    below = [sum(comb(20, k) * 0.595**k * 0.405 ** (20 - k) for k in range(n + 1)) for n in range(21)]
    assert quantile(20, 0.595, 0.1) == next(n for n in range(21) if below[n] >= 0.1)
    assert quantile(20, 0.595, 0.9) == next(n for n in range(21) if below[n] >= 0.9)


@pytest.mark.parametrize("chance", [0.05, 0.5, 0.93])
def test_approximated_quantile_is_near_the_exact_one(chance: float) -> None:
    exact: Callable[[float], int] = lambda ratio: quantile(200, chance, ratio)  # noqa: E731
    for ratio in (0.1, 0.9):
        assert abs(quantile(201, chance, ratio) - exact(ratio)) <= 2


@given(NUMBERS, RATIOS, RATIOS, RATIOS)
def test_range_contains_the_mean(number: int, first: float, second: float, third: float) -> None:
    low, middle, high = sorted((first, second, third))
    gain = gain_of(number, gains.Chances(low, middle, high))
    assert 0 <= gain.low <= gain.mean <= gain.high
    assert gain.mean <= number
    both = together([gain, gain])
    assert both.low <= both.mean <= both.high


@given(st.lists(st.tuples(NUMBERS, NUMBERS, RATIOS), min_size=1, max_size=4), st.data())
def test_more_seats_never_gain_fewer(actions: list[tuple[int, int, float]], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(actions) - 1))
    number, pool, chance = actions[index]
    more = [*actions[:index], (number + 1, pool, chance), *actions[index + 1 :]]
    assert _gained(more) >= _gained(actions) - 1e-9


def _gained(actions: list[tuple[int, int, float]]) -> float:
    gained = 0.0
    for number, pool, chance in actions:
        reached = gains.reach(number, pool, gained=gained, short=300)
        gained += gain_of(reached, gains.exactly(chance)).mean
    assert gained <= 300 + 1e-9
    return gained


def test_cost_of_a_workshop_counts_seats_trainers_and_hours() -> None:
    action = gains.read_action("workshop:A07:20:2027-09-14")
    assert gains.cost_of(action, competencies=6, last=date(2027, 12, 31)) == Cost(480.0, 20, 6)


def test_cost_of_practice_counts_those_who_respond() -> None:
    cost = gains.cost_of(gains.read_action("practice:2027-08-01:28"), competencies=6, last=date(2027, 8, 8))
    assert cost.officer_hours == pytest.approx(14 * 5 / 60)
    assert cost.responding == 14


def test_cheapest_actions_come_first_and_useless_ones_are_left_out() -> None:
    hours = {20: 8.0, 10: 2.0, 5: 1.0}
    made = [
        PricedAction(PlannedAction(PlannedKind.CHECK, DAY, number), 20, Gain(0.4 if number == 5 else 2.0), Cost(cost))
        for number, cost in hours.items()
    ]
    assert [option.action.number for option in gains.cheapest(made)] == [10, 20]


def test_share_still_valid_is_the_product_limit_estimate() -> None:
    periods = [ValidDays(100, ended=True)] * 10 + [ValidDays(150, ended=False)] * 10 + [ValidDays(200, ended=True)] * 20
    assert still_valid(periods, 99) == 1.0
    assert still_valid(periods, 100) == pytest.approx(0.75)
    assert still_valid(periods, 199) == pytest.approx(0.75)
    assert still_valid(periods, 200) == 0.0


def test_share_still_valid_is_unknown_without_enough_periods() -> None:
    assert still_valid([ValidDays(100, ended=True)] * 29, 50) is None
    assert still_valid([ValidDays(100, ended=False)] * 40, 120) is None


@given(
    st.lists(st.builds(ValidDays, st.integers(1, 400), st.booleans()), min_size=30, max_size=60), st.integers(0, 300)
)
def test_share_still_valid_never_grows(periods: list[ValidDays], after: int) -> None:
    now, later = still_valid(periods, after), still_valid(periods, after + 50)
    assert now is None or 0 <= now <= 1
    assert later is None or now is None or later <= now + 1e-9
