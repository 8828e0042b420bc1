"""Query when courses were published, in which languages, and which courses they need before; for completion."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from app.catalogue.domain.translations import TranslationState
from app.catalogue.domain.versions import VersionKind, VersionState
from app.catalogue.models import Course, CourseVersion
from app.catalogue.queries import courses
from app.catalogue.shapes import Outline
from app.db.session import db

READABLE = frozenset({"source", TranslationState.CURRENT, TranslationState.STALE})


@dataclass(frozen=True, slots=True)
class Publication:
    """A published version with its UTC day, the languages it can be read in, and the codes of courses needed before."""

    published_on: date
    kind: VersionKind
    languages: frozenset[str]
    prerequisites: tuple[str, ...]
    has_test: bool


def publications(ids: Collection[UUID]) -> Mapping[UUID, list[Publication]]:
    """Return the published versions of these courses, each list by number; courses without any are left out."""
    query = (
        select(CourseVersion.id, CourseVersion.course_id, CourseVersion.published_at, CourseVersion.kind)
        .where(CourseVersion.course_id.in_(ids), CourseVersion.state != VersionState.DRAFT)
        .order_by(CourseVersion.number)
    )
    by_course: dict[UUID, list[Publication]] = {}
    rows: Sequence[Row[*tuple[Any, ...]]] = db.session.execute(query).all()
    for version_id, course_id, published_at, kind in rows:
        outline = courses.outline(version_id)
        facts = outline.facts
        publication = Publication(
            published_at.date(), kind, _languages(outline), facts.prerequisites, facts.test is not None
        )
        by_course.setdefault(course_id, []).append(publication)
    return by_course


def first_published(codes: Collection[str]) -> Mapping[str, date]:
    """Return the UTC day of the first publication of these courses by code; unpublished ones are left out."""
    if not codes:
        return {}
    query = (
        select(Course.code, CourseVersion.published_at)
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .where(Course.code.in_(codes), CourseVersion.published_at.is_not(None))
        .order_by(CourseVersion.number.desc())
    )
    return {code: published_at.date() for code, published_at in db.session.execute(query) if published_at is not None}


def _languages(outline: Outline) -> frozenset[str]:
    offered = {code for code, text in outline.words.items() if text.translation in READABLE}
    return frozenset({outline.facts.source_language, *offered})
