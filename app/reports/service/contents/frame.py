"""`ReportFrame`: the plan, the figures and the texts that the contents of a report are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app.catalogue.domain.references.plan import Indicator, Plan
from app.plan.domain.cells import published_day, quarter_ends
from app.plan.domain.falls import DATED_RULES, ComingFigure, Fall, fall_of, limited, quarter_ends_ahead
from app.plan.domain.figures import IndicatorStatus
from app.plan.domain.readers import OutsideView
from app.plan.queries import figures, published
from app.plan.queries.published import Few, Headline
from app.plan.shapes import IndicatorTotals
from app.reports.domain.runs import ReportKind, ReportRequest
from app.reports.shapes import Texts

QUARTERS = 9  # of a trend: two years and their beginning


@dataclass(slots=True)
class SuppressedCells:
    """Counts the cells that are not shown."""

    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFrame:
    """What a report is made of; figures are those published outside, unless a section counts the own country."""

    request: ReportRequest
    plan: Plan
    now: datetime
    history: Mapping[date, Mapping[str, IndicatorTotals]]
    few: Few
    view: OutsideView
    texts: Texts
    is_locked: bool
    suppressed: SuppressedCells = field(default_factory=SuppressedCells)

    @property
    def day(self) -> date:
        """Return the last day of the period."""
        return self.request.period_end

    @property
    def compared(self) -> date | None:
        """Return the last day of the compared period."""
        return self.request.compared_end

    @property
    def first_day(self) -> date:
        """Return the first day that a report covers: after the compared period, else of the quarter."""
        before = self.compared or published_day(self.day - timedelta(days=1))
        return before + timedelta(days=1)

    @property
    def past_days(self) -> list[date]:
        """Return the quarter ends of the trends, the oldest first."""
        return quarter_ends(self.day, QUARTERS)

    @property
    def members(self) -> tuple[str, ...]:
        """Return the member countries."""
        return published.members(self.plan)

    def headline(self, indicator: Indicator, day: date) -> Headline:
        """Return the community's figure of a day as published outside."""
        return published.of_day(self.history, indicator, day, self.few, self.view)

    def totals(self, indicator: Indicator, day: date) -> IndicatorTotals | None:
        """Return the definition and the sums of an indicator on a day."""
        return self.history[day].get(indicator.id)

    def status(self, indicator: Indicator, day: date) -> IndicatorStatus:
        """Return the status on a day; at the end of the period it is at most "at risk" while a fall is coming."""
        state = published.state(self.plan, self.headline(indicator, day), day)
        return limited(state) if day == self.day and self.fall(indicator) else state

    def fall(self, indicator: Indicator) -> Fall | None:
        """Return the coming fall of an indicator, or None."""
        if indicator.rule not in DATED_RULES:
            return None
        now = self.headline(indicator, self.day)
        ahead = [self._coming(indicator, day) for day in quarter_ends_ahead(self.day)]
        return fall_of(now.value, published.state(self.plan, now, self.day), ahead)

    def _coming(self, indicator: Indicator, day: date) -> ComingFigure:
        headline = self.headline(indicator, day)
        number = None if headline.hidden else headline.value or 0.0
        return ComingFigure(day, number, published.state(self.plan, headline, day))


def indicators_of(plan: Plan, result: str) -> list[Indicator]:
    """Return the indicators of an outcome or output."""
    return [indicator for indicator in plan.indicator if indicator.result == result]


def read(request: ReportRequest, texts: Texts, *, is_locked: bool, now: datetime) -> ReportFrame:
    """Read the plan and its figures. Raises LookupError without a plan."""
    plan = figures.plan_of(request.period_end)
    if plan is None:
        raise LookupError("no plan")
    view = OutsideView(request.period_end)
    history = figures.history(_days(request))
    return ReportFrame(
        request=request,
        plan=plan,
        now=now,
        history=history,
        few=published.small_ratios(history, view),
        view=view,
        texts=texts,
        is_locked=is_locked,
    )


def _days(request: ReportRequest) -> Sequence[date]:
    days = {request.period_end, *quarter_ends_ahead(request.period_end)}
    if request.compared_end is not None:
        days.add(request.compared_end)
    if request.kind is ReportKind.QUARTERLY:
        days.update(quarter_ends(request.period_end, QUARTERS))
    return sorted(days)
