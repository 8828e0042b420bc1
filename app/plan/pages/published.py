"""Figures as a user may see them: disclosure control (`domain.cells`) of the community's figure and of tables."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator, Plan
from app.identity.domain.people import AgencyKind
from app.identity.queries import visible_identity
from app.plan import labels
from app.plan.domain import cells
from app.plan.domain.cells import HIDDEN, MIN_GROUP, MIN_GROUP_PROTECTED, PlanCell, Published, Shown
from app.plan.domain.definitions import BY_HAND, MEANS, SHARES, Collected, StoredDefinition, collected, fewest_records
from app.plan.domain.figures import FigureSum, IndicatorStatus, expected, status, targets_of
from app.plan.pages.filters import PlanFilter
from app.plan.queries import figures
from app.plan.shapes import IndicatorTotals
from app.web.request_state import ProtectedPeople, request_state

ATTENDANCE = "session_attendance"
OFTEN = frozenset({
    "completed_of_started", ATTENDANCE, "mean_gain", "retained_share", "scenario_accuracy", "assessors_agree",
})  # fmt: skip  # one officer counts more than once
OFFICERS = OFTEN | {"completers", "active_countries", "verified_in_all", "verified_in_all_share"}
NOTHING = FigureSum()
MANY = 500  # seats at sessions, courses begun: fewer than five officers do not come to so many
Few = Mapping[date, frozenset[str]]
VERIFIED = frozenset({"verified_in_all", "verified_in_all_share"})


@dataclass(frozen=True, slots=True)
class Headline:
    """The community's figure as the user may see it. `value` None: hidden, not collected, or nothing reported."""

    indicator: Indicator
    collected: Collected
    value: float | None = None
    n: int | None = None
    of: int | None = None
    hidden: bool = False
    few: bool = False  # too few records to be compared with the target
    guarded: bool = False  # an officer may be under threat: larger numbers are hidden, too

    @property
    def text(self) -> str:
        """Return the figure in words."""
        if self.hidden:
            return hidden_text(guarded=self.guarded)
        if self.value is None:
            return _("Not yet collected") if self.collected is Collected.NOT_YET else _("Not reported yet")
        return labels.number(self.value, self.indicator.unit)


def places_guarded() -> frozenset[str]:
    """Return the countries, kinds of agencies and roles where an officer under threat serves or served."""
    return _protected().places


def protected_cells(indicator: Indicator) -> frozenset[str]:
    """Return the cells of an indicator in which an officer under threat may ever have counted."""
    threatened = _protected()
    if not threatened.people:
        return frozenset()
    if indicator.rule == ATTENDANCE:  # worked out from events: the records do not lead from the officer
        return threatened.places
    state = request_state()
    if state.guarded is None:
        state.guarded = figures.cells_of(threatened.people)
    return state.guarded.get(indicator.id, frozenset())


def _protected() -> ProtectedPeople:
    """Return the officers under threat, read once a page."""
    state = request_state()
    if state.protected is None:
        state.protected = visible_identity.protected()
    return state.protected


def hidden_text(*, guarded: bool) -> str:
    """Return the text instead of a number that is not shown."""
    return _("Fewer than 10") if guarded else _("Fewer than 5")


def about_officers(indicator: Indicator) -> bool:
    """Return whether the figure counts officers, so that small cells are hidden."""
    return indicator.rule in OFFICERS


def by_countries(indicator: Indicator) -> bool:
    """Return whether each country reports the figure by hand."""
    return indicator.rule in BY_HAND and "country" in indicator.split_by


def opens(indicator: Indicator, asked: PlanFilter) -> bool:
    """Return whether the community's figure links to its records: contact points see those of their country only."""
    return not (asked.own_country and (about_officers(indicator) or by_countries(indicator)))


def cell_of(indicator: Indicator, total: FigureSum, people: int | None = None, *, guarded: bool = False) -> PlanCell:
    """Return a sum as a cell."""
    if indicator.rule in MEANS:
        return PlanCell(round(total.denominator), None, people, guarded)
    of = round(total.denominator) if indicator.rule in SHARES else None
    return PlanCell(round(total.numerator), of, people, guarded)


def headline(totals: IndicatorTotals | None, indicator: Indicator, *, own: str = "", few: bool = False) -> Headline:
    """Return the community's figure; a contact point sees none that reveals fewer than five officers of others."""
    if totals is None or collected(totals.defined.indicator) is Collected.NOT_YET:
        return Headline(indicator, Collected.NOT_YET)
    enough = totals.total.denominator >= fewest_records(totals.defined.indicator)
    base = Headline(indicator, collected(totals.defined.indicator), few=not enough)
    if not about_officers(totals.defined.indicator) or totals.defined.rule == "active_countries":
        return replace(base, value=totals.value)
    threatened = bool(protected_cells(totals.defined.indicator))
    total = cell_of(totals.defined.indicator, totals.total, people=0 if few else None, guarded=threatened)
    return base if total.of == 0 or totals.value is None else _published(base, total, totals, own)


def _published(base: Headline, total: PlanCell, totals: IndicatorTotals, own: str) -> Headline:
    """Return a headline with the number of officers as it may be seen."""
    own_cell = cell_of(totals.defined.indicator, totals.cells.get(own, FigureSum())) if own else None
    cell = cells.publish_total(total, own=own_cell)
    if not isinstance(cell, Shown):
        return replace(base, hidden=True, guarded=total.guarded)
    if totals.defined.rule in MEANS:
        return replace(base, value=totals.value)
    value = cell.percent if totals.defined.rule in SHARES else cell.n
    return replace(base, value=value, n=cell.n, of=cell.of)


def of_day(
    history: Mapping[date, Mapping[str, IndicatorTotals]], indicator: Indicator, day: date, few: Few, *, own: str
) -> Headline:
    """Return the community's figure of one of the days of a history as the actor may see it."""
    return headline(history[day].get(indicator.id), indicator, own=own, few=indicator.id in few[day])


def state(plan: Plan, headline: Headline, day: date) -> IndicatorStatus:
    """Return the status of a headline; of a hidden figure only if all numbers below five have the same status."""
    if plan.head is None:
        return IndicatorStatus.NOT_DUE
    if headline.few and headline.collected is Collected.PLATFORM:
        headline = replace(headline, value=None, hidden=False)
    starts = plan.head.period.starts
    if not headline.hidden:
        return status(headline.value, headline.indicator, day=day, starts=starts)
    most = (MIN_GROUP_PROTECTED if headline.guarded else MIN_GROUP) - 1
    extremes = {status(float(n), headline.indicator, day=day, starts=starts) for n in (0, most)}
    return extremes.pop() if len(extremes) == 1 and headline.indicator.rule not in SHARES else IndicatorStatus.NO_DATA


def expected_figure(indicator: Indicator, day: date) -> float | None:
    """Return the expected figure of the community on a day."""
    return expected(indicator.baseline, targets_of(indicator), day)


def small_ratios(history: Mapping[date, Mapping[str, IndicatorTotals]], *, own: str = "") -> Few:
    """Return for each day the codes of ratios with fewer than five officers.

    The actor knows those of the own country (`own`): five others are needed.
    """
    ratios = _ratios(history, own)
    doubtful_ratios = [(defined, day) for day, defined, others in ratios if 0 < others < MANY]
    counted = figures.of_few(doubtful_ratios, MIN_GROUP, without=own)
    codes = {day: set(counted.get(day, ())) for day in history}
    for day, defined, others in ratios:
        if not others:
            codes[day].add(defined.code)
    return {day: frozenset(of_day) for day, of_day in codes.items()}


def _ratios(
    history: Mapping[date, Mapping[str, IndicatorTotals]], own: str
) -> list[tuple[date, StoredDefinition, float]]:
    """Return the ratios in which one officer may count more than once, with the denominator of others."""
    return [
        (day, totals.defined, _others(totals, own))
        for day, indicators in history.items()
        for totals in indicators.values()
        if totals.defined.rule in OFTEN
    ]


def cells_to_count(defined: StoredDefinition, sums: Mapping[str, FigureSum]) -> frozenset[str]:
    """Return the cells whose officers have to be counted: small cells in which an officer may count more than once."""
    return frozenset(key for key, cell_sum in sums.items() if defined.rule in OFTEN and 0 < cell_sum.denominator < MANY)


def by_country(
    indicator: Indicator, sums: Mapping[str, FigureSum], members: Collection[str], asked: PlanFilter
) -> dict[str, Published]:
    """Return the cells of the members as the user may see them, from sums of the published day."""
    if asked.own_country:
        return publish(indicator, {asked.own_country: sums.get(asked.own_country, FigureSum())}, {}, own=True)
    # a posting abroad counts in the total, so it is a cell, too
    keys = {*members, *sums}
    return publish(indicator, {key: sums.get(key, FigureSum()) for key in keys}, {}, own=False)


def publish(
    indicator: Indicator, sums: Mapping[str, FigureSum], people: Mapping[str, int], *, own: bool
) -> dict[str, Published]:
    """Return the cells of a table as they are published; only cells of officers may be hidden."""
    open_to_all = own or not about_officers(indicator)
    guarded_keys = frozenset() if open_to_all else protected_cells(indicator)
    counts_people = indicator.rule in OFTEN and not own
    table = {
        key: cell_of(
            indicator,
            total,
            people.get(key, 0) if counts_people and total.denominator < MANY else None,
            guarded=key in guarded_keys,
        )
        for key, total in sums.items()
    }
    if indicator.rule in MEANS:
        return {key: _mean(cell, sums[key], own=own) for key, cell in table.items()}
    return cells.publish(table, own=open_to_all)


def _mean(cell: PlanCell, total: FigureSum, *, own: bool) -> Published:
    """Return a mean of the own country; those of other countries are not published."""
    return Shown(None, None, total.numerator / total.denominator) if own and cell.n else HIDDEN


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


def text(cell: Published, unit: str = "count") -> str:
    """Return a cell in words, "" for a hidden one."""
    if cell == HIDDEN or not isinstance(cell, Shown):
        return ""
    if cell.percent is not None:
        return labels.number(cell.percent, "percentage_points" if unit == "percentage_points" else "percent")
    return labels.number(cell.n, "count") if cell.n is not None else _("None yet")
