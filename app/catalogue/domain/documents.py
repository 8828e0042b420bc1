"""Data classes of the documents of a course: `Document` with its numbered units, `DocumentFacts` of `documents.toml`.

A unit is the smallest part that can be marked, cited or proved; its number is the same in every language.
`resolve` replaces the names by which an item points to units by their numbers.
"""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from app.access.policy import Sensitivity
from app.catalogue.domain.items import (
    Answers,
    Choices,
    Fields,
    Item,
    LineTarget,
    ListEntry,
    Mark,
    Match,
    Order,
    Pairs,
    Sort,
)
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.targets import target_of_entry, write_target


class DocumentKind(StrEnum):
    ADVERT = "advert"
    CHAT = "chat"
    PAYSLIP = "payslip"
    CONTRACT = "contract"
    LETTER = "letter"
    TABLE = "table"
    STATEMENT = "statement"
    FORM = "form"
    WEBPAGE = "webpage"
    POST = "post"
    LOG = "log"
    TRANSCRIPT = "transcript"
    NOTE = "note"
    LIST = "list"


class DocumentForm(StrEnum):
    """Where a document is used: A in lessons and pre-tests, B in tests, reserve in watched checks, none anywhere."""

    A = "A"
    B = "B"
    RESERVE = "reserve"
    NONE = "none"


class DocumentStatus(StrEnum):
    AS_FOUND = "as_found"
    TRANSLATION = "translation"
    COPY = "copy"
    EXTRACT = "extract"


class PartKind(StrEnum):
    """How the units of a part are drawn."""

    PARAGRAPHS = "paragraphs"
    LIST = "list"
    TURNS = "turns"  # of a chat, transcript or post
    TABLE = "table"
    FIELDS = "fields"  # rows of a form
    MARGIN = "margin"  # a hand-written note, a stamp or a sticker


class Unit(msgspec.Struct, frozen=True):
    """A numbered unit. `cells` are the cells of a row, or one text; Markdown of one line, without the name.

    `name` is for writers only and never reaches a page. `time` and `speaker` belong to a turn. A field has two cells:
    label and entry; an empty entry can be filled.
    """

    number: int
    cells: tuple[str, ...]
    name: str = ""
    time: str = ""
    speaker: str = ""


class DocumentPart(msgspec.Struct, frozen=True):
    """Units that are drawn together. `title` is the heading before them; `heads` are the column titles of a table."""

    kind: PartKind
    units: tuple[Unit, ...]
    title: str = ""
    heads: tuple[str, ...] = ()
    ordered: bool = False  # a numbered list


class Document(msgspec.Struct, frozen=True):
    """A document in one language. `columns`: languages of the left and right column of a contract."""

    id: str
    kind: DocumentKind
    title: str
    parts: tuple[DocumentPart, ...]
    date: str = ""
    sender: str = ""  # the key `from`
    to: str = ""
    location: str = ""  # the key `place`
    status: DocumentStatus | None = None
    dir: str = ""  # ltr or rtl; empty: as the language
    columns: tuple[str, str] | None = None
    note: str = ""

    @property
    def units(self) -> tuple[Unit, ...]:
        """Return all units in the order of their numbers."""
        return tuple(unit for part in self.parts for unit in part.units)


class DocumentFacts(msgspec.Struct, frozen=True):
    """A table of `documents.toml`. `courses`: ids of the courses that use a shared document."""

    id: str
    slug: str
    kind: DocumentKind
    sensitivity: Sensitivity
    form: DocumentForm
    family: str = ""
    courses: tuple[str, ...] = ()
    warning: int = 0
    checked_fiction_on: date | None = None
    sources: tuple[str, ...] = ()


class CourseDocument(msgspec.Struct, frozen=True):
    """A document of a course with its texts by language; `shared`: it is in `courses/documents/`."""

    facts: DocumentFacts
    texts: dict[str, Document] = {}
    shared: bool = False


def form_labels(document: Document) -> dict[str, Unit]:
    """Return the fields of a form by their labels."""
    fields = [part for part in document.parts if part.kind is PartKind.FIELDS]
    return {unit.cells[0]: unit for part in fields for unit in part.units}


def resolve(item: Item, documents: Mapping[str, Document], file: str = "") -> tuple[Item, list[Problem]]:
    """Return the item with the number of every line that it names, and a problem for each that does not exist.

    `documents` are by id, in the language of the item (`CourseFolder.documents_in`); `file` is the path of the bank.
    A target that does not exist keeps line 0 or its number. Entries such as `@april` become `@3`, or `@SF-D10:3` if
    they name the document.
    """
    resolver = _Resolver(item, documents, file)
    answers = resolver.answers(item.answers)
    prove = tuple(resolver.target(target) for target in item.prove)
    return msgspec.structs.replace(item, answers=answers, prove=prove), resolver.problems


class _Resolver:
    """The documents of one item, and the problems of its targets."""

    def __init__(self, item: Item, documents: Mapping[str, Document], file: str) -> None:
        self.item = item
        self.file = file
        self.problems: list[Problem] = []
        self.documents = {name: documents[name] for name in item.document if name in documents}
        for name in item.document:
            if name not in documents:
                self._note("The course has no document %(document)s.", "Add it, or correct the id.", document=name)

    def answers(self, answers: Answers) -> Answers:
        """Return the answers with the numbers of their targets."""
        by_type: dict[type, Callable[[Any], Answers]] = {
            Mark: self._mark,
            Pairs: self._pairs,
            Fields: self._fields,
            Choices: self._choices,
            Order: self._order,
            Sort: self._sort,
            Match: self._match,
        }
        resolved = by_type.get(type(answers))
        return resolved(answers) if resolved else answers

    def _mark(self, answers: Mark) -> Answers:
        return Mark(tuple(msgspec.structs.replace(line, target=self.target(line.target)) for line in answers.lines))

    def _pairs(self, pairs: Pairs) -> Answers:
        resolved = (
            msgspec.structs.replace(pair, first=self.target(pair.first), second=self.target(pair.second))
            for pair in pairs.pairs
        )
        return Pairs(tuple(resolved))

    def _fields(self, fields: Fields) -> Answers:
        self._check_labels(fields)
        return fields

    def _choices(self, choices: Choices) -> Answers:
        return Choices(
            tuple(msgspec.structs.replace(option, text=self._text(option.text)) for option in choices.options)
        )

    def _order(self, order: Order) -> Answers:
        return Order(self._list(order.entries))

    def _sort(self, sort: Sort) -> Answers:
        return Sort(tuple(msgspec.structs.replace(group, entries=self._list(group.entries)) for group in sort.groups))

    def _match(self, match: Match) -> Answers:
        pairs = (
            msgspec.structs.replace(pair, left=self._text(pair.left), right=self._text(pair.right))
            for pair in match.pairs
        )
        return msgspec.structs.replace(match, pairs=tuple(pairs))

    def _list(self, entries: tuple[ListEntry, ...]) -> tuple[ListEntry, ...]:
        return tuple(msgspec.structs.replace(entry, text=self._text(entry.text)) for entry in entries)

    def _text(self, text: str) -> str:
        try:
            target = target_of_entry(text)
        except ValueError:
            self._note("%(target)s names no line of a document.", "Write it as @3 or @SF-D10:3.", target=text[:40])
            return text
        if target is None:
            return text
        resolved = self.target(target)
        return f"@{write_target(LineTarget(resolved.line, '', resolved.document))}" if resolved.line else text

    def target(self, target: LineTarget) -> LineTarget:
        """Return the target with its line; a problem if the document or the line does not exist."""
        document = self._document(target)
        if document is None:
            return target
        wanted = target.name or target.line
        for unit in document.units:
            if wanted in (unit.number, unit.name):
                return msgspec.structs.replace(target, line=unit.number)
        message = "The document %(document)s has no line %(unit)s."
        hint = "Use a number from 1 to %(last)s, or a name of the document."
        self._note(message, hint, document=document.id, unit=str(wanted), last=len(document.units))
        return target

    def _document(self, target: LineTarget) -> Document | None:
        names = self.item.document
        name = target.document or (names[0] if len(names) == 1 else "")
        if not names:
            hint = "Add a key document with its id."
            self._note("The item points to a line, but it names no document.", hint)
        elif not name:
            message = "The item has several documents, so %(target)s is not clear."
            self._note(message, "Write the id before it, as in SF-D10:3.", target=write_target(target))
        elif name not in names:
            message = "The item points to the document %(document)s, which it does not name."
            self._note(message, "Add it to the key document, or correct the id.", document=name)
        return self.documents.get(name) if name in names else None

    def _check_labels(self, answers: Fields) -> None:
        forms = [document for document in self.documents.values() if document.kind is DocumentKind.FORM]
        if forms:
            labels = set[str]().union(*map(form_labels, forms))
            for field in answers.fields:
                if field.label not in labels:
                    message, hint = 'The form has no field "%(label)s".', "Use the labels of the form as they are."
                    self._note(message, hint, label=field.label)
        elif len(self.documents) == len(self.item.document):
            self._note("The item has no document of the kind form.", "Name the form in the key document.")

    def _note(self, message: str, hint: str, **values: str | int) -> None:
        problem = Problem(self.file, self.item.line, message, hint, values)
        if str(problem) not in {str(earlier) for earlier in self.problems}:
            self.problems.append(problem)
