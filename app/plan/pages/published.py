"""From sums to what a reader may see of them: the community's figure, and the cells of a table."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator, Plan
from app.identity.domain.people import AgencyKind
from app.identity.queries import visible_identity
from app.plan import labels
from app.plan.domain import cells
from app.plan.domain.cells import GUARDED, HIDDEN, SMALLEST, Cell, Published, Shown
from app.plan.domain.definitions import BY_HAND, SHARES, Collected, Defined, collected
from app.plan.domain.figures import Status, Sum, expected, status, targets_of
from app.plan.pages.filters import PlanFilter
from app.plan.queries import figures
from app.plan.shapes import IndicatorTotals
from app.web.request_state import ProtectedPeople, request_state

ATTENDANCE = "session_attendance"
OFTEN = frozenset({"completed_of_started", ATTENDANCE})  # one officer counts more than once
OFFICERS = OFTEN | {"completers", "active_countries", "verified_in_all", "verified_in_all_share"}
NOTHING = Sum()
MANY = 500  # seats at sessions, courses begun: fewer than five officers do not come to so many
Few = Mapping[date, frozenset[str]]
VERIFIED = frozenset({"verified_in_all", "verified_in_all_share"})


@dataclass(frozen=True, slots=True)
class Headline:
    """The community's figure as the reader may see it. `value` None: hidden, not collected, or nothing reported."""

    indicator: Indicator
    collected: Collected
    value: float | None = None
    n: int | None = None
    of: int | None = None
    hidden: bool = False
    guarded: bool = False  # somebody may be under threat: what is hidden may then be larger

    @property
    def text(self) -> str:
        """Return the figure in words."""
        if self.hidden:
            return fewer(guarded=self.guarded)
        if self.value is None:
            return _("Not yet collected") if self.collected is Collected.NOT_YET else _("Not reported yet")
        return labels.number(self.value, self.indicator.unit)


def places_guarded() -> frozenset[str]:
    """Return the countries, kinds of agencies and roles where somebody under threat serves or served."""
    return _protected().places


def guarded(indicator: Indicator) -> frozenset[str]:
    """Return the cells of an indicator in which somebody under threat may ever have counted."""
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
    """Return who is under threat; asked once a page."""
    state = request_state()
    if state.protected is None:
        state.protected = visible_identity.protected()
    return state.protected


def fewer(*, guarded: bool) -> str:
    """Return what is said in the place of a number that is not shown."""
    return _("Fewer than 10") if guarded else _("Fewer than 5")


def about_officers(indicator: Indicator) -> bool:
    """Say whether the figure is of people, so that small cells are hidden."""
    return indicator.rule in OFFICERS


def by_countries(indicator: Indicator) -> bool:
    """Say whether the figure is what countries report, each for itself."""
    return indicator.rule in BY_HAND and "country" in indicator.split_by


def opens(indicator: Indicator, asked: PlanFilter) -> bool:
    """Say whether the community's figure opens to its records: to a contact point those of the own country alone do."""
    return not (asked.mine and (about_officers(indicator) or by_countries(indicator)))


def cell_of(indicator: Indicator, one: Sum, people: int | None = None, *, guarded: bool = False) -> Cell:
    """Return a sum as a cell."""
    of = round(one.denominator) if indicator.rule in SHARES else None
    return Cell(round(one.numerator), of, people, guarded)


def headline(counted: IndicatorTotals | None, indicator: Indicator, *, mine: str = "", few: bool = False) -> Headline:
    """Return the community's figure; a contact point sees none from which fewer than five of others could be told."""
    if counted is None or collected(counted.defined.indicator) is Collected.NOT_YET:
        return Headline(indicator, Collected.NOT_YET)
    told = Headline(indicator, collected(counted.defined.indicator))
    if not about_officers(counted.defined.indicator) or counted.defined.rule == "active_countries":
        return replace(told, value=counted.value)
    threatened = bool(guarded(counted.defined.indicator))
    total = cell_of(counted.defined.indicator, counted.total, people=0 if few else None, guarded=threatened)
    own = cell_of(counted.defined.indicator, counted.cells.get(mine, Sum())) if mine else None
    if total.of == 0:
        return told
    seen = cells.publish_total(total, mine=own)
    if not isinstance(seen, Shown):
        return replace(told, hidden=True, guarded=total.guarded)
    share = counted.defined.rule in SHARES
    return replace(told, value=seen.share if share else seen.n, n=seen.n, of=seen.of)


def of_day(
    history: Mapping[date, Mapping[str, IndicatorTotals]], indicator: Indicator, day: date, few: Few, *, mine: str
) -> Headline:
    """Return the community's figure of one of the days of a history as the reader may see it."""
    return headline(history[day].get(indicator.id), indicator, mine=mine, few=indicator.id in few[day])


def state(plan: Plan, one: Headline, day: date) -> Status:
    """Return the status of a headline; of a hidden one only what "fewer than five" says already."""
    if plan.head is None:
        return Status.NOT_DUE
    starts = plan.head.period.starts
    if not one.hidden:
        return status(one.value, one.indicator, day=day, starts=starts)
    most = (GUARDED if one.guarded else SMALLEST) - 1
    extremes = {status(float(n), one.indicator, day=day, starts=starts) for n in (0, most)}
    return extremes.pop() if len(extremes) == 1 and one.indicator.rule not in SHARES else Status.NO_DATA


def planned(indicator: Indicator, day: date) -> float | None:
    """Return what is expected of the community by a day."""
    return expected(indicator.baseline, targets_of(indicator), day)


def few(history: Mapping[date, Mapping[str, IndicatorTotals]], *, mine: str = "") -> Few:
    """Return for each day the codes of shares behind which stand fewer than five officers.

    The reader knows those of the own country (`mine`): five others are needed.
    """
    often = [(one, day) for day, found in history.items() for one in found.values() if one.defined.rule in OFTEN]
    none = {
        day: frozenset(one.defined.code for one, at in often if at == day and not _others(one, mine)) for day in history
    }
    doubtful = [(one.defined, day) for one, day in often if 0 < _others(one, mine) < MANY]
    asked = figures.of_few(doubtful, SMALLEST, without=mine)
    return {day: codes | asked.get(day, frozenset()) for day, codes in none.items()}


def doubtful(defined: Defined, found: Mapping[str, Sum]) -> frozenset[str]:
    """Return the cells of which the officers have to be counted: one counts more than once, and they are not many."""
    return frozenset(key for key, one in found.items() if defined.rule in OFTEN and 0 < one.denominator < MANY)


def by_country(
    indicator: Indicator, found: Mapping[str, Sum], members: Collection[str], asked: PlanFilter
) -> dict[str, Published]:
    """Return the cells of the members that the reader may see, of sums on the day that is published for them."""
    if asked.mine:
        return publish(indicator, {asked.mine: found.get(asked.mine, Sum())}, {}, own=True)
    # a posting abroad counts in the total, so it is a cell, too
    keys = {*members, *found}
    return publish(indicator, {key: found.get(key, Sum()) for key in keys}, {}, own=False)


def publish(
    indicator: Indicator, found: Mapping[str, Sum], people: Mapping[str, int], *, own: bool
) -> dict[str, Published]:
    """Return the cells of a table as they may be seen; those of things, not officers, are all seen."""
    often, open_to_all = indicator.rule in OFTEN, own or not about_officers(indicator)
    held = frozenset() if open_to_all else guarded(indicator)
    table = {
        key: cell_of(
            indicator,
            one,
            people.get(key, 0) if often and not own and one.denominator < MANY else None,
            guarded=key in held,
        )
        for key, one in found.items()
    }
    return cells.publish(table, own=open_to_all)


def _others(counted: IndicatorTotals, mine: str) -> float:
    return counted.total.denominator - (counted.cells.get(mine, NOTHING).denominator if mine else 0)


def members(plan: Plan) -> tuple[str, ...]:
    """Return the codes of the member countries."""
    return tuple(plan.head.members) if plan.head else ()


def keys_of(split: str, indicator: Indicator, plan: Plan) -> Iterable[str]:
    """Return every cell that a table has, empty ones too: a missing line would tell that nobody is there."""
    if split == "country":
        return members(plan)
    if split == "agency_kind":
        return [str(kind) for kind in AgencyKind]
    named = indicator.settings.get("roles")
    return list(named) if named else [role for role in labels.roles() if role]


def text(one: Published, unit: str = "count") -> str:
    """Return a cell in words; hidden ones are empty and said by the template."""
    if one == HIDDEN or not isinstance(one, Shown):
        return ""
    if one.share is not None:
        return labels.number(one.share, "percent")
    return labels.number(one.n, "count") if one.n is not None else _("None yet")
