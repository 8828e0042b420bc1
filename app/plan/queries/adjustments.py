"""Adjustments of locked figures in words, as their reader sees the figures before and after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator
from app.i18n import babel
from app.i18n.babel import words as day_words
from app.plan import labels
from app.plan.domain import adjustments as rules
from app.plan.domain.cells import quarter_end
from app.plan.domain.readers import FigureView
from app.plan.domain.sums import FigureSum
from app.plan.queries import published
from app.plan.queries.published import Few, History
from app.plan.shapes import AdjustmentLine, IndicatorTotals

Lines = Sequence[AdjustmentLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentRow:
    """What late evidence of a day changes in a locked figure; `change` and `after` are empty if they are not shown."""

    code: str
    quarter_end: date
    counts_in: date
    noted_on: date
    change: str
    after: str
    reason: str


def rows(lines: Iterable[AdjustmentLine], history: History, few: Few, asked: FigureView) -> list[AdjustmentRow]:
    """Return the adjustments of the days in the history by quarter, indicator and day."""
    result: list[AdjustmentRow] = []
    for (end, code), group in groupby(lines, key=lambda line: (line.quarter_end, line.code)):
        totals = history.get(end, {}).get(code)
        if totals is not None:
            result += _rows(list(group), totals, asked, few=code in few.get(end, ()))
    return result


def sentences(adjusted: Iterable[AdjustmentRow], asked: FigureView) -> list[str]:
    """Return the adjustments that belong to the day of a page: of its locked quarter, or counted in its quarter."""
    running = quarter_end(asked.on)
    shown = [row for row in adjusted if row.quarter_end == asked.on or row.counts_in == running]
    return [_sentence(row) for row in shown if row.change]


def _sentence(row: AdjustmentRow) -> str:
    return _(
        "Adjustment of %(quarter)s: %(change)s. %(reason)s",
        quarter=labels.quarter(row.quarter_end),
        change=row.change,
        reason=row.reason,
    )


def _rows(lines: Lines, totals: IndicatorTotals, asked: FigureView, *, few: bool) -> list[AdjustmentRow]:
    cells: Mapping[str, FigureSum] = totals.cells
    result = []
    for noted_on, group in groupby(lines, key=lambda line: line.noted_on):
        of_day = list(group)
        after = rules.adjusted(cells, *({line.country: line.amount} for line in of_day))
        result.append(
            AdjustmentRow(
                code=of_day[0].code,
                quarter_end=of_day[0].quarter_end,
                counts_in=of_day[0].counts_in,
                noted_on=noted_on,
                change=_change(IndicatorTotals(totals.defined, cells), after, asked, few=few),
                after=published.headline(
                    IndicatorTotals(totals.defined, after), totals.defined.indicator, asked, few=few
                ).text,
                reason=_reason(of_day),
            )
        )
        cells = after
    return result


def _change(totals: IndicatorTotals, after: Mapping[str, FigureSum], asked: FigureView, *, few: bool) -> str:
    """Return by how much the figure changes, "" if its reader sees no change."""
    indicator: Indicator = totals.defined.indicator
    before = published.headline(totals, indicator, asked, few=few)
    now = published.headline(IndicatorTotals(totals.defined, after), indicator, asked, few=few)
    if before.value is None or now.value is None or before.value == now.value:
        return ""
    unit = "percentage_points" if indicator.unit == "percent" else indicator.unit
    number = labels.number(abs(now.value - before.value), unit)
    return _("%(n)s more", n=number) if now.value > before.value else _("%(n)s fewer", n=number)


def _reason(lines: Lines) -> str:
    """Return why a figure changes: the months of late evidence, whose day would tell an officer; or corrections."""
    days = [day for line in lines for day in (line.first_evidence, line.last_evidence) if day is not None]
    noted = day_words(lines[0].noted_on)
    if not days:
        return _("Records were corrected or withdrawn by %(day)s.", day=noted)
    first, last = _month(min(days)), _month(max(days))
    if first == last:
        return _("Evidence of %(month)s arrived by %(day)s.", month=first, day=noted)
    return _("Evidence of %(first)s to %(last)s arrived by %(day)s.", first=first, last=last, day=noted)


def _month(day: date) -> str:
    return babel.as_known(f"{day:%Y-%m}")
