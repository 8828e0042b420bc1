"""View model of the form of a question: its fields with their errors, the rows of its answers, and the choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.catalogue.domain.items import ItemForm, ItemKind, Level, Needs, Stance
from app.studio.domain.question_fields import TEXTS, FieldProblem, QuestionFields
from app.studio.domain.question_rows import COLUMNS, HEADS, RIGHT, TEXT_KINDS, Row
from app.studio.pages import question_labels as labels
from app.studio.pages.question_documents import CourseLines, DocumentChoice, ShownLines
from app.studio.pages.question_list import Pairs, competency_pairs, kind_pairs
from app.studio.queries import checked
from app.studio.queries.questions import DraftBank

_ONE_LINE = frozenset({ItemKind.MATCH, ItemKind.NUMBER, ItemKind.SHORT, ItemKind.TRUEFALSE})
_MORE = frozenset(
    {"pass_value", "scale", "unit", "skip", "shuffle", *TEXTS[1:], "idea", "needs", "stance", "words", "tags"}
)
ON_DOCUMENTS = frozenset({ItemKind.MARK, ItemKind.PAIR, ItemKind.FIELDS})
LINE_COLUMNS = frozenset({"line", "first", "second"})
_PART = "part"
_CONTROLS = {ItemKind.SINGLE: "radio", ItemKind.TRUEFALSE: "radio", ItemKind.SEVERAL: "checkbox"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CellView:
    """A field of a row. `shape` is "area", "line" or "choice" of the options; `name` is also its id."""

    name: str
    label: str
    value: str
    shape: str
    error: str
    options: Pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """A row of the answers. `control` is the kind of its control for right answers: "radio", "checkbox" or ""."""

    number: int
    title: str
    control: str
    is_right: bool
    cells: Sequence[CellView]
    part: CellView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFormView:
    """The form. `values` and `error_of` are by field; `errors` are (id of the field, message) in their order."""

    kind: str
    kinds: Pairs
    answers_title: str
    answers_hint: str
    values: Mapping[str, str]
    error_of: Mapping[str, str]
    errors: Sequence[tuple[str, str]]
    rows: Sequence[RowView]
    heads: Sequence[CellView]
    has_body: bool
    is_more_open: bool
    competencies: Pairs
    levels: Pairs
    forms: Pairs
    sources: Pairs
    documents: Sequence[DocumentChoice]
    lines: Sequence[ShownLines]
    has_documents: bool
    needs: Pairs
    stances: Pairs

    @property
    def has_parts(self) -> bool:
        """Return whether the answers may have part marks."""
        return any(row.part is not None for row in self.rows)


def view(draft_bank: DraftBank, fields: QuestionFields, problems: Sequence[FieldProblem]) -> QuestionFormView:
    """Return the form of a question with the errors of its fields."""
    errors = [(problem.field, problem.error.translated(_)) for problem in problems]
    error_of = dict(reversed(errors))
    title, hint = labels.answers(fields.kind)
    texts = {"body": fields.text, **{name: getattr(fields, name) for name in TEXTS}}
    competency = fields.settings.get("competency", "")
    lines = CourseLines(draft_bank.folder, fields)
    return QuestionFormView(
        kind=str(fields.kind),
        kinds=kind_pairs(),
        answers_title=title,
        answers_hint=hint,
        values={**fields.settings, **texts},
        error_of=error_of,
        errors=errors,
        rows=[_row(fields.kind, number, row, error_of, lines) for number, row in enumerate(fields.rows)],
        heads=_heads(fields),
        has_body=fields.kind in TEXT_KINDS,
        is_more_open=any(map(_is_in_more, error_of)),
        competencies=_with_own(competency_pairs(draft_bank), competency),
        levels=[(str(level), labels.level(str(level))) for level in Level],
        forms=[("", _("Any set")), *((str(form), labels.form(str(form))) for form in ItemForm)],
        sources=_sources(),
        documents=lines.choices(),
        lines=lines.shown(),
        has_documents=fields.kind in ON_DOCUMENTS or _has_documents(fields, error_of),
        needs=_needs(),
        stances=_stances(),
    )


def _sources() -> Pairs:
    return [(source.id, source.title) for source in checked.references().sources.sources]


def _needs() -> Pairs:
    return [("", _("Not said")), *((str(needs), labels.needs(needs)) for needs in Needs)]


def _stances() -> Pairs:
    return [("", _("Not said")), *((str(stance), labels.stance(stance)) for stance in Stance)]


def _has_documents(fields: QuestionFields, error_of: Mapping[str, str]) -> bool:
    """Return whether the part of the form about documents is open."""
    return any(fields.settings.get(name) or name in error_of for name in ("document", "prove"))


def _is_in_more(name: str) -> bool:
    return name in _MORE or name.endswith(f"-{_PART}")


def _with_own(pairs: Pairs, value: str) -> Pairs:
    """Return the choices with the value of the question, which other files may no longer name."""
    return pairs if not value or any(value == offered for offered, _label in pairs) else [*pairs, (value, value)]


def _row(kind: ItemKind, number: int, row: Row, error_of: Mapping[str, str], lines: CourseLines) -> RowView:
    columns = [column for column in COLUMNS[kind] if column not in ("right", _PART)]
    return RowView(
        number=number,
        title=labels.row(kind, number + 1),
        control=_CONTROLS.get(kind, ""),
        is_right=row.get("right") == RIGHT,
        cells=[_cell(kind, number, column, row, error_of, _options(column, row, lines)) for column in columns],
        part=_cell(kind, number, _PART, row, error_of, []) if _PART in COLUMNS[kind] else None,
    )


def _options(column: str, row: Row, lines: CourseLines) -> Pairs:
    """Return the lines or labels of documents that a column offers, none for a column of text."""
    value = row.get(column, "")
    if column in LINE_COLUMNS:
        return lines.lines(value)
    return lines.labels(value) if column == "label" else []


def _cell(kind: ItemKind, number: int, column: str, row: Row, error_of: Mapping[str, str], options: Pairs) -> CellView:
    name = f"row-{number}-{column}"
    value = row.get(column, "")
    is_area = column == "reason" or (column == "text" and kind not in _ONE_LINE) or "\n" in value
    return CellView(
        name=name,
        label=labels.column(kind, column),
        value=value,
        shape=_shape(options, is_area=is_area),
        error=error_of.get(name, ""),
        options=options,
    )


def _shape(options: Pairs, *, is_area: bool) -> str:
    if options:
        return "choice"
    return "area" if is_area else "line"


def _heads(fields: QuestionFields) -> list[CellView]:
    names = HEADS.get(fields.kind, ())
    values = [*fields.heads, *[""] * (len(names) - len(fields.heads))]
    return [
        CellView(
            name=f"head-{name}", label=labels.column(fields.kind, name), value=value, shape="line", error="", options=[]
        )
        for name, value in zip(names, values, strict=False)
    ]
