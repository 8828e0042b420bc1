"""`IndicatorLine`: figure, past quarters and status of an indicator, for the tables of `/plan` and of results."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator, Plan
from app.i18n.babel import joined
from app.i18n.stored_translations import TranslatedText
from app.plan import labels
from app.plan.domain import cells
from app.plan.domain.definitions import Collected
from app.plan.domain.falls import Fall
from app.plan.domain.figures import IndicatorStatus, last_target
from app.plan.domain.sums import FigureSum
from app.plan.pages.filters import PlanFilter
from app.plan.pages.frame import Frame
from app.plan.queries import published
from app.plan.queries.published import Few, Headline
from app.plan.shapes import IndicatorTotals
from app.web import charts
from app.web.table_files import Row

QUARTERS = 6
APART = 28  # days
History = Mapping[date, Mapping[str, IndicatorTotals]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLink:
    """An indicator, result or aim of the plan by code and title; `href` is empty for one without a page."""

    code: str
    title: TranslatedText
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRow(PlanLink):
    """An indicator as a row of a table; `has_figure`: there is a figure to show."""

    number_href: str
    number: str
    remark: str  # of an interim figure
    has_figure: bool
    target: str
    bar: charts.Bar
    bar_label: str
    status: tuple[str, str]
    spark: charts.Spark
    spark_label: str
    change: str
    own: str
    own_href: str


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """An indicator on a day and at the last quarter ends (the oldest first), as the user may see it."""

    indicator: Indicator
    day: date
    now: Headline
    state: IndicatorStatus
    planned: float | None
    past: tuple[tuple[date, Headline, IndicatorStatus], ...]
    own: float | None  # the figure of the user's own country
    is_exact: bool = False  # to a coordinator, for whom small changes count
    fall: Fall | None = None

    @property
    def code(self) -> str:
        """Return the code of the indicator."""
        return self.indicator.id

    @property
    def is_collected(self) -> bool:
        """Return whether the academy or a country collects the figure."""
        return self.now.collected is not Collected.NOT_YET

    @property
    def headlines(self) -> list[Headline]:
        """Return the figures of the last quarter ends."""
        return [headline for _day, headline, _state in self.past]

    @property
    def before(self) -> tuple[date, Headline, IndicatorStatus] | None:
        """Return the last quarter end that lies far enough back to compare with."""
        return next((quarter for quarter in reversed(self.past) if (self.day - quarter[0]).days >= APART), None)


def days(asked: PlanFilter) -> list[date]:
    """Return the days that the tables of the plan need."""
    return sorted({*cells.quarter_ends(asked.on, QUARTERS + 1), asked.on, asked.published})


def read(plan: Plan, history: History, asked: PlanFilter, few: Few) -> list[IndicatorLine]:
    """Return the indicators in the order of the plan."""
    quarters = cells.quarter_ends(asked.on, QUARTERS)
    return [_line(plan, indicator, history, asked, quarters, few) for indicator in plan.indicator]


def indicators_of(lines: Iterable[IndicatorLine], result: str) -> list[IndicatorLine]:
    """Return the indicators of an outcome or output."""
    return [line for line in lines if line.indicator.result == result]


def link(plan: Plan, code: str, endpoint: str, asked: PlanFilter) -> PlanLink:
    """Return the link to the page of an indicator or result."""
    return PlanLink(code=code, title=labels.plan_title(plan, code), href=asked.link(endpoint, code=code))


def rows(frame: Frame, lines: Iterable[IndicatorLine]) -> list[IndicatorRow]:
    """Return indicators as rows of a table."""
    return [_row(frame, line) for line in lines]


def _row(frame: Frame, line: IndicatorLine) -> IndicatorRow:
    asked, indicator, unit = frame.asked, line.indicator, line.indicator.unit
    target = last_target(indicator)
    goal = target.value if target else None
    has_figure = not line.now.hidden and line.now.value is not None
    can_open = frame.opens_rows and has_figure and _opens(line, asked)
    return IndicatorRow(
        code=line.code,
        title=labels.plan_title(frame.plan, line.code),
        href=asked.link("plan.indicator", code=line.code),
        number_href=asked.link("plan.rows" if can_open else "plan.indicator", code=line.code),
        number=line.now.text,
        remark=labels.interim(line.now.collected),
        has_figure=has_figure,
        target=figure_text(goal, unit),
        bar=charts.target_bar(
            baseline=indicator.baseline.value, now=line.now.value, expected=line.planned, target=goal
        ),
        bar_label=joined(_bar_words(line, goal)),
        status=labels.status(line.state),
        spark=charts.spark([headline.value for headline in line.headlines]),
        spark_label=_spark_label(line),
        change=change(line),
        own=figure_text(line.own, unit),
        own_href=asked.link("plan.rows", code=line.code),
    )


def figure_text(value: float | None, unit: str) -> str:
    """Return a figure in words, "" for None."""
    return "" if value is None else labels.number(value, unit)


def _opens(line: IndicatorLine, asked: PlanFilter) -> bool:
    return line.is_collected and published.opens(line.indicator, asked)


def _spark_label(line: IndicatorLine) -> str:
    return joined(["–" if headline.value is None else headline.text for headline in line.headlines])


def change(line: IndicatorLine) -> str:
    """Return the change of a figure since the last quarter end, in words."""
    if line.before is None or line.now.value is None or line.before[1].value is None:
        return _("No figure to compare")
    moved = moved_by(line, line.before[1].value, line.now.value)
    if not moved:
        return _("About the same")
    unit = "percentage_points" if line.indicator.unit == "percent" else line.indicator.unit
    plain = labels.number(abs(moved), unit)
    return _("%(n)s more", n=plain) if moved > 0 else _("%(n)s fewer", n=plain)


def moved_by(line: IndicatorLine, before: float, now: float) -> float | None:
    """Return by how much a figure moved; None for a number of officers that is about the same outside."""
    if line.is_exact or not _has_countries(line.indicator):
        return now - before
    return cells.change(before, now)


def table(plan: Plan, lines: Sequence[IndicatorLine]) -> tuple[Row, list[Row]]:
    """Return the heads and rows of the file of these indicators."""
    quarters = [day for day, _one, _state in lines[0].past] if lines else []
    heads = [
        _("Part of"), _("Indicator"), _("Title"), _("Unit"), _("On"), _("Baseline"), _("Now"), _("Counted"), _("Of"),
        _("Expected today"), _("Target"), _("Target year"), _("State"), _("Remark"),
        *(labels.quarter(day) for day in quarters),
    ]  # fmt: skip
    return heads, [_file_row(plan, line) for line in lines]


def _line(
    plan: Plan, indicator: Indicator, history: History, asked: PlanFilter, quarters: Sequence[date], few: Few
) -> IndicatorLine:
    def seen(day: date) -> Headline:
        return published.of_day(history, indicator, day, few, asked)

    day_now = published.day_of(indicator, asked)
    now = seen(day_now)
    past = [(day, seen(day)) for day in quarters]
    totals = history[asked.on].get(indicator.id)
    own = None
    if asked.own_country and totals is not None and now.collected is Collected.PLATFORM:
        own = (
            totals.of({asked.own_country: totals.cells.get(asked.own_country, FigureSum())})
            if _has_countries(indicator)
            else None
        )
    return IndicatorLine(
        indicator=indicator,
        day=day_now,
        now=now,
        state=published.state(plan, now, day_now),
        planned=published.expected_figure(indicator, day_now),
        past=tuple((day, headline, published.state(plan, headline, day)) for day, headline in past),
        own=own,
        is_exact=asked.is_coordinator,
    )


def _has_countries(indicator: Indicator) -> bool:
    return published.about_officers(indicator) and indicator.rule != "active_countries"


def _bar_words(line: IndicatorLine, target: float | None) -> list[str]:
    unit, baseline = line.indicator.unit, line.indicator.baseline.value
    parts = [_("Reached: %(n)s", n=line.now.text)]
    if baseline is not None:
        parts.append(_("Baseline: %(n)s", n=labels.number(baseline, unit)))
    if line.planned is not None:
        parts.append(_("Expected today: %(n)s", n=labels.goal(line.planned, unit)))
    if target is not None:
        parts.append(_("Target: %(n)s", n=labels.number(target, unit)))
    return parts


def _file_row(plan: Plan, line: IndicatorLine) -> Row:
    indicator, target = line.indicator, last_target(line.indicator)
    return [
        indicator.result, line.code, labels.plan_title(plan, line.code).text, labels.part(plan, line.code, "unit").text,
        line.day, _plain(indicator.baseline.value), cell(line.now), line.now.n, line.now.of, _plain(line.planned),
        _plain(target.value) if target else None, target.period if target else None, labels.status(line.state)[0],
        labels.interim(line.now.collected), *(cell(headline) for _day, headline, _state in line.past),
    ]  # fmt: skip


def cell(headline: Headline) -> str | float:
    """Return a headline for a file: a number, or why there is none."""
    return _plain(headline.value) or 0 if headline.value is not None else headline.text


def _plain(value: float | None) -> float | None:
    if value is None:
        return None
    return int(value) if value == int(value) else round(value, 2)
