"""Parse the answer lists and tables that authors write in course files: syntax only, see `bank_checks`."""

import re
from dataclasses import dataclass, field

from app.catalogue.domain.source_lines import Report, SourceLines, stripped_text

DASH = re.compile(r"-(?: (.*))?")
DIGIT = re.compile(r"[0-9]{1,3}\.(?: (.*))?")
EQUALS = re.compile(r"=(?: (.*))?")

# Two spaces, or three as Markdown allows, and the sign of a quotation.
_FEEDBACK = re.compile(r" {2,3}>(?: (.*))?")
_BAR = re.compile(r"(?<!\\)\|")
_TABLE_DELIMITER = re.compile(r" *:?-+:? *")


@dataclass(slots=True)
class RawEntry:
    """An entry of an answer list as written: text without the marker, feedback, number of the first line."""

    line: int
    body: list[str]
    feedback_lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the Markdown of the entry."""
        return stripped_text(self.body).lstrip()

    @property
    def feedback(self) -> str:
        """Return the Markdown of the feedback."""
        return stripped_text(self.feedback_lines).lstrip()


def read_entries(section: SourceLines, report: Report, marker: re.Pattern[str]) -> list[RawEntry]:
    """Return the entries that begin with the marker; a line that belongs to no entry is a problem."""
    entries: list[RawEntry] = []
    lost = -2
    for index, (line, code) in enumerate(zip(section.lines, section.code, strict=True)):
        match = None if code else marker.fullmatch(line)
        if match:
            entries.append(RawEntry(section.number(index), [match[1] or ""]))
        elif not _append_continuation(entries, line, code=code):
            if lost != index - 1:
                _report_lost(section.number(index), report, indented=line.startswith("  "))
            lost = index
    return entries


def _append_continuation(entries: list[RawEntry], line: str, *, code: bool) -> bool:
    """Append the line to the last entry if it continues it; return False for text that belongs to no entry."""
    if not entries:
        return not line.strip()
    entry = entries[-1]
    feedback = None if code else _FEEDBACK.fullmatch(line)
    if feedback:
        entry.feedback_lines.append(feedback[1] or "")
    elif not entry.feedback_lines and (line.startswith("  ") or not line.strip()):
        entry.body.append(line[2:])
    else:
        return not line.strip()
    return True


def _report_lost(number: int, report: Report, *, indented: bool) -> None:
    if indented:
        report.error(number, "This text comes after the feedback.", "Put it before the feedback, or begin it with >.")
    else:
        report.error(
            number, "This line is not part of an answer.", "Begin it as an answer, or indent it by two spaces."
        )


def read_table(section: SourceLines, report: Report, columns: int) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the heading cells and the rows (line, cells); a row of another width is a problem and left out."""
    rows = []
    for index, line in enumerate(section.lines):
        if line.strip():
            cells = table_cells(line)
            if len(cells) == columns:
                rows.append((section.number(index), cells))
            else:
                _report_row(section.number(index), report, columns)
    if len(rows) < 2 or not all(_TABLE_DELIMITER.fullmatch(cell) for cell in rows[1][1]):
        report.error(
            section.first, "The table has no heading row.", "Write a row of titles, and below it a row of dashes."
        )
        return [""] * columns, []
    return rows[0][1], rows[2:]


def table_cells(line: str) -> list[str]:
    """Return the cells of a table row as text; none if the line does not begin with a bar."""
    line = line.strip()
    if not line.startswith("|"):
        return []
    cells = _BAR.split(line[1:])
    if not cells[-1].strip():
        cells.pop()
    return [cell.strip().replace("\\|", "|") for cell in cells]


def _report_row(number: int, report: Report, columns: int) -> None:
    report.error(
        number,
        "This is not a table row of %(columns)s cells.",
        "Begin and end it with |, and write a bar in a cell as \\|.",
        columns=columns,
    )
