"""Targets: their periods, states and checks, and the plan's targets with the agreed ones of the database merged in."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite
from uuid import UUID

import msgspec

from app.catalogue.domain.references.plan import Indicator, IndicatorTarget, Plan, PlanPeriod
from app.catalogue.domain.references.plan_checks import COUNTING_COUNTRIES
from app.kernel.errors import DomainError, IllegalMoveError
from app.plan.domain.entries import entry_rule

REASON_LIMIT = 300  # characters
HIGHEST = 1e9
PERIOD = re.compile(r"(20\d\d)(?:-Q([1-3]))?")
WHOLE_UNITS = frozenset({"count"})
SIGNED_UNITS = frozenset({"percentage_points"})


class TargetState(StrEnum):
    """The state of a version of a target; `replaced`: a later version was proposed or agreed instead."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    AGREED = "agreed"
    REPLACED = "replaced"


class TargetStep(StrEnum):
    PROPOSE = "propose"
    AGREE = "agree"
    WITHDRAW = "withdraw"
    REPLACE = "replace"


class TargetOpinion(StrEnum):
    """The opinion of a country's contact point on a target; it blocks nothing."""

    AGREEMENT = "agreement"
    OBJECTION = "objection"


OPEN = frozenset({TargetState.DRAFT, TargetState.PROPOSED})
MOVES: Mapping[tuple[TargetState, TargetStep], TargetState] = {
    (TargetState.DRAFT, TargetStep.PROPOSE): TargetState.PROPOSED,
    (TargetState.PROPOSED, TargetStep.AGREE): TargetState.AGREED,
    (TargetState.PROPOSED, TargetStep.WITHDRAW): TargetState.DRAFT,
    (TargetState.DRAFT, TargetStep.REPLACE): TargetState.REPLACED,
    (TargetState.PROPOSED, TargetStep.REPLACE): TargetState.REPLACED,
    (TargetState.AGREED, TargetStep.REPLACE): TargetState.REPLACED,
}


@dataclass(frozen=True, slots=True, order=True)
class TargetPeriod:
    """The year or quarter at whose end a target is due; `str` is its stored form: "2028" or "2028-Q2".

    The last quarter ends with the year: its target is the year's.
    """

    year: int
    quarter: int | None = None

    def __str__(self) -> str:
        """Return the stored form."""
        return f"{self.year}" if self.quarter is None else f"{self.year}-Q{self.quarter}"


@dataclass(frozen=True, slots=True, order=True)
class TargetCell:
    """The cell that a target is of: an indicator, a country ("" for the community) and a stored period."""

    code: str
    country: str
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTarget:
    """A version of a target to write; in effect from the day of agreement at the earliest."""

    cell: TargetCell
    value: float
    reason: str
    second: float | None = None
    valid_from: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedTarget:
    """An agreed version of a target, in effect from a day on."""

    id: UUID
    cell: TargetCell
    version: int
    value: float
    second: float | None
    valid_from: date


def period_of(text: str) -> TargetPeriod:
    """Return the period of its stored form. Raises DomainError for another text."""
    match = PERIOD.fullmatch(text)
    if match is None:
        raise DomainError("Choose a year or a quarter of the plan.")
    return TargetPeriod(int(match[1]), int(match[2]) if match[2] else None)


def after(state: TargetState, step: TargetStep) -> TargetState:
    """Return the state that follows; raise IllegalMoveError for a step that is not in the table."""
    try:
        return MOVES[state, step]
    except KeyError:
        raise IllegalMoveError(f"A target that is {state} cannot {step}.") from None


def check(new: NewTarget, plan: Plan) -> None:
    """Raise DomainError for a target that is not allowed."""
    indicator = next((indicator for indicator in plan.indicator if indicator.id == new.cell.code), None)
    if indicator is None or plan.head is None:
        raise DomainError("The plan has no such indicator.")
    _check_time(new, plan.head.period)
    _check_country(indicator, new.cell.country, plan.head.members)
    _check_values(indicator, new)
    if not 0 < len(new.reason.strip()) <= REASON_LIMIT:
        raise DomainError("Write the reason in 1 to 300 characters.")


def periods(plan: Plan) -> list[TargetPeriod]:
    """Return the years of the plan, each after its first three quarters."""
    if plan.head is None:
        return []
    years = range(plan.head.period.starts.year, plan.head.period.ends.year + 1)
    return [TargetPeriod(year, quarter) for year in years for quarter in (1, 2, 3, None)]


def takes_countries(indicator: Indicator) -> bool:
    """Return whether an indicator can have a target for a country."""
    return "country" in indicator.split_by


def is_summed(indicator: Indicator) -> bool:
    """Return whether the community's target is the sum of the countries' targets: of a count, not of countries."""
    return indicator.unit == "count" and takes_countries(indicator) and indicator.rule not in COUNTING_COUNTRIES


def takes_second(indicator: Indicator) -> bool:
    """Return whether the targets of an indicator in the plan have a second value."""
    return any(target.second is not None for target in indicator.targets)


def effective(versions: Iterable[AgreedTarget], day: date) -> dict[TargetCell, AgreedTarget]:
    """Return the version of each cell that is in effect on a day: the newest that is valid then."""
    result: dict[TargetCell, AgreedTarget] = {}
    for target in sorted(versions, key=lambda target: target.version):
        if target.valid_from <= day:
            result[target.cell] = target
    return result


def merged(plan: Plan, versions: Collection[AgreedTarget], day: date) -> Plan:
    """Return the plan with the agreed targets of a day in place of its own targets of the same cells."""
    if not versions:
        return plan
    by_code: dict[str, list[AgreedTarget]] = {}
    for target in effective(versions, day).values():
        by_code.setdefault(target.cell.code, []).append(target)
    return msgspec.structs.replace(
        plan,
        indicator=tuple(
            _merged(indicator, by_code[indicator.id]) if indicator.id in by_code else indicator
            for indicator in plan.indicator
        ),
    )


def _merged(indicator: Indicator, agreed: Iterable[AgreedTarget]) -> Indicator:
    targets = {(str(period(target)), target.country or ""): target for target in indicator.targets}
    for version in agreed:
        targets[version.cell.period, version.cell.country] = _target(version)
    return msgspec.structs.replace(indicator, targets=tuple(targets.values()))


def period(target: IndicatorTarget) -> TargetPeriod:
    """Return the period of a target."""
    return TargetPeriod(target.period, target.quarter)


def _target(version: AgreedTarget) -> IndicatorTarget:
    due = period_of(version.cell.period)
    return IndicatorTarget(
        period=due.year,
        quarter=due.quarter,
        value=version.value,
        second=version.second,
        country=version.cell.country or None,
    )


def _check_time(new: NewTarget, whole: PlanPeriod) -> None:
    if not whole.starts.year <= period_of(new.cell.period).year <= whole.ends.year:
        raise DomainError("Choose a year or a quarter of the plan.")
    if new.valid_from is not None and new.valid_from > whole.ends:
        raise DomainError("Choose a day before the plan ends.")


def _check_country(indicator: Indicator, country: str, members: Collection[str]) -> None:
    if not country:
        return
    if country not in members:
        raise DomainError("Choose a member country.")
    if not takes_countries(indicator):
        raise DomainError("This indicator is of the community as a whole: leave out the country.")


def _check_values(indicator: Indicator, new: NewTarget) -> None:
    for value in (new.value, new.second):
        if value is not None:
            _check_value(value, indicator, new.cell.country)
    if new.second is not None and not takes_second(indicator):
        raise DomainError("This indicator has one value only.")
    if new.second is None and takes_second(indicator):
        raise DomainError("Enter both values of this indicator.")


def _check_value(value: float, indicator: Indicator, country: str) -> None:
    most = _highest(indicator, country)
    least = -100.0 if indicator.unit in SIGNED_UNITS else 0.0
    if not (isfinite(value) and least <= value <= most):
        raise DomainError("Enter a value from %(least)s to %(most)s.", least=f"{least:g}", most=f"{most:,.0f}")
    if indicator.unit in WHOLE_UNITS and value % 1:
        raise DomainError("Enter a whole number.")


def _highest(indicator: Indicator, country: str) -> float:
    """Return the highest value: of a country that reports points or topics by hand, that of its own unit."""
    if country and indicator.rule == "observed_countries":
        return entry_rule(indicator).maximum
    return 100.0 if indicator.unit == "percent" else HIGHEST
