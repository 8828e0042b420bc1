"""Read the titles of lessons that a draft had before, for the pages that name their files."""

from uuid import UUID

import msgspec
from sqlalchemy import func, select

from app.catalogue.domain.folder_names import Name, Part, name_of
from app.catalogue.domain.lesson_reader import read_lesson
from app.catalogue.domain.lessons import LessonSource
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.text import TextFile, normalise
from app.catalogue.domain.translations import cut_front
from app.db.session import db
from app.db.stores import media_store
from app.studio.models import DraftBlob, DraftChange


def with_removed_lessons(course_id: UUID, folder: CourseFolder | None) -> CourseFolder | None:
    """Return the folder of a draft with the lessons that were removed from it, as they were last."""
    if folder is None:
        return None
    lessons = {slug: dict(texts) for slug, texts in folder.lessons.items()}
    for path, content in _removed(course_id):
        name = name_of(f"course/{path}")
        if isinstance(name, Name) and name.part is Part.LESSON:
            lessons.setdefault(name.name, {}).setdefault(name.language, _lesson(path, content))
    return msgspec.structs.replace(folder, lessons=lessons)


def _removed(course_id: UUID) -> list[tuple[str, bytes]]:
    """Return the files of lessons whose last change removed them, with their contents before it."""
    last = (
        select(DraftChange.path, func.max(DraftChange.number).label("number"))
        .where(DraftChange.course_id == course_id, DraftChange.path.startswith("lessons/"))
        .group_by(DraftChange.path)
        .subquery()
    )
    query = (
        select(DraftChange.path, DraftBlob.digest, DraftBlob.content)
        .join(last, (last.c.path == DraftChange.path) & (last.c.number == DraftChange.number))
        .join(DraftBlob, DraftBlob.digest == DraftChange.before)
        .where(DraftChange.course_id == course_id, DraftChange.after.is_(None))
    )
    return [(row[0], media_store.read(row[1], row[2])) for row in db.session.execute(query)]


def _lesson(path: str, content: bytes) -> LessonSource:
    text = TextFile(path, normalise(content.decode("utf-8", "replace")))
    return read_lesson(cut_front(text)[1])[0]
