"""Completion of required courses in a report: all countries, and by country as published outside."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from flask_babel import gettext as _

from app.access.policy import Actor, Role
from app.catalogue.queries import courses as catalogue, versions
from app.i18n.languages import country_name, current
from app.learning.domain.completion import CompletionCounts, CompletionGroup
from app.learning.queries import completion
from app.learning.queries.completion import CellAxis
from app.plan import labels
from app.plan.domain import cells as plan_cells
from app.plan.domain.cells import PlanCell, Published
from app.reports.domain.document import Block, Cell, CellKind, ReportParagraph, Row, Section, Table
from app.reports.service.contents import values
from app.reports.service.contents.frame import ReportFrame

READER = Actor(UUID(int=0), "", frozenset({Role.COORDINATOR}))  # reads open courses, events and all actions
COURSES_ACROSS = 5  # columns of courses in a table


def section(frame: ReportFrame) -> Section:
    """Return completion by course, and by country."""
    counted = by_course(frame)
    if not counted:
        blocks: tuple[Block, ...] = (ReportParagraph(text=_("No course is required yet.")),)
    else:
        blocks = (_by_course(frame, counted), *_by_country(frame, counted), ReportParagraph(text=_note(), is_note=True))
    title = _("Completion of required courses")
    return Section(key="completion", title=title, sheet=values.sheet(_("Completion")), blocks=blocks)


def by_course(frame: ReportFrame) -> dict[UUID, dict[str, PlanCell]]:
    """Return completed of needed by course and member country, for courses with an officer."""
    axes = {CellAxis.COURSE, CellAxis.COUNTRY}
    cells = completion.cells(frame.day, by=axes, groups=(CompletionGroup.REQUIRED,))
    counts: dict[UUID, dict[str, CompletionCounts]] = defaultdict(lambda: defaultdict(CompletionCounts))
    for cell in cells:
        if cell.course_id is not None:
            counts[cell.course_id][cell.country] += cell.counts
    return {course_id: _of_members(frame, countries) for course_id, countries in counts.items()}


def _of_members(frame: ReportFrame, counts: Mapping[str, CompletionCounts]) -> dict[str, PlanCell]:
    whole = {**dict.fromkeys(frame.members, CompletionCounts()), **counts}
    return {country: PlanCell(count.completed, count.need) for country, count in whole.items()}


def total(counted: Mapping[UUID, Mapping[str, PlanCell]]) -> Published:
    """Return all courses and countries together as published outside."""
    cells = [cell for countries in counted.values() for cell in countries.values()]
    return plan_cells.outside_total(PlanCell(sum(cell.n for cell in cells), sum(cell.of or 0 for cell in cells)))


def titles() -> dict[UUID, str]:
    """Return code and title of the courses, the code alone of those that are not open to all."""
    open_titles = {outline.course_id: outline.title(current()) for outline in catalogue.all_visible(READER)}
    return {
        record.id: f"{record.code} {open_titles.get(record.id, '')}".strip() for record in versions.course_records()
    }


def _by_course(frame: ReportFrame, counted: Mapping[UUID, Mapping[str, PlanCell]]) -> Table:
    names = titles()
    ordered = sorted(counted, key=lambda key: names.get(key, ""))
    rows = tuple(
        Row(cells=(values.text(names.get(key, "")), _total_cell(frame, counted[key])), code=_code(names, key))
        for key in ordered
    )
    columns = (values.column(_("Course")), values.column(_("Completed, all countries"), CellKind.PERCENT))
    return Table(caption=_("Completion by course"), columns=columns, rows=rows)


def _total_cell(frame: ReportFrame, countries: Mapping[str, PlanCell]) -> Cell:
    return values.of_cell(plan_cells.outside_total(plan_cells.total_of(countries)), frame.suppressed)


def _by_country(frame: ReportFrame, counted: Mapping[UUID, Mapping[str, PlanCell]]) -> list[Table]:
    """Return tables of countries, with at most five courses each."""
    names = titles()
    ordered = sorted(counted, key=lambda key: names.get(key, ""))
    shown = {key: plan_cells.outside_table(counted[key]) for key in ordered}
    portions = [ordered[first : first + COURSES_ACROSS] for first in range(0, len(ordered), COURSES_ACROSS)]
    return [_country_table(frame, courses, shown, names) for courses in portions]


def _country_table(
    frame: ReportFrame,
    courses: Sequence[UUID],
    shown: Mapping[UUID, Mapping[str, Published]],
    names: Mapping[UUID, str],
) -> Table:
    rows = tuple(
        Row(
            cells=(
                values.text(country_name(country)),
                *(values.of_cell(shown[key].get(country), frame.suppressed) for key in courses),
            ),
            code=country,
        )
        for country in labels.in_alphabet(frame.members)
    )
    heads = (values.column(_code(names, key), CellKind.PERCENT) for key in courses)
    return Table(caption=_("Completion by country"), columns=(values.column(_("Country")), *heads), rows=rows)


def _code(names: Mapping[UUID, str], course_id: UUID) -> str:
    return names.get(course_id, "").partition(" ")[0]


def _note() -> str:
    return _("Small groups are not shown. Numbers are rounded to fives, percentages to steps of five.")
