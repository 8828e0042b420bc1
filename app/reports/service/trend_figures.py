"""The figures of a trend as a table, for spreadsheets and where no chart can be drawn."""

from collections.abc import Sequence

from app.reports.domain.document import Cell, CellKind, ReportColumn, Row, Series, Table, TrendBlock


def figures_of(trend: TrendBlock, day_head: str) -> Table:
    """Return a table with a row for each day and a column for each series."""
    rows = tuple(_row(day, trend) for day in days_of(trend.series))
    heads = [ReportColumn(head=series.name, kind=CellKind.NUMBER) for series in trend.series]
    columns = (ReportColumn(head=day_head, kind=CellKind.DATE), *heads)
    return Table(caption=trend.caption, columns=columns, rows=rows, note=trend.description)


def days_of(all_series: Sequence[Series]) -> list[str]:
    """Return the days of all series in order."""
    return sorted({point.day for series in all_series for point in series.points})


def _row(day: str, trend: TrendBlock) -> Row:
    figures = [_figure(series, day) for series in trend.series]
    return Row(cells=(Cell(text=day, kind=CellKind.DATE, value=day), *figures))


def _figure(series: Series, day: str) -> Cell:
    value = next((point.value for point in series.points if point.day == day), None)
    return Cell(text="" if value is None else f"{value:g}", kind=CellKind.NUMBER, value=value)
