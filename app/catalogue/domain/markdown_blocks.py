"""Split Markdown into blocks without rendering it: the units in which a text is translated and compared."""

import re
from dataclasses import dataclass

from app.catalogue.domain.text import in_code

_HEADING = re.compile(r"^(#{1,6})(?:[ \t]+|$)")
_SLASHES = re.compile(r"^ {0,3}/{3,}")
_OPENING = re.compile(r"^ {0,3}/{3,} *([A-Za-z][\w-]*)")
_ENTRY = re.compile(r"^(?:([-*+])|\d{1,9}[.)])[ \t]+")
_DELIMITER = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")


@dataclass(frozen=True, slots=True)
class MarkdownBlock:
    """A block: its kind (`heading 2`, `paragraph`, `list -`, `list 1`, `table`, `code`, `/// note`), text and line."""

    kind: str
    text: str
    line: int


def cut(lines: list[str], first: int = 1) -> list[MarkdownBlock]:
    """Return the blocks in order; `first` is the number of the first line. Every line that is not blank is in one."""
    coded = in_code(lines)
    blocks = []
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        kind = _kind(lines, coded, at)
        end = _end(lines, coded, at=at, kind=kind)
        blocks.append(MarkdownBlock(kind, "\n".join(lines[at:end]).rstrip(), first + at))
        at = end
    return blocks


def entries(block: MarkdownBlock) -> int:
    """Count the outermost entries of a list, or the rows of a table; 0 for any other block."""
    lines = block.text.split("\n")
    if block.kind.startswith("list"):
        return sum(1 for line in lines if _ENTRY.match(line))
    return len(lines) if block.kind == "table" else 0


def _kind(lines: list[str], coded: list[bool], at: int) -> str:
    line = lines[at]
    if coded[at]:
        return "code"
    if heading := _HEADING.match(line):
        return f"heading {len(heading[1])}"
    if opening := _OPENING.match(line):
        return f"/// {opening[1]}"
    if entry := _ENTRY.match(line):
        return "list -" if entry[1] else "list 1"
    return "table" if _is_table_head(lines, at) else "paragraph"


def _is_table_head(lines: list[str], at: int) -> bool:
    if "|" not in lines[at] or at + 1 == len(lines):
        return False
    return "|" in lines[at + 1] and _DELIMITER.match(lines[at + 1]) is not None


def _end(lines: list[str], coded: list[bool], *, at: int, kind: str) -> int:
    if kind.startswith("heading"):
        return at + 1
    if kind == "code":
        return next((n for n in range(at, len(lines)) if not coded[n]), len(lines))
    if kind.startswith("///"):
        return _end_of_fenced(lines, coded, at)
    if kind.startswith("list"):
        return _end_of_list(lines, coded, at=at, kind=kind)
    return next((n for n in range(at + 1, len(lines)) if _breaks(lines, coded, n)), len(lines))


def _breaks(lines: list[str], coded: list[bool], at: int) -> bool:
    line = lines[at]
    return not line.strip() or coded[at] or bool(_HEADING.match(line) or _SLASHES.match(line))


def _end_of_fenced(lines: list[str], coded: list[bool], at: int) -> int:
    """Find the end of a `///` block; one that is not closed ends before the next opening."""
    for number in range(at + 1, len(lines)):
        if coded[number] or not _SLASHES.match(lines[number]):
            continue
        return number if _OPENING.match(lines[number]) else number + 1
    return len(lines)


def _end_of_list(lines: list[str], coded: list[bool], *, at: int, kind: str) -> int:
    end = at + 1
    for following in (number for number in range(end, len(lines)) if lines[number].strip()):
        if following > end and not _goes_on(lines, coded, at=following, kind=kind):
            break
        if not lines[following].startswith(" ") and _breaks(lines, coded, following):
            break
        end = following + 1
    return end


def _goes_on(lines: list[str], coded: list[bool], *, at: int, kind: str) -> bool:
    """Return whether a list continues after blank lines: with an indented line or an entry of its own kind."""
    return lines[at].startswith("  ") or _kind(lines, coded, at) == kind
