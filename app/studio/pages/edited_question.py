"""A question in the editor between requests: as saved, as new, and as submitted with each button."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import force_locale, gettext as _

from app.catalogue.domain.item_reader import ITEM_ID
from app.catalogue.domain.items import Item, ItemKind
from app.catalogue.domain.problems import Problem
from app.studio.domain import bank_text, question_fields
from app.studio.domain.question_fields import FieldProblem, QuestionFields
from app.studio.domain.question_rows import HEADS, RIGHT
from app.studio.forms.questions import TEXT, SentQuestion, after_step, with_first_rows
from app.studio.queries import questions
from app.studio.queries.questions import DraftBank, QuestionLine

_ROW_STEPS = ("add", "up-", "kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class BothTexts:
    """The texts of two users who changed the same lines; `theirs` is saved, "" if the question was removed."""

    own: str
    theirs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedQuestion:
    """A question in the editor, saved or as submitted; `id` is empty for a new one.

    `fields` is None if only the text shows all of it. `item` is what the preview shows; `opened` is the digest of the
    bank that the user began from. `is_opened`: the user opened the page and sent nothing yet.
    """

    id: str
    text: str
    opened: str
    fields: QuestionFields | None
    is_text: bool = False
    item: Item | None = None
    problems: Sequence[Problem] = ()
    field_problems: Sequence[FieldProblem] = ()
    both: BothTexts | None = None
    message: str = ""
    has_preview: bool = True
    is_blocked: bool = False
    is_opened: bool = False

    @property
    def kind(self) -> ItemKind | None:
        """Return the kind, None if the text has errors."""
        return self.fields.kind if self.fields else None

    @property
    def can_be_saved(self) -> bool:
        """Return whether the text is one question; it may still have errors that prevent publishing."""
        return bool(self.text) and not self.is_blocked and not self.field_problems


def saved(draft_bank: DraftBank, line: QuestionLine, *, is_text: bool) -> EditedQuestion:
    """Return a saved question; as text if the form would not show all of it."""
    item = question_fields.read_item(line.text)
    fields = _fields(item)
    return EditedQuestion(
        id=line.id,
        text=line.text,
        opened=draft_bank.digest,
        fields=fields,
        is_text=is_text or fields is None,
        item=item,
        problems=line.problems,
        is_opened=True,
    )


def new(draft_bank: DraftBank, kind: ItemKind, *, lesson: str, is_text: bool) -> EditedQuestion:
    """Return a new question of a kind with the competency of a lesson, or of the course."""
    return _new(draft_bank, kind, questions.default_competency(draft_bank, lesson), is_text=is_text)


def _new(draft_bank: DraftBank, kind: ItemKind, competency: str, *, is_text: bool) -> EditedQuestion:
    fields = _prepared(question_fields.new_fields(kind, competency), draft_bank.language)
    keys = f"kind: {kind}\ncompetency: {competency}\nlevel: foundation"
    return EditedQuestion(
        id="",
        text=f"{bank_text.HEADING}{new_id(draft_bank)}\n{keys}\n\n\n\n---\n\n",
        opened=draft_bank.digest,
        fields=fields,
        is_text=is_text,
        has_preview=False,
        is_opened=True,
    )


def submitted(draft_bank: DraftBank, line: QuestionLine | None, sent: SentQuestion) -> EditedQuestion:
    """Return a submitted question after its button, with its errors; `line` is None for a new one."""
    if sent.shown_as == TEXT:
        return _submitted_text(draft_bank, line, sent)
    if line is None and _is_empty_text(sent):
        return _new(draft_bank, sent.fields.kind, sent.fields.settings["competency"], is_text=True)
    if sent.step.startswith(_ROW_STEPS):
        fields = _after_step(sent, draft_bank.language)
        return EditedQuestion(id=_id(line), text="", opened=sent.opened, fields=fields, has_preview=False)
    result = question_fields.item_of(_id(line) or new_id(draft_bank), sent.fields)
    return EditedQuestion(
        id=_id(line),
        text=_written(result.item, line),
        opened=sent.opened,
        fields=sent.fields,
        is_text=sent.step == TEXT and result.item is not None,
        item=result.item,
        field_problems=result.problems,
        has_preview=result.item is not None,
    )


def _is_empty_text(sent: SentQuestion) -> bool:
    return sent.step == TEXT and question_fields.is_blank(sent.fields)


def _after_step(sent: SentQuestion, language: str) -> QuestionFields:
    fields = after_step(sent.fields, sent.step)
    return _prepared(fields, language) if sent.step == "kind" else fields


def new_id(draft_bank: DraftBank) -> str:
    """Return the id that a new question probably gets; the draft is not locked."""
    course = draft_bank.folder.course
    return bank_text.next_id(course.id, [*draft_bank.lines, *course.retired])


def _submitted_text(draft_bank: DraftBank, line: QuestionLine | None, sent: SentQuestion) -> EditedQuestion:
    expected = _id(line) or _id_in(sent.text) or new_id(draft_bank)
    blocking = bank_text.text_problems(sent.text, expected)
    item = None if blocking else question_fields.read_item(sent.text)
    fields = _fields(item)
    return EditedQuestion(
        id=_id(line),
        text=sent.text,
        opened=sent.opened,
        fields=fields,
        is_text=sent.step != "form" or fields is None,
        item=item,
        problems=blocking or question_fields.syntax_problems(sent.text),
        is_blocked=bool(blocking),
    )


def _id(line: QuestionLine | None) -> str:
    return line.id if line else ""


def _id_in(text: str) -> str:
    """Return the id in the heading of a text, which a new question replaces by its own."""
    item_id = text.lstrip().split("\n", 1)[0].removeprefix(bank_text.HEADING).strip()
    return item_id if ITEM_ID.fullmatch(item_id) else ""


def _fields(item: Item | None) -> QuestionFields | None:
    """Return the fields of a question if the form shows all of it."""
    return question_fields.fields_of(item) if item is not None and question_fields.is_editable(item) else None


def _written(item: Item | None, line: QuestionLine | None) -> str:
    """Return the text of a question; one that did not change keeps its text as it was written."""
    if item is None:
        return ""
    return line.text if line and question_fields.read_item(line.text) == item else question_fields.written(item)


def _prepared(fields: QuestionFields, language: str) -> QuestionFields:
    """Return the fields with the rows of a new question and, in the language of the course, its usual texts."""
    fields = with_first_rows(fields)
    with force_locale(language.replace("-", "_")):
        usual_heads = {"left": _("Left"), "text": _("Right side"), "name": _("Criterion"), "points": _("Points")}
        if fields.kind is ItemKind.OPEN:
            usual_heads["text"] = _("What earns the points")
        truth = ({"text": _("True"), "right": RIGHT}, {"text": _("False")})
    if not any(fields.heads):
        fields = replace(fields, heads=tuple(usual_heads[name] for name in HEADS.get(fields.kind, ())))
    is_blank = not any(row.get("text") for row in fields.rows)
    return replace(fields, rows=truth) if fields.kind is ItemKind.TRUEFALSE and is_blank else fields
