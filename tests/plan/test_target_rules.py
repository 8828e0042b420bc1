"""Rules of targets: periods, checks, merging with the plan's targets, the split by need; planned needs in sum."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.references.plan import Baseline, Indicator, IndicatorTarget, Plan, PlanHeader, PlanPeriod
from app.kernel.errors import DomainError, IllegalMoveError
from app.plan.domain import planned_needs as needs, targets
from app.plan.domain.apportionment import split_by_need
from app.plan.domain.figures import expected, targets_of
from app.plan.domain.planned_needs import NewPlannedNeed
from app.plan.domain.targets import AgreedTarget, NewTarget, TargetCell, TargetPeriod, TargetState, TargetStep

STARTS, ENDS = date(2027, 1, 1), date(2029, 12, 31)
SOME_ID = UUID(int=1)
NEEDS = st.dictionaries(st.sampled_from(["AT", "BG", "DE", "IQ", "PK", "RS"]), st.integers(0, 500), max_size=6)


def indicator(unit: str = "count", *own: IndicatorTarget, split: tuple[str, ...] = ("country",)) -> Indicator:
    return Indicator(
        id="OC1.1",
        level="outcome",
        result="OC1",
        rule="completers",
        definition_version=1,
        valid_from=STARTS,
        unit=unit,
        entered="platform",
        frequency="monthly",
        owner="coordinator",
        split_by=split,
        baseline=Baseline(STARTS, 0),
        targets=own,
    )


def plan(*indicators: Indicator) -> Plan:
    return Plan(head=PlanHeader(period=PlanPeriod(STARTS, ENDS), members=("IQ", "BG")), indicator=indicators)


def agreed(value: float, *, country: str = "", period: str = "2028", version: int = 1, since: date = STARTS):
    cell = TargetCell("OC1.1", country, period)
    return AgreedTarget(id=SOME_ID, cell=cell, version=version, value=value, second=None, valid_from=since)


def new(value: float = 8, *, country: str = "", period: str = "2028", reason: str = "Decided", second=None):
    return NewTarget(cell=TargetCell("OC1.1", country, period), value=value, reason=reason, second=second)


@pytest.mark.parametrize("text", ["2028", "2028-Q1", "2029-Q3"])
def test_period_has_one_stored_form(text: str) -> None:
    assert str(targets.period_of(text)) == text


@pytest.mark.parametrize("text", ["", "2028-Q4", "2028-Q0", "1999", "28", "2028-q1", "2028 ", "２０２８"])
def test_period_of_another_text_is_refused(text: str) -> None:
    with pytest.raises(DomainError):
        targets.period_of(text)


def test_quarter_ends_before_its_year() -> None:
    days = [IndicatorTarget(2028, 1, quarter=quarter).ends for quarter in (1, 2, 3, None)]
    assert days == [date(2028, 3, 31), date(2028, 6, 30), date(2028, 9, 30), date(2028, 12, 31)]
    assert TargetPeriod(2028, 1) < TargetPeriod(2028, 2)


@pytest.mark.parametrize(
    "target",
    [
        new(-1), new(0.5), new(float("nan")), new(float("inf")), new(2e9), new(reason=" "), new(reason="x" * 301),
        new(period="2030"), new(period="2026-Q3"), new(period="soon"), new(country="FR"), new(second=3.0),
        replace(new(), cell=TargetCell("OC9.9", "", "2028")),
    ],
)  # fmt: skip
def test_invalid_target_is_refused(target: NewTarget) -> None:
    with pytest.raises(DomainError):
        targets.check(target, plan(indicator()))


def test_target_of_a_country_needs_an_indicator_by_country() -> None:
    targets.check(new(country="IQ"), plan(indicator()))
    with pytest.raises(DomainError):
        targets.check(new(country="IQ"), plan(indicator("count", split=("language",))))


def test_target_in_percent_is_at_most_a_hundred() -> None:
    targets.check(new(99.5), plan(indicator("percent")))
    with pytest.raises(DomainError):
        targets.check(new(100.5), plan(indicator("percent")))


def test_target_of_a_country_has_the_range_of_its_own_unit() -> None:
    points = msgspec.structs.replace(indicator(), rule="observed_countries", settings={"points": 20})
    targets.check(new(20, country="IQ"), plan(points))
    targets.check(new(21), plan(points))
    with pytest.raises(DomainError):
        targets.check(new(21, country="IQ"), plan(points))


def test_target_needs_its_second_value() -> None:
    both = plan(indicator("count", IndicatorTarget(2027, 3, 5)))
    targets.check(new(second=4), both)
    with pytest.raises(DomainError):
        targets.check(new(), both)


@pytest.mark.parametrize("state", list(TargetState))
@pytest.mark.parametrize("step", list(TargetStep))
def test_target_states_follow_their_table(state: TargetState, step: TargetStep) -> None:
    if (state, step) in targets.MOVES:
        assert targets.after(state, step) is targets.MOVES[state, step]
    else:
        with pytest.raises(IllegalMoveError):
            targets.after(state, step)


def test_agreed_target_replaces_that_of_the_plan_from_its_day() -> None:
    whole = plan(indicator("count", IndicatorTarget(2028, 160), IndicatorTarget(2029, 260)))
    versions = [agreed(200, since=date(2028, 3, 1))]
    before = targets.merged(whole, versions, date(2028, 2, 29)).indicator[0]
    after = targets.merged(whole, versions, date(2028, 3, 1)).indicator[0]
    assert [target.value for target in targets_of(before)] == [160, 260]
    assert [target.value for target in targets_of(after)] == [200, 260]


def test_newest_version_in_effect_wins() -> None:
    versions = [agreed(300, version=3, since=ENDS), agreed(200, version=2), agreed(100)]
    effective = targets.effective(versions, date(2028, 1, 1))
    assert [target.value for target in effective.values()] == [200]


def test_target_of_a_quarter_is_a_point_of_the_expected_line() -> None:
    whole = plan(indicator("count", IndicatorTarget(2028, 100)))
    merged = targets.merged(whole, [agreed(80, period="2028-Q2")], STARTS).indicator[0]
    assert expected(merged.baseline, targets_of(merged), date(2028, 6, 30)) == 80
    assert expected(merged.baseline, targets_of(merged), date(2028, 12, 31)) == 100


def test_country_without_a_target_inherits_a_share_and_no_count() -> None:
    community = IndicatorTarget(2028, 60)
    assert [target.value for target in targets_of(indicator("percent", community), "IQ")] == [60]
    assert targets_of(indicator("count", community), "IQ") == ()
    own = indicator("percent", community, IndicatorTarget(2028, 40, country="IQ"))
    assert [target.value for target in targets_of(own, "IQ")] == [40]


def test_merging_nothing_returns_the_same_plan() -> None:
    whole = plan(indicator())
    assert targets.merged(whole, [], STARTS) is whole


@given(st.integers(0, 5000), NEEDS)
def test_split_by_need_sums_to_the_target_and_rounds_quotas(target: int, by_country: Mapping[str, int]) -> None:
    parts, needed = split_by_need(target, by_country), sum(by_country.values())
    if not needed:
        assert parts == {}
        return
    assert sum(parts.values()) == target
    for country, need in by_country.items():
        assert 0 <= parts[country] - target * need // needed <= 1
        assert need or not parts[country]


@given(st.integers(0, 5000), NEEDS, st.integers(2, 9))
def test_split_by_need_is_stable(target: int, by_country: Mapping[str, int], factor: int) -> None:
    parts = split_by_need(target, by_country)
    assert split_by_need(target, dict(reversed(by_country.items()))) == parts
    assert split_by_need(target, {country: need * factor for country, need in by_country.items()}) == parts
    assert all(
        parts[larger] >= parts[smaller]
        for larger in parts
        for smaller in parts
        if by_country[larger] > by_country[smaller]
    )  # fmt: skip


def test_split_by_need_gives_units_to_the_largest_remainders() -> None:
    assert split_by_need(10, {"AT": 1, "BG": 1, "DE": 1}) == {"AT": 4, "BG": 3, "DE": 3}
    assert split_by_need(1300, {"IQ": 150, "BG": 95, "NL": 10}) == {"IQ": 765, "BG": 484, "NL": 51}


@pytest.mark.parametrize(
    "change",
    [
        {"country": "FR"}, {"role": "pilot"}, {"value": -1}, {"value": 1_000_001}, {"day": date(2028, 1, 2)},
        {"source": " "}, {"source": "x" * 301},
    ],
)  # fmt: skip
def test_invalid_planned_need_is_refused(change: Mapping[str, object]) -> None:
    valid = NewPlannedNeed(country="IQ", role="*", value=120, day=date(2028, 1, 1), source="Letter 3")
    where = {"members": ("IQ",), "roles": ("investigator",), "today": date(2028, 1, 1)}
    needs.check(valid, **where)
    with pytest.raises(DomainError):
        needs.check(replace(valid, **change), **where)


def test_planned_need_of_several_roles_needs_each_of_them() -> None:
    assert needs.total({"a": 3, "b": 0}, ("a", "b")) == 3
    assert needs.total({"a": 3, "*": 9}, ("a", "b")) is None
    assert needs.total({"*": 9}, ("*",)) == 9
