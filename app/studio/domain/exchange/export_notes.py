"""Collect what an export leaves out: items without counterpart, and parts of items."""

from app.catalogue.domain.items import Choices, Item, ItemKind
from app.studio.domain.exchange.shapes import ExportResult, Note, NoteList, NotExportedItem

_REASONS = {
    ItemKind.SORT: "The target format has no question in which entries are sorted into groups.",
    ItemKind.PASSAGES: "The target format has no question in which passages of a text are picked.",
    ItemKind.RATING: "The target format has no question in which statements are rated.",
    ItemKind.MARK: "The target format has no question in which lines of a document are marked.",
    ItemKind.PAIR: "The target format has no question in which lines of documents are paired.",
    ItemKind.FIELDS: "The target format has no question in which a form is filled.",
    ItemKind.ORDER: "The target format has no question in which entries are put in order.",
}


def reason_against(item: Item) -> str:
    """Return why no format can carry an item, "" if it can."""
    return "The question works on a document, and the target format has no documents." if item.document else ""


def note_lost_parts(item: Item, notes: NoteList) -> None:
    """Note the parts of an item that have neither a counterpart nor a tag in any format."""
    hint = "Export the course to keep them."
    if item.good or item.weak:
        notes.warn("The target format has no model answers, so they were left out.", hint)
    if isinstance(item.answers, Choices) and any(option.error for option in item.answers.options):
        notes.warn("The target format has no errors of options, so they were left out.", hint)


class ExportCollector:
    """Collect the notes of an export by item id, and the items that are not exported."""

    def __init__(self) -> None:
        self._not_exported: list[NotExportedItem] = []
        self._notes: dict[str, NoteList] = {}

    def refuse(self, item: Item, reason: str = "") -> None:
        """Add an item that is not exported, with the reason of its kind or another one."""
        self._not_exported.append(NotExportedItem(item.id, item.kind, reason or _REASONS[item.kind]))

    def notes_of(self, item: Item) -> NoteList:
        """Return the notes of an item, to add one."""
        return self._notes.setdefault(item.id, NoteList())

    def result(self, text: str) -> ExportResult:
        """Return the result of the export."""
        notes: dict[str, tuple[Note, ...]] = {
            name: listed.notes for name, listed in self._notes.items() if listed.notes
        }
        return ExportResult(text, tuple(self._not_exported), notes)
