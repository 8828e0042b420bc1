"""Import lessons from a Word document: one lesson, or one for each Heading 1."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.catalogue.domain.lesson_reader import write_lesson
from app.catalogue.domain.lessons import PAGE_BYTES, LessonSource
from app.studio.domain.exchange.archive import RefusedFileError
from app.studio.domain.exchange.shapes import ImportedPicture, Note
from app.studio.domain.exchange.word_html import Element, word_tree
from app.studio.domain.exchange.word_markdown import write_blocks, write_footnotes
from app.studio.domain.exchange.word_notes import notes_of_comments, notes_of_parts, notes_of_text, warning
from app.studio.domain.exchange.word_parts import open_word
from app.studio.domain.exchange.word_pictures import CleanPictures, clean_pictures
from app.studio.domain.exchange.word_spans import LessonParts, heading_text
from app.studio.domain.exchange.word_text import escape, escape_heading, plain

LONGEST_SLUG = 60
_NOTE_ID = re.compile(r"(?:foot|end)note-")
_OTHER_SIGNS = re.compile(r"[^a-z0-9]+")
_MEDIA = "../media/"
Node = Element | str


@dataclass(frozen=True, slots=True)
class ImportedLesson:
    """A lesson: title and body are Markdown; the pictures are in the body as `../media/<name>`."""

    title: str
    slug: str
    body_markdown: str
    pictures: tuple[ImportedPicture, ...]


@dataclass(frozen=True, slots=True)
class ImportedLessons:
    """The lessons of a document in its order, and notes about what was changed or left out."""

    lessons: tuple[ImportedLesson, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    """The blocks of a lesson, and the element of its title; None if the document has none."""

    title: Element | None
    nodes: list[Node]


@dataclass(frozen=True, slots=True)
class _Document:
    """The content that all lessons of a document share."""

    name: str
    footnotes: Mapping[str, Element]
    pictures: CleanPictures


def read_lessons(content: bytes, *, name: str = "", split: bool = False) -> ImportedLessons:
    """Return the lessons of a .docx file; raise RefusedFileError.

    `name` is the name of the file, the title of a document without one; `split` makes a lesson of each Heading 1.
    """
    parts = open_word(content)
    tree = word_tree(parts)
    body, footnotes, comments = _divided(tree)
    if not _has_content(body):
        raise RefusedFileError("The document contains no text.", "Choose another document.")
    pictures = clean_pictures(tree, parts.files)
    title = plain(name.rpartition("/")[2].removesuffix(".docx")).strip(" ") or "Lesson"
    document = _Document(title, footnotes, pictures)
    sections, notes = _by_heading(body) if split else ([_whole(body)], [])
    lost: Counter[str] = Counter()
    lessons: list[ImportedLesson] = []
    for section in sections:
        slugs = {lesson.slug for lesson in lessons}
        lessons.append(_lesson(section, document, slugs, lost))
        notes += _notes_of_lesson(section, document.name, lessons[-1])
    notes += [*notes_of_parts(parts.counts), *pictures.notes, *notes_of_text(lost), *notes_of_comments(comments)]
    return ImportedLessons(tuple(lessons), tuple(notes))


def _divided(tree: Element) -> tuple[list[Node], dict[str, Element], list[Element]]:
    """Return the text of a document, its footnotes by id, and the lists of its comments."""
    body: list[Node] = []
    footnotes: dict[str, Element] = {}
    comments: list[Element] = []
    for node in tree.children:
        if isinstance(node, Element) and node.tag == "dl":
            comments.append(node)
        elif isinstance(node, Element) and _is_list_of_footnotes(node):
            footnotes |= {entry.attributes["id"]: _without_return_link(entry) for entry in node.elements()}
        else:
            body.append(node)
    return body, footnotes, comments


def _is_list_of_footnotes(element: Element) -> bool:
    ids = [entry.attributes.get("id", "") for entry in element.elements()]
    return element.tag == "ol" and bool(ids) and all(_NOTE_ID.match(id_) for id_ in ids)


def _without_return_link(note: Element) -> Element:
    """Return a footnote without the arrow at its end that leads back to the text."""
    last = note.elements()[-1] if note.elements() else note
    if last.children and isinstance(last.children[-1], Element) and last.children[-1].text() == "↑":
        last.children.pop()
    return note


def _has_content(nodes: Iterable[Node]) -> bool:
    return any(node.strip() if isinstance(node, str) else node.text() or _has_picture(node) for node in nodes)


def _has_picture(element: Element) -> bool:
    return element.tag == "img" or any(_has_picture(child) for child in element.elements())


def _headings(nodes: Iterable[Node]) -> Iterator[tuple[Element, int]]:
    """Yield the headings that have text, with their levels."""
    for node in nodes:
        if isinstance(node, Element) and re.fullmatch(r"h[1-6]", node.tag) and node.text():
            yield node, int(node.tag[1])


def _whole(body: list[Node]) -> _Section:
    """Return the document as one lesson; its title has the style Title, or is the only Heading 1 and comes first."""
    title = _styled_title(body)
    if title is None:
        headings = list(_headings(body))
        is_title = [level for _, level in headings].count(1) == 1 and headings[0][1] == 1
        title = headings[0][0] if is_title else None
    return _Section(title, [node for node in body if node is not title])


def _styled_title(nodes: list[Node]) -> Element | None:
    titles = (node for node in nodes if isinstance(node, Element) and node.css_class == "title")
    return next((title for title in titles if title.text()), None)


def _by_heading(body: list[Node]) -> tuple[list[_Section], list[Note]]:
    """Return a section for each Heading 1, and one for the text before the first."""
    sections = _sections(body)
    if not sections:
        hint = 'Give the titles of the lessons the style "Heading 1".'
        return [_whole(body)], [warning("The document has no Heading 1, so it is one lesson.", hint)]
    opening = _whole(body[: len(body) - sum(1 + len(section.nodes) for section in sections)])
    if _has_content(opening.nodes):
        return [opening, *sections], []
    if opening.title is None:
        return sections, []
    hint = "Use it as the title of the course."
    return sections, [warning("The title of the document is in no lesson: %(title)s", hint, title=opening.title.text())]


def _sections(body: list[Node]) -> list[_Section]:
    """Return a section for each Heading 1 that has text."""
    starts = {id(heading) for heading, level in _headings(body) if level == 1}
    sections: list[_Section] = []
    for node in body:
        if isinstance(node, Element) and id(node) in starts:
            sections.append(_Section(node, []))
        elif sections:
            sections[-1].nodes.append(node)
    return sections


def _lesson(section: _Section, document: _Document, slugs: set[str], lost: Counter[str]) -> ImportedLesson:
    slug = _slug(section.title.text() if section.title else document.name, slugs)
    parts = LessonParts(_MEDIA, names=document.pictures.names(section.nodes, slug), lost=lost)
    title = heading_text(section.title, parts) if section.title else escape_heading(escape(document.name))
    levels = [level for _, level in _headings(section.nodes)]
    body = write_blocks(section.nodes, parts, shift=2 - min(levels, default=2))
    footnotes = write_footnotes(document.footnotes, parts)
    text = "\n\n".join(filter(None, (body, footnotes)))
    return ImportedLesson(title, slug, text, document.pictures.imported(parts))


def _slug(title: str, taken: set[str]) -> str:
    """Return a title as a part of an address: small Latin letters, digits and single hyphens; unique."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = _OTHER_SIGNS.sub("-", letters).strip("-")[:LONGEST_SLUG].strip("-") or "lesson"
    number = 1
    unique = slug
    while unique in taken:
        number += 1
        unique = f"{slug}-{number}"
    return unique


def _notes_of_lesson(section: _Section, name: str, lesson: ImportedLesson) -> list[Note]:
    notes = []
    title = section.title.text() if section.title else name
    if section.title is None:
        hint = 'Give its title the style "Title" or "Heading 1", or change it after the import.'
        notes.append(warning('The lesson "%(title)s" has no title in the document.', hint, title=title))
    size = len(write_lesson(LessonSource(lesson.title, lesson.body_markdown)).encode())
    if size > PAGE_BYTES:
        message = 'The lesson "%(title)s" is longer than %(limit)s KB.'
        hint = "Import the document with a lesson for each Heading 1, or divide the lesson."
        notes.append(warning(message, hint, title=title, limit=PAGE_BYTES // 1024))
    return notes
