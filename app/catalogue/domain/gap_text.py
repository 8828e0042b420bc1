"""Parse and write gaps `{=right|also right}`, `{~wrong|=right}` and passages `{{+ right }}`, `{{- wrong }}`.

Code is ignored. Inside a gap, braces, bars, backslashes, backticks and a leading equals sign are escaped by a
backslash; outside, the text is Markdown and stays as it is. A gap ends on its line, a passage in its paragraph.
In a translation `{~one|two}` needs no `=`, and `{{ passage }}` no sign; a text with signs has them at all its
passages, and any other `{{` in it is plain text.
"""

import re
from dataclasses import dataclass
from typing import Literal

from app.catalogue.domain.code_spans import blank_code
from app.catalogue.domain.items import Gap, Gaps, Passage, Passages
from app.catalogue.domain.source_lines import Report, SourceLines

_GAP = re.compile(r"\{[=~]")
_SIGNED = re.compile(r"\{\{[+-]")
_CANDIDATE = re.compile(r"\{\{[+-]?")
_ESCAPED = re.compile(r"\\[^\n]")
_UNESCAPE = re.compile(r"\\([\\{|}`=~])")
_ESCAPE = re.compile(r"[\\{|}`]")


@dataclass(frozen=True, slots=True)
class GapSource:
    """A gap or passage as written: opening sign, texts between unescaped bars, number of the first line."""

    sign: str
    pieces: tuple[str, ...]
    line: int

    @property
    def whole(self) -> str:
        """Return the text between the braces."""
        return "|".join(self.pieces)


@dataclass(frozen=True, slots=True)
class Syntax:
    """The opening and closing marks of a gap or passage, and the text before which it must be closed."""

    opener: re.Pattern[str]
    closer: str
    limit: str


GAP = Syntax(_GAP, "}", "\n")
SIGNED = Syntax(_SIGNED, "}}", "\n\n")
CANDIDATE = Syntax(_CANDIDATE, "}}", "\n\n")


def split_gaps(section: SourceLines, report: Report, syntax: Syntax) -> tuple[tuple[str, ...], list[GapSource]]:
    """Return the texts around the gaps (one more than gaps) and the gaps; one that is not closed is a problem."""
    trimmed = section.trimmed()
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
        cuts.append(GapSource(opened[0].lstrip("{"), _pieces(text, unescaped, opened.end(), close), line))
        done = at = close + len(syntax.closer)
    return (*parts, text[done:]), cuts


def _seen(lines: list[str]) -> str:
    """Return the text with code and escaped characters blanked, at the same length."""
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


def answer_texts(cut: GapSource, report: Report) -> tuple[str, ...]:
    """Return the answer texts of a gap; an empty one is a problem and left out."""
    stripped = [piece.strip() for piece in cut.pieces]
    if not all(stripped):
        report.error(cut.line, "A gap has an empty answer.", "Write a word, or remove the bar |.")
    return tuple(piece for piece in stripped if piece)


def unescaped(word: str) -> str:
    """Return an answer text without its backslash escapes."""
    return _UNESCAPE.sub(r"\1", word)


def read_gaps(section: SourceLines, report: Report) -> Gaps:
    """Parse a text with gaps."""
    parts, cuts = split_gaps(section, report, GAP)
    return Gaps(parts, tuple(_gap(cut, report) for cut in cuts))


def _gap(cut: GapSource, report: Report) -> Gap:
    written = answer_texts(cut, report)
    if cut.sign == "=":
        if any(word.startswith("~") for word in written):
            report.error(cut.line, "A typed gap has a wrong option.", "Write {~wrong|=right} for a gap with options.")
        return Gap("typed", tuple(map(unescaped, written)))
    return choice_gap(tuple((unescaped(word.removeprefix("=").lstrip()), word.startswith("=")) for word in written))


def choice_gap(options: tuple[tuple[str, bool], ...]) -> Gap:
    """Return a gap with options to choose from, given each option and whether it is right."""
    return Gap("chosen", tuple(text for text, right in options if right), tuple(text for text, _ in options))


def read_passages(section: SourceLines, report: Report) -> Passages:
    """Parse a text with passages to pick."""
    parts, cuts = split_gaps(section, report, SIGNED)
    return Passages(parts, tuple(Passage(passage(cut, report), cut.sign == "+") for cut in cuts))


def read_candidates(section: SourceLines, report: Report) -> tuple[tuple[str, ...], list[GapSource]]:
    """Parse the passages of a translation, all of them with signs or none."""
    _, cuts = split_gaps(section, Report(report.file), SIGNED)
    return split_gaps(section, report, SIGNED if cuts else CANDIDATE)


def needs_signs(passages: Passages) -> bool:
    """Return whether the text around the passages would be misread if these had no signs."""
    return any("{{" in _seen(part.split("\n")) for part in passages.parts)


def passage(cut: GapSource, report: Report) -> str:
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
        return "{=" + "|".join(_escape_start(word, "~") for word in gap.accepted) + "}"
    return "{~" + "|".join(_write_option(option, gap, targets=targets) for option in gap.options) + "}"


def _write_option(option: str, gap: Gap, *, targets: bool) -> str:
    sign = "=" if targets and option in gap.accepted else ""
    return sign + _escape_start(option, "=")


def _escape_start(word: str, sign: str) -> str:
    """Escape an answer text, and at its start the sign that would be read as a mark."""
    escaped = _escape(word)
    return f"\\{escaped}" if escaped.startswith(sign) else escaped


def _escape(word: str) -> str:
    return _ESCAPE.sub(r"\\\g<0>", word)


def write_passages(passages: Passages, *, targets: bool) -> str:
    """Write a text with passages; without targets they carry no sign."""
    signs: dict[bool, Literal["+", "-"]] = {True: "+", False: "-"}
    marks = [
        "{{" + (signs[candidate.right] if targets else "") + f" {candidate.text} }}}}"
        for candidate in passages.passages
    ]
    return _join(passages.parts, marks)


def _join(parts: tuple[str, ...], marks: list[str]) -> str:
    return "".join(part + mark for part, mark in zip(parts, (*marks, ""), strict=True))
