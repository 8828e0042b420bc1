"""The table of completion: cells from the counters, with the numbers that a coordinator may see, in words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import format_percent, gettext as _

from app.catalogue.queries.versions import CourseRecord
from app.coordination.domain import completion as rules
from app.coordination.domain.completion import (
    CompletionColumns,
    CompletionRows,
    CompletionSource,
    NumberRule,
    ShownCell,
    ShownNumber,
)
from app.coordination.queries.completion import CompletionFilter
from app.i18n.languages import country_name
from app.learning.domain.completion import CompletionCounts
from app.learning.shapes import CompletionCell, InvitedCell
from app.plan import labels as plan_labels

DONE, SHARE = "done", "share"  # columns that are no counter
ALL = ""  # the key of the group of all courses
COURSE_ROWS = frozenset({CompletionRows.COURSE, CompletionRows.BOTH})


@dataclass(frozen=True, slots=True)
class Source:
    """What a table is made of; `exact` are the countries that agreed to exact counts."""

    chosen: CompletionFilter
    cells: Sequence[CompletionCell]
    invited: Sequence[InvitedCell]
    courses: Sequence[CourseRecord]
    titles: Mapping[UUID, str]
    countries: Sequence[str]
    exact: frozenset[str]
    rule: NumberRule


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: its name, further name, and the cells by group; `invited` None: not in this table."""

    name: str
    further: str
    country: str
    course: str
    cells: Sequence[ShownCell]
    invited: ShownNumber | None

    @property
    def is_summed(self) -> bool:
        """Return whether the row counts in the sum: not if it is in bands for want of the country's consent."""
        return all(cell.rule is not NumberRule.BANDS for cell in self.cells)


@dataclass(frozen=True, slots=True)
class CompletionTable:
    """Groups of columns with their titles (one without a title for rows of courses), rows, and the sum of the rows."""

    groups: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[TableRow]
    total: TableRow
    whole: ShownCell
    left_out: Sequence[str]  # countries that are not in the sum

    @property
    def shows_few(self) -> bool:
        """Return whether the table shows a number under five as it is."""
        rows = [*self.rows, self.total]
        few = any(cell.shows_few for row in rows for cell in row.cells)
        return few or any(_is_few(row.invited) for row in rows if row.invited is not None)

    @property
    def has_bands(self) -> bool:
        """Return whether numbers under five are shown as "1 to 4"."""
        return any(cell.rule is NumberRule.FEW_IN_BAND for row in self.rows for cell in row.cells)


def build(source: Source) -> CompletionTable:
    """Return the table of a filter."""
    return _by_courses(source) if source.chosen.by in COURSE_ROWS else _by_others(source)


def number(shown: ShownNumber) -> str:
    """Return a shown number in words: "4", "1 to 4"."""
    if shown.is_exact:
        return plan_labels.number(shown.low)
    return _("%(low)s to %(high)s", low=plan_labels.number(shown.low), high=plan_labels.number(shown.high))


def column_text(cell: ShownCell, column: str) -> str:
    """Return what a column shows of a cell: a number, "31 of 42", a percentage; "" where nobody has the course."""
    need, completed = cell.number("need"), cell.number("completed")
    if column == SHARE:
        return percent(need, completed)
    if column == DONE:
        return _("%(n)s of %(of)s", n=number(completed), of=number(need)) if need.high else ""
    return number(cell.number(column)) if cell.counts.assigned or cell.counts.by_choice else ""


def percent(need: ShownNumber, completed: ShownNumber) -> str:
    """Return the share of those who completed, "" without exact numbers or without officers."""
    if not need.high or not (need.is_exact and completed.is_exact):
        return ""
    return str(format_percent(completed.low / need.low))


def columns_of(chosen: CompletionFilter) -> tuple[str, ...]:
    """Return the columns of each group."""
    wide = chosen.by in COURSE_ROWS
    match chosen.show:
        case CompletionColumns.SHARE:
            return (DONE, SHARE) if wide else (SHARE,)
        case CompletionColumns.LATE:
            return ("overdue", "stalled", "waiting", "due_soon") if wide else ("overdue", "stalled", "waiting")
        case CompletionColumns.COUNTS:
            states = ("not_started", "in_progress", "completed_on_time", "completed_late")
            more = (*states, "overdue", "stalled", "exempt", "due_soon") if wide else ("overdue", "stalled")
            chosen_too = wide and chosen.source is CompletionSource.ALL
            return (DONE, *more, "by_choice") if chosen_too else (DONE, *more)


def column_name(column: str) -> str:
    """Return the head of a column."""
    return {
        DONE: _("Completed"),
        SHARE: _("Completed, percent"),
        "overdue": _("Overdue"),
        "stalled": _("Stalled"),
        "waiting": _("Waiting to start"),
        "due_soon": _("Due in 14 days"),
        "not_started": _("Not started"),
        "in_progress": _("In progress"),
        "completed_on_time": _("Completed on time"),
        "completed_late": _("Completed late"),
        "exempt": _("Exempt"),
        "by_choice": _("By choice"),
    }[column]


def _by_others(source: Source) -> CompletionTable:
    """Return the table of countries or roles: a group of columns for each course, and one for all if several."""
    courses = _counted_courses(source)
    is_country = source.chosen.by is CompletionRows.COUNTRY
    keys = list(source.countries) if is_country else _roles(source)
    names = {key: country_name(key) if is_country else plan_labels.roles().get(key, key) for key in keys}
    counted: dict[tuple[str, UUID], list[CompletionCell]] = defaultdict(list)
    for cell in source.cells:
        if cell.course_id is not None:
            counted[cell.country if is_country else cell.role, cell.course_id].append(cell)
    rows = []
    for key in keys:
        cells = [_shown(source, counted[key, course.id], key if is_country else "") for course in courses]
        cells += [rules.sum_of(cells)] if len(courses) != 1 else []
        invited = _invited(source, key if is_country else "", "" if is_country else key)
        rows.append(TableRow(names[key], "", key if is_country else "", "", cells, invited))
    groups = [course.code for course in courses] + ([ALL] if len(courses) != 1 else [])
    return _table(source, [_group_title(source, courses, group) for group in groups], rows)


def _by_courses(source: Source) -> CompletionTable:
    """Return the table of courses, each with its countries if the filter asks for both."""
    counted: dict[tuple[UUID, str], list[CompletionCell]] = defaultdict(list)
    split = source.chosen.by is CompletionRows.BOTH
    for cell in source.cells:
        if cell.course_id is not None:
            counted[cell.course_id, cell.country if split else ""].append(cell)
    rows = [
        TableRow(
            f"{course.code} {source.titles.get(course.id, '')}".strip(),
            country_name(country) if country else "",
            country,
            course.code,
            [_shown(source, counted[course.id, country], country)],
            None,
        )
        for course in _counted_courses(source)
        for country in (source.countries if split else [""])
        if not split or counted[course.id, country]
    ]
    return _table(source, [""], rows)


def _table(source: Source, groups: Sequence[str], rows: Sequence[TableRow]) -> CompletionTable:
    summed = [row for row in rows if row.is_summed] or list(rows)
    total = [rules.sum_of([row.cells[index] for row in summed]) for index in range(len(groups))]
    invited = None if source.chosen.by in COURSE_ROWS else _invited(source, "", "")
    left_out = [] if source.chosen.country else [code for code in source.countries if code not in source.exact]
    name = _("All countries") if not source.chosen.country else _("All rows")
    row = TableRow(name, "", "", "", total, invited)
    return CompletionTable(groups, columns_of(source.chosen), rows, row, total[-1], left_out)


def _shown(source: Source, cells: Iterable[CompletionCell], country: str) -> ShownCell:
    """Return a cell: of one country in bands unless it agreed, of several without those that did not agree."""
    only = country or source.chosen.country
    if only and only not in source.exact:
        return ShownCell((_sum(cells),), NumberRule.BANDS)
    return ShownCell((_sum(cell for cell in cells if cell.country in source.exact),), source.rule)


def _sum(cells: Iterable[CompletionCell]) -> CompletionCounts:
    return sum((cell.counts for cell in cells), CompletionCounts())


def _invited(source: Source, country: str, role: str) -> ShownNumber:
    """Return how many officers of a country or role, or of all, are invited and not in yet."""
    only = country or source.chosen.country
    count = sum(
        cell.invited
        for cell in source.invited
        if (not country or cell.country == country)
        and (not role or cell.role == role)
        and (only or cell.country in source.exact)
    )
    return rules.shown(count, NumberRule.BANDS if only and only not in source.exact else source.rule)


def _counted_courses(source: Source) -> list[CourseRecord]:
    """Return the chosen courses, or without a choice those that somebody has."""
    counted = {cell.course_id for cell in source.cells}
    chosen = source.chosen.courses
    return [course for course in source.courses if (course.code in chosen if chosen else course.id in counted)]


def _roles(source: Source) -> list[str]:
    """Return the roles of officers who have a course or are invited, in the order of the framework."""
    present = {cell.role for cell in source.cells} | {cell.role for cell in source.invited}
    known = [role for role in plan_labels.roles() if role in present]
    return known + sorted(present - set(known))


def _group_title(source: Source, courses: Sequence[CourseRecord], group: str) -> str:
    course = next((one for one in courses if one.code == group), None)
    if course is None:
        return _("All required") if source.chosen.source is CompletionSource.REQUIRED else _("All courses")
    return f"{course.code} {source.titles.get(course.id, '')}".strip()


def _is_few(shown: ShownNumber) -> bool:
    return shown.is_exact and 0 < shown.low < rules.FEW
