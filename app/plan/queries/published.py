"""The community's figures as a user may see them, by the rule of `domain.cells`; `tables` has single cells."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator, Plan
from app.identity.domain.people import AgencyKind
from app.plan import labels
from app.plan.domain import cells
from app.plan.domain.cells import MIN_GROUP, Banded, PlanCell, Published, Shown
from app.plan.domain.definitions import (
    MEANS,
    SHARES,
    Collected,
    StoredDefinition,
    collected,
    fewest_records,
    is_entered_by_countries,
)
from app.plan.domain.figures import IndicatorStatus, expected, status, targets_of
from app.plan.domain.readers import COMPETENCE_RULES, REPEATED_RULES, VERIFIED_RULES, FigureView, NumberKind, kind_of
from app.plan.domain.sums import FigureSum
from app.plan.queries import left_out, officers
from app.plan.shapes import IndicatorTotals

OFTEN = REPEATED_RULES  # one officer counts more than once
OFFICERS = OFTEN | COMPETENCE_RULES | {"completers", "active_countries"}
NOTHING = FigureSum()
MANY = 500  # seats at sessions, courses begun: fewer than five officers do not come to so many
Few = Mapping[date, frozenset[str]]
VERIFIED = VERIFIED_RULES
History = Mapping[date, Mapping[str, IndicatorTotals]]


@dataclass(frozen=True, slots=True)
class Headline:
    """The community's figure as the user may see it. `value` None: hidden, not collected, or nothing reported.

    `ratio`: a figure without a value, such as 10 of 15. `without`: countries that are left out.
    """

    indicator: Indicator
    collected: Collected
    value: float | None = None
    n: int | None = None
    of: int | None = None
    hidden: bool = False
    ratio: str = ""
    without: tuple[str, ...] = ()
    few: bool = False  # too few records to be compared with the target

    @property
    def text(self) -> str:
        """Return the figure in words."""
        if self.hidden:
            return hidden_text()
        if self.ratio:
            return self.ratio
        if self.value is None:
            return _("Not yet collected") if self.collected is Collected.NOT_YET else _("Not reported yet")
        return labels.number(self.value, self.indicator.unit)


def countries_counted(rule: str, asked: FigureView) -> frozenset[str] | None:
    """Return the countries that process counts for coordinators may sum up, None for all."""
    is_limited = asked.is_coordinator and rule in OFFICERS and kind_of(rule) is NumberKind.PROCESS
    return left_out.agreed_countries() if is_limited else None


def hidden_text() -> str:
    """Return the text instead of a number that is not shown."""
    return _("Fewer than 5")


def about_officers(indicator: Indicator) -> bool:
    """Return whether the figure counts officers, so that the rule of its reader applies."""
    return indicator.rule in OFFICERS


def by_countries(indicator: Indicator) -> bool:
    """Return whether each country reports the figure by hand."""
    return is_entered_by_countries(indicator)


def opens(indicator: Indicator, asked: FigureView) -> bool:
    """Return whether the community's figure links to its records: contact points see those of their country only."""
    return not (asked.own_country and (about_officers(indicator) or by_countries(indicator)))


def day_of(indicator: Indicator, asked: FigureView) -> date:
    """Return the day of the community's figure: numbers of officers are published for the ends of quarters."""
    return asked.outside_day if about_officers(indicator) else asked.on


def cell_of(indicator: Indicator, total: FigureSum, people: int | None = None) -> PlanCell:
    """Return a sum as a cell; of a mean the number of its records."""
    if indicator.rule in MEANS:
        return PlanCell(round(total.denominator), None, people)
    of = round(total.denominator) if indicator.rule in SHARES else None
    return PlanCell(round(total.numerator), of, people)


def headline(totals: IndicatorTotals | None, indicator: Indicator, asked: FigureView, *, few: bool = False) -> Headline:
    """Return the community's figure as its reader sees it; `few`: fewer than five officers count in it."""
    if totals is None or _has_none(totals):
        return Headline(indicator, Collected.NOT_YET)
    enough = totals.total.denominator >= fewest_records(totals.defined.indicator)
    base = Headline(indicator, collected(totals.defined.indicator), few=not enough)
    if not about_officers(totals.defined.indicator) or totals.defined.rule == "active_countries":
        return replace(base, value=totals.value)
    if asked.is_coordinator:
        return _exact(base, totals, countries_counted(totals.defined.rule, asked))
    return _outside(base, totals, asked.own_country, few=few)


def _has_none(totals: IndicatorTotals) -> bool:
    """Return whether an indicator is not collected yet, and no figure was entered meanwhile."""
    source = collected(totals.defined.indicator)
    return source is Collected.NOT_YET or (source is Collected.INTERIM and totals.value is None)


def _exact(base: Headline, totals: IndicatorTotals, countries: Collection[str] | None) -> Headline:
    """Return the figure exactly, of these countries alone."""
    counted = {key: cell for key, cell in totals.cells.items() if countries is None or key in countries}
    total = cell_of(totals.defined.indicator, sum(counted.values(), FigureSum()))
    without = tuple(labels.in_alphabet(totals.cells.keys() - counted.keys()))
    if total.of == 0:
        return replace(base, without=without)
    n = total.n if total.of is not None else None
    return replace(base, value=totals.of(counted), n=n, of=total.of, without=without)


def _outside(base: Headline, totals: IndicatorTotals, own: str, *, few: bool) -> Headline:
    """Return a headline with the number of officers as it is published outside."""
    total = cell_of(totals.defined.indicator, totals.total, people=0 if few else None)
    if total.of == 0:
        return base
    own_cell = cell_of(totals.defined.indicator, totals.cells.get(own, FigureSum())) if own else None
    cell = cells.outside_total(total, own=own_cell)
    if not isinstance(cell, Shown):
        return replace(base, hidden=True)
    if totals.defined.rule in MEANS:
        return replace(base, value=float(cells.rounded(totals.value or 0)))
    return _with_number(base, cell)


def _with_number(base: Headline, cell: Shown) -> Headline:
    """Return a headline with a share, a number, or a number of a number, as a cell has it."""
    if cell.percent is not None:
        return replace(base, value=cell.percent)
    return replace(base, value=cell.n) if cell.of is None else replace(base, ratio=labels.ratio(cell.n, cell.of))


def of_day(history: History, indicator: Indicator, day: date, few: Few, asked: FigureView) -> Headline:
    """Return the community's figure of one of the days of a history as the actor may see it."""
    return headline(history[day].get(indicator.id), indicator, asked, few=indicator.id in few[day])


def state(plan: Plan, headline: Headline, day: date) -> IndicatorStatus:
    """Return the status of a headline; of a hidden figure only if all numbers below five have the same status."""
    if plan.head is None:
        return IndicatorStatus.NOT_DUE
    if headline.few and headline.collected is Collected.PLATFORM:
        headline = replace(headline, value=None, hidden=False)
    starts = plan.head.period.starts
    if not headline.hidden:
        return status(headline.value, headline.indicator, day=day, starts=starts)
    extremes = {status(float(n), headline.indicator, day=day, starts=starts) for n in (0, MIN_GROUP - 1)}
    is_count = headline.indicator.rule not in SHARES | MEANS
    return extremes.pop() if len(extremes) == 1 and is_count else IndicatorStatus.NO_DATA


def expected_figure(indicator: Indicator, day: date) -> float | None:
    """Return the expected figure of the community on a day."""
    return expected(indicator.baseline, targets_of(indicator), day)


def small_ratios(history: History, asked: FigureView) -> Few:
    """Return for each day the codes of ratios with fewer than five officers; a coordinator reads them all.

    A contact point knows the officers of the own country: five others are needed.
    """
    return dict.fromkeys(history, frozenset()) if asked.is_coordinator else _small_ratios(history, asked.own_country)


def _small_ratios(history: History, own: str) -> Few:
    ratios = _ratios(history, own)
    doubtful_ratios = [(defined, day) for day, defined, others in ratios if 0 < others < MANY]
    counted = officers.of_few(doubtful_ratios, MIN_GROUP, without=own)
    codes = {day: set(counted.get(day, ())) for day in history}
    for day, defined, others in ratios:
        if not others:
            codes[day].add(defined.code)
    return {day: frozenset(of_day) for day, of_day in codes.items()}


def _ratios(history: History, own: str) -> list[tuple[date, StoredDefinition, float]]:
    """Return the ratios in which one officer may count more than once, with the denominator of others."""
    return [
        (day, totals.defined, _others(totals, own))
        for day, indicators in history.items()
        for totals in indicators.values()
        if totals.defined.rule in OFTEN
    ]


def _others(totals: IndicatorTotals, own: str) -> float:
    """Return the denominator without the own country."""
    return totals.total.denominator - (totals.cells.get(own, NOTHING).denominator if own else 0)


def members(plan: Plan) -> tuple[str, ...]:
    """Return the codes of the member countries."""
    return tuple(plan.head.members) if plan.head else ()


def keys_of(split: str, indicator: Indicator, plan: Plan) -> Iterable[str]:
    """Return every cell that a table has, empty ones too: a missing line would reveal that it is empty."""
    if split == "country":
        return members(plan)
    if split == "agency_kind":
        return [str(kind) for kind in AgencyKind]
    named = indicator.settings.get("roles")
    return list(named) if named else [role for role in labels.roles() if role]


def text(cell: Published, unit: str = "percent") -> str:
    """Return a cell in words, "" for a hidden one; `unit` is that of its indicator."""
    if isinstance(cell, Banded):
        return band_text(cell)
    return _shown_text(cell, unit) if isinstance(cell, Shown) else ""


def _shown_text(cell: Shown, unit: str) -> str:
    if cell.percent is not None:
        return labels.number(cell.percent, "percentage_points" if unit == "percentage_points" else "percent")
    if cell.of is not None:
        return labels.ratio(cell.n, cell.of) if cell.of else _("None yet")
    return labels.number(cell.n, "count") if cell.n is not None else _("None yet")


def band_text(band: Banded) -> str:
    """Return a band in words: none, 1 to 4, all, with the need if it is known."""
    number = _ends(band)
    if band.need is None:
        return number
    if band.need == 0:
        return _("None yet")
    return _("%(n)s of %(of)s", n=number, of=labels.number(band.need))


def _ends(band: Banded) -> str:
    if band.high == 0:
        return _("none")
    if band.low == band.need:
        return _("all")
    return _("%(low)s to %(high)s", low=labels.number(band.low), high=labels.number(band.high))
