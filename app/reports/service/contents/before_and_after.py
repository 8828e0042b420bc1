"""Tests before and after the courses of an event: means of the officers with a seat, as published outside."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from statistics import fmean
from uuid import UUID

from flask_babel import gettext as _

from app.catalogue.queries import versions
from app.plan import labels
from app.plan.domain import cells as plan_cells, result_rules
from app.plan.domain.cells import MIN_GROUP, PlanCell, Shown
from app.plan.queries import result_sources
from app.reports.domain.document import Block, Cell, CellKind, ReportParagraph, Row, Table
from app.reports.service.contents import values, workshops as events
from app.reports.service.contents.frame import ReportFrame
from app.workshops.queries import report_figures
from app.workshops.shapes import WorkshopFacts

Pairs = list[tuple[float, float]]  # shares of the pre-test and of the first test, of an officer each
PERCENT = 100
FEWEST = 2 * MIN_GROUP  # officers behind a mean


def block(frame: ReportFrame, workshop: WorkshopFacts) -> Block:
    """Return the table of the courses of the event, or why there is none."""
    courses = courses_of(frame, workshop)
    if not courses:
        return ReportParagraph(text=_("Not collected: no course belongs to this event."))
    people = events.without_protected(report_figures.seated([workshop.id])).get(workshop.id, set())
    pairs = pairs_by_course(people, courses, frame.day)
    columns = (
        values.column(_("Course")),
        values.column(_("Officers with both tests"), CellKind.NUMBER),
        values.column(_("Before"), CellKind.PERCENT),
        values.column(_("After"), CellKind.PERCENT),
        values.column(_("Gain"), CellKind.NUMBER),
    )
    cells = plan_cells.outside_table({code: PlanCell(len(course_pairs)) for code, course_pairs in pairs.items()})
    rows = tuple(
        Row(cells=(values.text(code), *_cells(frame, cells[code], course_pairs)), code=code)
        for code, course_pairs in pairs.items()
    )
    return Table(caption=_("Tests of the courses of this event"), columns=columns, rows=rows)


def courses_of(frame: ReportFrame, workshop: WorkshopFacts) -> Sequence[str]:
    """Return the courses needed before the event, else those of its activity in the plan that are published."""
    if workshop.prerequisites:
        return workshop.prerequisites
    activity = next((activity for activity in frame.plan.activity if activity.id == workshop.activity), None)
    published = {course.code for course in versions.course_records() if course.version_id is not None}
    return [code for code in (activity.modules if activity is not None else ()) if code in published]


def pairs_by_course(people: Collection[UUID], courses: Collection[str], day: date) -> Mapping[str, Pairs]:
    """Return the comparable tests of these people by course, up to a day."""
    pairs: dict[str, Pairs] = defaultdict(list, {code: [] for code in courses})
    for officer in result_sources.results(people, {}).values():
        for course in officer.courses:
            for before, after in result_rules.pairs(course):
                if course.course in courses and after.ended_at.date() <= day:
                    pairs[course.course].append((before.score, after.score))
    return pairs


def _cells(frame: ReportFrame, shown: plan_cells.Published, pairs: Pairs) -> tuple[Cell, ...]:
    """Return the number of pairs, and the means rounded to fives: of at least ten officers."""
    number = values.of_cell(shown, frame.suppressed)
    if not isinstance(shown, Shown) or len(pairs) < FEWEST:
        missing = values.text(_("Not shown"))
        return (number, missing, missing, missing)
    before = plan_cells.rounded(PERCENT * fmean(pair[0] for pair in pairs))
    after = plan_cells.rounded(PERCENT * fmean(pair[1] for pair in pairs))
    gain = labels.number(after - before, "percentage_points")
    return (
        number,
        values.number(before, "percent"),
        values.number(after, "percent"),
        Cell(text=gain, kind=CellKind.NUMBER, value=after - before),
    )
