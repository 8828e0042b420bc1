"""Lines of a bank or case file with line numbers and code flags; `Report` collects the problems of a file."""

import re
from dataclasses import dataclass, replace

from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.text import TextFile, fences, in_code

BLOCKS = frozenset({"note", "tip", "warning", "sensitive", "scenario", "details", "country", "check"})

_BLOCK = re.compile(r"(/{3,})(.*)")
_KEY = re.compile(r"([a-z_]+):(?: (.*))?")


class Report:
    """Collect the problems of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def error(self, line: int, message: str, hint: str, **values: str | int | float) -> None:
        """Add an error: the file cannot be used as it is."""
        self.problems.append(Problem(self.file, line, message, hint, values))

    def warn(self, line: int, message: str, hint: str, **values: str | int | float) -> None:
        """Add a warning: the file can be used, but a person should check it."""
        self.problems.append(Problem(self.file, line, message, hint, values, Weight.WARNING))

    def sorted(self) -> list[Problem]:
        """Return the problems in the order of their lines."""
        return sorted(self.problems, key=lambda problem: problem.line)


@dataclass(frozen=True, slots=True)
class SourceLines:
    """Lines of a file: `code` says which are fenced code, `first` is the number of the first line, from 1."""

    lines: tuple[str, ...]
    code: tuple[bool, ...]
    first: int

    @property
    def text(self) -> str:
        """Return the lines as one text, without a line end."""
        return "\n".join(self.lines)

    def number(self, index: int) -> int:
        """Return the line number in the file of the line at an index (from 0)."""
        return self.first + index

    def part(self, start: int, stop: int | None = None) -> "SourceLines":
        """Return the lines from one index up to another."""
        return SourceLines(self.lines[start:stop], self.code[start:stop], self.first + start)

    def starting(self, *prefixes: str) -> list[int]:
        """Return the indexes of the lines outside code that begin with one of the prefixes."""
        rows = zip(self.lines, self.code, strict=True)
        return [place for place, (line, code) in enumerate(rows) if not code and line.startswith(prefixes)]

    def sections(self, prefix: str) -> list["SourceLines"]:
        """Return the sections that begin with the prefix outside code, in order, without the lines before them."""
        heads = self.starting(prefix)
        return [self.part(start, stop) for start, stop in zip(heads, [*heads[1:], len(self.lines)], strict=False)]

    def before(self, prefix: str) -> "SourceLines":
        """Return the lines before the first line outside code that begins with the prefix."""
        return self.part(0, next(iter(self.starting(prefix)), None))

    def trimmed(self) -> "SourceLines":
        """Return the lines without empty ones at both ends; lines of spaces only become empty."""
        full = [place for place, line in enumerate(self.lines) if line.strip()]
        if not full:
            return self.part(0, 0)
        inner = self.part(full[0], full[-1] + 1)
        lines = [line if line.strip() else "" for line in inner.lines]
        lines[-1] = lines[-1].rstrip()
        return replace(inner, lines=tuple(lines))


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A `name: value` line."""

    name: str
    value: str
    line: int


def stripped_text(lines: list[str]) -> str:
    """Return the lines as a text without empty lines at both ends or spaces at its end."""
    return "\n".join(line if line.strip() else "" for line in lines).strip("\n").rstrip()


def lines_of_text(text: str, first: int) -> SourceLines:
    """Return the lines of a text that begins at the given line of a file."""
    lines = text.split("\n") if text else []
    return SourceLines(tuple(lines), tuple(in_code(lines)), first)


def lines_of_file(source: TextFile, report: Report) -> SourceLines:
    """Return the lines after the file's header; code that is not closed is a problem and ends at the next `## `."""
    lines = source.lines
    start = _after_front(lines, report)
    body = lines[start:]
    return SourceLines(tuple(body), tuple(_code(body, start + 1, report)), start + 1)


def _after_front(lines: list[str], report: Report) -> int:
    if not lines or lines[0].rstrip() != "---":
        return 0
    end = next((place for place, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        report.error(1, "The header of the file is not closed.", "Write a line --- after its last line.")
        return 1
    return end + 1


def _code(lines: list[str], first: int, report: Report) -> list[bool]:
    marks = [False] * len(lines)
    at = 0
    while at < len(lines):
        begin, at = at, len(lines)
        for start, stop in fences(lines[begin:]):
            opened = begin + start
            end = begin + stop if stop is not None else _next_item(lines, opened)
            marks[opened:end] = [True] * (end - opened)
            if stop is None:
                report.error(
                    first + opened,
                    "This fenced code is not closed.",
                    "Close it with a line of the same characters.",
                )
                at = end
    return marks


def _next_item(lines: list[str], after: int) -> int:
    later = (place for place in range(after + 1, len(lines)) if lines[place].startswith("## "))
    return next(later, len(lines))


def read_keys(section: SourceLines, report: Report, known_keys: frozenset[str]) -> tuple[list[KeyLine], SourceLines]:
    """Return the `name: value` lines at the beginning, each known and once, and the lines after them."""
    end = next((index for index, line in enumerate(section.lines) if not line.strip()), len(section.lines))
    keys: dict[str, KeyLine] = {}
    for index in range(end):
        key = _read_key(section.lines[index], section.number(index), report, known_keys)
        if key and key.name in keys:
            report.error(key.line, "The key %(key)s is here twice.", "Remove one of them.", key=key.name)
        elif key:
            keys[key.name] = key
    rest = section.part(end).trimmed()
    _find_late_key(rest, report, known_keys)
    return list(keys.values()), rest


def begins_with_key(section: SourceLines) -> bool:
    """Return whether the first line is a line `name: value`."""
    return bool(section.lines) and bool(_KEY.fullmatch(section.lines[0].rstrip()))


def _read_key(line: str, number: int, report: Report, known_keys: frozenset[str]) -> KeyLine | None:
    match = _KEY.fullmatch(line.rstrip())
    value = (match[2] or "").strip() if match else ""
    if not match:
        report.error(number, "This is not a line of the form key: value.", "Leave a blank line before the text.")
    elif match[1] not in known_keys:
        keys = ", ".join(sorted(known_keys))
        report.error(number, "The key %(key)s is not known.", "Use one of: %(known)s.", key=match[1], known=keys)
    elif not value:
        report.error(number, "The key %(key)s has no value.", "Write a value, or remove the line.", key=match[1])
    else:
        return KeyLine(match[1], value, number)
    return None


def _find_late_key(rest: SourceLines, report: Report, known_keys: frozenset[str]) -> None:
    match = _KEY.fullmatch(rest.lines[0]) if rest.lines else None
    if match and match[1] in known_keys:
        report.error(
            rest.first,
            "The key %(key)s comes after the blank line, so it is read as text.",
            "Move it up, or begin the text with another word.",
            key=match[1],
        )


def check_blocks(section: SourceLines, report: Report) -> None:
    """Report each `///` block of a text that is unknown, never closed, or closed without having been opened."""
    opened: list[tuple[int, int]] = []
    for index in section.starting("///"):
        match = _BLOCK.match(section.lines[index])
        slashes, title = (len(match[1]), match[2].strip()) if match else (0, "")
        number = section.number(index)
        if title:
            _check_block_name(title.split("|")[0].strip(), number, report)
            opened.append((slashes, number))
        elif opened and opened[-1][0] == slashes:
            opened.pop()
        else:
            report.error(number, "This line closes a block that is not open.", "Remove it, or open a block above it.")
    for _, number in opened:
        report.error(number, "This block is not closed.", "Close it with a line of as many slashes.")


def _check_block_name(name: str, number: int, report: Report) -> None:
    if name not in BLOCKS:
        known_types = ", ".join(sorted(BLOCKS))
        message = "The block %(name)s is not known here."
        report.error(number, message, "Use one of: %(known)s.", name=name, known=known_types)
