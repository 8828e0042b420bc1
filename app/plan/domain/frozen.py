"""The figures of a locked quarter: their cells, what readers outside need beside them, and their hash."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import astuple, dataclass, replace
from datetime import date

import msgspec

from app.plan.domain.sums import EVERY, TOLERANCE, FigureSum

DECIMALS = 6  # of sums, so that both databases store the same numbers


@dataclass(frozen=True, slots=True)
class FrozenCell:
    """The sums of a cell, and the numbers that decide who reads them.

    `protected_*` are the parts of officers under threat. `officers` counts the others once each, `outside` all officers
    outside the country of the cell, `need` those who need the competencies (0 for a rule without them).
    """

    numerator: float = 0.0
    denominator: float = 0.0
    protected_numerator: float = 0.0
    protected_denominator: float = 0.0
    officers: int = 0
    outside: int = 0
    need: int = 0

    def __add__(self, other: "FrozenCell") -> "FrozenCell":
        return FrozenCell(*(left + right for left, right in zip(astuple(self), astuple(other), strict=True)))

    @property
    def sums(self) -> FigureSum:
        """Return the sums of all officers."""
        return FigureSum(self.numerator, self.denominator)

    @property
    def protected(self) -> FigureSum:
        """Return the sums of officers under threat."""
        return FigureSum(self.protected_numerator, self.protected_denominator)

    @property
    def has_records(self) -> bool:
        """Return whether a sum is not zero."""
        return abs(self.numerator) > TOLERANCE or abs(self.denominator) > TOLERANCE


NOTHING = FrozenCell()


@dataclass(frozen=True, slots=True)
class LockedFigure:
    """The figure of an indicator on the last day of a locked quarter, by country and for all ("*").

    `beside` are the numbers beside the figure as JSON.
    """

    day: date
    version: int
    cells: Mapping[str, FrozenCell]
    beside: str = "{}"

    @property
    def sums(self) -> dict[str, FigureSum]:
        """Return the sums by country; countries without a record are left out."""
        return sums_of({key: cell for key, cell in self.cells.items() if key != EVERY})

    def officers_outside(self, country: str) -> int:
        """Return how many officers count outside a country; of all countries for ""."""
        cell = self.cells.get(country or EVERY) or self.cells.get(EVERY, NOTHING)
        return cell.outside


@dataclass(frozen=True, slots=True, order=True)
class CellKey:
    """The indicator, country, kind of agency and role of a cell; "*" is all of them."""

    code: str
    country: str
    agency_kind: str
    role: str


@dataclass(frozen=True, slots=True)
class FrozenRow:
    """A cell on the last day of a quarter, with the version of its definition."""

    day: date
    key: CellKey
    version: int
    cell: FrozenCell
    beside: str = ""


def sums_of(cells: Mapping[str, FrozenCell]) -> dict[str, FigureSum]:
    """Return the sums of cells; those without a record are left out."""
    return {key: cell.sums for key, cell in cells.items() if cell.has_records}


def needs_of(cells: Mapping[str, FrozenCell]) -> dict[str, int]:
    """Return the officers who need the competencies, without cells with a need of zero."""
    return {key: cell.need for key, cell in cells.items() if cell.need and key != EVERY}


def officers_of(cells: Mapping[str, FrozenCell], among: Collection[str]) -> dict[str, int]:
    """Return the officers of these cells, of whom those under threat are left out."""
    return {key: cells[key].officers for key in among if key in cells}


def rounded(cell: FrozenCell) -> FrozenCell:
    """Return a cell with sums that both databases store exactly."""
    return replace(
        cell,
        numerator=_rounded(cell.numerator),
        denominator=_rounded(cell.denominator),
        protected_numerator=_rounded(cell.protected_numerator),
        protected_denominator=_rounded(cell.protected_denominator),
    )


def digest(end: date, rows: Iterable[FrozenRow]) -> str:
    """Return the SHA-256 over the rows of a locked quarter in canonical form, as 64 hexadecimal digits.

    The form is JSON without spaces: the last day, then the rows by day, code, country, kind of agency and role.
    """
    listed = [
        (row.day.isoformat(), *astuple(row.key), row.version, *astuple(row.cell), row.beside)
        for row in sorted(rows, key=lambda row: (row.day, row.key))
    ]
    return hashlib.sha256(msgspec.json.encode([end.isoformat(), listed])).hexdigest()


def _rounded(number: float) -> float:
    return round(number, DECIMALS) + 0.0  # no minus zero
