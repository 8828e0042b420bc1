"""Build items from questions that were read, check them, and collect the result of an import."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import msgspec

from app.catalogue.domain.bank_checks import check_bank
from app.catalogue.domain.item_reader import read_bank
from app.catalogue.domain.item_writer import write_bank
from app.catalogue.domain.items import Answers, Bank, Item, ItemKind
from app.catalogue.domain.problems import Weight
from app.catalogue.domain.text import TextFile
from app.studio.domain.exchange.item_tags import ItemTags
from app.studio.domain.exchange.shapes import (
    MAX_QUESTIONS,
    MAX_TEXT_LENGTH,
    ImportedItem,
    ImportedPicture,
    ImportOptions,
    ImportResult,
    Note,
    NoteList,
    NoteSeverity,
    QuestionRefusedError,
    RefusedQuestion,
)

CHOICE_KINDS = frozenset({ItemKind.SINGLE, ItemKind.SEVERAL, ItemKind.TRUEFALSE})


@dataclass(slots=True)
class QuestionDraft:
    """A question while it is read; `file_kind` is its type in the file, `number` as in `ImportedItem`.

    `possible_kinds` are the kinds that a tag of an export may choose instead of `kind`.
    """

    number: int
    name: str
    file_kind: str
    kind: ItemKind = ItemKind.SHORT
    stem: str = ""
    answers: Answers | None = None
    shuffle: bool = True
    unit: str = ""
    hint: str = ""
    general: str = ""
    possible_kinds: Collection[ItemKind] = frozenset()
    tags: ItemTags = field(default_factory=lambda: ItemTags(()))
    notes: NoteList = field(default_factory=NoteList)
    pictures: list[ImportedPicture] = field(default_factory=list)


class ImportCollector:
    """Collect imported items and refused questions in the order of the file."""

    def __init__(self, options: ImportOptions) -> None:
        self.options = options
        self.notes = NoteList()
        self._items: list[ImportedItem] = []
        self._refusals: list[RefusedQuestion] = []

    def read(self, draft: QuestionDraft, complete: Callable[[QuestionDraft], None]) -> None:
        """Complete a draft and add its item; add a refused question if it cannot become an item."""
        try:
            complete(draft)
            item = self._item(draft)
        except QuestionRefusedError as error:
            self._refusals.append(
                RefusedQuestion(draft.number, draft.name, draft.file_kind, error.reason, error.hint, error.values)
            )
            return
        tags, pictures = draft.tags.other, tuple(draft.pictures)
        former_id = draft.tags.value("id")
        self._items.append(
            ImportedItem(item, draft.name, draft.number, draft.notes.notes, pictures, tags, former_id=former_id)
        )

    def _item(self, draft: QuestionDraft) -> Item:
        if draft.answers is None:
            raise QuestionRefusedError("The question has no answers.", "Add answers to it, then import it again.")
        item = Item(
            id="X-Q01",
            kind=draft.kind,
            competency=self.options.competency,
            stem=draft.stem,
            answers=draft.answers,
            shuffle=draft.shuffle,
            unit=draft.unit,
            hint=draft.hint,
            general=draft.general,
        )
        item = draft.tags.apply(item, {draft.kind, *draft.possible_kinds}, draft.notes)
        check_item(item, draft.notes)
        new_id = next(self.options.next_ids, None)
        if new_id is None:
            raise QuestionRefusedError("The course has no more ids for items.", "Import fewer questions.")
        return msgspec.structs.replace(item, id=new_id)

    def result(self) -> ImportResult:
        """Return the result of the import."""
        if not self._items and not self._refusals and not self.notes.notes:
            self.notes.error("The file has no questions.", "Check that you chose the right file and format.")
        return ImportResult(tuple(self._items), tuple(self._refusals), self.notes.notes)


def check_item(item: Item, notes: NoteList) -> None:
    """Note each error of an item; raise QuestionRefusedError if the course format cannot express it."""
    text = write_bank(Bank((item,), title="-"))
    if len(text) > MAX_TEXT_LENGTH:
        raise QuestionRefusedError(
            "The question is longer than %(most)s characters.", "Shorten it.", most=f"{MAX_TEXT_LENGTH:,}"
        )
    bank, problems = read_bank(TextFile("", text))
    if [msgspec.structs.replace(read_item, line=0) for read_item in bank.items] != [item]:
        reason = problems[0].message % problems[0].values if problems else "Its text is read in another way."
        message = "The course format cannot express the question. %(problem)s"
        raise QuestionRefusedError(message, "Simplify its text.", problem=reason)
    problems += check_bank(bank, "", competencies=None, sources=None, retired=())
    for problem in problems:
        if problem.weight is Weight.ERROR:
            notes.error(problem.message, problem.hint, **problem.values)


def unreadable_file(message: str, hint: str, **values: str | int | float) -> ImportResult:
    """Return the result for a file that cannot be read at all."""
    return ImportResult(notes=(Note(NoteSeverity.ERROR, message, hint, values),))


def too_many_questions() -> ImportResult:
    """Return the result for a file with more questions than are read."""
    message = "The file has more than %(most)s questions."
    return unreadable_file(message, "Divide it into several files.", most=f"{MAX_QUESTIONS:,}")
