"""The quarterly report: summary, attention, outcomes, outputs, completion, countries, events, actions, risks, notes."""

from flask_babel import gettext as _

from app.plan import labels
from app.plan.domain.figures import IndicatorStatus
from app.reports.domain.document import (
    Block,
    Cell,
    CellKind,
    Items,
    ReportHeading,
    ReportParagraph,
    Section,
    Tile,
    Tiles,
)
from app.reports.domain.texts import OUTCOME, OUTPUT, SUMMARY
from app.reports.service.contents import actions, completion, countries, indicators, notes, values, workshops
from app.reports.service.contents.frame import ReportFrame
from app.workshops.queries import report_figures

MOST_CHANGES = 12


def sections(frame: ReportFrame) -> list[Section]:
    """Return the sections in their order; the notes come last, because they count the suppressed cells."""
    parts = [
        summary(frame),
        _attention(frame),
        *(indicators.result_section(frame, result, OUTCOME + result.id) for result in frame.plan.outcome),
        *(indicators.result_section(frame, result, OUTPUT + result.id) for result in frame.plan.output),
        completion.section(frame),
        countries.section(frame),
        workshops.section(frame),
        actions.section(frame),
        notes.risks(frame),
        notes.definitions(frame),
    ]
    return [*parts, notes.notes(frame)]


def summary(frame: ReportFrame) -> Section:
    """Return the text, five figures, and what changed."""
    blocks: list[Block] = [indicators.comment(frame, SUMMARY), Tiles(tiles=_tiles(frame))]
    changes = indicators.changes(frame)
    if frame.compared is not None:
        blocks.append(ReportHeading(text=_("What changed since %(quarter)s", quarter=labels.quarter(frame.compared))))
        blocks.append(
            Items(texts=tuple(changes[:MOST_CHANGES]))
            if changes
            else ReportParagraph(text=_("No figure changed clearly."))
        )
    return Section(key=SUMMARY, title=_("Summary"), sheet=values.sheet(_("Summary")), blocks=tuple(blocks))


def _tiles(frame: ReportFrame) -> tuple[Tile, ...]:
    counts = indicators.statuses(frame)
    targets = sum(counts.values())
    late = counts[IndicatorStatus.AT_RISK] + counts[IndicatorStatus.BEHIND]
    total = completion.total(completion.by_course(frame))
    events = report_figures.ended_between(frame.first_day, frame.day)
    still_open = actions.open_actions(frame)
    overdue = actions.overdue(still_open, frame.now.date())
    of_targets = _("of %(n)s indicators with a target", n=labels.number(targets))
    return (
        Tile(label=_("On track"), figure=values.number(counts[IndicatorStatus.ON_TRACK]), note=of_targets),
        Tile(label=_("At risk or behind"), figure=values.number(late), note=of_targets),
        Tile(label=_("Required courses completed"), figure=values.of_cell(total, frame.suppressed)),
        Tile(label=_("Events held"), figure=values.number(len(events))),
        Tile(
            label=_("Open actions"),
            figure=values.number(len(still_open)),
            note=_("%(n)s past their date", n=labels.number(overdue)),
        ),
    )


def _attention(frame: ReportFrame) -> Section:
    rows = indicators.attention(frame)
    block: Block = Items(texts=tuple(rows)) if rows else ReportParagraph(text=_("Nothing needs attention."))
    title = _("Needs attention and forecast")
    return Section(key="attention", title=title, sheet=values.sheet(_("Attention")), blocks=(block,))


def no_figure() -> Cell:
    """Return a cell without a figure."""
    return Cell(text=_("Not collected"), kind=CellKind.TEXT)
