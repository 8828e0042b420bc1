"""Check how a course uses documents: targets of items, lessons with their desks, and what a lesson may show."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.domain import link_scanner
from app.catalogue.domain.code_spans import blank_code
from app.catalogue.domain.course_files import CourseSources
from app.catalogue.domain.documents import Document, DocumentForm, resolve
from app.catalogue.domain.folder_names import Part, path_in_course
from app.catalogue.domain.items import Bank, Item, ItemForm, ItemKind, LineTarget, Mark, Pairs
from app.catalogue.domain.lesson_blocks import CARD_WORDS, DESK_ITEMS, check_keys, keys_of, steps_of, words_of
from app.catalogue.domain.lesson_outline import scan
from app.catalogue.domain.lessons import BlockType, FencedBlock, LessonOutline
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.source_lines import Report
from app.catalogue.domain.targets import read_target

PRODUCED = frozenset({ItemKind.NUMBER, ItemKind.SHORT, ItemKind.FIELDS, ItemKind.OPEN})
_WORD = re.compile(r"\w+")
_QUOTED = 5  # words of a line in a row that a stem may not repeat
_HIDDEN = frozenset({DocumentForm.B, DocumentForm.RESERVE})
_HIDDEN_ITEMS = frozenset({ItemForm.B, ItemForm.RESERVE})
_ASKED_ALONE = frozenset({ItemForm.PRACTICE, ItemForm.RESERVE})  # by practice and by watched checks
_ASKING_FROM = 2  # a worked example asks from the third lesson on, counted from 0


@dataclass(frozen=True, slots=True)
class _PlacedLesson:
    """A lesson in the source language with its place in the course."""

    file: str
    position: int
    outline: LessonOutline


def check_document_uses(folder: CourseFolder, shelf: CourseSources) -> list[Problem]:
    """Return the problems of items and lessons that work on documents."""
    lessons = list(_lessons(folder, shelf))
    bank = folder.banks.get(folder.course.source_language, Bank(()))
    problems = _check_items(folder, bank, lessons)
    for language, other in folder.banks.items():
        if language != folder.course.source_language:
            problems += _check_fields(folder, other, language)
    items = {item.id: item for item in bank.items}
    for lesson in lessons:
        report = Report(lesson.file)
        _check_links(lesson, folder, report)
        _check_blocks(lesson, folder, items, report)
        _check_shown(lesson, folder, items, report)
        if folder.documents:
            _check_recall(lesson, report)
        problems += report.sorted()
    return problems


def _lessons(folder: CourseFolder, shelf: CourseSources) -> Iterator[_PlacedLesson]:
    for position, entry in enumerate(folder.course.lessons):
        page = shelf.page(Part.LESSON, entry.slug)
        if page:
            yield _PlacedLesson(page.file, position, scan(page)[0])


def _bank_file(folder: CourseFolder, language: str) -> str:
    return f"{folder.slug}/{path_in_course(Part.BANK, language)}"


def _check_items(folder: CourseFolder, bank: Bank, lessons: Sequence[_PlacedLesson]) -> list[Problem]:
    file = _bank_file(folder, folder.course.source_language)
    documents = folder.source_documents
    used = _used(folder, lessons)
    report = Report(file)
    for item in bank.items:
        resolved, problems = resolve(item, documents, file)
        report.problems += problems
        _check_marks(resolved, documents, report)
        _check_item_links(item, folder, report)
        if item.document:
            _check_use(item, used, report)
    return report.sorted()


def _check_use(item: Item, used: Collection[str], report: Report) -> None:
    if item.id not in used and item.form not in _ASKED_ALONE:
        message = "The item works on a document, but no paper, desk or check uses it."
        report.error(item.line, message, "Name it in a [[paper]] or in a lesson.")
    if item.kind is ItemKind.SINGLE and not item.prove:
        message = "The item %(id)s asks for no line of its document."
        report.warn(item.line, message, "Add a key prove.", id=item.id)


def _used(folder: CourseFolder, lessons: Sequence[_PlacedLesson]) -> set[str]:
    used = {name for paper in folder.course.papers for name in paper.items}
    used |= {name for task in folder.course.desk_tasks for name in task.items}
    for lesson in lessons:
        used |= set(_asked(lesson.outline))
    return used


def _asked(outline: LessonOutline) -> Iterator[str]:
    """Yield the items of the checks and desks of a lesson."""
    yield from (block.title for block in outline.titles(BlockType.CHECK))
    for desk in outline.titles(BlockType.DESK):
        yield from keys_of(desk).items


def _check_fields(folder: CourseFolder, bank: Bank, language: str) -> list[Problem]:
    """Compare the labels of a translated item with the form in its language."""
    documents = folder.documents_in(language)
    forms = [item for item in bank.items if item.kind is ItemKind.FIELDS]
    file = _bank_file(folder, language)
    return [problem for item in forms for problem in resolve(item, documents, file)[1]]


def _check_marks(item: Item, documents: Mapping[str, Document], report: Report) -> None:
    if isinstance(item.answers, Mark):
        _check_all_marked(item, item.answers, documents, report)
    if not item.document:
        return
    stem = _plain(item.stem)
    for target in _deciding(item):
        document = documents.get(target.document or item.document[0])
        if document and _quotes(stem, document, target.line):
            message = "The question quotes line %(unit)s, which decides it."
            report.warn(item.line, message, "Ask without the words of the line.", unit=target.line)


def _check_all_marked(item: Item, answers: Mark, documents: Mapping[str, Document], report: Report) -> None:
    marked = {(line.target.document, line.target.line) for line in answers.lines if line.sign == "+"}
    lines = sum(len(documents[name].units) for name in item.document if name in documents)
    if lines and len(marked) >= lines:
        report.error(item.line, "Every line of the documents is to be marked.", "Leave some lines out.")
    _check_named_once(item, answers, report)


def _check_named_once(item: Item, answers: Mark, report: Report) -> None:
    first = next(iter(item.document), "")
    named = Counter((line.target.document or first, line.target.line) for line in answers.lines)
    for (_, line), times in named.items():
        if line and times > 1:
            report.error(item.line, "The item names line %(unit)s twice.", "Remove one of the two.", unit=line)


def _deciding(item: Item) -> Iterator[LineTarget]:
    yield from item.prove
    if isinstance(item.answers, Mark):
        yield from (line.target for line in item.answers.lines if line.sign == "+")
    if isinstance(item.answers, Pairs):
        for pair in item.answers.pairs:
            if pair.right:
                yield from (pair.first, pair.second)


def _quotes(stem: str, document: Document, line: int) -> bool:
    """Return whether a stem has some words in a row of a line; False if the document has no such line."""
    if not 0 < line <= len(document.units):
        return False
    tokens = _plain(" ".join(document.units[line - 1].cells)).split()
    runs = (" ".join(tokens[at : at + _QUOTED]) for at in range(len(tokens) - _QUOTED + 1))
    return any(f" {run} " in stem for run in runs)


def _plain(text: str) -> str:
    """Return the words of a text in small letters with a space around each."""
    plain_text = " ".join(_WORD.findall(text.casefold()))
    return f" {plain_text} "


def _check_item_links(item: Item, folder: CourseFolder, report: Report) -> None:
    feedback = [part.feedback for part in getattr(item.answers, "options", ())]
    for text in (item.stem, item.hint, item.general, *feedback):
        for line in blank_code(text.split("\n")):
            for link in link_scanner.documents(line, item.line):
                _check_link(link.id, link.line, folder, report)


def _check_links(lesson: _PlacedLesson, folder: CourseFolder, report: Report) -> None:
    for link in lesson.outline.documents:
        _check_link(link.id, link.line, folder, report)
        _check_form(link.id.partition(":")[0], link.line, folder, report)


def _check_link(name: str, line: int, folder: CourseFolder, report: Report) -> None:
    target = read_target(name)
    document = folder.source_documents.get(target.document)
    if document is None:
        message, hint = "The course has no document %(document)s.", "Add it, or correct the id."
        report.error(line, message, hint, document=target.document)
    elif not any((target.name or target.line) in (unit.name, unit.number) for unit in document.units):
        message = "The document %(document)s has no line %(unit)s."
        hint = "Use a number from 1 to %(last)s, or a name of the document."
        wanted = target.name or str(target.line)
        report.error(line, message, hint, document=target.document, unit=wanted, last=len(document.units))


def _check_form(name: str, line: int, folder: CourseFolder, report: Report) -> None:
    document = folder.documents.get(name)
    if document and document.facts.form in _HIDDEN:
        message = "The document %(document)s has the form %(form)s, so a lesson cannot show it."
        hint = "Use a document of form A or none."
        report.error(line, message, hint, document=name, form=document.facts.form)


def _check_blocks(lesson: _PlacedLesson, folder: CourseFolder, items: Mapping[str, Item], report: Report) -> None:
    for block in lesson.outline.blocks:
        report.problems += check_keys(block, report.file)
        for name in keys_of(block).document:
            if name not in folder.documents:
                message, hint = "The course has no document %(document)s.", "Add it, or correct the id."
                report.error(block.line, message, hint, document=name)
    desks = lesson.outline.titles(BlockType.DESK)
    for desk in desks[1:]:
        report.error(desk.line, "The lesson has a second desk.", "Keep one desk in a lesson.")
    for desk in desks:
        _check_desk(desk, items, report)
    _check_examples(lesson, report)
    _check_recordings(lesson, folder, report)


def _check_examples(lesson: _PlacedLesson, report: Report) -> None:
    for worked in lesson.outline.titles(BlockType.WORKED):
        asks = any(step.is_asked for step in steps_of(keys_of(worked).text))
        if lesson.position >= _ASKING_FROM and not asks:
            hint = "Begin some steps with a question mark, as in 2. ? Which line?"
            report.warn(worked.line, "The worked example asks nothing.", hint)
    for card in lesson.outline.titles(BlockType.CARD):
        if words_of(card) > CARD_WORDS:
            message = "The card has %(count)s words; at most %(limit)s fit."
            report.warn(card.line, message, "Shorten it.", count=words_of(card), limit=CARD_WORDS)


def _check_recordings(lesson: _PlacedLesson, folder: CourseFolder, report: Report) -> None:
    media = {medium.name for medium in folder.media}
    for audio in lesson.outline.titles(BlockType.AUDIO):
        name = keys_of(audio).media
        if name and name not in media:
            report.error(audio.line, "The recording %(name)s is not in media.toml.", "Add it there.", name=name)


def _check_desk(desk: FencedBlock, items: Mapping[str, Item], report: Report) -> None:
    names = keys_of(desk).items
    if not names:
        return
    for name in names:
        if name not in items:
            report.error(desk.line, "The bank has no item %(id)s.", "Add it there, or correct the id.", id=name)
    if len(names) not in DESK_ITEMS:
        message = "The desk has %(count)s items."
        report.warn(desk.line, message, "Name two to four.", count=len(names))
    kinds = {items[name].kind for name in names if name in items}
    if not kinds & PRODUCED:
        message = "No item of the desk asks for an answer in own words or numbers."
        report.warn(desk.line, message, "Add one of the kinds number, short, fields or open.")


def _check_shown(lesson: _PlacedLesson, folder: CourseFolder, items: Mapping[str, Item], report: Report) -> None:
    """Report documents and items of a test in the checks, desks and examples of a lesson."""
    for block in lesson.outline.blocks:
        asked = [block.title] if block.type is BlockType.CHECK else list(keys_of(block).items)
        named = set(keys_of(block).document)
        for item in filter(None, map(items.get, asked)):
            named |= set(item.document)
            _check_asked(item, block, report)
        for document in sorted(named):
            _check_form(document, block.line, folder, report)


def _check_asked(item: Item, block: FencedBlock, report: Report) -> None:
    if block.type is BlockType.DESK and item.form in _HIDDEN_ITEMS:
        message = "The item %(id)s has the form %(form)s, so a desk cannot ask it."
        report.error(block.line, message, "Use items of form A.", id=item.id, form=str(item.form))


def _check_recall(lesson: _PlacedLesson, report: Report) -> None:
    """Warn of a lesson after the first that does not open with a check of two items of earlier lessons."""
    if lesson.position == 0:
        return
    sections = lesson.outline.headings[1:]
    end = sections[0].line if sections else math.inf
    opening = [block.type for block in lesson.outline.blocks[:2] if block.line < end]
    if opening != [BlockType.CHECK, BlockType.CHECK]:
        message = "The lesson does not open with two questions about earlier lessons."
        report.warn(1, message, "Begin it with two blocks /// check.")
