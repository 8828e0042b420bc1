"""Find where a course uses its documents: lessons, questions, papers and desk tasks."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.catalogue.domain.items import Item
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.targets import DOCUMENT_ID

_NAMED = re.compile(rf"(?<![A-Za-z0-9-]){DOCUMENT_ID}(?![0-9])")


@dataclass(frozen=True, slots=True)
class DocumentUses:
    """Who names a document: slugs of lessons, ids of questions, papers and desk tasks."""

    lessons: tuple[str, ...]
    items: tuple[str, ...]
    papers: tuple[str, ...]
    desk_tasks: tuple[str, ...]

    @property
    def is_used(self) -> bool:
        """Return whether anything names the document."""
        return bool(self.lessons or self.items or self.papers or self.desk_tasks)


def uses_of(folder: CourseFolder, document_id: str) -> DocumentUses:
    """Return where the texts of a course, in any language, and its `course.toml` name a document."""
    return DocumentUses(
        lessons=tuple(_lessons(folder, document_id)),
        items=tuple(dict.fromkeys(_items(folder, document_id))),
        papers=tuple(paper.id for paper in folder.course.papers if document_id in paper.documents),
        desk_tasks=tuple(task.id for task in folder.course.desk_tasks if document_id in task.documents),
    )


def _lessons(folder: CourseFolder, document_id: str) -> Iterator[str]:
    for slug, texts in folder.lessons.items():
        if document_id in _named(lesson.body for lesson in texts.values()):
            yield slug


def _items(folder: CourseFolder, document_id: str) -> Iterator[str]:
    for bank in folder.banks.values():
        yield from (item.id for item in bank.items if _names(item, document_id))


def _named(texts: Iterable[str]) -> set[str]:
    return {name for text in texts for name in _NAMED.findall(text)}


def _names(item: Item, document_id: str) -> bool:
    return document_id in item.document or document_id in _named(_linking_texts(item))


def _linking_texts(item: Item) -> Iterator[str]:
    yield from (item.stem, item.hint, item.general, item.good, item.weak)
