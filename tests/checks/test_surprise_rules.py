from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.items import Level
from app.checks.domain import surprise
from app.checks.domain.surprise import FEWEST, SAMPLE

FOUNDATION, PRACTITIONER, SPECIALIST = Level.FOUNDATION, Level.PRACTITIONER, Level.SPECIALIST
seeds = st.integers(min_value=0, max_value=2**63 - 1)
pools = st.integers(min_value=0, max_value=130)


def people(count: int) -> list[UUID]:
    return [UUID(int=number) for number in range(count)]


@given(seeds, pools, st.randoms(use_true_random=False))
def test_draw_is_the_same_for_the_same_seed_and_pool(seed: int, count: int, random: object) -> None:
    pool = people(count)
    other = list(pool)
    random.shuffle(other)  # type: ignore[attr-defined]
    assert surprise.drawn(seed, pool, pool[::3]) == surprise.drawn(seed, other, set(pool[::3]))


@given(seeds, pools)
def test_draw_takes_fifty_or_all_and_none_below_twenty(seed: int, count: int) -> None:
    drawn = surprise.drawn(seed, people(count), [])
    assert len(drawn.sample) == (0 if count < FEWEST else min(SAMPLE, count))
    assert drawn.sample <= set(people(count))
    assert drawn.all == sorted(drawn.sample)


@given(seeds, pools)
def test_one_in_ten_of_own_chain_is_checked_again(seed: int, count: int) -> None:
    pool = people(count)
    again = surprise.drawn(seed, pool, pool).again
    assert 10 * (len(again) - 1) < count <= 10 * len(again)


@given(seeds)
def test_seed_draws_the_same_sample_whatever_the_own_chain_watched(seed: int) -> None:
    pool = people(90)
    assert surprise.drawn(seed, pool, pool[:7]).sample == surprise.drawn(seed, pool, []).sample


def test_each_officer_is_drawn_about_equally_often() -> None:
    counts = dict.fromkeys(people(100), 0)
    for seed in range(400):
        for person_id in surprise.drawn(seed, people(100), []).sample:
            counts[person_id] += 1
    assert 150 < min(counts.values()) <= max(counts.values()) < 250  # 200 on average, standard deviation 10


@pytest.mark.parametrize(
    ("required", "trained", "level"),
    [
        (PRACTITIONER, [FOUNDATION, PRACTITIONER], PRACTITIONER),
        (PRACTITIONER, [FOUNDATION], FOUNDATION),
        (FOUNDATION, [FOUNDATION, SPECIALIST], FOUNDATION),
        (None, [FOUNDATION, PRACTITIONER], PRACTITIONER),
    ],
)
def test_level_is_the_required_one_but_not_above_training(
    required: Level | None, trained: list[Level], level: Level
) -> None:
    assert surprise.level_of(required, trained) is level


@pytest.mark.parametrize(
    ("day", "quarter", "first", "last"),
    [
        (date(2026, 1, 1), "2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 9, 30), "2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        (date(2026, 12, 31), "2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_quarter_of_a_day_has_first_and_last_day(day: date, quarter: str, first: date, last: date) -> None:
    assert surprise.quarter_of(day) == quarter
    assert (surprise.first_day(quarter), surprise.last_day(quarter)) == (first, last)
