"""The table of completion: cells from the counters, with the numbers that a coordinator may see."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from app.catalogue.queries.versions import CourseRecord
from app.coordination import labels
from app.coordination.domain import completion as rules
from app.coordination.domain.completion import CompletionRows, CompletionSource, NumberRule, ShownCell, ShownNumber
from app.coordination.pages.completion_columns import COURSE_ROWS, columns_of
from app.coordination.queries.completion import CompletionFilter
from app.i18n.languages import country_name
from app.learning.domain.completion import CompletionCounts
from app.learning.shapes import CompletionCell, InvitedCell
from app.plan import labels as plan_labels

Grid = Mapping[tuple[str, UUID], Sequence[CompletionCell]]  # by country or role ("" for all), and course


@dataclass(frozen=True, slots=True)
class TableSource:
    """What a table is made of; `exact` are the countries that agreed to exact counts."""

    chosen: CompletionFilter
    cells: Sequence[CompletionCell]
    invited: Sequence[InvitedCell]
    courses: Sequence[CourseRecord]
    titles: Mapping[UUID, str]
    countries: Sequence[str]
    exact: frozenset[str]
    rule: NumberRule

    @property
    def counted_courses(self) -> list[CourseRecord]:
        """Return the chosen courses, or without a choice those with an officer."""
        chosen, counted = self.chosen.courses, {cell.course_id for cell in self.cells}
        return [course for course in self.courses if (course.code in chosen if chosen else course.id in counted)]

    @property
    def left_out(self) -> list[str]:
        """Return the countries that are in no sum, none if the table is of one country."""
        return [] if self.chosen.country else [code for code in self.countries if code not in self.exact]

    def title(self, course: CourseRecord) -> str:
        """Return code and title of a course, the code alone if the reader may not read the course."""
        return f"{course.code} {self.titles.get(course.id, '')}".strip()

    def rule_for(self, country: str) -> NumberRule:
        """Return how numbers of a country are shown ("": of the chosen ones): in bands without its consent."""
        only = country or self.chosen.country
        return NumberRule.BANDS if only and only not in self.exact else self.rule

    def counts_in(self, cell: CompletionCell | InvitedCell, rule: NumberRule) -> bool:
        """Return whether a cell counts in a number: a country without consent only in its own bands."""
        return rule is NumberRule.BANDS or cell.country in self.exact


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
    left_out: Sequence[str]  # countries that are not in the sum

    @property
    def whole(self) -> ShownCell:
        """Return the sum of all rows and courses."""
        return self.total.cells[-1]

    @property
    def is_empty(self) -> bool:
        """Return whether no officer has a course of the table."""
        return not any(any(cell.counts) for row in self.rows for cell in row.cells)

    @property
    def shows_few(self) -> bool:
        """Return whether the table shows a number under five as it is."""
        return any(map(_shows_few, [*self.rows, self.total]))

    @property
    def few_countries(self) -> frozenset[str]:
        """Return the countries with a number under five as it is, "" only if all such numbers are of several."""
        rows = [row for row in [*self.rows, self.total] if _shows_few(row)]
        countries = frozenset(row.country for row in rows)
        return countries - {""} or countries

    @property
    def has_bands(self) -> bool:
        """Return whether numbers under five are shown as "1 to 4"."""
        return any(cell.rule is NumberRule.FEW_IN_BAND for row in self.rows for cell in row.cells)


def build(source: TableSource) -> CompletionTable:
    """Return the table of a filter."""
    if source.chosen.by in COURSE_ROWS:
        return _table(source, [""], _course_rows(source))
    courses = source.counted_courses
    groups = [source.title(course) for course in courses]
    return _table(source, groups if len(courses) == 1 else [*groups, _all_title(source)], _other_rows(source, courses))


def _other_rows(source: TableSource, courses: Sequence[CourseRecord]) -> list[TableRow]:
    """Return rows of countries or roles: a cell for each course, and their sum if they are several."""
    grid = _grid(source)
    if source.chosen.by is CompletionRows.ROLE:
        titles = plan_labels.roles()
        return [_role_row(source, role, titles.get(role, role), courses, grid) for role in _roles(source)]
    return [_country_row(source, country, courses, grid) for country in source.countries]


def _country_row(source: TableSource, country: str, courses: Sequence[CourseRecord], grid: Grid) -> TableRow:
    cells = _with_sum([_shown(source, grid[country, course.id], country) for course in courses])
    return TableRow(country_name(country), "", country, "", cells, _invited(source, country=country))


def _role_row(source: TableSource, role: str, title: str, courses: Sequence[CourseRecord], grid: Grid) -> TableRow:
    cells = _with_sum([_shown(source, grid[role, course.id], "") for course in courses])
    return TableRow(title, "", "", "", cells, _invited(source, role=role))


def _with_sum(cells: list[ShownCell]) -> list[ShownCell]:
    return cells if len(cells) == 1 else [*cells, rules.sum_of(cells)]


def _course_rows(source: TableSource) -> list[TableRow]:
    """Return rows of courses, or of the countries of each course if the filter asks for both."""
    grid = _grid(source)
    countries = source.countries if source.chosen.by is CompletionRows.BOTH else [""]
    return [
        _course_row(source, course, country, grid[country, course.id])
        for course in source.counted_courses
        for country in countries
        if not country or grid[country, course.id]
    ]


def _course_row(source: TableSource, course: CourseRecord, country: str, cells: Sequence[CompletionCell]) -> TableRow:
    name = country_name(country) if country else ""
    return TableRow(source.title(course), name, country, course.code, [_shown(source, cells, country)], None)


def _grid(source: TableSource) -> Grid:
    """Return the cells by the rows of the table and by course."""
    grid: dict[tuple[str, UUID], list[CompletionCell]] = defaultdict(list)
    for cell in source.cells:
        if cell.course_id is not None:
            grid[_row_key(cell, source.chosen.by), cell.course_id].append(cell)
    return grid


def _row_key(cell: CompletionCell, by: CompletionRows) -> str:
    keys = {CompletionRows.ROLE: cell.role, CompletionRows.COURSE: ""}
    return keys.get(by, cell.country)


def _table(source: TableSource, groups: Sequence[str], rows: Sequence[TableRow]) -> CompletionTable:
    summed = [row for row in rows if row.is_summed] or rows
    total = [rules.sum_of([row.cells[index] for row in summed]) for index in range(len(groups))]
    invited = None if source.chosen.by in COURSE_ROWS else _invited(source)
    name = str(labels.ALL_ROWS[source.chosen.by])
    return CompletionTable(
        groups, columns_of(source.chosen), rows, TableRow(name, "", "", "", total, invited), source.left_out
    )


def _shown(source: TableSource, cells: Iterable[CompletionCell], country: str) -> ShownCell:
    rule = source.rule_for(country)
    counts = (cell.counts for cell in cells if source.counts_in(cell, rule))
    return ShownCell((sum(counts, CompletionCounts()),), rule)


def _invited(source: TableSource, *, country: str = "", role: str = "") -> ShownNumber:
    """Return how many officers of a country or role, or of all, are invited and not in yet."""
    rule = source.rule_for(country)
    cells = [cell for cell in source.invited if country in ("", cell.country) and role in ("", cell.role)]
    return rules.shown(sum(cell.invited for cell in cells if source.counts_in(cell, rule)), rule)


def _roles(source: TableSource) -> list[str]:
    """Return the roles of officers who have a course or are invited, in the order of the framework."""
    present = {cell.role for cell in source.cells} | {cell.role for cell in source.invited}
    titled = [role for role in plan_labels.roles() if role in present]
    return titled + sorted(present - set(titled))


def _all_title(source: TableSource) -> str:
    return _("All required") if source.chosen.source is CompletionSource.REQUIRED else _("All courses")


def _shows_few(row: TableRow) -> bool:
    return _invites_few(row) or any(cell.shows_few for cell in row.cells)


def _invites_few(row: TableRow) -> bool:
    return row.invited is not None and row.invited.is_exact and 0 < row.invited.low < rules.FEW
