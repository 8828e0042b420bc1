from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import product

import pytest
from hypothesis import given, strategies as st

from app.studio.domain.country_results import Cell, RoundedCell, published_countries

COUNTRIES = ("BG", "GR", "IQ", "NL")
Table = Mapping[str, Cell]
cells = st.integers(0, 60).flatmap(lambda of: st.integers(0, of).map(lambda n: Cell(n, of)))
tables = st.fixed_dictionaries(dict.fromkeys(COUNTRIES, cells))


@given(tables)
def test_shown_countries_have_five_people_in_each_group_and_rounded_numbers(table: Table) -> None:
    for country, cell in published_countries(table).items():
        true = table[country]
        assert min(true.n, true.of - true.n) >= 5
        assert cell.n % 5 == cell.of % 5 == 0
        assert max(abs(cell.n - true.n), abs(cell.of - true.of)) <= 2
        assert (cell.percent is None) == (true.of < 25)


def _possible(table_list: Iterable[Table]) -> Iterable[list[Table]]:
    """Return the tables in groups that look alike: the same countries with the same numbers, the same totals."""
    groups: dict[object, list[Table]] = defaultdict(list)
    for table in table_list:
        totals = sum(cell.n for cell in table.values()), sum(cell.of for cell in table.values())
        groups[tuple(published_countries(table).items()), totals].append(table)
    return groups.values()


def _tables(people: int, count: int) -> Iterable[Table]:
    """Return every table of some countries with a total number of people."""
    for sizes in product(range(people + 1), repeat=count):
        if sum(sizes) == people:
            for counts in product(*(range(size + 1) for size in sizes)):
                yield {name: Cell(n, of) for name, n, of in zip(COUNTRIES, counts, sizes, strict=False)}


@pytest.mark.parametrize(("people", "count"), [(10, 2), (13, 2), (18, 2), (27, 2), (10, 3), (13, 3)])
def test_subtracting_the_countries_from_the_totals_reveals_no_hidden_number(people: int, count: int) -> None:
    """Enumerate tables: those that look alike to a trainer who knows the rule have several values in a hidden cell."""
    tried = 0
    for alike in _possible(_tables(people, count)):
        shown = published_countries(alike[0])
        for name in set(alike[0]) - set(shown):
            if shown:
                assert len({table[name].of for table in alike}) > 1, (name, alike[0])
                assert len({table[name].n for table in alike}) > 1, (name, alike[0])
                tried += 1
    assert (tried > 0) is (people > 10)


def test_countries_are_shown_beside_others_that_are_large_enough() -> None:
    table = {"BG": Cell(12, 31), "GR": Cell(9, 18), "IQ": Cell(14, 40), "NL": Cell(2, 7)}
    assert published_countries(table) == {
        "BG": RoundedCell(10, 30, 40),
        "GR": RoundedCell(10, 20, None),
        "IQ": RoundedCell(15, 40, 35),
    }
    assert published_countries({}) == {}
