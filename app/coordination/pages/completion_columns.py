"""The columns of a table of completion, and the words of its cells."""

from collections.abc import Mapping

from flask_babel import format_percent, gettext as _, lazy_gettext
from flask_babel.speaklater import LazyString

from app.coordination.domain.completion import (
    CompletionColumns,
    CompletionRows,
    CompletionSource,
    ShownCell,
    ShownNumber,
)
from app.coordination.queries.completion import CompletionFilter
from app.plan import labels as plan_labels

DONE, SHARE = "done", "share"  # columns that are no counter
COURSE_ROWS = frozenset({CompletionRows.COURSE, CompletionRows.BOTH})
HEADS: Mapping[str, LazyString] = {
    DONE: lazy_gettext("Completed"),
    SHARE: lazy_gettext("Completed, percent"),
    "overdue": lazy_gettext("Overdue"),
    "stalled": lazy_gettext("Stalled"),
    "waiting": lazy_gettext("Waiting to start"),
    "due_soon": lazy_gettext("Due in 14 days"),
    "not_started": lazy_gettext("Not started"),
    "in_progress": lazy_gettext("In progress"),
    "completed_on_time": lazy_gettext("Completed on time"),
    "completed_late": lazy_gettext("Completed late"),
    "recorded": lazy_gettext("Recorded"),
    "exempt": lazy_gettext("Exempt"),
    "by_choice": lazy_gettext("By choice"),
}
NARROW: Mapping[CompletionColumns, tuple[str, ...]] = {  # of each course in rows of countries and roles
    CompletionColumns.SHARE: (SHARE,),
    CompletionColumns.LATE: ("overdue", "stalled", "waiting"),
    CompletionColumns.COUNTS: (DONE, "overdue", "stalled"),
}
STATES = ("not_started", "in_progress", "completed_on_time", "completed_late")


def columns_of(chosen: CompletionFilter) -> tuple[str, ...]:
    """Return the columns of each group: more for rows of courses, which have one group."""
    return _columns_of_courses(chosen) if chosen.by in COURSE_ROWS else NARROW[chosen.show]


def number(shown: ShownNumber) -> str:
    """Return a shown number in words: "4", "1 to 4"."""
    if shown.is_exact:
        return plan_labels.number(shown.low)
    return _("%(low)s to %(high)s", low=plan_labels.number(shown.low), high=plan_labels.number(shown.high))


def column_text(cell: ShownCell, column: str) -> str:
    """Return what a column shows of a cell: a number, "31 of 42", a percentage; "" if no officer has the course."""
    if column in (DONE, SHARE):
        need, completed = cell.number("need"), cell.number("completed")
        return percent(need, completed) if column == SHARE else done(cell)
    has_officers = cell.number("assigned").high or cell.number("by_choice").high
    return number(cell.number(column)) if has_officers else ""


def done(cell: ShownCell) -> str:
    """Return "31 of 42", or "31 of 42 + 5 recorded" with completions elsewhere; "" if no officer has the course."""
    need, recorded = cell.number("need"), cell.number("recorded")
    if not need.high:
        return ""
    values = {"n": number(cell.number("learned")), "of": number(need)}
    if not recorded.high:
        return _("%(n)s of %(of)s", **values)
    return _("%(n)s of %(of)s + %(recorded)s recorded", recorded=number(recorded), **values)


def percent(need: ShownNumber, completed: ShownNumber) -> str:
    """Return the share of those who completed, "" without exact numbers or without officers."""
    if not need.high or not (need.is_exact and completed.is_exact):
        return ""
    return str(format_percent(completed.low / need.low))


def _columns_of_courses(chosen: CompletionFilter) -> tuple[str, ...]:
    by_choice = ("by_choice",) if chosen.source is CompletionSource.ALL else ()
    return {
        CompletionColumns.SHARE: (DONE, SHARE),
        CompletionColumns.LATE: ("overdue", "stalled", "waiting", "due_soon"),
        CompletionColumns.COUNTS: (DONE, *STATES, "overdue", "stalled", "exempt", "due_soon", *by_choice),
    }[chosen.show]
