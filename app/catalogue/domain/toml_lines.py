"""Find the line of each key and table of a TOML text, which `tomllib` does not report."""

import re

Path = tuple[str | int, ...]

_TABLES = re.compile(r"^\s*\[\[\s*([^\[\]]+?)\s*\]\]")
_TABLE = re.compile(r"^\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_STRINGS = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')
_LONG = ('"""', "'''")


class TomlLines:
    """The lines of one TOML text, by path: `("lesson", 1, "minutes")` is a key of the second `[[lesson]]`."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._prefix: Path = ()
        self._open_string = ""
        self._open_key: Path | None = None
        self._depth = 0
        self._elements = 0
        for number, line in enumerate(text.split("\n"), start=1):
            self._take(number, line)

    def of(self, path: Path) -> int:
        """Return the line of the key or table, else of the nearest table around it, else 1."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def alias(self, path: Path, stands_at: Path) -> None:
        """Map a path to the line of a key that is written in an unusual position."""
        self._lines[path] = self.of(stands_at)

    def _take(self, number: int, line: str) -> None:
        if self._open_string:
            self._close_string(number, line)
        elif self._depth:
            self._value(number, line)
        elif match := _TABLES.match(line):
            self._prefix = self._next_table(_parts(match[1]), number)
            self._lines[self._prefix] = number
        elif match := _TABLE.match(line):
            self._prefix = self._inside(_parts(match[1]))
            self._lines[self._prefix] = number
        elif match := _KEY.match(line):
            self._open_key = self._prefix + _parts(match[1])
            self._lines.setdefault(self._open_key, number)
            self._elements = 0
            self._value(number, line[match.end() :])

    def _close_string(self, number: int, line: str) -> None:
        """Continue after the end of a multi-line string, if it ends on this line."""
        _, closed, rest = line.partition(self._open_string)
        if closed:
            self._open_string = ""
            self._value(number, rest)

    def _next_table(self, parts: Path, number: int) -> Path:
        path = self._inside(parts[:-1]) + parts[-1:]
        self._counts[path] = self._counts.get(path, -1) + 1
        self._lines.setdefault(path, number)
        return (*path, self._counts[path])

    def _inside(self, parts: Path) -> Path:
        """Insert the index of the latest table after each name that is a list of tables."""
        path: Path = ()
        for part in parts:
            path = (*path, part)
            if path in self._counts:
                path = (*path, self._counts[path])
        return path

    def _value(self, number: int, text: str) -> None:
        """Follow brackets, so that lines inside a value are not taken for keys; note where its elements begin."""
        for quotes in _LONG:
            if text.count(quotes) % 2:
                self._open_string = quotes
                text = text.partition(quotes)[0]
        for sign in _STRINGS.sub(lambda _string: "s" if self._depth == 1 else "", text).partition("#")[0]:
            if self._depth == 1:
                self._note_element(number, sign)
            self._depth = max(0, self._depth + (sign in "[{") - (sign in "]}"))

    def _note_element(self, number: int, sign: str) -> None:
        if sign in "{s" and self._open_key is not None:
            self._lines.setdefault((*self._open_key, self._elements), number)
        if sign == ",":
            self._elements += 1


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))
