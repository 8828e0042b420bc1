"""What an import of questions returns: items with notes, questions that were refused, and pictures."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.catalogue.domain.items import Item
from app.catalogue.domain.problems import Weight


@dataclass(frozen=True, slots=True)
class Note:
    """A message about an import; `values` fills the `%(name)s` of `message` and `hint`."""

    severity: Weight
    message: str
    hint: str
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportedPicture:
    """A picture of an imported text: file name, content, and type as the ending of a file."""

    name: str
    content: bytes
    kind: str


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """An imported item; `number` counts the questions of the file from 1."""

    item: Item
    source_name: str
    number: int
    notes: tuple[Note, ...]
    pictures: tuple[ImportedPicture, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefusedQuestion:
    """A question that cannot be imported, and why; `number` counts the questions of the file from 1."""

    number: int
    name: str
    kind: str
    reason: Note


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result of an import of questions."""

    items: tuple[ImportedItem, ...]
    refused: tuple[RefusedQuestion, ...]
    notes: tuple[Note, ...]
