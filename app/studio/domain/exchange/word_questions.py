"""Import questions from a Word document with a table for each question, as the template has them."""

import re
from functools import partial

from app.catalogue.domain.item_keys import KNOWN
from app.catalogue.domain.items import ItemKind
from app.studio.domain.exchange.archive import RefusedFileError
from app.studio.domain.exchange.drafts import ImportCollector, QuestionDraft, too_many_questions, unreadable_file
from app.studio.domain.exchange.item_tags import MAX_TAG_LENGTH, ItemTags, write_tag
from app.studio.domain.exchange.shapes import MAX_QUESTIONS, ImportOptions, ImportResult, Note
from app.studio.domain.exchange.word_answers import AnswerRow, TableReport, read_table_answers
from app.studio.domain.exchange.word_html import Element, word_tree
from app.studio.domain.exchange.word_labels import LABELS, RowType, question_kind
from app.studio.domain.exchange.word_markdown import write_blocks
from app.studio.domain.exchange.word_notes import notes_of_comments, notes_of_parts, notes_of_text
from app.studio.domain.exchange.word_parts import open_word
from app.studio.domain.exchange.word_pictures import CleanPictures, clean_pictures
from app.studio.domain.exchange.word_question_tables import QuestionTable, question_tables
from app.studio.domain.exchange.word_spans import LessonParts
from app.studio.domain.exchange.word_tables import Cell, cell_line
from app.studio.domain.exchange.word_text import plain

_MEDIA = "media/"
_COMPETENCY = re.compile(r"\b[A-Z]{2,6}-[0-9]{2,3}\b")
_KEY = re.compile(rf"\A({'|'.join(sorted(KNOWN))}):")
_NAME_LENGTH = 60
_LONGEST_COMPETENCY = 30
_TAG_ROWS = {RowType.COMPETENCY: "competency", RowType.LEVEL: "level", RowType.SOURCE: "cite"}
_TEXT_ROWS = (RowType.QUESTION, RowType.KIND, RowType.UNIT, RowType.HINT, RowType.GENERAL, *_TAG_ROWS)


def read_questions(content: bytes, options: ImportOptions, *, name: str = "question") -> ImportResult:
    """Return the items of a .docx file; a problem names the table, the row, what is wrong and what would be right.

    `name` is the beginning of the names of pictures: small letters, digits and single hyphens.
    """
    try:
        parts = open_word(content)
        tree = word_tree(parts)
    except RefusedFileError as error:
        return unreadable_file(error.reason.message, error.reason.hint, **error.reason.values)
    tables = question_tables(tree)
    if len(tables) > MAX_QUESTIONS:
        return too_many_questions()
    pictures = clean_pictures(tree, parts.files)
    collector = ImportCollector(options)
    for table in tables:
        if not table.is_example:
            _Question(table, collector, pictures, name).read()
    comments = [element for element in tree.elements() if element.tag == "dl"]
    _add_notes(collector, [*notes_of_parts(parts.counts), *pictures.notes, *notes_of_comments(comments)])
    _note_examples(collector, sum(table.is_example for table in tables))
    return collector.result()


def _add_notes(collector: ImportCollector, notes: list[Note]) -> None:
    for note in notes:
        collector.notes.warn(note.message, note.hint, **note.values)


def _note_examples(collector: ImportCollector, count: int) -> None:
    if count:
        message = "Tables that are marked as examples, and were not read: %(count)s."
        collector.notes.warn(message, 'Delete the row "Example" of a table that you want to import.', count=count)


class _Question:
    """A question table while it becomes a draft."""

    def __init__(self, table: QuestionTable, collector: ImportCollector, pictures: CleanPictures, name: str) -> None:
        self._table = table
        self._collector = collector
        self._pictures = pictures
        self._report = TableReport(table.number)
        cells = [cell for row in table.rows for cell in (row.text, row.feedback) if cell]
        names = pictures.names(cells, f"{name}-{table.number}")
        self._parts = LessonParts(_MEDIA, has_footnotes=False, names=names)

    def read(self) -> None:
        """Add the item or the refused question to the collector."""
        name = self._plain(RowType.QUESTION)[:_NAME_LENGTH]
        draft = QuestionDraft(self._table.number, name, self._plain(RowType.KIND)[:_NAME_LENGTH])
        self._collector.read(draft, self._complete)
        for problem in self._report.problems[1:]:
            self._collector.notes.error(problem.reason, problem.hint, **problem.values)

    def _complete(self, draft: QuestionDraft) -> None:
        """Fill the draft; raise QuestionRefusedError with the first problem of the table."""
        self._check_rows()
        kind = self._kind()
        draft.stem = _KEY.sub(r"\1&#58;", self._markdown(RowType.QUESTION))
        if not draft.stem:
            self._report.error("Table %(table)s: The question has no text.", 'Write it in the row "Question".')
        if kind is not None:
            draft.kind = kind
            draft.answers = read_table_answers(
                kind, self._answer_lines(kind), self._collector.options.texts, self._report
            )
        draft.unit = self._plain(RowType.UNIT)
        draft.hint = self._markdown(RowType.HINT)
        draft.general = self._markdown(RowType.GENERAL)
        draft.tags = self._tags()
        if self._report.problems:
            raise self._report.problems[0]
        draft.pictures += self._pictures.imported(self._parts)
        for note in notes_of_text(self._parts.lost):
            draft.notes.warn(note.message, note.hint, **note.values)

    def _check_rows(self) -> None:
        labels = ", ".join(texts[0] for texts in LABELS["en"].rows.values())
        for row, label in self._table.unread.items():
            message = 'Table %(table)s, row %(row)s: "%(label)s" is not a label of a row.'
            self._report.error(message, "Use one of: %(labels)s.", row=row, label=label[:40], labels=labels)
        for type_ in _TEXT_ROWS:
            for again in self._table.of(type_)[1:]:
                message = "Table %(table)s, row %(row)s: A row with this label is in the table already."
                self._report.error(message, "Combine the two rows.", row=again.number)

    def _kind(self) -> ItemKind | None:
        text = self._plain(RowType.KIND)
        kind = question_kind(text)
        kinds = ", ".join(texts[0] for texts in LABELS["en"].kinds.values())
        hint = "Write one of: %(kinds)s."
        rows = self._table.of(RowType.KIND)
        if not rows:
            message = "Table %(table)s: The question has no kind."
            self._report.error(message, 'Add a row "Kind" with one of: %(kinds)s.', kinds=kinds)
        elif kind is None:
            message = 'Table %(table)s, row %(row)s: "%(text)s" is not a kind of question.'
            self._report.error(message, hint, row=rows[0].number, text=text[:40], kinds=kinds)
        return kind

    def _answer_lines(self, kind: ItemKind) -> list[AnswerRow]:
        write = partial(cell_line, parts=self._parts) if kind is ItemKind.MATCH else self._cell
        return [
            AnswerRow(
                row=row.number,
                is_right=row.type is RowType.RIGHT,
                text=write(row.text),
                plain=plain(row.text.text()) if row.text else "",
                feedback=write(row.feedback),
            )
            for row in self._table.of(RowType.RIGHT, RowType.WRONG)
        ]

    def _tags(self) -> ItemTags:
        values = {name: self._plain(type_) for type_, name in _TAG_ROWS.items()}
        code = _COMPETENCY.search(values["competency"])
        values["competency"] = code[0] if code else values["competency"][:_LONGEST_COMPETENCY]
        values["level"] = values["level"].lower()
        return ItemTags([_tag(name, value) for name, value in values.items() if value])

    def _plain(self, type_: RowType) -> str:
        rows = self._table.of(type_)
        return plain(rows[0].text.text()) if rows and rows[0].text else ""

    def _markdown(self, type_: RowType) -> str:
        rows = self._table.of(type_)
        return self._cell(rows[0].text) if rows else ""

    def _cell(self, cell: Cell) -> str:
        return write_blocks(_without_headings(cell.children), self._parts) if cell else ""


def _tag(name: str, value: str) -> str:
    """Return a tag; one as long as a tag that Moodle has cut off gets a space, which is ignored, to avoid its note."""
    tag = write_tag(name, value)
    return f"{tag} " if len(tag) == MAX_TAG_LENGTH else tag


def _without_headings(nodes: list[Element | str]) -> list[Element | str]:
    """Return the nodes with paragraphs in place of headings, which would begin another item in a bank."""
    return [
        Element("p", children=node.children) if isinstance(node, Element) and re.fullmatch("h[1-6]", node.tag) else node
        for node in nodes
    ]
