"""Parse an item bank, `test.<lang>.md`; the answers of a translation are parsed by `item_translation`."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

import msgspec

from app.catalogue.domain.answer_readers import read_answers
from app.catalogue.domain.item_keys import KNOWN, convert_keys
from app.catalogue.domain.items import Bank, Item, ItemKind, Short
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.source_lines import (
    KeyLine,
    Report,
    SourceLines,
    check_blocks,
    lines_of_file,
    read_keys,
    stripped_text,
)
from app.catalogue.domain.text import TextFile

ITEM_ID = re.compile(r"[A-Z][A-Z0-9]*-Q[0-9]{2,3}")

TRAILERS = ("good", "weak", "hint", "general")

_TRAILER = re.compile(r"/// *(good|weak|hint|general)")


class TranslatedItem(Item, frozen=True):
    """An item of a translation before it is merged with its source: `kind` and `answers` are placeholders.

    `plain` is the text of the answers, from the line `plain_line` on; `keys` are optional key lines.
    """

    plain: str = ""
    plain_line: int = 0
    keys: tuple[KeyLine, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cut:
    """The parts of an item before they are parsed by its kind."""

    id: str
    line: int
    keys: list[KeyLine]
    stem: str
    answers: SourceLines
    trailers: dict[str, Any]


def read_bank(source: TextFile, *, translation: bool = False) -> tuple[Bank, list[Problem]]:
    """Return an item bank and all problems; in a translation, each item is a `TranslatedItem`."""
    report = Report(source.file)
    whole = lines_of_file(source, report)
    title, intro = _read_opening(whole.before("## "), report)
    sections = whole.sections("## ")
    items: dict[str, Item] = {}
    for section in sections:
        item = _read_item(section, report, translation=translation)
        if item and item.id in items:
            message = "The id %(id)s is taken by the item at line %(first)s."
            report.error(item.line, message, "Give it another id.", id=item.id, first=items[item.id].line)
        elif item:
            items[item.id] = item
    if not sections:
        report.error(max(1, len(source.lines)), "The bank has no item.", "Write one: ## and its id, as in ## M01-Q01.")
    return Bank(tuple(items.values()), title, intro), report.sorted()


def _read_opening(section: SourceLines, report: Report) -> tuple[str, str]:
    section = section.trimmed()
    if not section.lines or not section.lines[0].startswith("# ") or not section.lines[0][2:].strip():
        report.error(section.first, "The file has no title.", "Begin it with # and the title.")
        return "", section.text.strip()
    check_blocks(section, report)
    return section.lines[0][2:].strip(), stripped_text(list(section.lines[1:]))


def _read_item(section: SourceLines, report: Report, *, translation: bool) -> Item | None:
    name = section.lines[0][3:].strip()
    if not ITEM_ID.fullmatch(name):
        report.error(section.first, "%(name)s is not an id of an item.", "Write it as M01-Q01.", name=name[:40])
        return None
    keys, rest = read_keys(section.part(1), report, KNOWN)
    body = split_stem(rest)
    if body is None:
        _report_no_answers(rest, section.first, report)
        if not translation:
            convert_keys(keys, section.first, report)
        return None
    stem, after = body
    check_blocks(stem, report)
    answers, trailers = _read_trailers(after, report)
    cut = _Cut(name, section.first, keys, stripped_text(list(stem.lines)), answers.trimmed(), trailers)
    return _translated(cut) if translation else _item(cut, report)


def split_stem(section: SourceLines) -> tuple[SourceLines, SourceLines] | None:
    """Split text and answers at the first line `---` between blank lines; return None if there is none."""
    lines = section.lines
    for index in section.starting("---"):
        before = index == 0 or not lines[index - 1].strip()
        after = index + 1 == len(lines) or not lines[index + 1].strip()
        if lines[index].rstrip() == "---" and before and after:
            return section.part(0, index), section.part(index + 1)
    return None


def _report_no_answers(rest: SourceLines, line: int, report: Report) -> None:
    close = [place for place in rest.starting("---") if rest.lines[place].rstrip() == "---"]
    if close:
        message = "The line --- has no blank line before and after it."
        report.error(rest.number(close[0]), message, "Leave a blank line on both sides.")
    else:
        message = "There is no line --- between the text and the answers."
        report.error(line, message, "Write --- between two blank lines before the answers.")


def _read_trailers(section: SourceLines, report: Report) -> tuple[SourceLines, dict[str, str]]:
    # A line of four slashes or more belongs to a block inside a trailer.
    starts = [index for index in section.starting("///") if not section.lines[index].startswith("////")]
    length = len(section.lines)
    stops = [*starts, length, length]
    trailers: dict[str, str] = {}
    at = stops[0]
    while at < length:
        following = bisect_left(stops, at)
        if at < stops[following]:
            _report_after_trailer(section.part(at, stops[following]).trimmed(), report)
            at = stops[following]
        else:
            end = stops[following + 1]
            at = end + _read_trailer(section.part(at, end + 1), trailers, report)
    return section.part(0, stops[0]), trailers


def _read_trailer(section: SourceLines, trailers: dict[str, str], report: Report) -> bool:
    """Read a block up to the next line of three slashes; return whether that line closes it."""
    title = section.lines[0].rstrip()
    name = _TRAILER.fullmatch(title)
    closed = len(section.lines) > 1 and section.lines[-1].rstrip() == "///" and title != "///"
    if not name:
        message = "The block %(name)s cannot follow the answers."
        report.error(section.first, message, "Use one of: /// hint, /// general, /// good, /// weak.", name=title[:40])
    if not closed and title != "///":
        report.error(section.first, "This block is not closed.", "Close it with a line ///.")
    if name:
        _add_trailer(name[1], section, trailers, report, closed=closed)
    return closed


def _add_trailer(name: str, section: SourceLines, trailers: dict[str, str], report: Report, *, closed: bool) -> None:
    if name in trailers:
        report.error(section.first, "The block %(name)s is here twice.", "Combine the two blocks.", name=name)
        return
    ends_here = closed or section.lines[-1].startswith("///")
    trailers[name] = stripped_text(list(section.lines[1 : -1 if ends_here else None]))


def _report_after_trailer(section: SourceLines, report: Report) -> None:
    if section.lines:
        message = "This text comes after a block that follows the answers."
        report.error(section.first, message, "Move it before the block, or into it.")


def _item(cut: _Cut, report: Report) -> Item | None:
    keys = convert_keys(cut.keys, cut.line, report)
    if keys.kind is None:
        return None
    if not cut.stem and keys.kind not in (ItemKind.GAPS, ItemKind.PASSAGES):
        report.error(cut.line, "The item has no question.", "Write its question before the line ---.")
    if not cut.answers.lines:
        report.error(cut.line, "The item has no answers.", "Write them after the line ---.")
        return None
    values = msgspec.structs.asdict(keys)
    answers = read_answers(keys.kind, cut.answers, report)
    return Item(id=cut.id, stem=cut.stem, answers=answers, line=cut.line, **cut.trailers, **values)


def _translated(cut: _Cut) -> TranslatedItem:
    return TranslatedItem(
        id=cut.id,
        kind=ItemKind.SHORT,
        competency="",
        stem=cut.stem,
        answers=Short(()),
        line=cut.line,
        **cut.trailers,
        plain=cut.answers.text,
        plain_line=cut.answers.first,
        keys=tuple(cut.keys),
    )
