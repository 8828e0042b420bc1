"""How numbers of completion are shown: exact, bands, "1 to 4"; the table adds up in every row and column."""

import csv
import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings, strategies as st

from app.access.policy import Sensitivity
from app.catalogue.queries.versions import CourseRecord
from app.coordination.domain import completion as rules
from app.coordination.domain.completion import CompletionRows, NumberRule, ShownCell, ShownNumber
from app.coordination.pages import completion_files as files, completion_table as tables
from app.coordination.pages.completion_table import CompletionTable, TableSource
from app.coordination.queries.completion import CompletionFilter
from app.learning.domain.completion import CompletionCounts
from app.learning.shapes import CompletionCell, InvitedCell
from tests.support.examples import examples

TODAY = date(2027, 3, 15)
COURSES = [CourseRecord(UUID(int=n), f"M0{n}", f"course-{n}", Sensitivity.UNRESTRICTED, UUID(int=n), 1) for n in (1, 2)]
COUNTRIES, ROLES = ("DE", "FR", "IQ"), ("first_responder", "investigator")


def counts(done: int, begun: int = 0, open_: int = 0, exempt: int = 0) -> CompletionCounts:
    return CompletionCounts(
        assigned=done + begun + open_ + exempt,
        exempt=exempt,
        not_started=open_,
        in_progress=begun,
        completed_on_time=done,
        overdue=open_,
    )


def table(
    cells: list[CompletionCell],
    *,
    by: CompletionRows = CompletionRows.COUNTRY,
    exact: frozenset[str] = frozenset(COUNTRIES),
    rule: NumberRule = NumberRule.EXACT,
    country: str = "",
) -> CompletionTable:
    chosen = CompletionFilter(on=TODAY, by=by, country=country)
    invited = [InvitedCell("DE", ROLES[0], 3, 0), InvitedCell("FR", ROLES[0], 7, 0)]
    countries = [country] if country else COUNTRIES
    return tables.build(TableSource(chosen, cells, invited, COURSES, {}, countries, exact, rule))


_cells = st.lists(
    st.builds(
        CompletionCell,
        st.sampled_from([course.id for course in COURSES]),
        st.sampled_from(COUNTRIES),
        st.sampled_from(ROLES),
        st.builds(counts, *(st.integers(0, 12) for _counter in range(4))),
    ),
    max_size=12,
)


@pytest.mark.parametrize(
    ("number", "low", "high"), [(0, 0, 0), (1, 1, 4), (4, 1, 4), (5, 5, 9), (9, 5, 9), (10, 10, 14), (43, 40, 44)]
)
def test_band_of_a_number(number: int, low: int, high: int) -> None:
    assert rules.band(number) == ShownNumber(low, high)


@pytest.mark.parametrize(
    ("day", "rule"),
    [
        (TODAY, NumberRule.EXACT),
        (date(2027, 2, 28), NumberRule.EXACT),
        (date(2024, 2, 29), NumberRule.EXACT),
        (date(2024, 2, 28), NumberRule.FEW_IN_BAND),
        (date(2027, 3, 14), NumberRule.FEW_IN_BAND),
    ],
)
def test_numbers_are_exact_today_and_at_ends_of_months(day: date, rule: NumberRule) -> None:
    assert rules.rule_on(day, TODAY) is rule


def test_ends_of_months_run_back_over_the_new_year() -> None:
    assert list(rules.month_ends(TODAY, 4)) == [
        date(2027, 2, 28), date(2027, 1, 31), date(2026, 12, 31), date(2026, 11, 30)
    ]  # fmt: skip


@given(parts=st.lists(st.integers(0, 12), min_size=2, max_size=6))
def test_sum_beside_a_number_of_one_to_four_is_a_band(parts: list[int]) -> None:
    cells = [ShownCell((counts(part),), NumberRule.FEW_IN_BAND) for part in parts]
    total = rules.sum_of(cells).number("completed")
    assert total.low <= sum(parts) <= total.high
    assert total.is_exact == (not any(0 < part < rules.FEW for part in parts) or sum(parts) == 0)
    assert all(
        cell.number("completed").is_exact or 0 < part < rules.FEW for cell, part in zip(cells, parts, strict=True)
    )


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cells=_cells, by=st.sampled_from(CompletionRows))
def test_cells_add_up_and_sums_equal_their_rows(app: Flask, cells: list[CompletionCell], by: CompletionRows) -> None:
    with app.test_request_context():
        shown = table(cells, by=by)
    for row in [*shown.rows, shown.total]:
        for cell in row.cells:
            parts = [cell.number(name).low for name in ("exempt", "not_started", "in_progress", "completed")]
            assert cell.number("assigned").low == sum(parts)
    for index, cell in enumerate(shown.total.cells):
        assert cell.counts == _sum(row.cells[index].counts for row in shown.rows)
    assert shown.whole.counts == _sum(cell.counts for cell in cells)


def _sum(parts: Iterable[CompletionCounts]) -> CompletionCounts:
    return sum(parts, CompletionCounts())


def test_country_without_consent_is_in_bands_and_in_no_sum(context: Flask) -> None:
    cells = [_cell("DE", counts(6)), _cell("FR", counts(7, open_=2))]
    with context.test_request_context():
        shown = table(cells, exact=frozenset({"FR", "IQ"}))
    rows = {row.country: row for row in shown.rows}
    assert rows["DE"].cells[0].number("completed") == ShownNumber(5, 9)
    assert rows["DE"].invited == ShownNumber(1, 4)
    assert shown.whole.counts == counts(7, open_=2)
    assert shown.total.invited == ShownNumber(7, 7)
    assert shown.left_out == ["DE"]


@pytest.mark.parametrize("by", CompletionRows)
def test_table_of_a_country_without_consent_is_in_bands(context: Flask, by: CompletionRows) -> None:
    with context.test_request_context():
        shown = table([_cell("DE", counts(6))], by=by, country="DE", exact=frozenset({"FR"}))
    assert {row.cells[0].number("completed") for row in shown.rows} == {ShownNumber(5, 9)}
    assert shown.whole.number("completed") == ShownNumber(5, 9)
    assert not shown.shows_few


@pytest.mark.parametrize(("number", "few"), [(4, True), (5, False)])
def test_table_tells_whether_it_shows_a_number_under_five(context: Flask, number: int, few: bool) -> None:
    late = replace(counts(number), overdue=number)
    with context.test_request_context():
        assert table([_cell("IQ", late)], by=CompletionRows.COURSE).shows_few is few
        assert not table([_cell("IQ", late)], by=CompletionRows.COURSE, rule=NumberRule.FEW_IN_BAND).shows_few


def _cell(country: str, counted: CompletionCounts) -> CompletionCell:
    return CompletionCell(COURSES[0].id, country, ROLES[0], counted)


def test_published_shares_are_in_steps_of_five_without_small_groups(context: Flask) -> None:
    cells = [_cell("DE", counts(7, open_=13)), _cell("FR", counts(11, open_=12)), _cell("IQ", counts(3, open_=20))]
    with context.test_request_context():
        sent = files.publication("csv", cells, COURSES[:1], countries=COUNTRIES, day=date(2027, 3, 31))
        rows = list(csv.reader(io.StringIO(sent.get_data(as_text=True).removeprefix("\ufeff"), newline="")))
    shares = {row[2]: row[3] for row in rows[1:]}
    assert shares["Iraq"] == "Not shown"
    assert all(value == "Not shown" or int(value) % 5 == 0 for value in shares.values())
    assert shares[""] == "30"  # 21 of 66, all countries
