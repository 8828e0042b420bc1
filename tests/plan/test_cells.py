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
    publish,
    publish_total,
    published_day,
    quarter_end,
    quarter_ends,
    total_of,
)

COUNTRIES = ("AT", "AZ", "BD", "BA", "BG", "FR", "DE", "HU", "IQ", "NL", "MK", "PK", "RS")
Publication = tuple[object, ...]


def counts(*numbers: int) -> dict[str, PlanCell]:
    return {str(n): PlanCell(number) for n, number in enumerate(numbers)}


def seen(*numbers: int) -> list[int | None]:
    published = publish(counts(*numbers), own=False)
    return [cell.n if isinstance(cell, Shown) else None for cell in published.values()]


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ((5, 9, 30), [5, 9, 30]),  # nothing small, nothing hidden
        ((3, 9, 30), [None, None, 30]),  # the next smallest goes as well
        ((0, 9, 30), [None, None, 30]),  # nought tells as much as one to four
        ((0, 0, 9, 30), [None, None, None, 30]),  # two noughts alone would be given away by their sum
        ((2, 5, 6, 40), [None, None, None, 40]),  # below 6 only 5 could have stood
        ((4, 12, 12, 13, 14), [None] * 5),  # at the most, and more does not help: no breakdown
        ((4, 12, 12, 13, 40), [None, None, None, None, 40]),
        ((4, 12, 14, 40), [None, None, 14, 40]),
        ((4, 4, 4), [None] * 3),
        ((1, 1, 2), [None] * 3),  # fewer than five in all
        ((3, 30), [None, None]),
        ((3, 9, 9, 30), [None, None, None, 30]),  # equals share their fate
    ],
)
def test_small_counts_are_hidden(numbers: tuple[int, ...], shown: list[int | None]) -> None:
    assert seen(*numbers) == shown


def test_the_own_country_sees_its_cells() -> None:
    published = publish({"a": PlanCell(2), "b": PlanCell(0)}, own=True)
    assert published == {"a": Shown(2), "b": Shown(0)}
    assert publish({"a": PlanCell(3, 8)}, own=True) == {"a": Shown(3, 8, 37.5)}


def test_ratios_across_borders_are_rounded_without_numbers() -> None:
    published = publish({"a": PlanCell(17, 40), "b": PlanCell(12, 30)}, own=False)
    assert published == {"a": Shown(None, None, 45.0), "b": Shown(None, None, 40.0)}


@pytest.mark.parametrize(
    "small", [PlanCell(4, 40), PlanCell(37, 40), PlanCell(4, 9), PlanCell(0, 0), PlanCell(20, 40, people=9)]
)
def test_next_smallest_ratio_is_hidden_with_a_small_ratio(small: PlanCell) -> None:
    published = publish({"a": small, "b": PlanCell(12, 30, people=30), "c": PlanCell(40, 90, people=90)}, own=False)
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
    published = publish(cells, own=False)
    hidden = [key for key, cell in published.items() if cell == HIDDEN]
    assert all(cells[key].size >= 5 for key in cells if key not in hidden)
    assert len(hidden) != 1
    if hidden and total_of(cells).size >= 5:
        turned = dict(cells)
        for key, other in zip(hidden, hidden[1:] + hidden[:1], strict=True):
            turned[key] = cells[other]
        assert publish(turned, own=False) == published


@pytest.mark.parametrize(
    ("total", "mine", "shown"),
    [
        (PlanCell(4), None, HIDDEN),
        (PlanCell(0), None, HIDDEN),
        (PlanCell(12), None, Shown(12)),
        (PlanCell(12), PlanCell(8), HIDDEN),  # the reader knows 8 and would know the other 4
        (PlanCell(12), PlanCell(7), Shown(12)),
        (PlanCell(30, 60), None, Shown(30, 60, 50.0)),
        (PlanCell(58, 60), None, Shown(None, None, 95.0)),
        (PlanCell(30, 40), PlanCell(2, 10), Shown(None, None, 75.0)),
        (PlanCell(30, 60, people=3), None, HIDDEN),
    ],
)
def test_totals_are_exact_rounded_or_hidden(total: PlanCell, mine: PlanCell | None, shown: Published) -> None:
    assert publish_total(total, own=mine) == shown


def test_small_changes_are_reported_as_none() -> None:
    assert [change(20, 24), change(20, 16), change(20, 25), change(20, 15)] == [None, None, 5, -5]


def test_published_days_end_a_quarter() -> None:
    assert published_day(date(2027, 3, 31)) == date(2027, 3, 31)
    assert published_day(date(2027, 3, 30)) == date(2026, 12, 31)
    assert published_day(date(2028, 1, 1)) == date(2027, 12, 31)
    assert quarter_end(date(2027, 11, 2)) == date(2027, 12, 31)
    assert quarter_ends(date(2027, 5, 5), 3) == [date(2026, 9, 30), date(2026, 12, 31), date(2027, 3, 31)]


def test_shares_are_rounded_to_five() -> None:
    assert [in_steps(1, 3), in_steps(2, 3), in_steps(0, 0), in_steps(1, 1)] == [35, 65, 0, 100]


def guarded(number: int) -> PlanCell:
    return PlanCell(number, guarded=True)


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ([guarded(12), PlanCell(20)], [12, 20]),  # ten officers and more are shown
        ([guarded(8), PlanCell(20), PlanCell(30)], [None, None, 30]),  # hidden as if it were small, with the next one
        ([PlanCell(6), guarded(8), PlanCell(20), PlanCell(30)], [None, None, 20, 30]),
        ([PlanCell(6), guarded(8), PlanCell(9), PlanCell(10)], [None] * 4),  # what is left has to leave doubt
        ([guarded(4), PlanCell(5)], [None, None]),  # fewer than ten in all
        ([guarded(9), guarded(9), PlanCell(40)], [None, None, None]),
    ],
)
def test_no_cell_under_ten_shows_an_officer_under_threat(cells: list[PlanCell], shown: list[int | None]) -> None:
    published = publish({str(n): cell for n, cell in enumerate(cells)}, own=False)
    assert [cell.n if isinstance(cell, Shown) else None for cell in published.values()] == shown


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=13))
def test_guarded_cells_are_never_shown_under_ten_and_only_hide_more(table: list[tuple[int, bool]]) -> None:
    plain = publish({str(n): PlanCell(number) for n, (number, _guard) in enumerate(table)}, own=False)
    found = publish({str(n): PlanCell(number, guarded=guard) for n, (number, guard) in enumerate(table)}, own=False)
    for n, (number, guard) in enumerate(table):
        if isinstance(found[str(n)], Shown):
            assert not (guard and number < 10)
            assert isinstance(plain[str(n)], Shown)
    hidden = [cell for cell in found.values() if isinstance(cell, Hidden)]
    assert len(hidden) != 1 or len(table) == 1  # one alone is what is left of the total


@pytest.mark.parametrize(("n", "is_shown"), [(9, False), (10, True)])
def test_total_under_ten_with_officer_under_threat_is_hidden(n: int, is_shown: bool) -> None:
    assert isinstance(publish_total(guarded(n)), Shown) == is_shown
    assert isinstance(publish_total(PlanCell(n)), Shown)
    share = publish_total(PlanCell(n + 10, 40, guarded=True))
    assert isinstance(share, Shown)
    assert isinstance(publish_total(PlanCell(n + 10, n + 10 + 9, guarded=True)), Shown)


def test_own_country_sees_its_cells_with_officers_under_threat() -> None:
    assert publish({"IQ": guarded(2)}, own=True) == {"IQ": Shown(2)}
