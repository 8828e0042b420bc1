"""Query published versions of courses with their day and reviewed languages, for plan, privacy and quizzes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Literal
from uuid import UUID

import msgspec
from sqlalchemy import BindParameter, Select, bindparam, func, literal, not_, select
from sqlalchemy.orm import aliased

from app.access.policy import Sensitivity
from app.catalogue.domain.folder_names import Part, path_in_course
from app.catalogue.domain.guesses import bank_fingerprint as fingerprint_of
from app.catalogue.domain.media import read_media
from app.catalogue.domain.text import TextFile
from app.catalogue.domain.translations import TranslationState
from app.catalogue.domain.versions import IN_FORCE, VersionKind, VersionState
from app.catalogue.models import BankItem, Case, Course, CourseMedium, CourseVersion, Lesson, VersionFile
from app.catalogue.queries import courses as catalogue_courses
from app.catalogue.shapes import CaseTexts, ItemTexts, Outline
from app.db.session import db
from app.db.stores import media_contents, media_store
from app.db.stores.media_contents import size_of

_STATE = select(CourseVersion.state).where(CourseVersion.id == bindparam("version_id"))


@dataclass(frozen=True, slots=True)
class Edition:
    """A published version with its day, and the languages in which every part was reviewed."""

    outline: Outline
    published_on: date
    read: frozenset[str]


def editions(courses: Collection[UUID]) -> Mapping[UUID, list[Edition]]:
    """Return the published versions of these courses, each list by number."""
    query = select(CourseVersion.id, CourseVersion.course_id, CourseVersion.published_at).where(
        CourseVersion.course_id.in_(courses), CourseVersion.state != VersionState.DRAFT
    )
    rows = db.session.execute(query.order_by(CourseVersion.number)).all()
    parts = _parts([row.id for row in rows])
    versions: dict[UUID, list[Edition]] = {}
    for row in rows:
        shape = catalogue_courses.outline(row.id)
        read = frozenset(code for code in shape.words if code != shape.facts.source_language)
        read = frozenset(code for code in read if _is_read(shape, code, parts.get(row.id, {})))
        versions.setdefault(row.course_id, []).append(Edition(shape, row.published_at.date(), read))
    return versions


def is_open(course_id: UUID) -> bool:
    """Return whether a course has a version that can be begun; False once it is retired."""
    query = select(CourseVersion.id).where(CourseVersion.course_id == course_id, CourseVersion.state.in_(IN_FORCE))
    return db.session.scalar(query.limit(1)) is not None


def course_ids() -> list[UUID]:
    """Return the ids of all courses and collections."""
    return list(db.session.scalars(select(Course.id).order_by(Course.id)))


def current_ids() -> list[UUID]:
    """Return the ids of the published versions of all courses and collections, by the code of the course."""
    query = select(CourseVersion.id).join(Course, Course.id == CourseVersion.course_id)
    return list(db.session.scalars(query.where(CourseVersion.state == VersionState.CURRENT).order_by(Course.code)))


@dataclass(frozen=True, slots=True)
class CourseRecord:
    """A course with its published version (number 0 and no id before the first), whatever the reader may see."""

    id: UUID
    code: str
    slug: str
    sensitivity: Sensitivity
    version_id: UUID | None
    number: int


def course_record(slug: str) -> CourseRecord:
    """Return a course by its slug, or raise NoResultFound. The caller checks the right to see it."""
    return CourseRecord(*db.session.execute(_records().where(Course.slug == slug)).one())


def course_records(ids: Collection[UUID] | None = None) -> list[CourseRecord]:
    """Return these courses, or all that are no collection, by code. The caller checks the right to see them."""
    condition = not_(Course.collection) if ids is None else Course.id.in_(ids)
    return [CourseRecord(*row) for row in db.session.execute(_records().where(condition).order_by(Course.code))]


def all_records() -> list[CourseRecord]:
    """Return all courses and collections by code, for their authors. The caller checks the right to see them."""
    return [CourseRecord(*row) for row in db.session.execute(_records().order_by(Course.code))]


def published_with_collections() -> list[Outline]:
    """Return the current versions of all courses and collections by code, for sittings.

    The caller checks the right to see them.
    """
    query = (
        select(CourseVersion.id)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(CourseVersion.state == VersionState.CURRENT)
        .order_by(Course.code)
    )
    return [catalogue_courses.outline(version_id) for version_id in db.session.scalars(query).all()]


def _records() -> Select[UUID, str, str, Sensitivity, UUID | None, int]:
    current = (CourseVersion.course_id == Course.id) & CourseVersion.state.in_(IN_FORCE)
    number = func.coalesce(CourseVersion.number, 0)
    columns = (Course.id, Course.code, Course.slug, Course.sensitivity, CourseVersion.id, number)
    return select(*columns).outerjoin(CourseVersion, current)


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A published version of a course in a list; `ends_on` is the last day of the records of earlier versions."""

    id: UUID
    number: int
    state: VersionState
    kind: VersionKind
    message: str
    published_at: datetime
    ends_on: date | None


def published(course_id: UUID) -> list[VersionLine]:
    """Return the published versions of a course, the newest first."""
    columns = [getattr(CourseVersion, name) for name in VersionLine.__slots__]
    query = select(*columns).where(CourseVersion.course_id == course_id, CourseVersion.state != VersionState.DRAFT)
    return [VersionLine(*row) for row in db.session.execute(query.order_by(CourseVersion.number.desc()))]


def had_lesson(course_id: UUID, slug: str, *, before: int) -> bool:
    """Return whether a published version of a course with a number below `before` has a lesson with this slug."""
    query = (
        select(Lesson.version_id)
        .join(CourseVersion, CourseVersion.id == Lesson.version_id)
        .where(
            CourseVersion.course_id == course_id,
            CourseVersion.number < before,
            CourseVersion.state != VersionState.DRAFT,
            Lesson.slug == slug,
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def message_of(version_id: UUID) -> str:
    """Return what its authors say of a published version, in their language."""
    return db.session.scalars(select(CourseVersion.message).where(CourseVersion.id == version_id)).one() or ""


def is_retired(version_id: UUID) -> bool:
    """Return whether a version is that of a retired course."""
    return db.session.execute(_STATE, {"version_id": version_id}).scalar_one() is VersionState.RETIRED


def retired_courses() -> Select[UUID]:
    """Return the query for the ids of the retired courses."""
    return select(CourseVersion.course_id).where(CourseVersion.state == VersionState.RETIRED)


def ended_versions(today: date | BindParameter[date]) -> Select[UUID]:
    """Return the query for the ids of the versions whose records a later, breaking version has ended."""
    later = aliased(CourseVersion)
    return (
        select(CourseVersion.id)
        .join(later, later.course_id == CourseVersion.course_id)
        .where(later.number > CourseVersion.number, later.ends_on < today)
    )


def last_day(version_id: UUID) -> date | None:
    """Return the last day on which completions of a version count, None if no later version ends them."""
    later = aliased(CourseVersion)
    query = (
        select(func.min(later.ends_on))
        .select_from(CourseVersion)
        .join(later, later.course_id == CourseVersion.course_id)
        .where(CourseVersion.id == version_id, later.number > CourseVersion.number)
    )
    return db.session.scalar(query)


@dataclass(frozen=True, slots=True)
class BreakingVersion:
    """A published version that ends the records of earlier versions after `ends_on`."""

    id: UUID
    course_id: UUID
    published_at: datetime
    ends_on: date


def breaking_versions(*, until: date) -> list[BreakingVersion]:
    """Return the breaking versions whose day is before `until`, the latest of each course."""
    query = select(CourseVersion.id, CourseVersion.course_id, CourseVersion.published_at, CourseVersion.ends_on).where(
        CourseVersion.ends_on < until
    )
    rows = db.session.execute(query.order_by(CourseVersion.number)).all()
    latest = {row.course_id: row for row in rows}
    return [
        BreakingVersion(row.id, row.course_id, row.published_at, row.ends_on)
        for row in latest.values()
        if row.published_at is not None and row.ends_on is not None
    ]


def files_of(version_id: UUID) -> dict[str, bytes]:
    """Return the files of a version, byte for byte, by path within the folder of the course."""
    return {path: file.read() for path, file in stored_files(version_id).items()}


def texts_of(version_id: UUID) -> dict[str, bytes]:
    """Return the files of a version without those in `media/`, by path."""
    query = select(VersionFile.path, VersionFile.digest, VersionFile.content).where(
        VersionFile.version_id == version_id, ~VersionFile.path.startswith(media_contents.FOLDER)
    )
    return {row[0]: media_store.read(row[1], row[2]) for row in db.session.execute(query)}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a version: its content, or None and the SHA-256 and size of a content that was moved."""

    digest: str | None
    size: int
    content: bytes | None

    def read(self) -> bytes:
        """Return the content. Raises StoreError if it was moved and cannot be read."""
        return media_store.read(self.digest, self.content)


def stored_files(version_id: UUID) -> dict[str, StoredFile]:
    """Return the files of a version by path, without reading contents that were moved."""
    query = select(VersionFile.path, VersionFile.digest, size_of(VersionFile), VersionFile.content)
    rows = db.session.execute(query.where(VersionFile.version_id == version_id))
    return {row[0]: StoredFile(*row[1:]) for row in rows}


def file_of(version_id: UUID, path: str) -> StoredFile:
    """Return a file of a version, or raise NoResultFound."""
    query = select(VersionFile.digest, size_of(VersionFile), VersionFile.content)
    row = db.session.execute(query.where(VersionFile.version_id == version_id, VersionFile.path == path)).one()
    return StoredFile(*row)


def contents_of(course_id: UUID, path: str) -> list[bytes]:
    """Return the contents of a file in all versions of a course, the newest first."""
    query = (
        select(VersionFile.digest, VersionFile.content)
        .join(CourseVersion, CourseVersion.id == VersionFile.version_id)
        .where(CourseVersion.course_id == course_id, VersionFile.path == path)
    )
    rows = db.session.execute(query.order_by(CourseVersion.number.desc()))
    return [media_store.read(digest, content) for digest, content in rows]


@dataclass(frozen=True, slots=True)
class ContentLine:
    """A lesson, case, picture or test item of a version, and whether it has a licence and a source."""

    kind: Literal["lesson", "case", "picture", "item"]
    name: str
    licensed: bool
    sourced: bool


def content_of(version_id: UUID) -> list[ContentLine]:
    """Return the content of a version in its source language; pictures have a licence and an origin of their own."""
    shape = catalogue_courses.outline(version_id)
    source, licensed = shape.facts.source_language, bool(shape.facts.licence.strip())
    lessons = (catalogue_courses.lesson(version_id, slug, source) for slug in shape.lessons)
    cases = (catalogue_courses.case(version_id, name, source) for name in shape.cases)
    return [
        *(ContentLine("lesson", text.slug, licensed, bool(text.rendered.sources)) for text in lessons),
        *(ContentLine("case", case.name, licensed, _cites(case.texts)) for case in cases),
        *_pictures(version_id),
        *(
            ContentLine("item", item, licensed, bool(question.item.cite) or _cites(question.texts))
            for item, question in catalogue_courses.bank(version_id, source).items()
        ),
    ]


def _cites(texts: CaseTexts | ItemTexts) -> bool:
    """Return whether rendered texts cite a source."""
    return b'class=\\"cite\\"' in msgspec.json.encode(texts)


def _pictures(version_id: UUID) -> list[ContentLine]:
    content = files_of_names(version_id, ["media/media.toml"]).get("media/media.toml", b"")
    named = {medium.name: medium for medium in read_media(TextFile("media.toml", content.decode()))[0]}
    query = select(CourseMedium.name).where(CourseMedium.version_id == version_id, CourseMedium.kind.like("image/%"))
    lines = []
    for name in db.session.scalars(query.order_by(CourseMedium.name)):
        medium = named.get(name.rpartition("/")[2])
        origin = medium is not None and bool(medium.author or medium.source)
        lines.append(ContentLine("picture", name, medium is not None and bool(medium.licence), origin))
    return lines


def files_of_names(version_id: UUID, paths: Collection[str]) -> dict[str, bytes]:
    """Return these files of a version, by path; files that it does not have are left out."""
    query = select(VersionFile.path, VersionFile.digest, VersionFile.content)
    rows = db.session.execute(query.where(VersionFile.version_id == version_id, VersionFile.path.in_(paths)))
    return {path: media_store.read(digest, content) for path, digest, content in rows}


@lru_cache(maxsize=256)
def bank_fingerprint(version_id: UUID, source_language: str) -> str:
    """Return the fingerprint of the questions of a published version, as `[[guess]]` records name it."""
    path = path_in_course(Part.BANK, source_language)
    return fingerprint_of(files_of_names(version_id, [path]).get(path, b"").decode("utf-8", "replace"))


def _parts(versions: Collection[UUID]) -> Mapping[UUID, Mapping[tuple[str, str], set[str]]]:
    """Return the states of banks ("test") and cases (by name) by version, then by part and language."""
    banks = select(BankItem.version_id, literal("test"), BankItem.language, BankItem.translation).distinct()
    cases = select(Case.version_id, Case.name, Case.language, Case.translation)
    states: dict[UUID, dict[tuple[str, str], set[str]]] = {}
    for query in (banks.where(BankItem.version_id.in_(versions)), cases.where(Case.version_id.in_(versions))):
        for version_id, part, language, state in db.session.execute(query):
            states.setdefault(version_id, {}).setdefault((part, language), set()).add(state)
    return states


def _is_read(shape: Outline, language: str, parts: Mapping[tuple[str, str], set[str]]) -> bool:
    source = shape.facts.source_language
    wanted = [parts.get((part, language), set()) for part, code in parts if code == source]
    wanted += [{heads[language].translation} if language in heads else set() for heads in shape.lessons.values()]
    return all(states == {TranslationState.CURRENT} for states in [{shape.words[language].translation}, *wanted])
