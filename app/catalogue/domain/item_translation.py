"""Merge a translated bank with its source: keys, marks and targets from the source, texts from the translation.

Answers in a translation have the source's order and no marks, as `item_writer.write_bank` writes them:

- single, several, truefalse: `- text`; order: `1. text`; sort: `### group` and `- text`; rating: `- statement`
- match: the table of two columns; open: the table of three columns, with the cell for points left empty
- number: `= 2.5` repeated, for its feedback, or no lines if the source has no feedback
- short: `= wording`, as many as the language needs. With the same number of lines as the source, a line without a
mark takes the mark of the source line; otherwise it earns full marks, and part marks are written as in a source
- mark, pair: `-` for each line of the source, for its feedback, or no lines if the source has no feedback
- fields: `label = entry` with the labels of the translated form in the source's order and as many entries as the
language needs, `label ! feedback`, and `label -` where the source has it
- gaps: `{=word|word}`, as many words as the language needs, and `{~one|two}` without `=`; passages: `{{ text }}`

Feedback follows its answer. A mark, key or target may be repeated; one that differs from the source is a problem.
A text that would be misread as marked ("[x] ..." at its beginning, "= 1..2" at its end) must have its mark.
An item that only the source contains is not translated yet: its source text is used, with a warning.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from app.catalogue.domain import answer_readers as readers
from app.catalogue.domain.answer_lists import DASH, DIGIT, EQUALS, RawEntry, read_entries, read_table
from app.catalogue.domain.document_answers import SIGNED, line_pair, marked_line, read_form_fields
from app.catalogue.domain.gap_text import (
    GAP,
    GapSource,
    answer_texts,
    choice_gap,
    passage,
    read_candidates,
    split_gaps,
    unescaped,
)
from app.catalogue.domain.item_keys import written_keys
from app.catalogue.domain.item_reader import TRAILERS, TranslatedItem
from app.catalogue.domain.items import (
    Answers,
    Bank,
    Choices,
    Fields,
    Gap,
    Gaps,
    Group,
    Item,
    LinePair,
    ListEntry,
    Mark,
    MarkedLine,
    Match,
    Number,
    NumberAnswer,
    Open,
    Option,
    Order,
    Pair,
    Pairs,
    Passage,
    Passages,
    Rating,
    Short,
    ShortAnswer,
    Sort,
)
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.source_lines import Report, SourceLines, lines_of_text


def merge_bank(source_bank: Bank, translated_bank: Bank, file: str) -> tuple[Bank, list[Problem]]:
    """Merge a bank read with `translation=True` into the source; return the full bank and all problems."""
    report = Report(file)
    written = {item.id: item for item in translated_bank.items if isinstance(item, TranslatedItem)}
    _compare_ids(source_bank, list(written.values()), report)
    items = tuple(_merge(item, written.get(item.id), report) for item in source_bank.items)
    if bool(source_bank.intro) != bool(translated_bank.intro):
        report.warn(1, "Source and translation do not both have an introduction.", "Translate it, or remove it.")
    title = translated_bank.title or source_bank.title
    return Bank(items, title, translated_bank.intro), report.sorted()


def _compare_ids(source: Bank, written: list[TranslatedItem], report: Report) -> None:
    places = {item.id: position for position, item in enumerate(source.items)}
    latest = -1
    for item in written:
        position = places.get(item.id)
        if position is None:
            report.error(item.line, "The source has no item %(id)s.", "Use the id of the source.", id=item.id)
        elif position < latest:
            message = "The item %(id)s is at another position than in the source."
            report.error(item.line, message, "Use the order of the source.", id=item.id)
        latest = max(latest, -1 if position is None else position)


def _merge(source: Item, written: TranslatedItem | None, report: Report) -> Item:
    if written is None:
        report.warn(
            1, "The item %(id)s is not translated.", "Add it; until then readers see the source text.", id=source.id
        )
        return source
    _compare_keys(source, written, report)
    for name in TRAILERS:
        if bool(getattr(source, name)) != bool(getattr(written, name)):
            message = "Source and translation do not both have the block %(name)s."
            report.error(written.line, message, "Translate it, or remove it.", name=name)
    return msgspec.structs.replace(
        source,
        stem=written.stem,
        answers=_answers(source.answers, written, report),
        line=written.line,
        **{name: getattr(written, name) for name in TRAILERS},
    )


def _compare_keys(source: Item, written: TranslatedItem, report: Report) -> None:
    values = written_keys(source)
    for key in written.keys:
        if values[key.name] != key.value:
            message = "The key %(key)s differs from the source."
            report.error(key.line, message, "Remove the key: only the source may have keys.", key=key.name)


def _answers(source: Answers, written: TranslatedItem, report: Report) -> Answers:
    section = lines_of_text(written.plain, written.plain_line)
    if not section.lines and not isinstance(source, Number | Mark | Pairs):
        report.error(written.line, "The item has no answers.", "Write them after the line ---.")
        return source
    merged: Answers = _MERGERS[type(source)](source, section, report)
    return merged


def _as_many(source: Sequence[object], written: Sequence[object], line: int, report: Report) -> bool:
    if len(source) != len(written):
        message = "There are %(found)s answers here, and %(wanted)s in the source."
        report.error(line, message, "Write the same number, in the same order.", found=len(written), wanted=len(source))
    return len(source) == len(written)


def _same(line: int, report: Report, *, written: object, source: object) -> None:
    """Report a mark or target that is written and differs from the source."""
    if written is not None and written != source:
        message = "The mark of this answer differs from the source."
        report.error(line, message, "Remove the mark: only the source may have marks.")


def _choices(source: Choices, section: SourceLines, report: Report) -> Choices:
    raws = read_entries(section, report, DASH)
    if not _as_many(source.options, raws, section.first, report):
        return source
    tailed = any(option.error for option in source.options)
    pairs = zip(source.options, raws, strict=True)
    return Choices(tuple(_option(option, raw, report, tailed=tailed) for option, raw in pairs))


def _option(source: Option, raw: RawEntry, report: Report, *, tailed: bool) -> Option:
    credit, text = readers.split_mark(raw, report)
    if tailed:
        text, error = readers.split_error(text)
        _same(raw.line, report, written=error or None, source=source.error)
    _same(raw.line, report, written=credit, source=source.share)
    if not text:
        report.error(raw.line, "This answer is empty.", "Write its text.")
    return Option(text, source.share, raw.feedback, source.error)


def _entries(
    source: tuple[ListEntry, ...], section: SourceLines, report: Report, marker: re.Pattern[str]
) -> tuple[ListEntry, ...]:
    raws = readers.entries(section, report, marker)
    return raws if _as_many(source, raws, section.first, report) else source


def _order(source: Order, section: SourceLines, report: Report) -> Order:
    return Order(_entries(source.entries, section, report, DIGIT))


def _sort(source: Sort, section: SourceLines, report: Report) -> Sort:
    groups = readers.groups(section, report)
    if not _as_many(source.groups, groups, section.first, report):
        return source
    heads = section.starting("### ")
    fitting = [
        _as_many(source_group.entries, group.entries, section.number(head), report)
        for source_group, group, head in zip(source.groups, groups, heads, strict=True)
    ]
    return Sort(tuple(Group(group.title, group.entries) for group in groups)) if all(fitting) else source


def _match(source: Match, section: SourceLines, report: Report) -> Match:
    heads, rows = read_table(section, report, 2)
    if not _as_many(source.pairs, rows, section.first, report):
        return source
    pairs = []
    for pair, (line, (left, right)) in zip(source.pairs, rows, strict=True):
        if bool(left) != bool(pair.left) or not right:
            message = "This row has other empty cells than in the source."
            report.error(line, message, "Leave the left cell empty only where the source does.")
        pairs.append(Pair(left, right))
    return Match((heads[0], heads[1]), tuple(pairs))


def _open(source: Open, section: SourceLines, report: Report) -> Open:
    heads, rows = read_table(section, report, 3)
    if not _as_many(source.criteria, rows, section.first, report):
        return source
    criteria = []
    for criterion, (line, (name, points, earns)) in zip(source.criteria, rows, strict=True):
        _same(line, report, written=_points(points), source=criterion.points)
        criteria.append(msgspec.structs.replace(criterion, name=name, earns=earns))
    return Open((heads[0], heads[1], heads[2]), tuple(criteria))


def _points(cell: str) -> float | None:
    if not cell:
        return None
    return float(cell) if readers.is_points(cell) else -1.0


def _number(source: Number, section: SourceLines, report: Report) -> Number:
    raws = read_entries(section, report, EQUALS)
    if not raws:
        _warn_of_feedback(source, section, report)
        return source
    if not _as_many(source.answers, raws, section.first, report):
        return source
    for answer, raw in zip(source.answers, raws, strict=True):
        number = readers.number(raw, report)
        if number:
            _same(raw.line, report, written=number.value, source=answer.value)
            _same(raw.line, report, written=number.tolerance or None, source=answer.tolerance)
            _same(raw.line, report, written=readers.split_part(raw, report)[0], source=answer.share)
    return Number(tuple(map(_with_feedback, source.answers, raws)))


def _warn_of_feedback(source: Number, section: SourceLines, report: Report) -> None:
    if any(answer.feedback for answer in source.answers):
        message = "The feedback of the numbers is not translated."
        report.warn(section.first, message, "Repeat each number with = and write its feedback below.")


def _with_feedback(answer: NumberAnswer, raw: RawEntry) -> NumberAnswer:
    return msgspec.structs.replace(answer, feedback=raw.feedback)


def _short(source: Short, section: SourceLines, report: Report) -> Short:
    raws = readers.full(read_entries(section, report, EQUALS), report)
    alike = len(raws) == len(source.answers)
    marked = any(answer.share != 1 for answer in source.answers)
    answers = []
    for index, raw in enumerate(raws):
        credit, text = readers.split_part(raw, report)
        if alike:
            _same(raw.line, report, written=credit, source=source.answers[index].share)
            credit = source.answers[index].share
        elif credit is None and marked:
            message = "The source has part marks and another number of answers."
            report.warn(raw.line, message, "Write before each answer what it earns, as in [50%%].")
        answers.append(ShortAnswer(text, 1.0 if credit is None else credit, raw.feedback))
    return Short(tuple(answers))


def _rating(source: Rating, section: SourceLines, report: Report) -> Rating:
    raws = readers.full(read_entries(section, report, DASH), report)
    if not _as_many(source.statements, raws, section.first, report):
        return source
    statements = []
    for statement, raw in zip(source.statements, raws, strict=True):
        accepted, text = readers.split_range(raw.text)
        _same(raw.line, report, written=accepted, source=(statement.low, statement.high))
        statements.append(msgspec.structs.replace(statement, text=text, feedback=raw.feedback))
    return Rating(tuple(statements))


def _gaps(source: Gaps, section: SourceLines, report: Report) -> Gaps:
    parts, cuts = split_gaps(section, report, GAP)
    if not _as_many(source.gaps, cuts, section.first, report):
        return source
    return Gaps(parts, tuple(_gap(gap, cut, report) for gap, cut in zip(source.gaps, cuts, strict=True)))


def _gap(source: Gap, written: GapSource, report: Report) -> Gap:
    wordings = answer_texts(written, report)
    if (written.sign == "=") != (source.mode == "typed"):
        message = "This gap is of another kind than in the source."
        report.error(written.line, message, "Begin a typed gap with {= and a chosen one with {~.")
        return source
    if source.mode == "typed":
        return Gap("typed", tuple(map(unescaped, wordings)))
    if not _as_many(source.options, wordings, written.line, report):
        return source
    return _chosen_gap(source, wordings, written.line, report)


def _chosen_gap(source: Gap, wordings: tuple[str, ...], line: int, report: Report) -> Gap:
    rights = [option in source.accepted for option in source.options]
    texts = [word.removeprefix("=").lstrip() for word in wordings]
    signed = [word.startswith("=") for word in wordings]
    if any(signed):
        _same(line, report, written=signed, source=rights)
    return choice_gap(tuple((unescaped(text), right) for text, right in zip(texts, rights, strict=True)))


def _passages(source: Passages, section: SourceLines, report: Report) -> Passages:
    parts, cuts = read_candidates(section, report)
    if not _as_many(source.passages, cuts, section.first, report):
        return source
    passages = []
    for candidate, written in zip(source.passages, cuts, strict=True):
        _same(written.line, report, written={"+": True, "-": False}.get(written.sign), source=candidate.right)
        passages.append(Passage(passage(written, report), candidate.right))
    return Passages(parts, tuple(passages))


def _mark(source: Mark, section: SourceLines, report: Report) -> Mark:
    raws = _hyphens(source.lines, section, report)
    if raws is None:
        return source
    lines = []
    for line, raw in zip(source.lines, raws, strict=True):
        repeated = marked_line(raw, report) if raw.text != "-" else None
        _same(raw.line, report, written=repeated and repeated.target, source=line.target)
        if repeated and repeated.sign != "-":
            _same(raw.line, report, written=repeated.sign, source=line.sign)
        lines.append(MarkedLine(line.target, line.sign, raw.feedback))
    return Mark(tuple(lines))


def _pairs(source: Pairs, section: SourceLines, report: Report) -> Pairs:
    raws = _hyphens(source.pairs, section, report)
    if raws is None:
        return source
    pairs = []
    for pair, raw in zip(source.pairs, raws, strict=True):
        repeated = line_pair(raw, report) if raw.text != "-" else None
        lines = (repeated.first, repeated.second) if repeated else None
        _same(raw.line, report, written=lines, source=(pair.first, pair.second))
        pairs.append(LinePair(pair.first, pair.second, pair.right, raw.feedback))
    return Pairs(tuple(pairs))


def _hyphens(
    source: Sequence[MarkedLine] | Sequence[LinePair], section: SourceLines, report: Report
) -> list[RawEntry] | None:
    """Return the entries of a translation, one for each line of the source; None if the source's are used."""
    raws = read_entries(section, report, SIGNED)
    if not raws:
        if any(line.feedback for line in source):
            message = "The feedback of the lines is not translated."
            report.warn(section.first, message, "Write - for each line of the source and its feedback below.")
        return None
    return raws if _as_many(source, raws, section.first, report) else None


def _fields(source: Fields, section: SourceLines, report: Report) -> Fields:
    written = read_form_fields(section, report)
    if not _as_many(source.fields, written.fields, section.first, report):
        return source
    for original, entry in zip(source.fields, written.fields, strict=True):
        _same(section.first, report, written=bool(entry.accepted), source=bool(original.accepted))
    return written


_MERGERS: dict[type, Callable[[Any, SourceLines, Report], Any]] = {
    Choices: _choices,
    Order: _order,
    Match: _match,
    Sort: _sort,
    Number: _number,
    Short: _short,
    Gaps: _gaps,
    Passages: _passages,
    Open: _open,
    Rating: _rating,
    Mark: _mark,
    Pairs: _pairs,
    Fields: _fields,
}
