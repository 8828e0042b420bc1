"""Parse the answers of a bank item, one function per item kind: syntax only, `bank_checks` checks the meaning."""

import re
from collections.abc import Callable
from typing import Literal, cast

import msgspec

from app.catalogue.domain.answer_lists import DASH, DIGIT, EQUALS, RawEntry, read_entries, read_table
from app.catalogue.domain.document_answers import read_form_fields, read_mark, read_pairs
from app.catalogue.domain.gap_text import read_gaps, read_passages
from app.catalogue.domain.items import (
    Answers,
    Choices,
    Criterion,
    Group,
    ItemKind,
    ListEntry,
    Match,
    Number,
    NumberAnswer,
    Open,
    Option,
    Order,
    Pair,
    Rating,
    Short,
    ShortAnswer,
    Sort,
    Statement,
)
from app.catalogue.domain.source_lines import Report, SourceLines

_MARK = re.compile(r"\[(x|X| |-?[0-9]{1,3}%)\](?:[ \n]|$)")
_PART = re.compile(r" \[([0-9]{1,3})%\]$")
_NUMBER = re.compile(r"(-?[0-9]{1,15}(?:\.[0-9]{1,15})?)(?: ± ([0-9]{1,15}(?:\.[0-9]{1,15})?))?")
_ERROR = re.compile(r"(|.* )\((miss|false_alarm)\)")
_RANGE = re.compile(r"(-?[0-9]{1,3}) ?\.\. ?(-?[0-9]{1,3})")
_POINTS = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4})?")


def read_answers(kind: ItemKind, section: SourceLines, report: Report) -> Answers:
    """Parse the answers of an item of this kind; an answer that cannot be parsed is a problem and left out."""
    return _READERS[kind](section, report)


def split_mark(raw: RawEntry, report: Report) -> tuple[float | None, str]:
    """Split the mark `[x]`, `[ ]` or `[50%]` off the beginning of the text; None if there is none."""
    text = raw.text
    match = _MARK.match(text)
    if not match:
        return None, text
    sign = match[1]
    credit = {"x": 1.0, "X": 1.0, " ": 0.0}.get(sign)
    return _share(sign, raw.line, report) if credit is None else credit, text[match.end() :].strip()


def split_part(raw: RawEntry, report: Report) -> tuple[float | None, str]:
    """Split the part mark ` [50%]` off the end of the text; None if there is none."""
    text = raw.text
    match = _PART.search(text)
    if not match:
        return None, text
    return _share(match[1], raw.line, report), text[: match.start()].rstrip()


def begins_as_mark(text: str) -> bool:
    """Return whether the text begins like a mark and would be read as one."""
    return bool(_MARK.match(text))


def ends_as_part(text: str) -> bool:
    """Return whether the text ends like a part mark and would be read as one."""
    return bool(_PART.search(text))


def _share(percent: str, line: int, report: Report) -> float:
    value = int(percent.rstrip("%"))
    if not -100 <= value <= 100:
        report.error(line, "The mark is over a hundred per cent.", "Write at most [100%%].")
    return max(-100, min(100, value)) / 100


def split_range(text: str) -> tuple[tuple[int, int] | None, str]:
    """Split the range ` = a..b` off the end of the text; None if there is none."""
    before, equals, after = text.rpartition(" = ")
    match = _RANGE.fullmatch(after.strip()) if equals else None
    return ((int(match[1]), int(match[2])), before.rstrip()) if match else (None, text)


def full(raws: list[RawEntry], report: Report) -> list[RawEntry]:
    """Return the entries with text; an empty one is a problem."""
    for raw in raws:
        if not raw.text:
            report.error(raw.line, "This answer is empty.", "Write its text, or remove the line.")
    return [raw for raw in raws if raw.text]


def _choices(section: SourceLines, report: Report) -> Choices:
    return Choices(tuple(_option(raw, report) for raw in read_entries(section, report, DASH)))


def _option(raw: RawEntry, report: Report) -> Option:
    credit, text = split_mark(raw, report)
    if credit is None:
        report.error(raw.line, "This option has no mark.", "Write [x] for right or [ ] for wrong before its text.")
    if not text:
        report.error(raw.line, "This answer is empty.", "Write its text, or remove the line.")
    return Option(text, credit or 0.0, raw.feedback)


def _single(section: SourceLines, report: Report) -> Choices:
    options = []
    for option in _choices(section, report).options:
        text, error = split_error(option.text)
        options.append(msgspec.structs.replace(option, text=text, error=error))
    return Choices(tuple(options))


def split_error(text: str) -> tuple[str, Literal["", "miss", "false_alarm"]]:
    """Split ` (miss)` or ` (false_alarm)` off the end of the first line of an option."""
    first, newline, rest = text.partition("\n")
    match = _ERROR.fullmatch(first)
    if not match:
        return text, ""
    whole = match[1].rstrip() + newline + rest
    return whole.lstrip("\n"), cast(Literal["miss", "false_alarm"], match[2])


def with_error(text: str, error: str) -> str:
    """Return the text of an option with its error after the first line, as `split_error` reads it."""
    first, newline, rest = text.partition("\n")
    if first.startswith(("```", "~~~")):
        return f"({error})\n{text}"
    return f"{first} ({error}){newline}{rest}"


def _order(section: SourceLines, report: Report) -> Order:
    return Order(entries(section, report, DIGIT))


def entries(section: SourceLines, report: Report, marker: re.Pattern[str]) -> tuple[ListEntry, ...]:
    """Read entries without marks."""
    return tuple(ListEntry(raw.text, raw.feedback) for raw in full(read_entries(section, report, marker), report))


def _match(section: SourceLines, report: Report) -> Match:
    heads, rows = read_table(section, report, 2)
    for line, cells in rows:
        if not cells[1]:
            report.error(line, "The right cell of this row is empty.", "Write what belongs to the left cell.")
    return Match((heads[0], heads[1]), tuple(Pair(cells[0], cells[1]) for _, cells in rows if cells[1]))


def _sort(section: SourceLines, report: Report) -> Sort:
    return Sort(groups(section, report))


def groups(section: SourceLines, report: Report) -> tuple[Group, ...]:
    """Read groups headed `### title` and their entries."""
    entries(section.before("### "), report, _NOTHING)
    sections = section.sections("### ")
    if not sections:
        report.error(section.first, "There is no group.", "Write a line ### and the name of the group.")
    for group in sections:
        if not group.lines[0][4:].strip():
            report.error(group.first, "This group has no name.", "Write it after ###.")
    return tuple(Group(group.lines[0][4:].strip(), entries(group.part(1), report, DASH)) for group in sections)


_NOTHING = re.compile(r"(?!)")


def _number(section: SourceLines, report: Report) -> Number:
    answers = (number(raw, report) for raw in read_entries(section, report, EQUALS))
    return Number(tuple(answer for answer in answers if answer))


def number(raw: RawEntry, report: Report) -> NumberAnswer | None:
    """Read an accepted number with its tolerance and mark."""
    credit, text = split_part(raw, report)
    match = _NUMBER.fullmatch(text)
    if not match:
        report.error(raw.line, "%(text)s is not a number.", "Write it as = 2.5 or = 2.5 ± 0.1.", text=text[:40])
        return None
    return NumberAnswer(match[1], match[2] or "", 1.0 if credit is None else credit, raw.feedback)


def _short(section: SourceLines, report: Report) -> Short:
    answers = []
    for raw in full(read_entries(section, report, EQUALS), report):
        credit, text = split_part(raw, report)
        answers.append(ShortAnswer(text, 1.0 if credit is None else credit, raw.feedback))
    return Short(tuple(answers))


def _open(section: SourceLines, report: Report) -> Open:
    heads, rows = read_table(section, report, 3)
    criteria = []
    for line, (name, points, earns) in rows:
        if not is_points(points):
            report.error(line, "%(text)s is not a number of points.", "Write it as 2 or 0.5.", text=points or "-")
        elif not name:
            report.error(line, "The criterion has no name.", "Write it in the first cell.")
        else:
            criteria.append(Criterion(name, float(points), earns))
    return Open((heads[0], heads[1], heads[2]), tuple(criteria))


def is_points(text: str) -> bool:
    """Return whether the text is a number of points."""
    return bool(_POINTS.fullmatch(text))


def _rating(section: SourceLines, report: Report) -> Rating:
    statements = []
    for raw in full(read_entries(section, report, DASH), report):
        accepted, text = split_range(raw.text)
        if accepted and text:
            statements.append(Statement(text, *accepted, raw.feedback))
        else:
            report.error(
                raw.line, "This statement has no range of ratings.", "End it with = 3..4, as in: - Text = 3..4."
            )
    return Rating(tuple(statements))


_READERS: dict[ItemKind, Callable[[SourceLines, Report], Answers]] = {
    ItemKind.SINGLE: _single,
    ItemKind.SEVERAL: _choices,
    ItemKind.TRUEFALSE: _choices,
    ItemKind.ORDER: _order,
    ItemKind.MATCH: _match,
    ItemKind.SORT: _sort,
    ItemKind.NUMBER: _number,
    ItemKind.SHORT: _short,
    ItemKind.GAPS: read_gaps,
    ItemKind.PASSAGES: read_passages,
    ItemKind.OPEN: _open,
    ItemKind.RATING: _rating,
    ItemKind.MARK: read_mark,
    ItemKind.PAIR: read_pairs,
    ItemKind.FIELDS: read_form_fields,
}
