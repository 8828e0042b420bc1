"""Read the desk tasks of all published courses and collections."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from app.catalogue.domain.courses import DeskTask
from app.catalogue.domain.items import Level
from app.catalogue.queries import courses as catalogue, versions
from app.checks.domain.sittings import DESK_MINUTES

TITLE_LENGTH = 90


@dataclass(frozen=True, slots=True)
class DeskTaskLine:
    """A desk task with its course; `title` is the title of its first document, in the source language."""

    course_id: UUID
    version_id: UUID
    course_code: str
    task: DeskTask
    title: str

    @property
    def minutes(self) -> int:
        """Return the minutes of the task."""
        return self.task.minutes or DESK_MINUTES


def tasks(competency: str, level: Level) -> list[DeskTaskLine]:
    """Return the desk tasks for a competency at a level, by course and id."""
    return [line for line in all_tasks() if (line.task.competency, line.task.level) == (competency, level)]


def all_tasks() -> list[DeskTaskLine]:
    """Return the desk tasks of all published courses and collections, by course and id."""
    lines = (line for version_id in versions.current_ids() for line in _of_version(version_id))
    return sorted(lines, key=lambda line: (line.course_code, line.task.id))


def task_of(course_id: UUID, task: str) -> DeskTaskLine | None:
    """Return a desk task of the published version of a course, None if it has no such task any more."""
    return next((line for line in all_tasks() if (line.course_id, line.task.id) == (course_id, task)), None)


@lru_cache(maxsize=256)
def _of_version(version_id: UUID) -> tuple[DeskTaskLine, ...]:
    return tuple(_lines(version_id))


def _lines(version_id: UUID) -> Iterator[DeskTaskLine]:
    outline = catalogue.outline(version_id)
    for task in outline.facts.desk_tasks:
        title = _title(version_id, outline.facts.source_language, task)
        yield DeskTaskLine(outline.course_id, version_id, outline.facts.id, task, title)


def _title(version_id: UUID, language: str, task: DeskTask) -> str:
    documents = catalogue.documents(version_id, language)
    titles = [documents[name].title for name in task.documents if name in documents]
    return titles[0] if titles else task.id
