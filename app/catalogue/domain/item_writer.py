"""Write an item bank in its canonical form: as source, as translation, or as blocks to compare translations."""

from collections.abc import Callable
from enum import Enum
from typing import Any

from app.catalogue.domain.answer_readers import begins_as_mark, ends_as_part, split_error, split_range, with_error
from app.catalogue.domain.document_answers import field_lines, marked_text, paired_text
from app.catalogue.domain.gap_text import needs_signs, write_gaps, write_passages
from app.catalogue.domain.item_keys import decimal, write_keys
from app.catalogue.domain.items import (
    Bank,
    Choices,
    Fields,
    Gaps,
    Item,
    Mark,
    Match,
    Number,
    Open,
    Order,
    Pairs,
    Passages,
    Rating,
    Short,
    Sort,
)


class WrittenMarks(Enum):
    """Which marks and targets are written: all, only those without which a text would be misread, or none."""

    ALL = "all"
    NEEDED = "needed"
    NONE = "none"


def write_bank(bank: Bank, *, translation: bool = False) -> str:
    """Return the text of a bank; a translation has no keys, and marks and targets only where they are needed."""
    marks = WrittenMarks.NEEDED if translation else WrittenMarks.ALL
    opening = [_opening(bank)] if bank.title or bank.intro else []
    return "\n\n".join([*opening, *(_item(item, marks) for item in bank.items)]) + "\n"


def blocks_of_bank(bank: Bank) -> list[str]:
    """Return the text of each translation block: title with introduction, if any, then items without marks."""
    opening = [_opening(bank)] if bank.title or bank.intro else []
    return [*opening, *(_body(item, WrittenMarks.NONE) for item in bank.items)]


def _opening(bank: Bank) -> str:
    return "\n\n".join([f"# {bank.title}"] * bool(bank.title) + [bank.intro] * bool(bank.intro))


def _item(item: Item, marks: WrittenMarks) -> str:
    keys = write_keys(item) if marks is WrittenMarks.ALL else []
    return "\n".join([f"## {item.id}", *keys]) + "\n\n" + _body(item, marks)


def _body(item: Item, marks: WrittenMarks) -> str:
    trailers = [(name, getattr(item, name)) for name in ("good", "weak", "hint", "general")]
    pieces = [item.stem] * bool(item.stem)
    pieces += ["---", _WRITERS[type(item.answers)](item.answers, marks)]
    pieces += [f"/// {name}\n{text}\n///" for name, text in trailers if text]
    return "\n\n".join(pieces)


def entry(marker: str, text: str, feedback: str = "", *, indent: int = 2) -> str:
    """Return a list entry with its feedback; a text that begins with a code fence begins on its own line.

    `indent` is the number of spaces before the feedback: three in an ordered list, else Markdown shows it outside.
    """
    first, *rest = text.split("\n")
    if first.startswith(("```", "~~~")):
        first, rest = "", [first, *rest]
    lines = [f"{marker} {first}".rstrip(" ") if not first else f"{marker} {first}"]
    lines += [f"  {line}" if line else "" for line in rest]
    if feedback:
        lines += [f"{' ' * indent}> {line}".rstrip(" ") for line in feedback.split("\n")]
    return "\n".join(lines)


def _percent(credit: float) -> str:
    return f"[{round(credit * 100)}%]"


def _choices(choices: Choices, marks: WrittenMarks) -> str:
    lines = []
    for option in choices.options:
        sign = {1.0: "[x]", 0.0: "[ ]"}.get(option.share) or _percent(option.share)
        marker = f"- {sign}" if _is_written(marks, needed=begins_as_mark(option.text)) else "-"
        has_error = bool(option.error) and _is_written(marks, needed=bool(split_error(option.text)[1]))
        text = with_error(option.text, option.error) if has_error else option.text
        lines.append(entry(marker, text, option.feedback))
    return "\n".join(lines)


def _is_written(marks: WrittenMarks, *, needed: bool) -> bool:
    return marks is WrittenMarks.ALL or (marks is WrittenMarks.NEEDED and needed)


def _order(order: Order, marks: WrittenMarks) -> str:
    indent = (
        2 if marks is WrittenMarks.NONE else 3
    )  # blocks are known by the hash of their text: theirs stays as it was
    return "\n".join(
        entry(f"{n}.", list_entry.text, list_entry.feedback, indent=indent)
        for n, list_entry in enumerate(order.entries, 1)
    )


def table(rows: list[tuple[str, ...]]) -> str:
    """Write a table; the first row is its heading."""
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * len(rows[0]))
    return "\n".join(lines)


def _match(match: Match, marks: WrittenMarks) -> str:
    return table([match.heads, *((pair.left, pair.right) for pair in match.pairs)])


def _sort(sort: Sort, marks: WrittenMarks) -> str:
    groups = []
    for group in sort.groups:
        entries = "\n".join(entry("-", list_entry.text, list_entry.feedback) for list_entry in group.entries)
        groups.append(f"### {group.title}\n\n{entries}")
    return "\n\n".join(groups)


def _number(number: Number, marks: WrittenMarks) -> str:
    lines = []
    for answer in number.answers:
        text = answer.value
        if marks is WrittenMarks.ALL:
            text += f" ± {answer.tolerance}" if answer.tolerance else ""
            text += f" {_percent(answer.share)}" if answer.share != 1 else ""
        lines.append(entry("=", text, answer.feedback))
    return "\n".join(lines)


def _short(short: Short, marks: WrittenMarks) -> str:
    # Accepted wordings belong to each language: a translation writes their part marks too, all or none.
    some = any(answer.share != 1 for answer in short.answers)
    lines = []
    for answer in short.answers:
        text = answer.pattern
        marked = some if marks is WrittenMarks.NEEDED else answer.share != 1
        if marks is not WrittenMarks.NONE and (marked or ends_as_part(text)):
            text += f" {_percent(answer.share)}"
        lines.append(entry("=", text, answer.feedback))
    return "\n".join(lines)


def _gaps(gaps: Gaps, marks: WrittenMarks) -> str:
    return write_gaps(gaps, targets=marks is WrittenMarks.ALL)


def _passages(passages: Passages, marks: WrittenMarks) -> str:
    misread = marks is WrittenMarks.NEEDED and needs_signs(passages)
    return write_passages(passages, targets=marks is WrittenMarks.ALL or misread)


def _open(rubric: Open, marks: WrittenMarks) -> str:
    points = marks is WrittenMarks.ALL
    rows = [
        (criterion.name, decimal(criterion.points) if points else "", criterion.earns) for criterion in rubric.criteria
    ]
    return table([rubric.heads, *rows])


def _rating(rating: Rating, marks: WrittenMarks) -> str:
    lines = []
    for statement in rating.statements:
        is_range = _is_written(marks, needed=bool(split_range(statement.text)[0]))
        target = f" = {statement.low}..{statement.high}" if is_range else ""
        lines.append(entry("-", statement.text + target, statement.feedback))
    return "\n".join(lines)


def _mark(answers: Mark, marks: WrittenMarks) -> str:
    lines = [(marked_text(line), line.feedback) for line in answers.lines]
    return _signed(lines, marks)


def _pairs(pairs: Pairs, marks: WrittenMarks) -> str:
    return _signed([(paired_text(pair), pair.feedback) for pair in pairs.pairs], marks)


def _signed(lines: list[tuple[str, str]], marks: WrittenMarks) -> str:
    """Write lines with sign and target, or with hyphens alone in a translation, whose targets are in the source."""
    if marks is WrittenMarks.ALL:
        return "\n".join(entry(text, "", feedback) for text, feedback in lines)
    return "\n".join(entry("-", "", feedback) for _text, feedback in lines)


def _fields(fields: Fields, marks: WrittenMarks) -> str:
    return "\n".join(line for entry_of_form in fields.fields for line in field_lines(entry_of_form))


_WRITERS: dict[type, Callable[[Any, WrittenMarks], str]] = {
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
