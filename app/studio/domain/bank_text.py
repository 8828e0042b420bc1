"""Operations on the text of an item bank, `test.<lang>.md`, that leave every other line as it is.

An item is addressed by its id. A text that another id, a second item or unclosed code would make part of another item
is a problem (`text_problems`); the operations raise DomainError rather than change another item.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.catalogue.domain.item_reader import ITEM_ID
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.source_lines import Report, lines_of_file
from app.catalogue.domain.text import TextFile, fences, in_code, normalise
from app.kernel.errors import DomainError

MOST_BYTES = 60 * 1024
MOST_NUMBER = 999
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
HEADING = "## "
_NUMBERED = re.compile(r"(.+)-Q([0-9]{2,3})")


@dataclass(frozen=True, slots=True)
class ItemSpan:
    """The lines of an item, counted from 0: its heading, the end of its text, and the next heading or the end."""

    first: int
    stop: int
    next_first: int


def spans(bank_text: str) -> dict[str, ItemSpan]:
    """Return the lines of each item by id, in their order; of two items with one id, those of the first."""
    lines = bank_text.split("\n")
    item_spans: dict[str, ItemSpan] = {}
    for section in lines_of_file(TextFile("", bank_text), Report("")).sections(HEADING):
        item_id = section.lines[0][len(HEADING) :].strip()
        first = section.first - 1
        next_first = first + len(section.lines)
        if ITEM_ID.fullmatch(item_id) and item_id not in item_spans:
            item_spans[item_id] = ItemSpan(first, _end_of_text(lines, first, next_first), next_first)
    return item_spans


def _end_of_text(lines: list[str], first: int, stop: int) -> int:
    while stop > first + 1 and not lines[stop - 1].strip():
        stop -= 1
    return stop


def item_text(bank_text: str, item_id: str) -> str:
    """Return the text of an item with its heading. Raises DomainError if the bank does not have it."""
    return text_of(bank_text.split("\n"), _span(bank_text, item_id))


def text_of(lines: Sequence[str], span: ItemSpan) -> str:
    """Return the text of an item with its heading, from the lines of its bank."""
    return "\n".join(lines[span.first : span.stop]) + "\n"


def text_problems(text: str, item_id: str) -> list[Problem]:
    """Return why a text cannot be the text of this item; lines count from 1 within the text."""
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return [_problem(1, "The question is longer than 60 KB.", "Divide it.")]
    lines = _lines(text)
    problems = [
        _problem(number, "This line contains a control character.", "Remove it.")
        for number, line in enumerate(lines, 1)
        if CONTROL.search(line)
    ]
    if lines[0].rstrip() != f"{HEADING}{item_id}":
        message = "The first line of this question must be: ## %(id)s."
        problems.append(_problem(1, message, "The id of a question never changes.", id=item_id))
    return problems + _second_items(lines) + _unclosed_code(lines)


def _second_items(lines: list[str]) -> list[Problem]:
    rows = zip(lines[1:], in_code(lines)[1:], strict=True)
    numbers = [number for number, (line, is_code) in enumerate(rows, 2) if not is_code and line.startswith(HEADING)]
    hint = "Use ### for a heading, or add the other question by itself."
    return [_problem(number, "This line begins another question.", hint) for number in numbers]


def _unclosed_code(lines: list[str]) -> list[Problem]:
    hint = "Close it with a line of the same characters."
    return [
        _problem(first + 1, "This fenced code is not closed.", hint) for first, stop in fences(lines) if stop is None
    ]


def _problem(line: int, message: str, hint: str, **values: str | int | float) -> Problem:
    return Problem("", line, message, hint, values)


def with_item(bank_text: str, item_id: str, text: str) -> str:
    """Return the bank with another text of an item. Raises DomainError if another item would change with it."""
    span = _span(bank_text, item_id)
    lines = bank_text.split("\n")
    lines[span.first : span.stop] = _checked_lines(text, item_id)
    return _unless_others_change(bank_text, "\n".join(lines), item_id)


def add_item(bank_text: str | None, text: str, *, title: str, after: str = "") -> str:
    """Return the bank with another item, the last one or the one after another id; None: there is no bank yet."""
    item_id = _lines(text)[0].removeprefix(HEADING).strip()
    added = _checked_lines(text, item_id)
    if bank_text is None or not bank_text.strip():
        return "\n".join([f"# {title}", "", *added, ""])
    lines = bank_text.split("\n")
    item_spans = spans(bank_text)
    if item_id in item_spans:
        raise DomainError("There is already a question with the id %(id)s.", id=item_id)
    if after in item_spans:
        span = item_spans[after]
        lines[span.stop : span.stop] = ["", *added]
    else:
        lines[_end_of_text(lines, 0, len(lines)) :] = ["", *added, ""]
    return _unless_others_change(bank_text, "\n".join(lines), item_id)


def without_item(bank_text: str, item_id: str) -> str:
    """Return the bank without an item and the blank lines after it."""
    span = _span(bank_text, item_id)
    lines = bank_text.split("\n")
    del lines[span.first : span.next_first]
    if span.next_first >= len(bank_text.rstrip("\n").split("\n")):
        lines = [*lines[: _end_of_text(lines, 0, len(lines))], ""]
    after = "\n".join(lines)
    if _others(bank_text, item_id) != _others(after, item_id):
        raise _joined()
    return after


def next_id(course_code: str, used: Collection[str]) -> str:
    """Return the id after the highest one that was ever used, such as M01-Q12, or the first free one after Q999."""
    matches = [match for item_id in used if (match := _NUMBERED.fullmatch(item_id))]
    numbers = {int(match[2]) for match in matches if match[1] == course_code}
    highest = max(numbers, default=0) + 1
    free = [highest] if highest <= MOST_NUMBER else sorted(set(range(1, MOST_NUMBER + 1)) - numbers)
    if not free:
        raise DomainError("All numbers of questions of this course are used.")
    return f"{course_code}-Q{free[0]:02}"


def _span(bank_text: str, item_id: str) -> ItemSpan:
    span = spans(bank_text).get(item_id)
    if span is None:
        raise DomainError("The question %(id)s was removed by another user.", id=item_id)
    return span


def _lines(text: str) -> list[str]:
    return normalise(text).strip("\n").rstrip().split("\n")


def _checked_lines(text: str, item_id: str) -> list[str]:
    if not ITEM_ID.fullmatch(item_id) or text_problems(text, item_id):
        raise DomainError("This text is not one question. Correct its heading, or close its code.")
    return _lines(text)


def _unless_others_change(before: str, after: str, item_id: str) -> str:
    """Return the new text; raise DomainError if code that is not closed elsewhere would join with the item."""
    if _others(before, item_id) != _others(after, item_id) or item_id not in spans(after):
        raise _joined()
    return after


def _joined() -> DomainError:
    return DomainError("Another question has code that is not closed. Correct it first, as plain text.")


def _others(bank_text: str, item_id: str) -> list[tuple[str, tuple[str, ...]]]:
    lines = bank_text.split("\n")
    return [
        (other, tuple(lines[span.first : span.stop])) for other, span in spans(bank_text).items() if other != item_id
    ]
