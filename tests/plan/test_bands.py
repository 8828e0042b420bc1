"""What a coordinator reads of competence: bands, the joined row, the guard; tables are enumerated."""

from collections import defaultdict
from datetime import date
from itertools import combinations_with_replacement, product

import pytest
from flask import Flask
from hypothesis import given, strategies as st

from app.plan.domain.bands import BandTable, band_of, competence_table, month_end, process_table
from app.plan.domain.cells import HIDDEN, Banded, PlanCell, Shown
from app.plan.queries import published

Numbers = tuple[int, ...]


def table(needs: Numbers, numbers: Numbers) -> BandTable:
    pairs = zip(needs, numbers, strict=True)
    return competence_table({str(place): PlanCell(n, need) for place, (need, n) in enumerate(pairs)})


def appearance(shown: BandTable) -> tuple[object, ...]:
    """Return all that a coordinator reads of a table: cells, the joined row, the exact total."""
    return (*shown.cells.values(), shown.joined, shown.total, shown.withheld)


def _bands(need: int) -> list[tuple[int, int]]:
    """Return both ends of each band up to a need."""
    return sorted({(band.low, band.high) for band in (band_of(n, need) for n in range(need + 1))})


@pytest.mark.parametrize(
    ("need", "expected"),
    [
        (0, [(0, 0)]),
        (1, [(0, 0), (1, 1)]),
        (5, [(0, 0), (1, 4), (5, 5)]),
        (8, [(0, 0), (1, 7), (8, 8)]),
        (9, [(0, 0), (1, 4), (5, 8), (9, 9)]),
        (12, [(0, 0), (1, 4), (5, 11), (12, 12)]),
        (24, [(0, 0), (1, 4), (5, 9), (10, 14), (15, 19), (20, 23), (24, 24)]),
    ],
)
def test_bands_of_a_need(need: int, expected: list[tuple[int, int]]) -> None:
    assert _bands(need) == expected


@given(st.integers(1, 200))
def test_bands_divide_every_number_up_to_the_need(need: int) -> None:
    edges = _bands(need)
    numbers = [n for low, high in edges for n in range(low, high + 1)]
    assert numbers == list(range(need + 1))
    assert all(high - low >= 3 for low, high in edges[1:-1] if need >= 5)


@given(st.integers(0, 90), st.integers(0, 90))
def test_number_is_inside_its_band(n: int, need: int) -> None:
    for band in (band_of(n, max(n, need)), band_of(n, None)):
        assert band.low <= n <= band.high
        assert band.low <= band.middle <= band.high


@pytest.mark.parametrize(("size", "largest"), [(1, 12), (2, 12), (3, 8)])
def test_no_banded_cell_is_known_in_tables_up_to_three(size: int, largest: int) -> None:
    for needs in combinations_with_replacement(range(1, largest + 1), size):
        assert_no_cell_is_known(needs)


@pytest.mark.parametrize(
    "needs",
    [(5, 5, 6, 9), (5, 7, 8, 12), (3, 5, 9, 10), (1, 2, 6, 11), (2, 4, 5, 5, 6), (1, 1, 3, 5, 7), (5, 5, 5, 5, 5)],
)
def test_no_banded_cell_is_known_in_tables_of_four_and_five(needs: Numbers) -> None:
    assert_no_cell_is_known(needs)


def assert_no_cell_is_known(needs: Numbers) -> None:
    """Assert that among all tables that look alike each banded cell has three values and each unshown one two."""
    alike: dict[tuple[object, ...], list[Numbers]] = defaultdict(list)
    for numbers in product(*(range(need + 1) for need in needs)):
        alike[appearance(table(needs, numbers))].append(numbers)
    for look, twins in alike.items():
        for place, cell in enumerate(look[: len(needs)]):
            values = {numbers[place] for numbers in twins}
            if isinstance(cell, Banded) and cell.low < cell.high:
                assert len(values) >= 3, (needs, look, values)


@given(st.data())
def test_banded_cell_keeps_three_values_in_large_tables(data: st.DataObject) -> None:
    needs = data.draw(st.lists(st.integers(0, 40), min_size=4, max_size=13))
    numbers = tuple(data.draw(st.integers(0, need)) for need in needs)
    shown = table(tuple(needs), numbers)
    spans = [(cell.low, cell.high) for cell in (*shown.cells.values(), shown.joined) if isinstance(cell, Banded)]
    free = 0 if shown.joined else sum(need for need in needs if 0 < need < 5)
    least, most = sum(low for low, _high in spans), sum(high for _low, high in spans) + free
    assert shown.withheld or least <= shown.total.n <= most
    for low, high in spans:
        possible = min(high, shown.total.n - least + low) - max(low, shown.total.n - most + high) + 1
        assert low == high or possible >= 3


def test_table_close_to_none_is_withheld_as_a_whole() -> None:
    shown = table((12, 20, 30), (0, 0, 2))
    assert shown.withheld
    assert set(shown.cells.values()) == {HIDDEN}
    assert shown.total == PlanCell(2, 62)
    assert not table((12, 20, 30), (3, 8, 12)).withheld


def test_small_needs_are_joined_to_one_row() -> None:
    shown = table((2, 3, 4, 20, 30), (1, 2, 2, 8, 12))
    assert (shown.joined_keys, shown.joined) == (["0", "1", "2"], Banded(5, 8, 9))
    assert [shown.cells[key] for key in "012"] == [HIDDEN] * 3
    assert shown.cells["3"] == Banded(5, 9, 20)


def test_joined_row_under_five_is_not_shown() -> None:
    shown = table((1, 3, 20, 30), (1, 1, 8, 12))
    assert (shown.joined_keys, shown.joined, shown.withheld) == (["0", "1"], None, False)


def test_need_of_none_is_told_without_a_band() -> None:
    assert table((0, 20, 30), (0, 8, 12)).cells["0"] == Shown(0, 0)


def test_process_counts_are_exact_with_consent() -> None:
    cells = {"IQ": PlanCell(2, 8), "DE": PlanCell(7, 20), "FR": PlanCell(0)}
    assert process_table(cells, banded=["DE"]) == {
        "IQ": Shown(2, 8, 25.0), "DE": Banded(5, 9, 20), "FR": Shown(0, None, None),
    }  # fmt: skip


def test_process_counts_under_five_are_one_to_four_within_a_month() -> None:
    shown = process_table({"a": PlanCell(0), "b": PlanCell(1), "c": PlanCell(4), "d": PlanCell(5)}, exact=False)
    assert shown == {"a": Shown(0), "b": Banded(1, 4, None), "c": Banded(1, 4, None), "d": Shown(5)}


def test_month_ends() -> None:
    assert [month_end(day) for day in (date(2027, 2, 28), date(2027, 3, 1), date(2028, 3, 30))] == [
        date(2027, 2, 28), date(2027, 2, 28), date(2028, 2, 29),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("band", "text"),
    [(Banded(0, 0, 0), "None yet"), (Banded(0, 0, 7), "none of 7"), (Banded(1, 4, None), "1 to 4")],
)
def test_band_in_words_names_its_need_unless_nobody_needs_it(lite_app: Flask, band: Banded, text: str) -> None:
    with lite_app.test_request_context():
        assert published.band_text(band) == text
