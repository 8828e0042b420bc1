"""Update the search index with lessons, the documents in them, treaties, and the words of glossary and plan."""

import re
from collections.abc import Collection, Iterator, Mapping
from html import unescape
from uuid import UUID

import msgspec
from sqlalchemy import select

from app.access.policy import Sensitivity
from app.access.targets import Target
from app.catalogue.domain.library import References
from app.catalogue.domain.references.treaties import Treaties
from app.catalogue.domain.translations import FrontState
from app.catalogue.domain.versions import ReferenceKind
from app.catalogue.models import Course, Lesson
from app.catalogue.queries import courses
from app.catalogue.shapes import DocumentText
from app.db.session import db
from app.markup.shapes import RenderedLesson
from app.ports import ports
from app.search import service as search
from app.search.domain import DRAFT

_TAG = re.compile(r"<[^>]*>")
TREATY = "treaty"  # the kind of blocks of the table of treaties


def index_references(references: References, changed: Collection[ReferenceKind]) -> None:
    """Update the search index with the texts of the changed kinds."""
    if ReferenceKind.TREATIES in changed:
        _index_treaties(references.treaties)
    for kind, texts in (
        (ReferenceKind.GLOSSARY, references.glossary.texts),
        (ReferenceKind.PLAN, references.plan.texts),
    ):
        if kind in changed:
            search.add_words(f"{text.title} {text.body}" for file in texts.values() for text in file.blocks)


def _index_treaties(treaties: Treaties) -> None:
    blocks: dict[str, list[search.Block]] = {TREATY: [], DRAFT: []}
    for language, texts in treaties.texts.items():
        draft = texts.front is not None and texts.front.state is FrontState.DRAFT
        blocks[DRAFT if draft else TREATY] += [
            search.Block(
                language=language,
                sensitivity=Sensitivity.UNRESTRICTED,
                title=text.title,
                path=ports().path_to(Target.TREATIES),
                anchor=text.id,
                text="\n".join((f"{text.title} ({text.id})", text.body, *text.parts.values())),
            )
            for text in texts.blocks
            if treaties.get(text.id)
        ]
    for kind, kind_blocks in blocks.items():
        search.replace_blocks(kind, ReferenceKind.TREATIES, kind_blocks)


def index_lessons(course_id: UUID, version_id: UUID) -> None:
    """Replace the blocks of a course by those of a version: its lessons with the documents that they show."""
    course = db.session.get_one(Course, course_id)
    blocks: dict[str, list[search.Block]] = {"lesson": [], DRAFT: []}
    rows = db.session.scalars(select(Lesson).where(Lesson.version_id == version_id).order_by(Lesson.position))
    for row in rows:
        rendered = msgspec.json.decode(row.body, type=RenderedLesson)
        documents = courses.lesson_documents(version_id, row.language)
        blocks[DRAFT if row.translation == "draft" else "lesson"] += [
            search.Block(
                language=row.language,
                sensitivity=course.sensitivity,
                title=row.title,
                path=ports().path_to(Target.LESSON, course.slug, row.slug),
                anchor=anchor,
                text=text,
                country=country or None,
            )
            for anchor, text, country in _lesson_texts(row.title, rendered, documents)
            if text.strip()
        ]
    for kind, kind_blocks in blocks.items():
        search.replace_blocks(kind, course.code, kind_blocks)


def _lesson_texts(
    title: str, rendered: RenderedLesson, documents: Mapping[str, DocumentText]
) -> Iterator[tuple[str, str, str]]:
    """Yield the anchor, text and country of each block; the title is found once, as the lesson's own first block."""
    yield "", title, ""
    for block in rendered.blocks:
        yield block.anchor, block.text, block.country
    for name in rendered.documents:
        if name in documents:
            yield f"doc-{name}", plain_text(documents[name]), ""


def plain_text(document: DocumentText) -> str:
    """Return the title and the lines of a document without tags."""
    lines = [" ".join((unit.speaker, *unit.cells)) for part in document.parts for unit in part.units]
    heads = [head for part in document.parts for head in (part.title, *part.heads)]
    return unescape(_TAG.sub("", "\n".join((document.title, *heads, *lines))))
