"""Rules of locked quarters: order and days, canonical form and hash, adjustments, missing figures."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from app.kernel.errors import DomainError
from app.plan.domain import adjustments, frozen, missing, periods
from app.plan.domain.frozen import CellKey, FrozenCell, FrozenRow, LockedFigure
from app.plan.domain.missing import EnteredFigure, MissingFigure
from app.plan.domain.observations import ObservationState
from app.plan.domain.sums import EVERY, FigureSum
from tests.support import plans

STARTS = date(2027, 1, 1)
Q1, Q2, Q3 = date(2027, 3, 31), date(2027, 6, 30), date(2027, 9, 30)
ROW = FrozenRow(Q1, CellKey("OP2.1", "IQ", EVERY, EVERY), 1, FrozenCell(3.0, 0.0))

amounts = st.builds(FigureSum, st.integers(-50, 50).map(float), st.integers(-50, 50).map(float))
sums = st.dictionaries(st.sampled_from(["IQ", "BG", "DE", ""]), amounts)


def test_quarters_run_from_the_plans_first_day_to_today() -> None:
    assert periods.quarters(STARTS, date(2027, 9, 1)) == [Q1, Q2, Q3]
    assert periods.quarters(date(2027, 2, 15), date(2027, 1, 1)) == [Q1]


@pytest.mark.parametrize(
    ("end", "locked", "today", "allowed"),
    [
        (Q1, (), date(2027, 4, 13), False),
        (Q1, (), date(2027, 4, 14), True),
        (Q2, (), date(2027, 8, 1), False),
        (Q2, (Q1,), date(2027, 8, 1), True),
        (Q1, (Q1,), date(2027, 8, 1), False),
        (date(2026, 12, 31), (), date(2027, 8, 1), False),
    ],
)
def test_oldest_quarter_is_lockable_14_days_after_its_end(
    end: date, locked: tuple[date, ...], today: date, allowed: bool
) -> None:
    if allowed:
        periods.check_lockable(end, starts=STARTS, locked=locked, today=today)
        return
    with pytest.raises(DomainError):
        periods.check_lockable(end, starts=STARTS, locked=locked, today=today)


def test_days_up_to_the_last_locked_quarter_are_locked() -> None:
    assert periods.is_in_locked(Q1, [Q1])
    assert periods.is_in_locked(date(2026, 5, 1), [Q1])
    assert not periods.is_in_locked(Q1 + timedelta(1), [Q1])
    assert not periods.is_in_locked(Q1, [])


def test_hash_ignores_the_order_of_rows() -> None:
    other = replace(ROW, key=CellKey("OP2.1", "BG", EVERY, EVERY))
    assert frozen.digest(Q1, [ROW, other]) == frozen.digest(Q1, [other, ROW])


@pytest.mark.parametrize(
    "changed",
    [
        replace(ROW, day=Q2),
        replace(ROW, version=2),
        replace(ROW, beside="{}"),
        replace(ROW, cell=FrozenCell(3.0, 1.0)),
        replace(ROW, cell=FrozenCell(3.0, 0.0, need=1)),
        replace(ROW, key=CellKey("OP2.1", "IQ", "police", EVERY)),
    ],
)
def test_hash_changes_with_each_part_of_a_row(changed: FrozenRow) -> None:
    assert frozen.digest(Q1, [changed]) != frozen.digest(Q1, [ROW])
    assert frozen.digest(Q2, [ROW]) != frozen.digest(Q1, [ROW])


def test_hash_is_of_the_documented_form() -> None:
    text = '["2027-03-31",[["2027-03-31","OP2.1","IQ","*","*",1,3.0,0.0,0.0,0.0,0,0,0,""]]]'
    assert frozen.digest(Q1, [ROW]) == hashlib.sha256(text.encode()).hexdigest()


def test_officers_outside_an_unlisted_country_are_all_officers() -> None:
    cells = {"IQ": FrozenCell(outside=4), EVERY: FrozenCell(outside=9)}
    figure = LockedFigure(Q1, 1, cells)
    assert [figure.officers_outside(country) for country in ("IQ", "BG", "")] == [4, 9, 9]


def test_rounded_sums_have_no_noise() -> None:
    assert frozen.rounded(FrozenCell(0.1 + 0.2, -1e-12)) == FrozenCell(0.3, 0.0)


@given(sums, sums, sums)
def test_noted_adjustments_lead_to_the_live_sums(locked: dict, noted: dict, live: dict) -> None:
    due = adjustments.due(locked, noted, live)
    after = adjustments.adjusted(locked, noted, due)
    assert after == adjustments.adjusted(live)
    assert adjustments.due(locked, adjustments.adjusted(noted, due), live) == {}


def test_adjustment_is_the_difference_of_each_country() -> None:
    locked, live = {"IQ": FigureSum(10), "BG": FigureSum(3)}, {"IQ": FigureSum(12), "DE": FigureSum(1)}
    assert adjustments.due(locked, {}, live) == {"IQ": FigureSum(2), "BG": FigureSum(-3), "DE": FigureSum(1)}
    assert adjustments.due(locked, {"IQ": FigureSum(2)}, live) == {"BG": FigureSum(-3), "DE": FigureSum(1)}


@pytest.mark.parametrize(
    ("end", "months", "first"),
    [(Q1, 3, STARTS), (Q2, 6, STARTS), (date(2027, 12, 31), 12, STARTS), (Q2, 3, date(2027, 4, 1))],
)
def test_period_of_a_figure_ends_with_the_quarter(end: date, months: int, first: date) -> None:
    assert missing.first_day(end, months) == first


def test_missing_figures_name_how_far_each_country_is() -> None:
    plan = plans.plan(plans.toml(plans.indicator("OC2.3"), plans.indicator("OC3.4")))
    entered = [
        EnteredFigure("OC2.3", "IQ", date(2027, 2, 1), ObservationState.PENDING),
        EnteredFigure("OC2.3", "BG", date(2026, 12, 31), ObservationState.APPROVED),  # of the quarter before
        EnteredFigure("OC3.4", "", Q1, ObservationState.RETURNED),
    ]
    assert missing.missing(plan.indicator, entered, ("BG", "IQ"), Q1) == [
        MissingFigure("OC2.3", ObservationState.PENDING, ("IQ",)),
        MissingFigure("OC2.3", None, ("BG",)),
        MissingFigure("OC3.4", ObservationState.DRAFT, ("",)),
    ]


def test_approved_figure_is_not_missing() -> None:
    plan = plans.plan(plans.toml(plans.indicator("OC3.4")))
    states = (ObservationState.DRAFT, ObservationState.APPROVED)
    entered = [EnteredFigure("OC3.4", "", Q1, state) for state in states]
    assert missing.missing(plan.indicator, entered, ("BG", "IQ"), Q1) == []


def test_yearly_figure_is_missing_at_the_end_of_the_year_only() -> None:
    text = plans.toml(plans.indicator("OC3.4")).replace('frequency = "monthly"', 'frequency = "yearly"')
    indicators = plans.plan(text).indicator
    assert missing.missing(indicators, [], ("IQ",), Q1) == []
    assert [gap.code for gap in missing.missing(indicators, [], ("IQ",), date(2027, 12, 31))] == ["OC3.4"]
