"""Shapes of an import or export of questions: imported items, refused questions, notes and limits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.catalogue.domain.items import Item

MAX_FILE_BYTES = 5 * 1024 * 1024
"""The largest file that is read."""

MAX_QUESTIONS = 5_000
"""How many questions of a file are read; the file is refused if it has more."""

MAX_TEXT_LENGTH = 60_000
"""The longest text of a question, in characters; a page cannot show a longer one."""

Values = Mapping[str, str | int | float]


class NoteSeverity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Note:
    """What was changed or left out. `values` fills the `%(name)s` of `message` and `hint`.

    A warning says that something was changed; after an error the item must be corrected before it can be used.
    """

    severity: NoteSeverity
    message: str
    hint: str
    values: Values = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.severity}: {self.message % self.values} {self.hint % self.values}"


@dataclass(frozen=True, slots=True)
class ImportedPicture:
    """A picture from the file. Texts show it as `media/<name>`; `kind` is png, jpg, webp or svg."""

    name: str
    content: bytes
    kind: str


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """An item from a question. `line_or_number` is the line of a text file, or the number of an XML question, from 1.

    `former_id` is the id that the item had when it was exported; empty for a question of another system.
    """

    item: Item
    source_name: str
    line_or_number: int
    notes: tuple[Note, ...] = ()
    pictures: tuple[ImportedPicture, ...] = ()
    tags: tuple[str, ...] = ()
    former_id: str = ""


@dataclass(frozen=True, slots=True)
class RefusedQuestion:
    """A question that was not imported. `number` as in `ImportedItem`, `kind` as in the file."""

    number: int
    name: str
    kind: str
    reason: str
    hint: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """Result of an import; `notes` are about the whole file, with an error if it cannot be read."""

    items: tuple[ImportedItem, ...] = ()
    refusals: tuple[RefusedQuestion, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class NotExportedItem:
    """An item that the target format cannot express."""

    id: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExportResult:
    """The text of the file, the items without counterpart, and for each id what was left out of the item."""

    text: str
    not_exported: tuple[NotExportedItem, ...] = ()
    notes: Mapping[str, tuple[Note, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExchangeTexts:
    """Texts that an imported item needs and the file does not have, in the language of the course, as Markdown."""

    true: str = "True"
    false: str = "False"
    match_heads: tuple[str, str] = ("Item", "Match")
    rubric_heads: tuple[str, str, str] = ("Criterion", "Points", "What earns them")
    criterion: str = "Answer"
    earns: str = "The answer is complete and correct."
    blank: str = "\\_\\_\\_\\_\\_"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Ids for the new items in order, the competency of items that name none, and texts in the course language."""

    next_ids: Iterator[str]
    competency: str
    texts: ExchangeTexts = ExchangeTexts()


class QuestionRefusedError(Exception):
    """A question cannot become an item; `reason`, `hint` and `values` as in `RefusedQuestion`."""

    def __init__(self, reason: str, hint: str, **values: str | int | float) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint
        self.values = values


class NoteList:
    """Collect the notes of one question; the same note is added once."""

    def __init__(self) -> None:
        self._notes: list[Note] = []

    def warn(self, message: str, hint: str, **values: str | int | float) -> None:
        """Add a warning: something was changed or left out."""
        self._add(Note(NoteSeverity.WARNING, message, hint, values))

    def error(self, message: str, hint: str, **values: str | int | float) -> None:
        """Add an error: the item must be corrected."""
        self._add(Note(NoteSeverity.ERROR, message, hint, values))

    def _add(self, note: Note) -> None:
        if note not in self._notes:
            self._notes.append(note)

    @property
    def notes(self) -> tuple[Note, ...]:
        """Return the notes in the order in which they were added."""
        return tuple(self._notes)
