"""Input of the bank editor: a question as fields or as text, the filter of the list, and new keys of many questions."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flask_babel import lazy_gettext as _, lazy_pgettext
from werkzeug.datastructures import MultiDict
from wtforms import SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from app.catalogue.domain.items import ItemKind
from app.kernel.errors import InputError
from app.studio.domain import question_fields
from app.studio.domain.question_fields import SETTINGS, QuestionFields
from app.studio.domain.question_rows import COLUMNS, HEADS, MOST_ROWS, RIGHT, Row
from app.web.forms import Form, OneOfField, SomeOfField, trimmed

FORM, TEXT = "form", "text"
# rows of a new question; an item has one more row for each request
FIRST_ROWS: Mapping[ItemKind, int] = {ItemKind.TRUEFALSE: 2, ItemKind.NUMBER: 1, ItemKind.SHORT: 2}
USUAL_ROWS = 4
DOCUMENT_FIELDS = ("document", "document-2", "document-3")
NO_FORM = "none"
Pairs = Iterable[tuple[str, object]]
_ROW = re.compile(r"row-([0-9]{1,2})-[a-z]+")
_OPENED = re.compile(r"([0-9a-f]{64})?")
_STEP = re.compile(r"(save|next|add|preview|kind|form|text|up-[0-9]{1,2})")
_KINDS = {str(kind): kind for kind in ItemKind}
SAVE, NEXT = "save", "next"  # steps that save


@dataclass(frozen=True, slots=True)
class SentQuestion:
    """A submitted question: `shown_as` is "form" or "text"; `step` the pressed button, "save" for the main one.

    The step "next" saves and opens the form of another question. `opened` is the digest of the bank that the user
    began from. One of `fields` and `text` is what the user typed.
    """

    step: str
    shown_as: str
    opened: str
    fields: QuestionFields
    text: str = ""


def read(sent: MultiDict[str, str]) -> SentQuestion:
    """Return a submitted question. Raises InputError for a button or a digest that no page has."""
    step, opened = sent.get("step", "save"), sent.get("opened", "")
    if not _STEP.fullmatch(step) or not _OPENED.fullmatch(opened):
        raise InputError("This form cannot be read. Open the page again.")
    shown_as = TEXT if sent.get("shown_as") == TEXT else FORM
    return SentQuestion(step, shown_as, opened, read_fields(sent), sent.get("text", "") if shown_as == TEXT else "")


def read_fields(sent: MultiDict[str, str]) -> QuestionFields:
    """Return the fields of a question as typed; a kind that does not exist is `single`."""
    kind = _KINDS.get(sent.get("kind", ""), ItemKind.SINGLE)
    numbers = [int(match[1]) for name in sent if (match := _ROW.fullmatch(name))]
    count = min(max(numbers, default=-1) + 1, MOST_ROWS)
    right = set(sent.getlist("right"))
    return QuestionFields(
        kind=kind,
        stem=sent.get("stem", ""),
        rows=tuple(_row(sent, kind, number, right) for number in range(count)),
        text=sent.get("body", ""),
        heads=tuple(sent.get(f"head-{column}", "") for column in HEADS.get(kind, ())),
        settings={name: sent.get(name, question_fields.DEFAULTS.get(name, "")) for name in SETTINGS}
        | {"document": _documents(sent)},
        hint=sent.get("hint", ""),
        general=sent.get("general", ""),
        good=sent.get("good", ""),
        weak=sent.get("weak", ""),
    )


def _documents(sent: MultiDict[str, str]) -> str:
    """Return the chosen documents as the key of the format; each is in a field of its own."""
    chosen = [sent.get(name, "").strip() for name in DOCUMENT_FIELDS]
    return ", ".join(dict.fromkeys(name for name in chosen if name))


def _row(sent: MultiDict[str, str], kind: ItemKind, number: int, right: set[str]) -> Row:
    cells = {column: sent.get(f"row-{number}-{column}", "") for column in COLUMNS[kind] if column != "right"}
    if "right" in COLUMNS[kind]:
        cells["right"] = RIGHT if str(number) in right else ""
    return cells


def after_step(fields: QuestionFields, step: str) -> QuestionFields:
    """Return the fields after a button that changes the rows: one more row, or a row moved up."""
    rows = list(fields.rows)
    if step == "add" and len(rows) < MOST_ROWS:
        rows.append({})
    if step.startswith("up-"):
        index = int(step.removeprefix("up-"))
        if 0 < index < len(rows):
            rows[index - 1], rows[index] = rows[index], rows[index - 1]
    return replace(fields, rows=tuple(rows))


def with_first_rows(fields: QuestionFields) -> QuestionFields:
    """Return the fields with as many rows as a new question of the kind has."""
    count = FIRST_ROWS.get(fields.kind, USUAL_ROWS) if COLUMNS[fields.kind] else 0
    rows = [*fields.rows, *[{}] * (count - len(fields.rows))]
    return replace(fields, rows=tuple(rows))


class AskingForm(Form):
    """A lesson by its slug, and the ids of the questions that it is to ask."""

    lesson = OneOfField(_("Lesson"))
    items = SomeOfField(validators=[DataRequired()])

    def offer(self, *, lessons: Iterable[str], items: Iterable[str]) -> None:
        """Set the values to choose from."""
        self.lesson.offer((slug, slug) for slug in lessons)
        self.items.offer((item_id, item_id) for item_id in items)


class KeysForm(Form):
    """New values of keys for the selected questions; an empty choice leaves a key as it is."""

    items = SelectMultipleField(_("Questions"))
    competency = OneOfField(_("Competency"), default="")
    level = OneOfField(_("Level"), default="")
    form = OneOfField(lazy_pgettext("question", "Question set"), default="")
    pass_value = StringField(
        _("Expected score"),
        [
            Optional(),
            Length(max=8),
            Regexp(r"(0|1|0\.[0-9]{1,6}|1\.0{1,6})\Z", message=_("Enter a number from 0 to 1, such as 0.7.")),
        ],
        filters=[trimmed],
    )

    def offer(self, items: Iterable[str], *, competencies: Pairs, levels: Pairs, forms: Pairs) -> None:
        """Set the values to choose from."""
        self.items.choices = list(items)
        self.competency.offer([("", _("Unchanged")), *competencies])
        self.level.offer([("", _("Unchanged")), *levels])
        self.form.offer([("", _("Unchanged")), (NO_FORM, _("Any set")), *forms])

    def values(self) -> dict[str, str]:
        """Return the keys to change with their values; an empty value removes a key."""
        chosen = {name: self[name].data or "" for name in ("competency", "level", "form", "pass_value")}
        return {name: "" if value == NO_FORM else value for name, value in chosen.items() if value}
