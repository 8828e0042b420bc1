"""Indicators in a report: tables with the compared period, trends with forecast, falls, what changed."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator, PlanResult
from app.i18n.babel import joined, words as day_words
from app.plan import labels
from app.plan.domain.cells import MIN_GROUP
from app.plan.domain.definitions import SHARES, Collected
from app.plan.domain.falls import Fall, quarter_ends_ahead
from app.plan.domain.figures import IndicatorStatus, last_target
from app.plan.queries import published
from app.reports.domain.document import (
    Block,
    Cell,
    CellKind,
    ReportColumn,
    ReportParagraph,
    Row,
    Section,
    Series,
    Table,
    TrendBlock,
    TrendPoint,
)
from app.reports.service.contents import values
from app.reports.service.contents.frame import ReportFrame, indicators_of

LATE = frozenset({IndicatorStatus.AT_RISK, IndicatorStatus.BEHIND})
FEWEST_POINTS = 2


def result_section(frame: ReportFrame, result: PlanResult, text_key: str) -> Section:
    """Return the page of an outcome or output: table, trends, text."""
    title = labels.plan_title(frame.plan, result.id).text
    indicators = indicators_of(frame.plan, result.id)
    blocks: list[Block] = [table(frame, indicators)]
    blocks += [chart for chart in (trend(frame, indicator) for indicator in indicators) if chart is not None]
    blocks.append(comment(frame, text_key))
    name = _("%(code)s %(title)s", code=result.id, title=title)
    return Section(key=text_key, title=name, sheet=values.sheet(result.id), blocks=tuple(blocks))


def comment(frame: ReportFrame, key: str) -> ReportParagraph:
    """Return the text of a field, or that there is none."""
    return ReportParagraph(text=frame.texts.get(key, "").strip() or _("No comment"), is_comment=True)


def table(frame: ReportFrame, indicators: Sequence[Indicator]) -> Table:
    """Return the table of indicators: baseline, then, now, change, expected, target, status."""
    rows = tuple(_row(frame, indicator) for indicator in indicators)
    return Table(caption=_("Indicators"), columns=_columns(frame), rows=rows)


def _columns(frame: ReportFrame) -> tuple[ReportColumn, ...]:
    number = CellKind.NUMBER
    then = [] if frame.compared is None else [values.column(labels.quarter(frame.compared), number)]
    change = [] if frame.compared is None else [values.column(_("Change"), number)]
    return (
        values.column(_("Indicator")),
        values.column(_("Baseline"), number),
        *then,
        values.column(labels.quarter(frame.day), number),
        *change,
        values.column(_("Expected"), number),
        values.column(_("Target"), number),
        values.column(_("Status"), CellKind.STATUS),
    )


def _row(frame: ReportFrame, indicator: Indicator) -> Row:
    then = [] if frame.compared is None else [_figure(frame, indicator, frame.compared)]
    change = [] if frame.compared is None else [values.change(frame, indicator)]
    cells = (
        values.text(name(frame, indicator)),
        values.number(indicator.baseline.value, indicator.unit),
        *then,
        _figure(frame, indicator, frame.day),
        *change,
        _expected(frame, indicator),
        _target(indicator),
        values.status(frame.status(indicator, frame.day)),
    )
    return Row(cells=cells, code=indicator.id)


def name(frame: ReportFrame, indicator: Indicator) -> str:
    """Return code and title of an indicator, and whether its figure is entered by hand for the time being."""
    title = _("%(code)s %(title)s", code=indicator.id, title=labels.plan_title(frame.plan, indicator.id).text)
    remark = labels.interim(frame.headline(indicator, frame.day).collected)
    return _("%(title)s (%(remark)s)", title=title, remark=remark) if remark else title


def _figure(frame: ReportFrame, indicator: Indicator, day: date) -> Cell:
    return values.of_headline(frame.headline(indicator, day), frame.suppressed)


def _expected(frame: ReportFrame, indicator: Indicator) -> Cell:
    value = published.expected_figure(indicator, frame.day)
    if value is None:
        return values.text("")
    return Cell(text=labels.goal(value, indicator.unit), kind=values.kind_of(indicator.unit), value=values.plain(value))


def _target(indicator: Indicator) -> Cell:
    target = last_target(indicator)
    if target is None:
        return values.text("")
    shown = labels.number(target.value, indicator.unit)
    text = _("%(n)s in %(year)s", n=shown, year=target.period)
    return Cell(text=text, kind=values.kind_of(indicator.unit), value=values.plain(target.value))


def trend(frame: ReportFrame, indicator: Indicator) -> TrendBlock | None:
    """Return the figures at the quarter ends with the forecast, or None with fewer than two figures."""
    past = tuple(TrendPoint(day=day.isoformat(), value=_value(frame, indicator, day)) for day in _shown_days(frame))
    if sum(point.value is not None for point in past) < FEWEST_POINTS:
        return None
    target = last_target(indicator)
    return TrendBlock(
        caption=name(frame, indicator),
        description=" ".join([_description(indicator, past), *_fall_texts(frame, indicator)]),
        unit=labels.part(frame.plan, indicator.id, "unit").text,
        series=(Series(name=_("Reached"), points=past), *_forecast_series(frame, indicator, past[-1])),
        target=None if target is None else float(target.value),
        target_label="" if target is None else _("Target %(year)s", year=target.period),
    )


def _forecast_series(frame: ReportFrame, indicator: Indicator, last: TrendPoint) -> list[Series]:
    ahead = _forecast(frame, indicator)
    name_ahead = _("If nothing new is proven")
    return [Series(name=name_ahead, points=(last, *ahead), is_forecast=True)] if ahead else []


def _fall_texts(frame: ReportFrame, indicator: Indicator) -> list[str]:
    fall = frame.fall(indicator)
    return fall_sentences(frame, indicator, fall) if fall else []


def _shown_days(frame: ReportFrame) -> list[date]:
    starts = frame.plan.head.period.starts if frame.plan.head else frame.day
    return [day for day in frame.past_days if day >= starts or day == frame.day]


def _value(frame: ReportFrame, indicator: Indicator, day: date) -> float | None:
    headline = frame.headline(indicator, day)
    return None if headline.hidden else headline.value


def _forecast(frame: ReportFrame, indicator: Indicator) -> list[TrendPoint]:
    """Return the figures of the coming quarter ends; a number under five ends the line at five."""
    points: list[TrendPoint] = []
    if indicator.rule not in published.VERIFIED or _value(frame, indicator, frame.day) is None:
        return points
    for day in quarter_ends_ahead(frame.day):
        headline = frame.headline(indicator, day)
        if headline.hidden:
            end = None if indicator.rule in SHARES else float(MIN_GROUP)
            return [*points, TrendPoint(day=day.isoformat(), value=end)]
        points.append(TrendPoint(day=day.isoformat(), value=headline.value))
    return points


def _description(indicator: Indicator, past: Sequence[TrendPoint]) -> str:
    shown = [point for point in past if point.value is not None]
    first, last = shown[0], shown[-1]
    return _(
        "%(first)s on %(first_day)s, %(last)s on %(last_day)s.",
        first=labels.number(first.value or 0, indicator.unit),
        first_day=day_words(date.fromisoformat(first.day)),
        last=labels.number(last.value or 0, indicator.unit),
        last_day=day_words(date.fromisoformat(last.day)),
    )


def fall_sentences(frame: ReportFrame, indicator: Indicator, fall: Fall) -> list[str]:
    """Return a coming fall in words."""
    unit = indicator.unit if indicator.rule in SHARES else "count"
    parts = [
        _(
            "%(n)s on %(day)s",
            n=_("fewer than 5") if figure.number is None else labels.number(figure.number, unit),
            day=day_words(figure.day),
        )
        for figure in fall.ahead
    ]
    return [_("If nothing new is proven: %(figures)s.", figures=joined(parts))]


def changes(frame: ReportFrame) -> list[str]:
    """Return the figures that changed from the compared period, in the order of the plan."""
    if frame.compared is None:
        return []
    sentences = []
    for indicator in frame.plan.indicator:
        cell = values.change(frame, indicator)
        if cell.value is None:
            continue
        now = frame.headline(indicator, frame.day)
        title = name(frame, indicator)
        sentences.append(_("%(title)s: %(now)s, %(change)s.", title=title, now=now.text, change=cell.text))
    return sentences


def attention(frame: ReportFrame) -> list[str]:
    """Return the late indicators, those behind first, then coming falls."""
    states = [(indicator, frame.status(indicator, frame.day)) for indicator in frame.plan.indicator]
    late = [pair for pair in states if pair[1] in LATE]
    late.sort(key=lambda pair: pair[1] is not IndicatorStatus.BEHIND)
    return [_attention_text(frame, indicator, state) for indicator, state in late]


def _attention_text(frame: ReportFrame, indicator: Indicator, state: IndicatorStatus) -> str:
    expected = published.expected_figure(indicator, frame.day)
    late_text = _(
        "%(title)s: %(status)s. %(now)s reached, %(expected)s expected.",
        title=name(frame, indicator),
        status=labels.status(state)[0],
        now=frame.headline(indicator, frame.day).text,
        expected="" if expected is None else labels.goal(expected, indicator.unit),
    )
    return " ".join([late_text, *_fall_texts(frame, indicator)])


def statuses(frame: ReportFrame) -> dict[IndicatorStatus, int]:
    """Return the number of indicators with a target by status."""
    counts = dict.fromkeys(IndicatorStatus, 0)
    for indicator in frame.plan.indicator:
        if indicator.targets:
            counts[frame.status(indicator, frame.day)] += 1
    return counts


def not_collected(frame: ReportFrame) -> list[Indicator]:
    """Return the indicators that are not collected."""
    return [
        indicator
        for indicator in frame.plan.indicator
        if frame.headline(indicator, frame.day).collected is Collected.NOT_YET
    ]
