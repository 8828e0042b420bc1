r"""Gaps `{=right|also right}`, `{~wrong|=right}` and passages `{{+ right }}`, `{{- wrong }}` in a text, both ways.

Nothing in fenced code or in a code span is looked at. Inside a gap the signs `\{ \| \} \\` and a backtick or a leading
equals sign stand behind a backslash; outside gaps the text is Markdown and stays as it is. A gap ends on its line, a
passage in its paragraph. In a translation `{~one|two}` needs no `=`, and `{{ passage }}` no sign; a text with signs has
them at all its passages, and any other `{{` in it is a mere brace.
"""

import re
from dataclasses import dataclass
from typing import Literal

from app.catalogue.domain.code_spans import blank_code
from app.catalogue.domain.items import Gap, Gaps, Passage, Passages
from app.catalogue.domain.source_lines import Report, Stretch

_GAP = re.compile(r"\{[=~]")
_SIGNED = re.compile(r"\{\{[+-]")
_CANDIDATE = re.compile(r"\{\{[+-]?")
_ESCAPED = re.compile(r"\\[^\n]")
_UNESCAPE = re.compile(r"\\([\\{|}`=])")
_ESCAPE = re.compile(r"[\\{|}`]")


@dataclass(frozen=True, slots=True)
class Cut:
    """A gap or candidate as written: its opening sign, the pieces between unescaped bars, the line it begins at."""

    sign: str
    pieces: tuple[str, ...]
    line: int

    @property
    def whole(self) -> str:
        """Return the text between the braces."""
        return "|".join(self.pieces)


@dataclass(frozen=True, slots=True)
class Syntax:
    """How a mark opens and closes, and before what it has to close."""

    opener: re.Pattern[str]
    closer: str
    limit: str


GAP = Syntax(_GAP, "}", "\n")
SIGNED = Syntax(_SIGNED, "}}", "\n\n")
CANDIDATE = Syntax(_CANDIDATE, "}}", "\n\n")


def cut(stretch: Stretch, report: Report, syntax: Syntax) -> tuple[tuple[str, ...], list[Cut]]:
    """Return the texts around the marks (one more than marks) and the marks; one that never closes is a problem."""
    trimmed = stretch.trimmed()
    text = trimmed.text
    unescaped = _seen(list(trimmed.lines))
    parts, cuts = [], []
    done = at = counted = limit = 0
    line = trimmed.first
    while opened := syntax.opener.search(unescaped, at):
        line += text.count("\n", counted, opened.start())
        counted = opened.start()
        if limit < opened.end():
            limit = _find(unescaped, syntax.limit, opened.end())
        close = unescaped.find(syntax.closer, opened.end(), limit)
        if close < 0:
            report.error(line, "A brace opened here is not closed.", "Close it, or write \\{ to show a brace.")
            at = limit
            continue
        if "{" in unescaped[opened.end() : close]:
            report.error(
                line, "A brace is opened inside another.", "Close the first one, or write \\{ to show a brace."
            )
        parts.append(text[done : opened.start()])
        cuts.append(Cut(opened[0].lstrip("{"), _pieces(text, unescaped, opened.end(), close), line))
        done = at = close + len(syntax.closer)
    return (*parts, text[done:]), cuts


def _seen(lines: list[str]) -> str:
    """Return the text with everything blanked that is code or stands behind a backslash, at the same length."""
    return _ESCAPED.sub("  ", "\n".join(blank_code(lines)))


def _find(text: str, sought: str, start: int) -> int:
    position = text.find(sought, start)
    return position if position >= 0 else len(text)


def _pieces(text: str, unescaped: str, start: int, stop: int) -> tuple[str, ...]:
    pieces = []
    while (bar := unescaped.find("|", start, stop)) >= 0:
        pieces.append(text[start:bar])
        start = bar + 1
    return (*pieces, text[start:stop])


def words(cut: Cut, report: Report) -> tuple[str, ...]:
    """Return the wordings of a gap; an empty one is a problem, and is left out."""
    stripped = [piece.strip() for piece in cut.pieces]
    if not all(stripped):
        report.error(cut.line, "A gap has an empty answer.", "Write a word, or remove the bar |.")
    return tuple(piece for piece in stripped if piece)


def plain(word: str) -> str:
    """Return a wording as a person reads it, backslashes taken away."""
    return _UNESCAPE.sub(r"\1", word)


def read_gaps(stretch: Stretch, report: Report) -> Gaps:
    """Read a text with gaps."""
    parts, cuts = cut(stretch, report, GAP)
    return Gaps(parts, tuple(_gap(one, report) for one in cuts))


def _gap(cut: Cut, report: Report) -> Gap:
    written = words(cut, report)
    if cut.sign == "=":
        return Gap("typed", tuple(map(plain, written)))
    return chosen(tuple((plain(word.removeprefix("=").lstrip()), word.startswith("=")) for word in written))


def chosen(options: tuple[tuple[str, bool], ...]) -> Gap:
    """Make a gap to choose in from its options and whether each is right."""
    return Gap("chosen", tuple(text for text, right in options if right), tuple(text for text, _ in options))


def read_passages(stretch: Stretch, report: Report) -> Passages:
    """Read a text with passages to pick."""
    parts, cuts = cut(stretch, report, SIGNED)
    return Passages(parts, tuple(Passage(passage(one, report), one.sign == "+") for one in cuts))


def read_candidates(stretch: Stretch, report: Report) -> tuple[tuple[str, ...], list[Cut]]:
    """Read the passages of a translation, all of them signed or none."""
    _, cuts = cut(stretch, Report(report.file), SIGNED)
    return cut(stretch, report, SIGNED if cuts else CANDIDATE)


def needs_signs(passages: Passages) -> bool:
    """Return whether the text around the passages would be misread if these had no signs."""
    return any("{{" in _seen(part.split("\n")) for part in passages.parts)


def passage(cut: Cut, report: Report) -> str:
    """Return the text of a candidate; an empty one is a problem."""
    text = cut.whole.strip()
    if not text:
        report.error(cut.line, "A passage is empty.", "Write the passage between the braces.")
    return text


def write_gaps(gaps: Gaps, *, targets: bool) -> str:
    """Write a text with gaps; without targets the options of a chosen gap carry no mark."""
    return _join(gaps.parts, [_write_gap(gap, targets=targets) for gap in gaps.gaps])


def _write_gap(gap: Gap, *, targets: bool) -> str:
    if gap.mode == "typed":
        return "{=" + "|".join(map(_escape, gap.accepted)) + "}"
    return "{~" + "|".join(_write_option(option, gap, targets=targets) for option in gap.options) + "}"


def _write_option(option: str, gap: Gap, *, targets: bool) -> str:
    sign = "=" if targets and option in gap.accepted else ""
    escaped = _escape(option)
    return sign + (f"\\{escaped}" if escaped.startswith("=") else escaped)


def _escape(word: str) -> str:
    return _ESCAPE.sub(r"\\\g<0>", word)


def write_passages(passages: Passages, *, targets: bool) -> str:
    """Write a text with passages; without targets they carry no sign."""
    signs: dict[bool, Literal["+", "-"]] = {True: "+", False: "-"}
    marks = ["{{" + (signs[one.right] if targets else "") + f" {one.text} }}}}" for one in passages.passages]
    return _join(passages.parts, marks)


def _join(parts: tuple[str, ...], marks: list[str]) -> str:
    return "".join(part + mark for part, mark in zip(parts, (*marks, ""), strict=True))
