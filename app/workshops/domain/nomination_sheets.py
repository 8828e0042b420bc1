"""The sheet of a contact point that nominates officers: its columns and limits, and what is wrong with its rows.

A row without a rank has no effect. Columns of other names are refused: a sheet holds aliases or numbers, no names.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.kernel.folding import fold
from app.kernel.invisible_characters import without_unseen
from app.kernel.sheets import delimited, workbook
from app.kernel.sheets.grid import CellDefect, FileProblem, Grid, SheetCell, SheetRow, UnreadableError
from app.workshops.domain.nominations import NominationReason
from app.workshops.domain.ranking import MOST_NOMINATED, MOST_RANK

MOST_SHEET_BYTES = 256 * 1024
MOST_SHEET_ROWS = 200  # officers who may be nominated are fewer: MOST_NOMINATED
MOST_NOTE = 300  # characters
_MOST_OFFICER = 80  # characters of an alias or a service number
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0"


class NomineeColumn(StrEnum):
    """The columns of the sheet; the first row has these names."""

    RANK = "rank"
    OFFICER = "officer"  # alias or service number
    REASON = "reason"
    NOTE = "note"
    ROLE = "role"  # written into the sheet, not read
    NEEDS = "needs"  # written into the sheet, not read


REQUIRED = (NomineeColumn.RANK, NomineeColumn.OFFICER)
READ = (*REQUIRED, NomineeColumn.REASON, NomineeColumn.NOTE)


class RowProblem(StrEnum):
    """What is wrong with a cell of the sheet."""

    DEFECT = "defect"  # a formula, a merged cell, an error, a date or a number without its last digits
    NOT_A_RANK = "not_a_rank"
    RANK_TWICE = "rank_twice"
    NO_OFFICER = "no_officer"
    UNKNOWN_OFFICER = "unknown_officer"
    OFFICER_TWICE = "officer_twice"
    OWN_PERSON = "own_person"
    DECIDED = "decided"
    UNKNOWN_REASON = "unknown_reason"
    LONG_NOTE = "long_note"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class NomineeProblem:
    """A problem of a cell; `row` is the other row with the same value, 0 for none."""

    column: NomineeColumn
    problem: RowProblem
    value: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class RankedRow:
    """A row with a rank: its number in the file, and the texts of its cells by column."""

    number: int
    texts: Mapping[NomineeColumn, str]
    defects: tuple[NomineeColumn, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetOfficer:
    """An officer of the country whom a row names; `is_decided`: the officer has a decision for the event."""

    person_id: UUID
    alias: str
    is_decided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedNominee:
    """A checked row; `officer` and `rank` are None if they could not be read."""

    number: int
    text: str  # of the cell that names the officer
    officer: SheetOfficer | None
    rank: int | None
    reason: NominationReason
    note: str
    problems: tuple[NomineeProblem, ...]


def read(raw: bytes) -> tuple[RankedRow, ...]:
    """Return the rows with a rank of an XLSX or CSV file in their order; raise UnreadableError."""
    if not raw.strip():
        raise UnreadableError(FileProblem.EMPTY)
    if len(raw) > MOST_SHEET_BYTES:
        raise UnreadableError(FileProblem.TOO_LARGE)
    grid = _grid(raw)
    if not grid.lines:
        raise UnreadableError(FileProblem.NO_HEADS)
    positions = _positions(grid.lines[0])
    rows = grid.lines[1:]
    if len(rows) > MOST_SHEET_ROWS:
        raise UnreadableError(FileProblem.TOO_MANY_ROWS)
    lines = tuple(filter(None, (_line(row, positions) for row in rows)))
    if not lines:
        raise UnreadableError(FileProblem.NO_ROWS)
    return lines


def officer_texts(lines: Iterable[RankedRow]) -> list[str]:
    """Return the aliases and numbers in the sheet."""
    return sorted({text for line in lines if (text := line.texts[NomineeColumn.OFFICER])})


def check(
    lines: Sequence[RankedRow],
    officers: Mapping[str, SheetOfficer],
    reasons: Mapping[str, NominationReason],
    *,
    actor_id: UUID,
    default: NominationReason,
) -> list[CheckedNominee]:
    """Return the rows in the order of their ranks, wrong ones first.

    `officers` are those of the country by the text of the cell, `reasons` the values by their folded texts.
    """
    seen_ranks: dict[int, int] = {}
    seen_officers: dict[UUID, int] = {}
    checked: list[CheckedNominee] = []
    for position, line in enumerate(lines, 1):
        rank = _rank(line.texts[NomineeColumn.RANK])
        officer = officers.get(line.texts[NomineeColumn.OFFICER])
        reason = _reason(line.texts[NomineeColumn.REASON], reasons, default)
        problems = [
            *_defects(line),
            *_rank_problems(line, rank, seen_ranks),
            *_officer_problems(line, officer, seen_officers, actor_id),
            *_other_problems(line, reason, position),
        ]
        checked.append(
            CheckedNominee(
                number=line.number,
                text=line.texts[NomineeColumn.OFFICER],
                officer=officer,
                rank=rank,
                reason=reason or default,
                note=line.texts[NomineeColumn.NOTE][:MOST_NOTE],
                problems=_first_of_each_column(problems),
            )
        )
    return sorted(checked, key=lambda row: (not row.problems, row.rank or 0))


def _grid(raw: bytes) -> Grid:
    if raw.startswith(_ZIP):
        grids = workbook.read(raw)
        return grids[0] if grids else Grid(())
    if raw.startswith(_OLE):
        raise UnreadableError(FileProblem.OLD_OR_LOCKED)
    readings = delimited.decode(raw)
    text, notes = readings[0]
    if notes:  # the encoding is a guess
        raise UnreadableError(FileProblem.ENCODING)
    grids = [delimited.read(text, separator) for separator in delimited.separators(text)]
    return max(grids, key=_count_heads)


def _count_heads(grid: Grid) -> int:
    return len(_names(grid.lines[0]) & set(NomineeColumn)) if grid.lines else 0


def _names(line: SheetRow) -> set[str]:
    return {_name(cell) for cell in line.cells.values()}


def _name(cell: SheetCell) -> str:
    return cell.text.strip().casefold()


def _positions(line: SheetRow) -> Mapping[NomineeColumn, int]:
    positions: dict[NomineeColumn, int] = {}
    for position, cell in line.cells.items():
        name = _name(cell)
        if not name:
            continue
        if name not in set(NomineeColumn):
            raise UnreadableError(_unknown_head(line), cell.text.strip())
        if name in positions:
            raise UnreadableError(FileProblem.HEAD_TWICE, name)
        positions[NomineeColumn(name)] = position
    if set(REQUIRED) - positions.keys():
        raise UnreadableError(FileProblem.NO_HEADS)
    return positions


def _unknown_head(line: SheetRow) -> FileProblem:
    """Return what an unknown header means: a column too many, or a row that has no headers."""
    return FileProblem.HEAD_UNKNOWN if _names(line) & set(REQUIRED) else FileProblem.NO_HEADS


def _line(row: SheetRow, positions: Mapping[NomineeColumn, int]) -> RankedRow | None:
    """Return a row, None if its rank is empty."""
    empty = SheetCell("")
    cells = {column: row.cells.get(positions[column], empty) for column in READ if column in positions}
    rank = cells[NomineeColumn.RANK]
    if not rank.text.strip() and rank.defect is None:
        return None
    defects = tuple(column for column, cell in cells.items() if _is_defect(column, cell))
    texts = dict.fromkeys(READ, "") | {column: _cleaned(cell.text) for column, cell in cells.items()}
    return RankedRow(row.number, texts, defects)


def _is_defect(column: NomineeColumn, cell: SheetCell) -> bool:
    """Return whether a cell cannot be used; a date in a note is a text like others."""
    return cell.defect is not None and not (column is NomineeColumn.NOTE and cell.defect is CellDefect.DATE)


def _cleaned(text: str) -> str:
    return " ".join((without_unseen(text) or "").split())


def _rank(text: str) -> int | None:
    rank = int(text) if text.isdecimal() and len(text) <= len(str(MOST_RANK)) else 0
    return rank or None


def _reason(text: str, reasons: Mapping[str, NominationReason], default: NominationReason) -> NominationReason | None:
    return reasons.get(fold(text)) if text else default


def _defects(line: RankedRow) -> Iterator[NomineeProblem]:
    for column in line.defects:
        yield NomineeProblem(column, RowProblem.DEFECT, line.texts[column])


def _rank_problems(line: RankedRow, rank: int | None, earlier: dict[int, int]) -> Iterator[NomineeProblem]:
    text = line.texts[NomineeColumn.RANK]
    if rank is None:
        yield NomineeProblem(NomineeColumn.RANK, RowProblem.NOT_A_RANK, text)
    elif rank in earlier:
        yield NomineeProblem(NomineeColumn.RANK, RowProblem.RANK_TWICE, text, earlier[rank])
    else:
        earlier[rank] = line.number


def _officer_problems(
    line: RankedRow, officer: SheetOfficer | None, earlier: dict[UUID, int], actor_id: UUID
) -> Iterator[NomineeProblem]:
    text, column = line.texts[NomineeColumn.OFFICER], NomineeColumn.OFFICER
    if officer is None:
        yield NomineeProblem(column, RowProblem.UNKNOWN_OFFICER if text else RowProblem.NO_OFFICER, text)
    elif officer.person_id in earlier:
        yield NomineeProblem(column, RowProblem.OFFICER_TWICE, text, earlier[officer.person_id])
    else:
        earlier[officer.person_id] = line.number
        yield from _unavailable(officer, text, actor_id)


def _unavailable(officer: SheetOfficer, text: str, actor_id: UUID) -> Iterator[NomineeProblem]:
    if officer.person_id == actor_id:
        yield NomineeProblem(NomineeColumn.OFFICER, RowProblem.OWN_PERSON, text)
    elif officer.is_decided:
        yield NomineeProblem(NomineeColumn.OFFICER, RowProblem.DECIDED, text)


def _other_problems(line: RankedRow, reason: NominationReason | None, position: int) -> Iterator[NomineeProblem]:
    if reason is None:
        text = line.texts[NomineeColumn.REASON]
        yield NomineeProblem(NomineeColumn.REASON, RowProblem.UNKNOWN_REASON, text)
    if len(line.texts[NomineeColumn.NOTE]) > MOST_NOTE:
        yield NomineeProblem(NomineeColumn.NOTE, RowProblem.LONG_NOTE, "")
    if position > MOST_NOMINATED:
        yield NomineeProblem(NomineeColumn.RANK, RowProblem.TOO_MANY, line.texts[NomineeColumn.RANK])


def _first_of_each_column(problems: Sequence[NomineeProblem]) -> tuple[NomineeProblem, ...]:
    first = {problem.column: problem for problem in reversed(problems)}
    return tuple(first[column] for column in READ if column in first)
