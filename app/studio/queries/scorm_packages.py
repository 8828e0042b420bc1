"""Read the lessons, questions and media of a published version for a SCORM package in one language.

A package never has text of a draft: it has the source language, and translations of which every part was reviewed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.exc import NoResultFound

from app.catalogue.domain.items import Item
from app.catalogue.queries import courses, version_media, versions
from app.catalogue.queries.version_media import VersionMedium
from app.catalogue.shapes import LessonText, Outline, Question
from app.studio.domain.exchange import scorm_limits
from app.studio.domain.exchange.scorm_items import exported_items, is_playable
from app.studio.queries.workspaces import Workspace

PACKAGED = ("html", "country", "card")  # kinds of sections; the others need documents, which stay in the academy
_MEDIUM = re.compile(r'\bsrc="/media/([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True)
class PackagedLesson:
    """A lesson with the digests of its media, in the order of the text."""

    text: LessonText
    media: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackagedCourse:
    """What a package has: `media` are the facts of all media of its lessons by digest."""

    outline: Outline
    language: str
    lessons: Sequence[PackagedLesson]
    questions: Sequence[Question]
    media: Mapping[str, VersionMedium]


def languages(workspace: Workspace) -> tuple[str, ...]:
    """Return the languages in which a published course can be packaged, the source language first."""
    if workspace.version_id is None:
        return ()
    editions = versions.editions([workspace.course_id])[workspace.course_id]
    (edition,) = [edition for edition in editions if edition.outline.version_id == workspace.version_id]
    return (edition.outline.facts.source_language, *sorted(edition.read))


def left_out(workspace: Workspace) -> list[Item]:
    """Return the questions of form A of the published version that cannot be played outside the academy."""
    if workspace.version_id is None:
        return []
    outline = courses.outline(workspace.version_id)
    return [item for item in _items(outline, outline.facts.source_language) if not is_playable(item)]


def packaged_course(workspace: Workspace, language: str) -> PackagedCourse:
    """Return the content of a package.

    Raises DomainError if the course must not be exported, and NoResultFound for another language.
    """
    scorm_limits.check_exportable(workspace.sensitivity, workspace.number)
    if workspace.version_id is None or language not in languages(workspace):
        raise NoResultFound
    outline = courses.outline(workspace.version_id)
    lessons = [_lesson(outline, entry.slug, language) for entry in outline.facts.lessons]
    bank = courses.bank(outline.version_id, language)
    items = [item for item in _items(outline, language) if is_playable(item)]
    media = _media(outline, lessons)
    scorm_limits.check_media(sum(facts.size for facts in media.values()))
    return PackagedCourse(outline, language, lessons, [bank[item.id] for item in items], media)


def _items(outline: Outline, language: str) -> list[Item]:
    questions = courses.bank(outline.version_id, language).values()
    return exported_items((question.item for question in questions), outline.facts.retired)


def _lesson(outline: Outline, slug: str, language: str) -> PackagedLesson:
    """Return a lesson in a language, or in the source language if it has no translation."""
    written = language if language in outline.lessons[slug] else outline.facts.source_language
    text = courses.lesson(outline.version_id, slug, written)
    html = "".join(part.html for part in text.rendered.parts if part.kind in PACKAGED)
    return PackagedLesson(text, tuple(dict.fromkeys(_MEDIUM.findall(html))))


def _media(outline: Outline, lessons: Sequence[PackagedLesson]) -> Mapping[str, VersionMedium]:
    used = {digest for lesson in lessons for digest in lesson.media}
    facts = version_media.facts_by_digest(outline.version_id) if used else {}
    return {digest: facts[digest] for digest in sorted(used & facts.keys())}
