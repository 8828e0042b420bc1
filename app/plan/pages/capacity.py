"""`/plan/capacity`, and pages of countries and indicators: officers needed, verified, able; small numbers hidden."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from flask_babel import gettext as _

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.competence.labels import competencies as competence
from app.competence.shapes import CapacityLine
from app.i18n.stored_translations import TranslatedText
from app.plan import labels
from app.plan.domain.cells import MIN_GROUP, PlanCell, outside_table, outside_total, rounded
from app.plan.domain.readers import FigureReader
from app.plan.pages import tables
from app.plan.pages.frame import Frame
from app.plan.pages.tables import PlanTable
from app.plan.queries import published
from app.web.pages import Page
from app.web.table_files import Row

Lines = Sequence[CapacityLine]
Aim = tuple[str, Level]


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityRow:
    """A competency and level: how many officers need it, are verified, are likely able today."""

    code: str
    title: TranslatedText
    level: str
    need: str
    verified: str
    able: str
    range: str


@dataclass(frozen=True, slots=True)
class CapacityTable:
    """Competencies with their numbers of officers; of a country seen from outside without the need."""

    rows: Sequence[CapacityRow]
    has_need: bool = True

    @property
    def has_range(self) -> bool:
        """Return whether any number has a likely range: only where there were surprise checks."""
        return any(row.range for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityPage(Page):
    """Needed, verified, able today by competency; `is_locked`: the day ends a quarter whose figures are locked."""

    template: ClassVar[str] = "plan/capacity.html"
    frame: Frame
    table: CapacityTable
    links: Mapping[str, str]
    is_locked: bool


def capacity_table(
    lines: Lines,
    framework: Competencies | None,
    reader: FigureReader,
    *,
    country: str = "",
    by_country: Mapping[str, Lines] = MappingProxyType({}),
    only: Collection[str] = (),
) -> CapacityTable:
    """Return a row for each competency and level that officers need or have verified.

    `country`: of this country alone, as read from outside; `by_country` are then the numbers of all countries.
    """
    if framework is None:
        return CapacityTable(())
    numbers = _numbers_of(lines, reader, country, by_country)
    rows = [
        CapacityRow(
            code=line.competency,
            title=competence.title(framework, line.competency),
            level=competence.level(line.level),
            **numbers(line),
        )
        for line in lines
        if _is_used(line) and (not only or line.competency in only)
    ]
    return CapacityTable(rows, has_need=not country or reader is not FigureReader.OUTSIDE)


def _is_used(line: CapacityLine) -> bool:
    return line.need > 0 or line.headcount > 0


def _numbers_of(
    lines: Lines, reader: FigureReader, country: str, by_country: Mapping[str, Lines]
) -> Callable[[CapacityLine], dict[str, str]]:
    """Return the function that writes the numbers of a line for a reader."""
    if not country or reader is FigureReader.OWN:
        return _outside if reader is FigureReader.OUTSIDE else _exact
    by_aim = {aim: _tables_of(aim, reader, by_country) for aim in map(_aim, lines)}
    return lambda line: _of_country(line, country, by_aim[_aim(line)])


def table(capacity: CapacityTable) -> tuple[Row, list[Row]]:
    """Return the heads and rows of the file of these numbers."""
    heads = [_("Competency"), _("Title"), _("Level"), _("Needed"), _("Verified"), _("Able today"), _("Likely range")]
    return heads, [
        [row.code, row.title.text, row.level, row.need, row.verified or _("Not shown"), row.able, row.range]
        for row in capacity.rows
    ]


def _aim(line: CapacityLine) -> Aim:
    return line.competency, line.level


def _exact(line: CapacityLine) -> dict[str, str]:
    likely = _likely(line)
    return {
        "need": labels.number(line.need),
        "verified": labels.number(line.headcount),
        "able": _unknown(line) if likely is None else labels.number(likely),
        "range": _range(line),
    }


def _outside(line: CapacityLine) -> dict[str, str]:
    """Return the community's numbers as published outside: in fives, shares from 25 officers on."""
    likely = _likely(line)
    return {
        "need": labels.number(rounded(line.need)) if line.need >= 2 * MIN_GROUP else _("Fewer than 10"),
        "verified": _outside_text(line.headcount, line.need),
        "able": _unknown(line) if likely is None else _outside_text(likely, line.need),
        "range": "",
    }


def _outside_text(n: int, need: int) -> str:
    return published.text(outside_total(_cell(n, need))) or _("Not shown: too few")


def _of_country(line: CapacityLine, country: str, tables: tuple[PlanTable, PlanTable]) -> dict[str, str]:
    verified, able = tables
    return {
        "need": labels.number(line.need),
        "verified": _cell_text(verified, country),
        "able": _unknown(line) if _likely(line) is None else _cell_text(able, country),
        "range": "",
    }


def _cell_text(table: PlanTable, country: str) -> str:
    if table.withheld:
        return _("Not by country: %(n)s in all", n=published.text(table.sum))
    return table.text(country) or _("Not shown: too few")


def _tables_of(aim: Aim, reader: FigureReader, by_country: Mapping[str, Lines]) -> tuple[PlanTable, PlanTable]:
    """Return the verified and the able officers of all countries in a competency and level."""
    lines = {country: line for country, own in by_country.items() for line in own if country and _aim(line) == aim}
    verified = {country: _cell(line.headcount, line.need) for country, line in lines.items()}
    able = {country: _cell(_likely(line) or 0, line.need) for country, line in lines.items()}
    return _table(verified, reader), _table(able, reader)


def _table(cells: Mapping[str, PlanCell], reader: FigureReader) -> PlanTable:
    if reader is FigureReader.COORDINATOR:
        return tables.competence(cells, split="country", day=date.min)
    return PlanTable(day=date.min, cells=outside_table(cells))


def _cell(n: int, need: int) -> PlanCell:
    return PlanCell(min(n, need), need)


def _likely(line: CapacityLine) -> int | None:
    likely = line.audited if line.audited is not None else line.expected
    return None if likely is None else round(likely)


def _range(line: CapacityLine) -> str:
    if line.low is None or line.high is None:
        return ""
    return _("%(low)s to %(high)s", low=labels.number(round(line.low)), high=labels.number(round(line.high)))


def _unknown(line: CapacityLine) -> str:
    return _("Not calculated yet") if line.summed_on is None else _("Not shown: fewer than half were watched")
