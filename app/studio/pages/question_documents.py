"""What the form of a question offers of the documents of its course: their lines, and the labels of forms."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.catalogue.domain.documents import Document, DocumentKind, Unit, form_labels
from app.catalogue.domain.items import LineTarget
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.targets import read_target, write_target
from app.studio.domain.question_fields import QuestionFields
from app.studio.labels import documents as labels
from app.studio.pages.question_list import Pairs

MOST_DOCUMENTS = 3
_LONGEST = 90  # characters of a line in a list


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentChoice:
    """A field for one of the documents beside the question; `name` is also its id."""

    name: str
    label: str
    value: str
    options: Pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLines:
    """The numbered lines of a document, as texts."""

    title: str
    lines: Sequence[tuple[int, str]]


class CourseLines:
    """The documents that a question names, with their lines."""

    def __init__(self, folder: CourseFolder, fields: QuestionFields) -> None:
        self._folder = folder
        texts = folder.source_documents
        self._ids = [name.strip() for name in fields.settings.get("document", "").split(",") if name.strip()]
        self._documents = [texts[name] for name in self._ids if name in texts]

    def choices(self) -> list[DocumentChoice]:
        """Return the fields for the documents; the first has the id of the setting, for its errors."""
        values = [*self._ids, *[""] * MOST_DOCUMENTS][:MOST_DOCUMENTS]
        return [
            DocumentChoice(
                name="document" if number == 1 else f"document-{number}",
                label=_("Document %(n)s", n=number),
                value=value,
                options=_with_own([("", _("None")), *self._offered()], value),
            )
            for number, value in enumerate(values, 1)
        ]

    def shown(self) -> list[ShownLines]:
        """Return the lines of the documents, to look up their numbers."""
        return [
            ShownLines(
                title=f"{document.id} {document.title}",
                lines=[(unit.number, _text(unit)) for unit in document.units],
            )
            for document in self._documents
        ]

    def lines(self, value: str) -> Pairs:
        """Return the lines to choose from, as targets with their texts; the value that a line has stays as written."""
        if not self._documents:
            return []
        written = _target(value)
        pairs = [("", "")]
        for document in self._documents:
            for unit in document.units:
                prefix = document.id if len(self._ids) > 1 else ""
                target = (
                    value
                    if self._is_line(written, document, unit)
                    else write_target(LineTarget(unit.number, "", prefix))
                )
                pairs.append((target, f"{target}: {_text(unit)}"))
        return _with_own(pairs, value)

    def labels(self, value: str) -> Pairs:
        """Return the labels of the forms to choose from; empty is the label of the row above."""
        forms = [document for document in self._documents if document.kind is DocumentKind.FORM]
        if not forms:
            return []
        return _with_own([("", ""), *((label, label) for form in forms for label in form_labels(form))], value)

    def _offered(self) -> Pairs:
        titles = self._folder.source_documents
        return [
            (name, f"{name} {titles[name].title} ({labels.form(document.facts.form)})")
            for name, document in self._folder.documents.items()
            if name in titles
        ]

    def _is_line(self, target: LineTarget | None, document: Document, unit: Unit) -> bool:
        if target is None:
            return False
        is_here = target.document == document.id if target.document else len(self._ids) == 1
        return is_here and (target.name or target.line) in (unit.name, unit.number)


def _target(value: str) -> LineTarget | None:
    try:
        return read_target(value.strip())
    except ValueError:
        return None


def _text(unit: Unit) -> str:
    line_text = " | ".join(cell for cell in unit.cells if cell)
    text = f"{unit.speaker}: {line_text}" if unit.speaker else line_text
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _with_own(pairs: Pairs, value: str) -> Pairs:
    """Return the choices with the value of the question, which the course may no longer have."""
    return pairs if not value or any(value == offered for offered, _label in pairs) else [*pairs, (value, value)]
