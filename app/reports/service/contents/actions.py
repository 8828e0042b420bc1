"""Agreed actions in a report: done in the period, open, moved."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _, ngettext

from app.coordination import labels
from app.coordination.domain.actions import LIVE, ActionState
from app.coordination.queries import actions
from app.coordination.queries.actions import ActionFilter
from app.coordination.shapes import PlanActionLine
from app.reports.domain.document import Block, Cell, CellKind, ReportParagraph, Row, Section, Table
from app.reports.service.contents import values
from app.reports.service.contents.completion import READER
from app.reports.service.contents.frame import ReportFrame

MOST = 300


def section(frame: ReportFrame) -> Section:
    """Return the actions that were done in the period, and the open ones."""
    done, still_open = done_in_period(frame), open_actions(frame)
    blocks: list[Block] = [
        _table(_("Done in the period"), done)
        if done
        else ReportParagraph(text=_("No action was done in this period.")),
        _table(_("Open actions"), still_open) if still_open else ReportParagraph(text=_("No action is open.")),
    ]
    return Section(key="actions", title=_("Actions"), sheet=values.sheet(_("Actions")), blocks=tuple(blocks))


def done_in_period(frame: ReportFrame) -> list[PlanActionLine]:
    """Return the actions that were done in the period, by due date."""
    lines = actions.lines(READER, ActionFilter(states=(ActionState.DONE,)), frame.now.date(), size=MOST)
    return [line for line in lines if line.ended_at and frame.first_day <= line.ended_at.date() <= frame.day]


def open_actions(frame: ReportFrame) -> list[PlanActionLine]:
    """Return the actions that are open now, by due date."""
    return actions.lines(READER, ActionFilter(states=LIVE), frame.now.date(), size=MOST)


def overdue(lines: Sequence[PlanActionLine], today: date) -> int:
    """Return how many actions are past their date."""
    return sum(line.due_on < today for line in lines)


def _table(caption: str, lines: Sequence[PlanActionLine]) -> Table:
    rows = tuple(
        Row(
            cells=(
                values.text(line.text),
                values.text(labels.owner(line.office, line.country)),
                values.day(line.due_on),
                _state(line),
                values.text(_moves(line.moves)),
            )
        )
        for line in lines
    )
    columns = (
        values.column(_("Action")),
        values.column(_("Owner")),
        values.column(_("Due on"), CellKind.DATE),
        values.column(_("State"), CellKind.STATUS),
        values.column(_("Date moved")),
    )
    return Table(caption=caption, columns=columns, rows=rows)


def _state(line: PlanActionLine) -> Cell:
    text, shape = labels.STATES[line.state]
    return Cell(text=str(text), kind=CellKind.STATUS, tone=shape)


def _moves(count: int) -> str:
    return ngettext("%(num)s time", "%(num)s times", count) if count else ""
