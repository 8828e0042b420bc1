"""Read an uploaded file of questions or lessons; pictures are cleaned, and those that cannot be used are left out."""

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import msgspec

from app.catalogue.domain.items import Item
from app.kernel.errors import Word
from app.kernel.pictures import RefusedPictureError, clean_picture
from app.studio.domain.course_edits import slug_of
from app.studio.domain.exchange.aiken import read_aiken
from app.studio.domain.exchange.archive import RefusedFileError
from app.studio.domain.exchange.gift import read_gift
from app.studio.domain.exchange.moodle_xml import read_moodle_xml
from app.studio.domain.exchange.shapes import (
    ImportedItem,
    ImportedPicture,
    ImportOptions,
    ImportResult,
    Note,
    NoteSeverity,
    RefusedQuestion,
)
from app.studio.domain.exchange.word_lesson import ImportedLesson, read_lessons
from app.studio.domain.exchange.word_pictures import MOST_PICTURES, MOST_PIXELS
from app.studio.domain.exchange.word_questions import read_questions
from app.studio.domain.import_kinds import LESSON_KINDS, ImportKind

_QUESTION_READERS: Mapping[ImportKind, Callable[[bytes, ImportOptions], ImportResult]] = {
    ImportKind.GIFT: read_gift,
    ImportKind.AIKEN: read_aiken,
    ImportKind.MOODLE_XML: read_moodle_xml,
}
MOST_TAGS_LISTED = 20
_PICTURE = re.compile(r"!\[([^\]]*)\]\(((?:\.\./)?media/[^() ]+)((?: [^)]*)?)\)")


@dataclass(frozen=True, slots=True)
class ImportContent:
    """What a file contains: questions, refused questions, lessons, and notes about the whole file."""

    questions: tuple[ImportedItem, ...] = ()
    refusals: tuple[RefusedQuestion, ...] = ()
    lessons: tuple[ImportedLesson, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def count(self) -> int:
        """Return how many questions and lessons can be imported."""
        return len(self.questions) + len(self.lessons)

    @property
    def pictures(self) -> dict[str, bytes]:
        """Return the contents of the pictures by name."""
        pictures = [picture for question in self.questions for picture in question.pictures]
        pictures += [picture for lesson in self.lessons for picture in lesson.pictures]
        return {picture.name: picture.content for picture in pictures}


def read_content(content: bytes, kind: ImportKind, file_name: str, options: ImportOptions) -> ImportContent:
    """Return the questions or lessons of a file. Raises ValueError for an archive of a course."""
    if kind in LESSON_KINDS:
        return _lessons(content, file_name, split=kind is ImportKind.WORD_LESSONS)
    if kind is ImportKind.WORD_QUESTIONS:
        name = slug_of(file_name.rpartition(".")[0], fallback="question")
        return _questions(read_questions(content, options, name=name))
    if kind not in _QUESTION_READERS:
        raise ValueError(kind)
    imported = _questions(_QUESTION_READERS[kind](content, options))
    return _with_clean_pictures(imported) if kind is ImportKind.MOODLE_XML else imported


def _questions(result: ImportResult) -> ImportContent:
    notes = (*result.notes, *_tag_notes(result.items))
    return ImportContent(questions=result.items, refusals=result.refusals, notes=notes)


def _tag_notes(items: Iterable[ImportedItem]) -> list[Note]:
    """Return a note with the categories and numbers of another system, and tags that a question cannot have."""
    tags = list(dict.fromkeys(tag for item in items for tag in item.tags))
    if not tags:
        return []
    listed = ", ".join(tags[:MOST_TAGS_LISTED]) + " …" * (len(tags) > MOST_TAGS_LISTED)
    message = "Tags and categories that were left out: %(tags)s."
    return [Note(NoteSeverity.WARNING, message, "Choose a competency for the questions instead.", {"tags": listed})]


def _lessons(content: bytes, file_name: str, *, split: bool) -> ImportContent:
    try:
        imported = read_lessons(content, name=file_name, split=split)
    except RefusedFileError as error:
        return ImportContent(notes=(error.reason,))
    return ImportContent(lessons=imported.lessons, notes=imported.notes)


def with_pictures(item: Item, names: Mapping[str, str]) -> Item:
    """Return an item that shows its pictures by other names in `media/`; a picture with an empty name is left out."""
    text = msgspec.json.encode(item).decode()
    return msgspec.json.decode(renamed_pictures(text, names, "media/"), type=Item)


def renamed_pictures(text: str, names: Mapping[str, str], folder: str) -> str:
    """Return Markdown that shows pictures by other names; one with an empty name has its description instead."""

    def renamed(match: re.Match[str]) -> str:
        name = match[2].removeprefix(folder)
        if match[2] == name or name not in names:
            return match[0]
        return f"![{match[1]}]({folder}{names[name]}{match[3]})" if names[name] else match[1]

    return _PICTURE.sub(renamed, text)


def _with_clean_pictures(content: ImportContent) -> ImportContent:
    cleaner = _PictureCleaner()
    return dataclasses.replace(content, questions=tuple(map(cleaner.cleaned, content.questions)))


class _PictureCleaner:
    """Clean the pictures of questions, each once, within a budget of pixels."""

    def __init__(self) -> None:
        self._results: dict[str, ImportedPicture | RefusedPictureError] = {}
        self._pixels = 0

    def cleaned(self, question: ImportedItem) -> ImportedItem:
        """Return a question with clean pictures, and a note for each that is left out."""
        pictures, notes, left_out = [], list(question.notes), {}
        for picture in question.pictures:
            result = self._results.get(picture.name) or self._result(picture)
            self._results[picture.name] = result
            if isinstance(result, ImportedPicture):
                pictures.append(result)
            else:
                left_out[picture.name] = ""
                message = "The picture %(name)s was left out: %(reason)s"
                values = {"name": picture.name, "reason": Word(result.message)}
                notes.append(Note(NoteSeverity.ERROR, message, result.hint, values))
        item = with_pictures(question.item, left_out)
        return dataclasses.replace(question, item=item, pictures=tuple(pictures), notes=tuple(notes))

    def _result(self, picture: ImportedPicture) -> ImportedPicture | RefusedPictureError:
        if len(self._results) >= MOST_PICTURES or self._pixels > MOST_PIXELS:
            return RefusedPictureError("The file has too many pictures.", "Divide it into several files.")
        try:
            clean = clean_picture(picture.content)
        except RefusedPictureError as error:
            return error
        self._pixels += clean.width * clean.height
        return ImportedPicture(picture.name, clean.content, clean.kind)
