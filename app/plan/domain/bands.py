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
    """A table of competence: its cells, and those of fewer than five officers joined to one (None: not shown).

    `withheld`: no cell is shown, only the total.
    """

    cells: Mapping[str, Published]
    joined_keys: Sequence[str]
    joined: Banded | None
    total: PlanCell
    withheld: bool


def band_of(n: int, need: int | None) -> Banded:
    """Return the band of a number: none, 1 to 4, 5 to 9 ..., all. Without a need the bands have no last one."""
    low = n // STEP * STEP
    if need is None:
        return Banded(low or min(n, 1), low + STEP - 1 if n else 0, None)
    need = max(need, n)
    if n in {0, need}:
        return Banded(n, n, need)
    last = _last_band(need)
    low = min(low, last)
    return Banded(max(low, 1), need - 1 if low == last else low + STEP - 1, need)


def _last_band(need: int) -> int:
    """Return where the last band below a need begins."""
    last = (need - 1) // STEP * STEP
    return last - STEP if last and need - last < NARROWEST else last


def competence_table(cells: Mapping[str, PlanCell]) -> BandTable:
    """Return competence by country, role or kind of agency, as a coordinator reads it; each cell has its need.

    Results are counted of records: their need is the number of records, and `people` are the officers behind them.
    """
    needed = _needed(cells)
    few = {key: cell for key, cell in needed.items() if 0 < _officers(cell) < MIN_GROUP}
    banded = _banded(needed)
    together, total = _sum(few), _sum(needed)
    joined = _joined(together)
    ranges = [band for band in (*banded.values(), joined) if band]
    withheld = not _is_safe(ranges, unshown=_need(total) - sum(band.need or 0 for band in ranges), total=total.n)
    if withheld:
        return BandTable(dict.fromkeys(cells, HIDDEN), list(few), None, total, withheld=True)
    shown = {key: _competence_cell(key, banded, few) for key in cells}
    return BandTable(shown, list(few), joined, total, withheld=False)


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


def _banded(needed: Mapping[str, PlanCell]) -> dict[str, Banded]:
    return {key: band_of(cell.n, _need(cell)) for key, cell in needed.items() if _officers(cell) >= MIN_GROUP}


def _joined(together: PlanCell) -> Banded | None:
    return band_of(together.n, _need(together)) if _officers(together) >= MIN_GROUP else None


def _needed(cells: Mapping[str, PlanCell]) -> dict[str, PlanCell]:
    """Return cells whose need is at least their number."""
    return {key: PlanCell(cell.n, max(_need(cell), cell.n), cell.people) for key, cell in cells.items()}


def _need(cell: PlanCell) -> int:
    return cell.of or 0


def _officers(cell: PlanCell) -> int:
    """Return the officers that a cell is about, at most its records."""
    return _need(cell) if cell.people is None else min(cell.people, _need(cell))


def _sum(cells: Mapping[str, PlanCell]) -> PlanCell:
    counts_people = any(cell.people is not None for cell in cells.values())
    officers = sum(map(_officers, cells.values())) if counts_people else None
    return PlanCell(sum(cell.n for cell in cells.values()), sum(map(_need, cells.values())), officers)


def _competence_cell(key: str, banded: Mapping[str, Banded], few: Collection[str]) -> Published:
    return HIDDEN if key in few else banded.get(key, Shown(0, 0))


def _process_cell(cell: PlanCell, *, in_band: bool, exact: bool) -> Published:
    if in_band:
        return band_of(cell.n, cell.of)
    if not exact and 0 < cell.n < MIN_GROUP:
        return Banded(1, MIN_GROUP - 1, cell.of)
    return Shown(cell.n, cell.of, 100 * cell.n / cell.of if cell.of else None)


def _is_safe(ranges: Sequence[Banded], *, unshown: int, total: int) -> bool:
    """Return whether each number keeps three possible values beside the total.

    `unshown` is the need of cells that are not shown: their sum is any number up to it.
    """
    spans = [(band.low, band.high, FEWEST_VALUES) for band in ranges]
    spans.append((0, unshown, min(FEWEST_VALUES, unshown + 1)))
    lowest, highest = sum(low for low, _high, _few in spans), sum(high for _low, high, _few in spans)
    return all(
        low == high or min(high, total - lowest + low) - max(low, total - highest + high) + 1 >= fewest
        for low, high, fewest in spans
    )
