from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import product
from random import Random

import pytest
from hypothesis import given, strategies as st

from app.plan.domain.cells import (
    HIDDEN,
    Hidden,
    PlanCell,
    Published,
    Shown,
    change,
    in_steps,
    outside_table,
    outside_total,
    own_table,
    published_day,
    quarter_end,
    quarter_ends,
    rounded,
    total_of,
)

COUNTRIES = ("AT", "AZ", "BD", "BA", "BG", "FR", "DE", "HU", "IQ", "NL", "MK", "PK", "RS")
Publication = tuple[object, ...]


def counts(*numbers: int) -> dict[str, PlanCell]:
    return {str(n): PlanCell(number) for n, number in enumerate(numbers)}


def seen(*numbers: int) -> list[int | None]:
    published = outside_table(counts(*numbers))
    return [cell.n if isinstance(cell, Shown) else None for cell in published.values()]


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ((5, 9, 30), [5, 10, 30]),  # nothing small, nothing hidden
        ((3, 9, 30), [None, None, 30]),  # the next smallest goes as well
        ((0, 9, 30), [None, None, 30]),  # nought tells as much as one to four
        ((0, 0, 9, 30), [None, None, None, 30]),  # two noughts alone would be given away by their sum
        ((2, 5, 6, 40), [None, None, None, 40]),  # below 6 only 5 could have stood
        ((4, 12, 12, 13, 14), [None] * 5),  # at the most, and more does not help: no breakdown
        ((4, 12, 12, 13, 40), [None, None, None, None, 40]),
        ((4, 12, 14, 40), [None, None, 15, 40]),
        ((4, 4, 4), [None] * 3),
        ((1, 1, 2), [None] * 3),  # fewer than five in all
        ((3, 30), [None, None]),
        ((3, 9, 9, 30), [None, None, None, 30]),  # equals share their fate
    ],
)
def test_small_counts_are_hidden(numbers: tuple[int, ...], shown: list[int | None]) -> None:
    assert seen(*numbers) == shown


def test_the_own_country_sees_its_cells() -> None:
    published = own_table({"a": PlanCell(2), "b": PlanCell(0)})
    assert published == {"a": Shown(2), "b": Shown(0)}
    assert own_table({"a": PlanCell(3, 8)}) == {"a": Shown(3, 8, 37.5)}


def test_ratios_across_borders_are_rounded_without_numbers() -> None:
    cells = {"a": PlanCell(17, 40), "b": PlanCell(12, 30), "c": PlanCell(13, 24), "d": PlanCell(5, 10)}
    assert outside_table(cells) == {
        "a": Shown(None, None, 45.0),
        "b": Shown(None, None, 40.0),
        "c": Shown(15, 25),  # fewer than 25: no share
        "d": Shown(5, 10),
    }


@pytest.mark.parametrize(
    "small", [PlanCell(4, 40), PlanCell(37, 40), PlanCell(4, 9), PlanCell(0, 0), PlanCell(20, 40, people=9)]
)
def test_next_smallest_ratio_is_hidden_with_a_small_ratio(small: PlanCell) -> None:
    published = outside_table({"a": small, "b": PlanCell(12, 30, people=30), "c": PlanCell(40, 90, people=90)})
    assert [isinstance(cell, Hidden) for cell in published.values()] == [True, True, False]


def test_hidden_number_cannot_be_derived_from_a_table() -> None:
    """Among all tables of three and four cells that are published alike, each hidden cell has two values."""
    for tables in (product(range(17), repeat=3), product(range(10), repeat=4)):
        alike: dict[Publication, list[tuple[int, ...]]] = defaultdict(list)
        for table in tables:
            if sum(table) >= 5:
                alike[publication(table)].append(table)
        for looks, group in alike.items():
            if max(map(max, group)) == 16:
                continue  # the twins of the largest lie outside the range
            for place, look in enumerate(looks[1:]):
                if look is None:
                    assert len({table[place] for table in group}) > 1, (looks, group)


def test_hidden_numbers_stay_ambiguous_in_ten_thousand_histories() -> None:
    """Breakdowns sum to totals on every day, and each hidden number could have been another one."""
    chance = Random(20270101)
    hidden = 0
    for number in range(10_000):
        officers = list(history(chance))
        day = chance.randrange(400)
        there = [officer for officer in officers if officer[2] <= day <= officer[3]]
        total = len(there)
        split = number % 2
        found = Counter(officer[split] for officer in there)
        table = tuple(found[key] for key in (COUNTRIES, range(6))[split])
        assert sum(table) == total
        looks = publication(table)
        small = [place for place, look in enumerate(looks[1:]) if look is None]
        assert all(n >= 5 for place, n in enumerate(table) if place not in small)
        if total < 5:
            assert len(small) == len(table)
            continue
        hidden += len(small)
        for place in small:
            assert has_twin(table, place, small, looks), (table, looks)
    assert hidden > 10_000


def has_twin(table: tuple[int, ...], place: int, hidden: list[int], looks: Publication) -> bool:
    """Return whether a table with another number at this position is published alike."""
    return any(twin[place] != table[place] and publication(twin) == looks for twin in twins(table, place, hidden))


def twins(table: tuple[int, ...], place: int, hidden: list[int]) -> Iterator[tuple[int, ...]]:
    for other in hidden:
        for step in (1, -1, table[other] - table[place]):
            changed = list(table)
            changed[place] += step
            changed[other] -= step
            if other != place and min(changed) >= 0:
                yield tuple(changed)
    # all equal: everything could be one country's
    for other in hidden:
        yield tuple(sum(table) if at == other else 0 for at in range(len(table)))


def history(chance: Random) -> Iterator[tuple[str, int, int, int]]:
    """Yield officers with country, kind of agency, first and last day."""
    weights = [chance.random() ** 3 for _ in COUNTRIES]
    for country in chance.choices(COUNTRIES, weights, k=chance.choice((3, 20, 60, 120))):
        since = int(chance.random() * 300)
        yield country, int(chance.random() * 6), since, since + int(chance.random() * 500)


def publication(table: tuple[int, ...]) -> Publication:
    """Return the published total and cells of a table."""
    return (sum(table), *seen(*table))


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=6))
def test_at_least_two_ratios_are_hidden_in_any_order(pairs: list[tuple[int, int]]) -> None:
    cells = {str(n): PlanCell(n1, n1 + n2) for n, (n1, n2) in enumerate(pairs)}
    published = outside_table(cells)
    hidden = [key for key, cell in published.items() if cell == HIDDEN]
    assert all(cells[key].size >= 5 for key in cells if key not in hidden)
    assert len(hidden) != 1
    if hidden and total_of(cells).size >= 5:
        turned = dict(cells)
        for key, other in zip(hidden, hidden[1:] + hidden[:1], strict=True):
            turned[key] = cells[other]
        assert outside_table(turned) == published


@pytest.mark.parametrize(
    ("total", "mine", "shown"),
    [
        (PlanCell(4), None, HIDDEN),
        (PlanCell(0), None, HIDDEN),
        (PlanCell(12), None, Shown(10)),
        (PlanCell(13), PlanCell(9), HIDDEN),  # the reader knows 9 and would know the other 4
        (PlanCell(13), PlanCell(8), Shown(15)),
        (PlanCell(30, 60), None, Shown(None, None, 50.0)),
        (PlanCell(12, 24), None, Shown(10, 25)),
        (PlanCell(20, 24), None, HIDDEN),
        (PlanCell(58, 60), None, Shown(None, None, 95.0)),
        (PlanCell(30, 40), PlanCell(2, 10), Shown(None, None, 75.0)),
        (PlanCell(30, 60, people=3), None, HIDDEN),
    ],
)
def test_totals_are_exact_rounded_or_hidden(total: PlanCell, mine: PlanCell | None, shown: Published) -> None:
    assert outside_total(total, own=mine) == shown


def test_small_changes_are_reported_as_none() -> None:
    assert [change(20, 24), change(20, 16), change(20, 25), change(20, 15)] == [None, None, 5, -5]


def test_published_days_end_a_quarter() -> None:
    assert published_day(date(2027, 3, 31)) == date(2027, 3, 31)
    assert published_day(date(2027, 3, 30)) == date(2026, 12, 31)
    assert published_day(date(2028, 1, 1)) == date(2027, 12, 31)
    assert quarter_end(date(2027, 11, 2)) == date(2027, 12, 31)
    assert quarter_ends(date(2027, 5, 5), 3) == [date(2026, 9, 30), date(2026, 12, 31), date(2027, 3, 31)]


def test_shares_are_rounded_to_five_percent() -> None:
    assert [in_steps(1, 3), in_steps(2, 3), in_steps(0, 0), in_steps(1, 1)] == [35, 65, 0, 100]


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=13), st.booleans())
def test_outside_tables_hold_multiples_of_five_only(pairs: list[tuple[int, int]], ratio: bool) -> None:
    cells = {str(at): PlanCell(n, n + rest if ratio else None) for at, (n, rest) in enumerate(pairs)}
    for cell in [*outside_table(cells).values(), outside_total(total_of(cells))]:
        if isinstance(cell, Shown):
            numbers = [number for number in (cell.n, cell.of, cell.percent) if number is not None]
            assert numbers
            assert [number for number in numbers if number % 5] == []
            assert cell.percent is None or cell.n is cell.of is None


@given(st.integers(0, 200), st.integers(0, 200))
def test_cell_outside_has_ten_officers_and_five_on_each_side(n: int, rest: int) -> None:
    [cell] = outside_table({"a": PlanCell(n, n + rest)}).values()
    assert isinstance(cell, Shown) == (min(n, rest) >= 5)
    assert not (isinstance(cell, Shown) and cell.percent is not None and n + rest < 25)


def test_numbers_are_rounded_to_the_nearest_five() -> None:
    assert [rounded(n) for n in (0, 2, 3, 7, 8, 12.4, 12.5)] == [0, 0, 5, 5, 10, 10, 15]
