"""What a coordinator reads of single countries, roles and kinds of agencies: bands, or exact process counts.

Competence is shown in bands of the need. The exact total stands beside the table, so the table is withheld as a whole
if any band would then have fewer than three possible values; `tests/plan/test_bands.py` enumerates tables.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.plan.domain.cells import HIDDEN, MIN_GROUP, Banded, PlanCell, Published, Shown
from app.plan.domain.spans import ends_month

STEP = 5  # officers: width of a band
NARROWEST = 4  # officers: a last band that is narrower takes in its neighbour
FEWEST_VALUES = 3  # possible values of a number in a band, for a reader who knows the total


@dataclass(frozen=True, slots=True)
class BandTable:
    """A table of competence: its cells, and the cells with a need under five joined to one (None: not shown).

    `withheld`: no cell is shown, only the total.
    """

    cells: Mapping[str, Published]
    joined_keys: Sequence[str]
    joined: Banded | None
    total: PlanCell
    withheld: bool


def bands(need: int) -> list[tuple[int, int]]:
    """Return the bands of a number up to `need`, both ends inclusive: none, 1 to 4, 5 to 9 ..., all."""
    inner = [(low or 1, low + STEP - 1) for low in range(0, need, STEP)]
    if inner:
        inner[-1] = (inner[-1][0], need - 1)
    if len(inner) > 1 and inner[-1][1] - inner[-1][0] < NARROWEST - 1:
        inner[-2:] = [(inner[-2][0], need - 1)]
    edges = [(0, 0), *(band for band in inner if band[0] <= band[1]), (need, need)]
    return edges if need else edges[:1]


def band_of(n: int, need: int | None) -> Banded:
    """Return the band of a number; without a need the bands of five officers have no last one."""
    if need is None:
        low = n // STEP * STEP
        return Banded(low or min(n, 1), low + STEP - 1 if n else 0, None)
    [(low, high)] = [band for band in bands(max(need, n)) if band[0] <= n <= band[1]]
    return Banded(low, high, max(need, n))


def competence_table(cells: Mapping[str, PlanCell]) -> BandTable:
    """Return competence by country, role or kind of agency, as a coordinator reads it; each cell has its need."""
    needs = {key: max(cell.of or 0, cell.n) for key, cell in cells.items()}
    few = [key for key in cells if 0 < needs[key] < MIN_GROUP]
    joined_need = sum(needs[key] for key in few)
    joined = band_of(sum(cells[key].n for key in few), joined_need) if joined_need >= MIN_GROUP else None
    banded = {key: band_of(cells[key].n, needs[key]) for key in cells if key not in few and needs[key]}
    total = PlanCell(sum(cell.n for cell in cells.values()), sum(needs.values()))
    ranges = [*banded.values(), *([joined] if joined else [])]
    unshown = 0 if joined else joined_need
    withheld = not _is_safe(ranges, unshown, total.n)
    shown = {key: _competence_cell(key, banded, few, withheld=withheld) for key in cells}
    return BandTable(shown, few, None if withheld else joined, total, withheld)


def process_table(
    cells: Mapping[str, PlanCell], *, banded: Collection[str] = (), exact: bool = True
) -> dict[str, Published]:
    """Return process counts as a coordinator reads them: exact, also under five.

    `banded`: cells of countries without consent. `exact` False: on this day numbers under five are "1 to 4".
    """
    return {key: _process_cell(cell, in_band=key in banded, exact=exact) for key, cell in cells.items()}


def month_end(day: date) -> date:
    """Return the last end of a month up to a day."""
    return day if ends_month(day) else day.replace(day=1) - timedelta(1)


def _competence_cell(key: str, banded: Mapping[str, Banded], few: Collection[str], *, withheld: bool) -> Published:
    if withheld or key in few:
        return HIDDEN
    return banded.get(key, Shown(0, 0))


def _process_cell(cell: PlanCell, *, in_band: bool, exact: bool) -> Published:
    if in_band:
        return band_of(cell.n, cell.of)
    if not exact and 0 < cell.n < MIN_GROUP:
        return Banded(1, MIN_GROUP - 1, cell.of)
    return Shown(cell.n, cell.of, 100 * cell.n / cell.of if cell.of else None)


def _is_safe(ranges: Sequence[Banded], unshown: int, total: int) -> bool:
    """Return whether each number keeps three possible values beside the total.

    `unshown` is the need of cells that are not shown: their sum is any number up to it.
    """
    spans = [(band.low, band.high, FEWEST_VALUES) for band in ranges]
    if unshown:
        spans.append((0, unshown, min(FEWEST_VALUES, unshown + 1)))
    lowest, highest = sum(low for low, _high, _few in spans), sum(high for _low, high, _few in spans)
    return all(
        low == high or min(high, total - lowest + low) - max(low, total - highest + high) + 1 >= fewest
        for low, high, fewest in spans
    )
