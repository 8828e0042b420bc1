"""Workshops and study visits of a period in a report: events that are open to all, with seats as published outside."""

from collections.abc import Collection, Mapping
from uuid import UUID

from flask_babel import gettext as _, ngettext

from app.access.policy import Sensitivity
from app.i18n.languages import country_name, current
from app.identity.queries import visible_identity
from app.plan.domain import cells as plan_cells
from app.plan.domain.cells import PlanCell
from app.reports.domain.document import Block, CellKind, ReportParagraph, Row, Section, Table
from app.reports.service.contents import values
from app.reports.service.contents.completion import READER
from app.reports.service.contents.frame import ReportFrame
from app.workshops import labels as workshop_labels
from app.workshops.queries import report_figures, workshops
from app.workshops.shapes import WorkshopLine


def section(frame: ReportFrame) -> Section:
    """Return the events that ended in the period."""
    lines = report_figures.ended_between(frame.first_day, frame.day)
    shown = [line for line in lines if line.sensitivity is Sensitivity.UNRESTRICTED]
    blocks: list[Block] = (
        [_table(frame, shown)] if shown else [ReportParagraph(text=_("No event ended in this period."))]
    )
    hidden = len(lines) - len(shown)
    if hidden:
        text = ngettext("%(num)s event is not open to all.", "%(num)s events are not open to all.", hidden)
        blocks.append(ReportParagraph(text=text, is_note=True))
    title = _("Workshops and study visits")
    return Section(key="workshops", title=title, sheet=values.sheet(_("Workshops")), blocks=tuple(blocks))


def without_protected(people: Mapping[UUID, Collection[UUID]]) -> dict[UUID, set[UUID]]:
    """Return people by event without officers under threat."""
    hidden = protected()
    return {key: set(ids) - hidden for key, ids in people.items()}


def protected() -> frozenset[UUID]:
    """Return the officers under threat."""
    return visible_identity.protected()


def _table(frame: ReportFrame, lines: Collection[WorkshopLine]) -> Table:
    ids = [line.id for line in lines]
    seated, present = without_protected(report_figures.seated(ids)), without_protected(report_figures.present(ids))
    seats = plan_cells.outside_table({str(key): PlanCell(len(seated.get(key, ()))) for key in ids})
    attended = plan_cells.outside_table({str(key): PlanCell(len(present.get(key, ()))) for key in ids})
    titles = workshops.titles(READER, [line.code for line in lines], current())
    rows = tuple(
        Row(
            cells=(
                values.text(_("%(code)s %(title)s", code=line.code, title=titles.get(line.code, "")).strip()),
                values.text(workshop_labels.kind(line.kind)),
                values.text(country_name(line.host_country) if line.host_country else _("Online")),
                values.day(line.first_day),
                values.of_cell(seats[str(line.id)], frame.suppressed),
                values.of_cell(attended[str(line.id)], frame.suppressed),
            ),
            code=line.code,
        )
        for line in lines
    )
    columns = (
        values.column(_("Event")),
        values.column(_("Kind")),
        values.column(_("Host")),
        values.column(_("First day"), CellKind.DATE),
        values.column(_("Seats"), CellKind.NUMBER),
        values.column(_("Attended"), CellKind.NUMBER),
    )
    return Table(caption=_("Events of the period"), columns=columns, rows=rows)
