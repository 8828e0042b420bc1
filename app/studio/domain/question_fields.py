"""The fields of a question in the form of the bank editor, and their conversion from and to an item.

Every field is a text as typed. What an item has is in some field, so that the form never loses a part of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec

from app.catalogue.domain.item_keys import convert_keys, written_keys
from app.catalogue.domain.item_reader import read_bank
from app.catalogue.domain.item_writer import write_bank
from app.catalogue.domain.items import Answers, Bank, Item, ItemKind
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.source_lines import KeyLine, Report
from app.catalogue.domain.text import TextFile, normalise
from app.kernel.errors import DomainError
from app.studio.domain.bank_text import text_problems
from app.studio.domain.question_rows import MOST_ROWS, TEXT_KINDS, Row, field_text, heads_of, one_line, rows_of, text_of
from app.studio.domain.row_readers import FIRST_COLUMNS, answers_of

DOCUMENT_SETTINGS = ("document", "prove", "idea", "needs", "stance", "words")
SETTINGS = (
    *("competency", "level", "form", "cite", "shuffle", "pass_value", "scale", "unit", "skip"),
    *DOCUMENT_SETTINGS,
    "tags",
)
TEXTS = ("stem", "hint", "general", "good", "weak")
_OPENING = "# -\n\n"  # a bank needs a title
DEFAULTS: Mapping[str, str] = {"level": "foundation", "shuffle": "yes", "scale": "1..5"}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFields:
    """`settings` are the keys of the item without its kind; `text` is the text with gaps or passages of these kinds.

    `rows` are options, entries, pairs ... by the columns of `question_rows.COLUMNS`; `heads` the titles of a table.
    """

    kind: ItemKind
    stem: str = ""
    rows: tuple[Row, ...] = ()
    text: str = ""
    heads: tuple[str, ...] = ()
    settings: Mapping[str, str]
    hint: str = ""
    general: str = ""
    good: str = ""
    weak: str = ""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """An error of a field; `field` is its name in the form: `stem`, `row-2-text`, `body` (gaps, passages) ..."""

    field: str
    error: DomainError


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """The item that the fields describe, or None with the problems that prevent it."""

    item: Item | None
    problems: tuple[FieldProblem, ...] = ()


def new_fields(kind: ItemKind, competency: str) -> QuestionFields:
    """Return the fields of a new question."""
    return QuestionFields(kind=kind, settings={**dict.fromkeys(SETTINGS, ""), **DEFAULTS, "competency": competency})


def is_blank(fields: QuestionFields) -> bool:
    """Return whether nothing is written yet; the form itself writes the options of a true-false question."""
    texts = [fields.stem, fields.text, fields.hint, fields.general]
    if fields.kind is not ItemKind.TRUEFALSE:
        texts += [cell for row in fields.rows for cell in row.values()]
    return not any(text.strip() for text in texts)


def fields_of(item: Item) -> QuestionFields:
    """Return the fields of an item."""
    keys = written_keys(item)
    return QuestionFields(
        kind=item.kind,
        stem=item.stem,
        rows=rows_of(item.answers),
        text=text_of(item.answers),
        heads=heads_of(item.answers),
        settings={name: str(keys[name]) for name in SETTINGS},
        hint=item.hint,
        general=item.general,
        good=item.good,
        weak=item.weak,
    )


def item_of(item_id: str, fields: QuestionFields) -> ReadQuestion:
    """Return the item that the fields describe, or why there is none.

    An item whose text would be read as something else, such as a question with a line of three dashes, is a problem.
    """
    fields = _canonical(fields)
    answers, problems = answers_of(fields.kind, fields.rows, fields.text, fields.heads)
    field_problems = [*_text_problems(fields), *_key_problems(fields)]
    field_problems += [FieldProblem(name, error) for name, error in problems]
    if field_problems or answers is None:
        return ReadQuestion(None, tuple(field_problems))
    item = _item(item_id, fields, answers)
    misread = _misread(item)
    return ReadQuestion(None if misread else item, misread)


def _item(item_id: str, fields: QuestionFields, answers: Answers) -> Item:
    keys = convert_keys([KeyLine(name, value, 1) for name, value in _written_keys(fields)], 1, Report(""))
    values = msgspec.structs.asdict(keys) | {"kind": fields.kind}
    texts = {name: getattr(fields, name) for name in TEXTS}
    return Item(id=item_id, answers=answers, **texts, **values)


def _text_problems(fields: QuestionFields) -> list[FieldProblem]:
    if fields.stem or fields.kind in TEXT_KINDS:
        return []
    return [FieldProblem("stem", DomainError("Write the question."))]


def written(item: Item) -> str:
    """Return the text of an item for its bank."""
    return write_bank(Bank((item,)))


def read_item(text: str) -> Item | None:
    """Return the item of a text that has exactly one and no errors of syntax, without its line; None otherwise."""
    bank, problems = read_bank(TextFile("", f"{_OPENING}{normalise(text)}"))
    if problems or len(bank.items) != 1:
        return None
    return _without_line(bank.items[0])


def syntax_problems(text: str) -> list[Problem]:
    """Return the problems of the syntax of an item's text; lines count from 1 within the text."""
    _, problems = read_bank(TextFile("", f"{_OPENING}{normalise(text)}"))
    before = _OPENING.count("\n")
    return [
        Problem("", max(1, problem.line - before), problem.message, problem.hint, problem.values, problem.weight)
        for problem in problems
    ]


def is_editable(item: Item) -> bool:
    """Return whether the form shows all of an item: few enough rows, and its fields lead back to the same item."""
    fields = fields_of(item)
    return len(fields.rows) <= MOST_ROWS and item_of(item.id, fields).item == _without_line(item)


def _without_line(item: Item) -> Item:
    return Item(**{name: getattr(item, name) for name in item.__struct_fields__ if name != "line"})


def _canonical(fields: QuestionFields) -> QuestionFields:
    return replace(
        fields,
        stem=field_text(fields.stem),
        hint=field_text(fields.hint),
        general=field_text(fields.general),
        good=field_text(fields.good),
        weak=field_text(fields.weak),
        settings={name: one_line(fields.settings.get(name, "")) for name in SETTINGS},
    )


def _written_keys(fields: QuestionFields) -> list[tuple[str, str]]:
    filled = [(name, value) for name, value in fields.settings.items() if value]
    return [("kind", str(fields.kind)), *filled]


def _key_problems(fields: QuestionFields) -> list[FieldProblem]:
    problems = []
    if not fields.settings["competency"]:
        problems.append(FieldProblem("competency", DomainError("Choose a competency.")))
    for name, value in fields.settings.items():
        report = Report("")
        others = [KeyLine("kind", str(fields.kind), 1), KeyLine("competency", "-", 1)]
        convert_keys([*(key for key in others if key.name != name), KeyLine(name, value, 1)], 1, report)
        if value and report.problems:
            example = str(report.problems[0].values["example"])
            error = DomainError("%(value)s cannot be used here. Example: %(example)s.", value=value, example=example)
            problems.append(FieldProblem(name, error))
    return problems


def _misread(item: Item) -> tuple[FieldProblem, ...]:
    """Return a problem for the first field that the reader of the format would not read as it was typed."""
    text = written(item)
    bank, problems = read_bank(TextFile("", f"{_OPENING}{text}"))
    again = _without_line(bank.items[0]) if len(bank.items) == 1 else None
    if again != item:
        return (FieldProblem(_misread_field(item, again), _misread_error()),)
    problems += text_problems(text, item.id)
    return tuple(FieldProblem("stem", DomainError(problem.message, **problem.values)) for problem in problems)


def _misread_field(item: Item, again: Item | None) -> str:
    """Return the first field that is read otherwise; without any item, the first text with a line of the format."""
    if again is None:
        names = [name for name in TEXTS if _is_suspicious(getattr(item, name))]
    else:
        names = [name for name in (*TEXTS, "answers") if getattr(again, name) != getattr(item, name)]
    return _first_field(next(iter(names), "stem"), item.kind)


def _is_suspicious(text: str) -> bool:
    return any(line.startswith(("## ", "---", "///", "```", "~~~")) for line in text.split("\n"))


def _first_field(name: str, kind: ItemKind) -> str:
    if name != "answers":
        return name
    return "body" if kind in TEXT_KINDS else f"row-0-{FIRST_COLUMNS.get(kind, 'text')}"


def _misread_error() -> DomainError:
    return DomainError(
        "A line here has another meaning in the format: it begins with ##, ---, /// or a fence, or with a key. "
        "Write a backslash or a space before it."
    )
