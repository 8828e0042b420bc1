"""`/plan/indicators/<code>`: the definition of an indicator, its figures today and over time, its cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator, IndicatorTarget, Plan
from app.i18n.languages import country_name
from app.i18n.stored_translations import TranslatedText
from app.plan import labels
from app.plan.domain import cells
from app.plan.domain.cells import HIDDEN
from app.plan.domain.definitions import StoredDefinition
from app.plan.domain.falls import DATED_RULES, month_ends_ahead
from app.plan.domain.figures import last_target
from app.plan.domain.targets import period
from app.plan.pages import falls, lines
from app.plan.pages.capacity import CapacityTable
from app.plan.pages.filters import PlanFilter
from app.plan.pages.frame import Frame
from app.plan.pages.indicator_cells import CellTable
from app.plan.pages.lines import IndicatorLine
from app.plan.pages.over_time import FigureHistory, TrendChart
from app.plan.queries import published
from app.plan.queries.need_texts import NeedTexts
from app.web.pages import Page
from app.web.table_files import Row

QUARTERS = 8  # of the line over time
SPLITS = {
    "country": "country", "host_country": "country", "owner_country": "country", "agency_type": "agency_kind",
    "role": "role",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorPage(Page):
    """An indicator. Figures that do not exist are empty texts; `own` is the figure of the own country.

    `not_by_sex`: a split by sex was asked for, and is not collected. `country` narrows the figures over time.
    """

    template: ClassVar[str] = "plan/indicator.html"
    frame: Frame
    line: IndicatorLine
    defined: StoredDefinition
    title: TranslatedText
    body: TranslatedText
    caution: TranslatedText
    unit: TranslatedText
    verification: TranslatedText
    result: str
    result_href: str
    status: tuple[str, str]
    baseline: str
    now_counted: str
    now_href: str
    planned: str
    target: IndicatorTarget | None
    target_text: str
    target_period: str
    own: str
    rows_href: str
    source: str
    frequency: str
    owner: str
    not_by_sex: bool
    past: FigureHistory
    trend: TrendChart | None
    tables: Sequence[CellTable]
    capacity: CapacityTable | None
    chips: Sequence[tuple[str, str]]
    links: Mapping[str, str]
    country: str
    companions: Sequence[str] = ()
    own_need: str = ""
    own_chain_href: str = ""
    own_chain_today: str = ""
    adjustments: Sequence[str] = ()

    @property
    def fall(self) -> Sequence[str]:
        """Return the fall of the figure in words, nothing without one."""
        fall = self.line.fall
        return () if fall is None else [text for text in falls.sentences(self.line, fall, self.frame.asked.on) if text]

    @property
    def what_if_href(self) -> str:
        """Return the address of the what-if page, "" without one."""
        is_dated = self.line.indicator.rule in DATED_RULES and not self.frame.asked.past
        return falls.what_if_href(self.frame, self.line.code) if is_dated else ""


def days(asked: PlanFilter, plan: Plan) -> list[date]:
    """Return the days that the page needs: the quarter ends since the plan began, today, the days of the forecast."""
    starts = plan.head.period.starts if plan.head else asked.on
    back = [day for day in cells.quarter_ends(asked.on, QUARTERS) if (starts - day).days <= 1]
    needed = {*back, *cells.quarter_ends(asked.on, lines.QUARTERS + 1), asked.on, asked.published, asked.process_day}
    return sorted(needed | set(ahead(asked)))


def ahead(asked: PlanFilter) -> list[date]:
    """Return the coming month ends of the forecast; none for an earlier day, which needs no forecast."""
    return [] if asked.past else month_ends_ahead(asked.on)


def splits(defined: StoredDefinition) -> list[str]:
    """Return the splits of the indicator's definition: by country, kind of agency, role."""
    named = dict.fromkeys(SPLITS[name] for name in defined.indicator.split_by if name in SPLITS)
    officers = published.about_officers(defined.indicator)
    return [split for split in named if officers or split == "country"]


def show(
    frame: Frame,
    line: IndicatorLine,
    defined: StoredDefinition,
    *,
    past: FigureHistory,
    trend: TrendChart | None,
    tables: Sequence[CellTable],
    capacity: CapacityTable | None,
) -> IndicatorPage:
    """Return the page of an indicator."""
    plan, asked, code, indicator = frame.plan, frame.asked, line.code, line.indicator
    target = last_target(indicator)
    target_text, target_period = _target_texts(target, indicator.unit)
    rows_href = _rows_href(frame, line)
    return IndicatorPage(
        frame=frame,
        line=line,
        defined=defined,
        title=labels.plan_title(plan, code),
        body=labels.body(plan, code),
        caution=labels.part(plan, code, "caution"),
        unit=labels.part(plan, code, "unit"),
        verification=labels.part(plan, code, "verification"),
        result=_result(indicator),
        result_href=_result_href(plan, indicator, asked),
        status=labels.status(line.state),
        baseline=lines.figure_text(indicator.baseline.value, indicator.unit),
        now_counted=labels.interim(line.now.collected) or labels.ratio(line.now.n, line.now.of),
        now_href=_now_href(frame, line),
        planned="" if line.planned is None else labels.goal(line.planned, indicator.unit),
        target=target,
        target_text=target_text,
        target_period=target_period,
        own=lines.figure_text(line.own, indicator.unit),
        rows_href=rows_href,
        source=labels.interim(line.now.collected) or labels.source(indicator.entered),
        frequency=labels.frequency(indicator.frequency),
        owner=labels.owner(indicator.owner),
        not_by_sex=not {"gender", "sex"}.isdisjoint(indicator.split_by),
        past=past,
        trend=trend,
        tables=tables,
        capacity=capacity,
        chips=asked.chips("plan.indicator", code=code),
        links=asked.file_links("plan.indicator", code=code, **asked.free_cut),
        country=country_name(asked.country) if asked.country and not asked.own_country else "",
    )


def table(code: str, past: FigureHistory, tables: Sequence[CellTable]) -> tuple[Row, list[Row]]:
    """Return the heads and rows of the file of an indicator: its figures over time, then its cells."""
    heads = [_("Indicator"), _("Part"), _("Cell"), _("On"), _("Figure"), _("Need")]
    over_time = [[code, _("Over time"), "", figure.day, figure.value, ""] for figure in past.figures]
    cell_rows = [
        [code, table.title, row.label, table.day, row.number, row.need] for table in tables for row in table.rows
    ]
    return heads, [*over_time, *cell_rows]


def _target_texts(target: IndicatorTarget | None, unit: str) -> tuple[str, str]:
    """Return the values of a target and its year or quarter, empty without a target."""
    if target is None:
        return "", ""
    return labels.values(target.value, target.second, unit), labels.period(period(target))


def own_need(indicator: Indicator, asked: PlanFilter, needs: NeedTexts | None) -> str:
    """Return the need of the own country of a contact point, who sees no table by country."""
    return needs.text(indicator, asked.own_country, HIDDEN) if needs and asked.own_country else ""


def _rows_href(frame: Frame, line: IndicatorLine) -> str:
    """Return the address of the records behind the figure, "" if the user may not open them."""
    opens = frame.opens_rows and line.is_collected and not line.now.hidden
    return frame.asked.link("plan.rows", code=line.code) if opens else ""


def _now_href(frame: Frame, line: IndicatorLine) -> str:
    opens = line.now.value is not None and published.opens(line.indicator, frame.asked)
    return _rows_href(frame, line) if opens else ""


def _result(indicator: Indicator) -> str:
    if indicator.level == "outcome":
        return _("Outcome %(code)s", code=indicator.result)
    return _("Output %(code)s", code=indicator.result) if indicator.level == "output" else _("Context")


def _result_href(plan: Plan, indicator: Indicator, asked: PlanFilter) -> str:
    if any(outcome.id == indicator.result for outcome in plan.outcome):
        return asked.link("plan.outcome", code=indicator.result)
    if any(output.id == indicator.result for output in plan.output):
        return asked.link("plan.output", code=indicator.result)
    return asked.link("plan.show_overview")
