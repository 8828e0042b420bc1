"""Kinds of files that can be imported into a course, and the kind of a file by its content and its name."""

import re
from enum import StrEnum

from app.kernel.archives import OLE
from app.studio.domain.exchange.archive import COURSE_LIMITS, WORD_LIMITS, RefusedFileError
from app.studio.domain.exchange.shapes import MAX_FILE_BYTES
from app.studio.domain.exchange.word_html import word_tree
from app.studio.domain.exchange.word_parts import open_word
from app.studio.domain.exchange.word_question_tables import question_tables

_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_AIKEN = re.compile(rb"^\s*ANSWER\s*:", re.MULTILINE | re.IGNORECASE)
_OFFICE = b"[Content_Types].xml"
_START = 64 * 1024


class ImportKind(StrEnum):
    GIFT = "gift"
    AIKEN = "aiken"
    MOODLE_XML = "moodle-xml"
    WORD_QUESTIONS = "word-questions"
    WORD_LESSON = "word-lesson"
    WORD_LESSONS = "word-lessons"
    COURSE = "course"


LESSON_KINDS = frozenset({ImportKind.WORD_LESSON, ImportKind.WORD_LESSONS})
_WORD_KINDS = LESSON_KINDS | {ImportKind.WORD_QUESTIONS}
_ENDINGS = {
    "gift": ImportKind.GIFT,
    "xml": ImportKind.MOODLE_XML,
    "docx": ImportKind.WORD_LESSON,
    "zip": ImportKind.COURSE,
}


def recognise(content: bytes, file_name: str) -> ImportKind | None:
    """Return the kind of a file, by its content before its name; None if it is none that can be imported."""
    ending = file_name.rpartition(".")[2].lower()
    if content.startswith((b"PK", OLE)):
        return _archive_kind(content, ending)
    start = content[:_START]
    plain = start.removeprefix(_BYTE_ORDER_MARKS[0]).replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")
    if plain.startswith((b"<?xml", b"<quiz", b"<!")):
        return ImportKind.MOODLE_XML
    if b"\0" in start and not start.startswith(_BYTE_ORDER_MARKS):
        return None
    return _text_kind(plain, ending)


def _archive_kind(content: bytes, ending: str) -> ImportKind:
    if not content.startswith(OLE) and _OFFICE not in content and ending != "docx":
        return ImportKind.COURSE
    try:
        tree = word_tree(open_word(content))
    except RefusedFileError:
        return ImportKind.WORD_LESSON
    return ImportKind.WORD_QUESTIONS if question_tables(tree) else ImportKind.WORD_LESSON


def _text_kind(text: bytes, ending: str) -> ImportKind | None:
    """Return the kind of a text file: its ending decides if it is that of another kind of text."""
    if ending in _ENDINGS:
        return _ENDINGS[ending]
    if ending not in {"txt", "text", ""}:
        return None
    return ImportKind.AIKEN if _AIKEN.search(text) else ImportKind.GIFT


def most_bytes(kind: ImportKind) -> int:
    """Return the largest size of a file of a kind."""
    if kind is ImportKind.COURSE:
        return COURSE_LIMITS.packed
    return WORD_LIMITS.packed if kind in _WORD_KINDS else MAX_FILE_BYTES
