"""Convert the rows of the form of a question into its answers, with an error for each field that cannot be used."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Literal, cast

from app.catalogue.domain.answer_readers import split_error
from app.catalogue.domain.document_answers import field_key
from app.catalogue.domain.gap_text import read_gaps, read_passages
from app.catalogue.domain.items import (
    Answers,
    Choices,
    Criterion,
    FieldEntry,
    Fields,
    Group,
    ItemKind,
    LinePair,
    LineTarget,
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
    Rating,
    Short,
    ShortAnswer,
    Sort,
    Statement,
)
from app.catalogue.domain.source_lines import Report, lines_of_text
from app.catalogue.domain.targets import read_target
from app.kernel.errors import DomainError
from app.studio.domain.question_rows import HEADS, RIGHT, TEXT_KINDS, Row, field_text, one_line

Problems = list[tuple[str, DomainError]]  # name of the field, error
_PERCENT = re.compile(r"-?[0-9]{1,3}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_TOLERANCE = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?")
_POINTS = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4})?")
_STEP = re.compile(r"-?[0-9]{1,3}")
FIRST_COLUMNS = {
    ItemKind.MATCH: "left",
    ItemKind.SORT: "group",
    ItemKind.OPEN: "name",
    ItemKind.MARK: "line",
    ItemKind.PAIR: "first",
    ItemKind.FIELDS: "label",
}


class _Cells:
    """The cells of a row; a cell that cannot be used adds an error under the name of its field."""

    def __init__(self, number: int, row: Row, problems: Problems) -> None:
        self._number, self._row, self._problems = number, row, problems

    def text(self, column: str) -> str:
        """Return a cell as the reader of the format would return it."""
        return field_text(self._row.get(column, ""))

    def line(self, column: str) -> str:
        """Return a cell of a table, on one line."""
        return one_line(self._row.get(column, ""))

    def required(self, column: str, text: str, error: DomainError) -> str:
        """Return the text of a cell; an empty one is an error."""
        if not text:
            self._problems.append((f"row-{self._number}-{column}", error))
        return text

    def pattern(self, column: str, pattern: re.Pattern[str], error: DomainError, *, otherwise: str) -> str:
        """Return a number as typed, `otherwise` for an empty cell; another text is an error."""
        text = self.line(column).replace(",", ".").replace("\u2212", "-") or otherwise
        if pattern.fullmatch(text):
            return text
        self._problems.append((f"row-{self._number}-{column}", error))
        return "0"

    def target(self, column: str) -> LineTarget:
        """Return the line of a document that a cell names; another text is an error."""
        try:
            return read_target(self.line(column))
        except ValueError:
            error = DomainError("Write the number or the name of a line, such as 3 or SF-D10:3.")
            self._problems.append((f"row-{self._number}-{column}", error))
            return LineTarget(1)

    def sign(self, signs: str) -> str:
        """Return a sign; an empty cell is a plus, another text an error."""
        sign = self.line("sign") or "+"
        if len(sign) != 1 or sign not in signs:
            error = DomainError("Write one of these signs: %(signs)s.", signs=" ".join(signs))
            self._problems.append((f"row-{self._number}-sign", error))
        return sign

    def part(self) -> float | None:
        """Return the part mark as a share from -1 to 1, None if there is none."""
        if not self.line("part"):
            return None
        error = DomainError("Write a part mark as a number from -100 to 100.")
        percent = int(self.pattern("part", _PERCENT, error, otherwise="0"))
        if not -100 <= percent <= 100:
            self._problems.append((f"row-{self._number}-part", error))
        return percent / 100


def answers_of(
    kind: ItemKind, rows: Sequence[Row], text: str, heads: tuple[str, ...]
) -> tuple[Answers | None, Problems]:
    """Return the answers of an item of a kind, or None with the errors of the fields that prevent it."""
    problems: Problems = []
    if kind in TEXT_KINDS:
        answers = _from_text(kind, text, problems)
    else:
        cells = [_Cells(number, row, problems) for number, row in enumerate(rows) if _is_filled(row)]
        if not cells:
            problems.append((f"row-0-{FIRST_COLUMNS.get(kind, 'text')}", DomainError("Write the answers.")))
        titles = tuple(one_line(head) for head in heads)
        answers = _READERS[kind](cells, (*titles, *[""] * len(HEADS.get(kind, ())))[: len(HEADS.get(kind, ()))])
    return (None, problems) if problems else (answers, [])


def _is_filled(row: Row) -> bool:
    return any(value.strip() for column, value in row.items() if column != "right")


def _from_text(kind: ItemKind, text: str, problems: Problems) -> Answers:
    report = Report("")
    text = field_text(text)
    if not text:
        problems.append(("body", DomainError("Write the text.")))
    stretch = lines_of_text(text, 1)
    answers: Answers = read_gaps(stretch, report) if kind is ItemKind.GAPS else read_passages(stretch, report)
    problems += [("body", DomainError(problem.message, **problem.values)) for problem in report.problems]
    return answers


def _choices(rows: list[_Cells], _heads: tuple[str, ...]) -> Choices:
    return Choices(tuple(_option(cells) for cells in rows))


def _option(cells: _Cells) -> Option:
    text = cells.required("text", cells.text("text"), DomainError("Write the option, or delete its reason."))
    part = cells.part()
    is_right = cells.line("right") == RIGHT
    return Option(text, float(is_right) if part is None else part, cells.text("reason"))


def _entry(cells: _Cells) -> ListEntry:
    text = cells.required("text", cells.text("text"), DomainError("Write the line, or delete its other fields."))
    return ListEntry(text, cells.text("reason"))


def _single(rows: list[_Cells], heads: tuple[str, ...]) -> Choices:
    options = []
    for option in _choices(rows, heads).options:
        text, error = split_error(option.text)
        options.append(Option(text, option.share, option.feedback, error))
    return Choices(tuple(options))


def _order(rows: list[_Cells], _heads: tuple[str, ...]) -> Order:
    return Order(tuple(_entry(cells) for cells in rows))


def _match(rows: list[_Cells], heads: tuple[str, ...]) -> Match:
    error = DomainError("Write what belongs to the left side.")
    pairs = [Pair(cells.line("left"), cells.required("text", cells.line("text"), error)) for cells in rows]
    return Match((heads[0], heads[1]), tuple(pairs))


def _sort(rows: list[_Cells], _heads: tuple[str, ...]) -> Sort:
    groups: list[tuple[str, list[ListEntry]]] = []
    for cells in rows:
        title = cells.line("group")
        if not groups:
            cells.required("group", title, DomainError("Name the first group."))
        if not groups or (title and title != groups[-1][0]):
            groups.append((title, []))
        groups[-1][1].append(_entry(cells))
    return Sort(tuple(Group(title, tuple(entries)) for title, entries in groups))


def _number(rows: list[_Cells], _heads: tuple[str, ...]) -> Number:
    error = DomainError("Write a number, such as 12 or 2.5.")
    answers = []
    for cells in rows:
        value = cells.pattern("text", _NUMBER, error, otherwise="")
        tolerance = cells.pattern("tolerance", _TOLERANCE, error, otherwise="0") if cells.line("tolerance") else ""
        answers.append(NumberAnswer(value, tolerance, _accepted_share(cells), cells.text("reason")))
    return Number(tuple(answers))


def _short(rows: list[_Cells], _heads: tuple[str, ...]) -> Short:
    error = DomainError("Write the accepted answer, or delete its other fields.")
    return Short(
        tuple(
            ShortAnswer(cells.required("text", cells.text("text"), error), _accepted_share(cells), cells.text("reason"))
            for cells in rows
        )
    )


def _accepted_share(cells: _Cells) -> float:
    part = cells.part()
    return 1.0 if part is None else part


def _open(rows: list[_Cells], heads: tuple[str, ...]) -> Open:
    criteria = []
    for cells in rows:
        name = cells.required("name", cells.line("name"), DomainError("Name the criterion."))
        error = DomainError("Write a number of points, such as 2 or 0.5.")
        points = float(cells.pattern("points", _POINTS, error, otherwise=""))
        criteria.append(Criterion(name, points, cells.line("text")))
    return Open((heads[0], heads[1], heads[2]), tuple(criteria))


def _rating(rows: list[_Cells], _heads: tuple[str, ...]) -> Rating:
    error = DomainError("Write a point of the scale, such as 3.")
    statements = []
    for cells in rows:
        text = cells.required("text", cells.text("text"), DomainError("Write the statement."))
        low, high = (int(cells.pattern(column, _STEP, error, otherwise="")) for column in ("low", "high"))
        statements.append(Statement(text, low, high, cells.text("reason")))
    return Rating(tuple(statements))


def _mark(rows: list[_Cells], _heads: tuple[str, ...]) -> Mark:
    lines = []
    for cells in rows:
        sign = cast(Literal["+", "-", "~"], cells.sign("+-~"))
        lines.append(MarkedLine(cells.target("line"), sign, cells.text("reason")))
    return Mark(tuple(lines))


def _pairs(rows: list[_Cells], _heads: tuple[str, ...]) -> Pairs:
    return Pairs(
        tuple(
            LinePair(cells.target("first"), cells.target("second"), cells.sign("+-") == "+", cells.text("reason"))
            for cells in rows
        )
    )


def _fields(rows: list[_Cells], _heads: tuple[str, ...]) -> Fields:
    fields: list[FieldEntry] = []
    for cells in rows:
        label, entry = cells.line("label"), cells.line("entry")
        if not fields:
            cells.required("label", label, DomainError("Name the first field."))
        if not fields or (label and label != fields[-1].label):
            fields.append(FieldEntry(label, feedback=cells.text("reason")))
        if entry:
            latest = fields[-1]
            fields[-1] = FieldEntry(latest.label, (*latest.accepted, field_key(entry)), latest.feedback)
    return Fields(tuple(fields))


# Each reader returns the answers of its kind: a table of kinds cannot say that to a type checker, hence Any.
_READERS: dict[ItemKind, Callable[[list[_Cells], tuple[str, ...]], Any]] = {
    ItemKind.SINGLE: _single,
    ItemKind.SEVERAL: _choices,
    ItemKind.TRUEFALSE: _choices,
    ItemKind.ORDER: _order,
    ItemKind.MATCH: _match,
    ItemKind.SORT: _sort,
    ItemKind.NUMBER: _number,
    ItemKind.SHORT: _short,
    ItemKind.OPEN: _open,
    ItemKind.RATING: _rating,
    ItemKind.MARK: _mark,
    ItemKind.PAIR: _pairs,
    ItemKind.FIELDS: _fields,
}
