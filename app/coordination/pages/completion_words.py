"""Words of completion: how its numbers are counted, its lead sentence, its filter, and the rule of its numbers."""

from collections.abc import Mapping

from flask_babel import gettext as _

from app.coordination import labels
from app.coordination.domain.completion import NumberRule, ShownCell, ShownNumber
from app.coordination.pages.completion_columns import number, percent
from app.coordination.pages.completion_table import CompletionTable
from app.coordination.queries.completion import CompletionFilter
from app.i18n import babel
from app.i18n.languages import country_name
from app.plan import labels as plan_labels


def definitions() -> list[tuple[str, str]]:
    """Return the terms of completion, each with its rule."""
    return [
        (_("Not in yet"), _("Invited, and not in yet. An expired or returned invitation counts for 90 days.")),
        (_("Required"), _("The officer serves on that day, and the course is required of the officer.")),
        (_("Due"), _("A fixed date, but at least 30 days after assignment; or a number of days after it.")),
        (_("Exempt"), _("An exemption is valid on that day. Exempt officers are not in the share.")),
        (_("Completed"), _("Completed up to that day. A renewed course has to be completed again.")),
        (
            _("Recorded"),
            _("Completed elsewhere, recorded by the contact point. Counts for required courses only."),
        ),
        (_("In progress"), _("Begun, not completed, not exempt. A failed test leaves the course in progress.")),
        (_("Not started"), _("Assigned, not exempt, not begun.")),
        (_("Overdue"), _("Not completed, and the due date is before that day.")),
        (_("Due in 14 days"), _("Not completed, and due on that day or in the 14 days after it.")),
        (_("Stalled"), _("In progress, and no lesson, case or test finished for 21 days.")),
        (_("Waiting to start"), _("Not started 21 days after assignment, and not overdue.")),
        (_("By choice"), _("Begun without an assignment. It is in no share.")),
    ]


def lead(table: CompletionTable) -> str:
    """Return the sum of the table in one line."""
    whole = table.whole
    need, completed = whole.number("need"), whole.number("completed")
    values = {"n": number(completed), "of": number(need), "rate": percent(need, completed)}
    exact, rough = _("%(n)s of %(of)s completed (%(rate)s).", **values), _("%(n)s of %(of)s completed.", **values)
    first = exact if values["rate"] else rough
    if whole.number("recorded").high:
        first += " " + _("%(n)s of these are recorded.", n=number(whole.number("recorded")))
    late = _("%(n)s overdue.", n=number(whole.number("overdue")))
    stalled = _("%(n)s stalled.", n=number(whole.number("stalled")))
    return " ".join([first, late, stalled])


def invited(count: ShownNumber) -> str:
    """Return how many officers are invited and not in yet."""
    return _("%(n)s invited, not in yet.", n=number(count))


def status(cell: ShownCell) -> tuple[str, str]:
    """Return the state of a sum in words, and its shape."""
    if not cell.counts.need:
        return _("Not required"), "none"
    return (_("Overdue"), "bad") if cell.counts.overdue else (_("Nothing overdue"), "good")


def notes(table: CompletionTable) -> list[str]:
    """Return what the reader has to know about the numbers of this table."""
    lines = []
    if table.left_out:
        names = babel.joined([country_name(code) for code in table.left_out])
        lines.append(_("Without exact numbers, and not in the sums: %(countries)s.", countries=names))
    if table.has_bands:
        lines.append(_("On this day, numbers under five are shown as 1 to 4."))
        lines.append(_("Choose today or the end of a month for exact numbers."))
    return lines


def chosen_values(chosen: CompletionFilter) -> Mapping[str, str]:
    """Return the active filters in words, by what they narrow."""
    values = {
        _("As of"): babel.words(chosen.on),
        _("Courses"): babel.joined(list(chosen.courses)) if chosen.courses else "",
        _("Country"): country_name(chosen.country) if chosen.country else "",
        _("Role"): plan_labels.roles().get(chosen.role, chosen.role) if chosen.role else "",
        _("Assigned as"): str(labels.TABLE_SOURCES[chosen.source]),
    }
    return {name: value for name, value in values.items() if value}


def rule(number_rule: NumberRule) -> str:
    """Return the rule of the numbers of a file in words."""
    return {
        NumberRule.EXACT: _("Exact numbers, for organising training."),
        NumberRule.FEW_IN_BAND: _("Numbers under five are shown as 1 to 4."),
        NumberRule.BANDS: _("Numbers in bands of five."),
    }[number_rule]
