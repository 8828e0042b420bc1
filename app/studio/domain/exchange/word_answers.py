"""Read the answers of a question table in a Word document, by the kind of question."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from app.catalogue.domain.items import (
    Answers,
    Choices,
    ItemKind,
    ListEntry,
    Match,
    Number,
    NumberAnswer,
    Option,
    Order,
    Pair,
    Short,
    ShortAnswer,
)
from app.studio.domain.exchange.numeric_answers import number_text, tolerance_text
from app.studio.domain.exchange.shapes import ExchangeTexts, QuestionRefusedError
from app.studio.domain.exchange.word_labels import truth_value

_TOLERANCE = re.compile(r"±|\+/-|\+-")
_THOUSANDS = re.compile(r"-?\d{1,3}(?:[.,]\d{3})*,\d{3}")
_GAPS = re.compile(r"(?<=\d)[\s'’](?=\d{3})")


Reader = Callable[[list["AnswerRow"], ExchangeTexts, "TableReport"], Answers]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A row Right or Wrong: `text` and `feedback` are Markdown, `plain` is the text without marks."""

    row: int
    is_right: bool
    text: str
    plain: str
    feedback: str


@dataclass(slots=True)
class TableReport:
    """The problems of a question table; each message begins with the number of the table."""

    table: int
    problems: list[QuestionRefusedError] = field(default_factory=list)

    def error(self, message: str, hint: str, **values: str | int) -> None:
        """Add what is wrong and what would be right; `%(table)s` is filled."""
        self.problems.append(QuestionRefusedError(message, hint, table=self.table, **values))


def read_table_answers(kind: ItemKind, lines: list[AnswerRow], texts: ExchangeTexts, report: TableReport) -> Answers:
    """Return the answers of a question; every problem is added to the report."""
    filled = []
    for line in lines:
        if line.text:
            filled.append(line)
        else:
            hint = "Write it in the second column, or empty the row."
            report.error("Table %(table)s, row %(row)s: The answer has no text.", hint, row=line.row)
    return _READERS[kind](filled, texts, report)


def _choices(lines: list[AnswerRow]) -> Choices:
    return Choices(tuple(Option(line.text, float(line.is_right), line.feedback) for line in lines))


def _single(lines: list[AnswerRow], _texts: ExchangeTexts, report: TableReport) -> Answers:
    rights = sum(line.is_right for line in lines)
    if rights != 1:
        message = "Table %(table)s: A single choice has exactly one right answer, not %(count)s."
        report.error(message, 'Label one row "Right", and the others "Wrong".', count=rights)
    _check_number(lines, report)
    return _choices(lines)


def _several(lines: list[AnswerRow], _texts: ExchangeTexts, report: TableReport) -> Answers:
    _check_right(lines, report)
    _check_number(lines, report)
    return _choices(lines)


def _check_right(lines: list[AnswerRow], report: TableReport) -> None:
    if not any(line.is_right for line in lines):
        report.error("Table %(table)s: No answer is right.", 'Label at least one row "Right".')


def _check_number(lines: list[AnswerRow], report: TableReport) -> None:
    if len(lines) < 2:
        report.error("Table %(table)s: The question has fewer than two answers.", "Add rows with answers.")


def _refuse_wrong(lines: list[AnswerRow], report: TableReport) -> None:
    for line in lines:
        if not line.is_right:
            message = "Table %(table)s, row %(row)s: Questions of this kind have no wrong answers."
            report.error(message, 'Delete the row, or label it "Right".', row=line.row)


def _true_or_false(lines: list[AnswerRow], texts: ExchangeTexts, report: TableReport) -> Answers:
    """Return the options true and false, in this order, even if the table has one of them only."""
    truths = _truths(lines, report)
    rights = {value if line.is_right else not value for value, line in truths.items()}
    if len(rights) > 1:
        hint = 'Label one of "True" and "False" as "Right", and the other as "Wrong".'
        report.error("Table %(table)s: True and false cannot both be right or both be wrong.", hint)
    if not lines:
        report.error("Table %(table)s: No answer is right.", 'Add a row "Right" with "True" or "False".')
    feedback = {value: line.feedback for value, line in truths.items()}
    labels = {True: texts.true, False: texts.false}
    return Choices(tuple(Option(labels[value], float(value in rights), feedback.get(value, "")) for value in labels))


def _truths(lines: list[AnswerRow], report: TableReport) -> dict[bool, AnswerRow]:
    """Return the rows that say true and false."""
    truths: dict[bool, AnswerRow] = {}
    for line in lines:
        value = truth_value(line.plain)
        if value is None:
            message = 'Table %(table)s, row %(row)s: "%(text)s" is neither true nor false.'
            report.error(message, 'Write "True" or "False".', row=line.row, text=line.plain[:40])
        elif value in truths:
            message = "Table %(table)s, row %(row)s: This answer is in the table twice."
            report.error(message, "Delete one of the two rows.", row=line.row)
        else:
            truths[value] = line
    return truths


def _short(lines: list[AnswerRow], _texts: ExchangeTexts, report: TableReport) -> Answers:
    _check_right(lines, report)
    return Short(tuple(ShortAnswer(line.plain, float(line.is_right), line.feedback) for line in lines))


def _number(lines: list[AnswerRow], _texts: ExchangeTexts, report: TableReport) -> Answers:
    _check_right(lines, report)
    answers = []
    for line in lines:
        try:
            value, tolerance = _number_and_tolerance(line.plain)
        except QuestionRefusedError:
            message = 'Table %(table)s, row %(row)s: "%(text)s" is not a number that can be read in one way only.'
            hint = 'Write 1000, 2.5 or 2.5 ± 0.1, and the unit in a row "Unit".'
            report.error(message, hint, row=line.row, text=line.plain[:40])
        else:
            answers.append(NumberAnswer(value, tolerance, float(line.is_right), line.feedback))
    return Number(tuple(answers))


def _number_and_tolerance(text: str) -> tuple[str, str]:
    """Return a number and its tolerance with a decimal point; raise QuestionRefusedError for other text."""
    digits = "".join(str(unicodedata.decimal(sign, sign)) for sign in text.replace("−", "-"))
    number, *tolerances = (_GAPS.sub("", part.strip()) for part in _TOLERANCE.split(digits))
    if len(tolerances) > 1 or any(_THOUSANDS.fullmatch(part) for part in (number, *tolerances)):
        raise QuestionRefusedError("%(text)s is not a number.", "Write it as 2.5.", text=text[:40])
    return number_text(number), tolerance_text(tolerances[0]) if tolerances else ""


def _match(lines: list[AnswerRow], texts: ExchangeTexts, report: TableReport) -> Answers:
    """Return the pairs: two sides in a row Right; a row Wrong has a right side to which nothing belongs."""
    pairs = []
    for line in lines:
        if line.is_right and not line.feedback:
            message = "Table %(table)s, row %(row)s: The pair has one side only."
            hint = 'Write the other side in the third column, or label the row "Wrong" if nothing belongs to it.'
            report.error(message, hint, row=line.row)
        pairs.append(Pair(line.text, line.feedback) if line.is_right else Pair("", line.text))
    if sum(line.is_right for line in lines) < 2:
        report.error("Table %(table)s: The question has fewer than two pairs.", 'Add rows "Right" with both sides.')
    return Match(texts.match_heads, tuple(pairs))


def _order(lines: list[AnswerRow], _texts: ExchangeTexts, report: TableReport) -> Answers:
    _refuse_wrong(lines, report)
    _check_number(lines, report)
    return Order(tuple(ListEntry(line.text, line.feedback) for line in lines))


_READERS: dict[ItemKind, Reader] = {
    ItemKind.SINGLE: _single,
    ItemKind.SEVERAL: _several,
    ItemKind.TRUEFALSE: _true_or_false,
    ItemKind.SHORT: _short,
    ItemKind.NUMBER: _number,
    ItemKind.MATCH: _match,
    ItemKind.ORDER: _order,
}
