"""Store course drafts, publish versions, store references in versions, and update the search index."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert, or_, select

from app.access.policy import Sensitivity
from app.catalogue.domain.items import Item
from app.catalogue.domain.library import References
from app.catalogue.domain.versions import (
    IN_FORCE,
    ReferenceKind,
    VersionKind,
    VersionState,
    VersionStep,
    revision,
    state_after,
)
from app.catalogue.events import CourseLoaded, CoursePublished, CourseRetired, ReferenceLoaded
from app.catalogue.models import (
    BankItem,
    Case,
    Course,
    CourseMedium,
    CourseVersion,
    CourseWords,
    Lesson,
    Reference,
    StoredDocument,
    VersionFile,
)
from app.catalogue.queries import courses
from app.catalogue.service import search_index
from app.catalogue.service.preparation import (
    ReadyCase,
    ReadyCourse,
    ReadyDocument,
    ReadyItem,
    ReadyLesson,
    as_json,
)
from app.db.session import db, record
from app.kernel.errors import DomainError
from app.search import service as search
from app.search.domain import DRAFT

TWO_PEOPLE = 2


@dataclass(frozen=True, slots=True)
class Stored:
    """A new draft, or the version that was published."""

    code: str
    number: int
    version_id: UUID


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The folder equals the newest version."""

    code: str
    number: int


@dataclass(frozen=True, slots=True)
class NothingToPublish:
    """There is no draft of this course."""

    code: str


def store_draft(ready: ReadyCourse, now: datetime) -> Stored | Unchanged:
    """Store a rendered course as its draft and replace an earlier draft; published versions do not change."""
    course = _course(ready)
    newest = db.session.scalars(
        select(CourseVersion).where(CourseVersion.course_id == course.id).order_by(CourseVersion.number.desc()).limit(1)
    ).one_or_none()
    if newest is not None and newest.fingerprint == ready.fingerprint:
        return Unchanged(course.code, newest.number)
    if newest is not None and newest.state is VersionState.DRAFT:
        db.session.execute(delete(CourseVersion).where(CourseVersion.id == newest.id))
    number = _draft_number(newest)
    version = CourseVersion(
        course_id=course.id,
        number=number,
        state=VersionState.DRAFT,
        fingerprint=ready.fingerprint,
        facts=as_json(ready.folder.course),
        made_at=now,
    )
    db.session.add(version)
    db.session.flush()
    _store_texts(version.id, ready)
    record(CourseLoaded(at=now, course_id=course.id, version_id=version.id, number=number))
    return Stored(course.code, number, version.id)


def add_course(code: str, slug: str, sensitivity: Sensitivity) -> UUID:
    """Add a course without a version, for its authors; return its id. Raises DomainError if code or slug is taken."""
    taken = db.session.scalars(select(Course.slug).where(or_(Course.code == code, Course.slug == slug))).all()
    if slug in taken:
        raise DomainError("There is already a course with this address. Choose another title.")
    if taken:
        raise DomainError("There is already a course with the id %(code)s.", code=code)
    course = Course(code=code, slug=slug, sensitivity=sensitivity)
    db.session.add(course)
    db.session.flush()
    return course.id


def _draft_number(newest: CourseVersion | None) -> int:
    """Return the number of a new draft: a draft replaces the earlier one under the same number."""
    if newest is None:
        return 1
    return newest.number if newest.state is VersionState.DRAFT else newest.number + 1


def publish(
    code: str,
    *,
    kind: VersionKind,
    message: str,
    first_id: UUID,
    second_id: UUID,
    now: datetime,
    ends_on: date | None = None,
) -> Stored | NothingToPublish:
    """Publish the draft of a course in the name of two people.

    `ends_on` is the last day of the records of earlier versions, of a breaking version only. Raises DomainError when
    both are the same person, no message is given, or a breaking version has no day.
    """
    _check_publication(kind, message, {first_id, second_id}, ends_on)
    draft = courses.draft_of(code)
    if draft is None:
        return NothingToPublish(code)
    before = _supersede_current(draft.course_id)
    draft.state = state_after(draft.state, VersionStep.PUBLISH)
    draft.kind, draft.message, draft.published_at = kind, message.strip(), now
    draft.first_id, draft.second_id, draft.ends_on = first_id, second_id, ends_on
    _number_revisions(draft, before, kind)
    db.session.flush()
    search_index.index_lessons(draft.course_id, draft.id)
    record(
        CoursePublished(
            at=now,
            course_id=draft.course_id,
            version_id=draft.id,
            number=draft.number,
            kind=kind,
            first_id=first_id,
            second_id=second_id,
            ends_on=ends_on,
        )
    )
    return Stored(code, draft.number, draft.id)


def _check_publication(kind: VersionKind, message: str, people: set[UUID], ends_on: date | None) -> None:
    if len(people) < TWO_PEOPLE:
        raise DomainError("Two people publish a version: name a second one.")
    if not message.strip():
        raise DomainError("Say in a sentence what changed.")
    if (kind is VersionKind.BREAKING) is (ends_on is None):
        raise DomainError("A version that ends records needs a day, and no other version has one.")


def retire(course_id: UUID, *, first_id: UUID, second_id: UUID, now: datetime) -> None:
    """Retire the current version of a course in the name of two people, so that it cannot be begun any more.

    Raises DomainError when both are the same person, or if the course has no current version.
    """
    if first_id == second_id:
        raise DomainError("Two people retire a course: name a second one.")
    query = select(CourseVersion).where(CourseVersion.course_id == course_id, CourseVersion.state.in_(IN_FORCE))
    current = db.session.scalars(query).one_or_none()
    if current is None:
        raise DomainError("This course is not published.")
    current.state = state_after(current.state, VersionStep.RETIRE)
    course = db.session.get_one(Course, course_id)
    for kind in ("lesson", DRAFT):
        search.replace_blocks(kind, course.code, [])
    record(CourseRetired(at=now, course_id=course_id, version_id=current.id, first_id=first_id, second_id=second_id))


def _supersede_current(course_id: UUID) -> CourseVersion | None:
    """Supersede and return the current version, if any; flushed, as a unique index allows one current version."""
    query = select(CourseVersion).where(CourseVersion.course_id == course_id, CourseVersion.state.in_(IN_FORCE))
    current = db.session.scalars(query).one_or_none()
    if current is not None:
        current.state = state_after(current.state, VersionStep.SUPERSEDE)
        db.session.flush()
    return current


def store_references(references: References, now: datetime) -> list[ReferenceKind]:
    """Store each kind of reference that changed as a new version; return the changed kinds."""
    bodies: Mapping[ReferenceKind, object] = {
        ReferenceKind.COMPETENCIES: references.competencies,
        ReferenceKind.PLAN: references.plan,
        ReferenceKind.SOURCES: references.sources,
        ReferenceKind.GLOSSARY: references.glossary,
        ReferenceKind.RUBRICS: references.rubrics,
        ReferenceKind.TREATIES: references.treaties,
        ReferenceKind.COUNTRIES: references.countries,
    }
    changed = [kind for kind, body in bodies.items() if _store_if_changed(kind, as_json(body), now)]
    search_index.index_references(references, changed)
    return changed


def _store_if_changed(kind: ReferenceKind, text: str, now: datetime) -> bool:
    """Store a reference as a new version unless the newest one is equal; return whether it was stored."""
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    newest = courses.reference(kind)
    if newest is not None and newest.fingerprint == fingerprint:
        return False
    number = newest.number + 1 if newest else 1
    db.session.add(Reference(kind=kind, number=number, fingerprint=fingerprint, body=text, loaded_at=now))
    record(ReferenceLoaded(at=now, kind=kind, number=number))
    return True


def _course(ready: ReadyCourse) -> Course:
    facts = ready.folder.course
    course = db.session.scalars(select(Course).where(Course.code == facts.id)).one_or_none()
    if course is None:
        course = Course(
            code=facts.id, slug=ready.folder.slug, sensitivity=facts.sensitivity, collection=facts.collection
        )
        db.session.add(course)
        db.session.flush()
    if course.slug != ready.folder.slug:
        raise DomainError(
            "%(code)s is already the course %(slug)s: do not rename its folder.", code=facts.id, slug=course.slug
        )
    if course.sensitivity != facts.sensitivity:
        raise DomainError(
            "%(code)s carries the mark %(mark)s: a mark is changed by two people, not by loading.",
            code=facts.id,
            mark=course.sensitivity,
        )
    _set_collection(course, is_collection=facts.collection)
    return course


def _set_collection(course: Course, *, is_collection: bool) -> None:
    """Make a course a collection of desk tasks or the reverse. Raises DomainError if a version is published."""
    if course.collection == is_collection:
        return
    published = select(CourseVersion.id).where(
        CourseVersion.course_id == course.id, CourseVersion.state != VersionState.DRAFT
    )
    if db.session.scalar(published.limit(1)) is not None:
        raise DomainError(
            "%(code)s is published: it cannot become a collection of desk tasks, or a course again.", code=course.code
        )
    course.collection = is_collection


def _store_texts(version_id: UUID, ready: ReadyCourse) -> None:
    parts: Mapping[type, Iterable[Mapping[str, object]]] = {
        VersionFile: ({"path": path, "content": raw} for path, raw in ready.files.items()),
        CourseWords: (
            {"language": language, "translation": state, "body": as_json(text)}
            for language, (state, text) in ready.texts.items()
        ),
        Lesson: map(_lesson_row, ready.lessons),
        BankItem: map(_item_row, ready.items),
        Case: map(_case_row, ready.cases),
        StoredDocument: map(_document_row, ready.documents),
        CourseMedium: (
            {"name": medium.name, "digest": medium.digest, "kind": medium.kind, "content": medium.content}
            for medium in ready.media
        ),
    }
    for table, rows in parts.items():
        _add(table, [{"version_id": version_id, **row} for row in rows])


def _lesson_row(lesson: ReadyLesson) -> dict[str, object]:
    body = as_json(lesson.rendered)
    return {
        "slug": lesson.slug,
        "language": lesson.language,
        "position": lesson.position,
        "title": lesson.rendered.title,
        "translation": lesson.translation,
        "body": body,
        "etag": hashlib.sha256(body.encode()).hexdigest(),
    }


def _item_row(ready: ReadyItem) -> dict[str, object]:
    return {
        "item": ready.item.id,
        "language": ready.language,
        "position": ready.position,
        "revision": 1,
        "translation": ready.translation,
        "key": as_json(ready.item),
        "texts": as_json(ready.texts),
    }


def _case_row(case: ReadyCase) -> dict[str, object]:
    return {
        "name": case.name,
        "language": case.language,
        "translation": case.translation,
        "graph": as_json(case.scenario),
        "texts": as_json(case.texts),
    }


def _document_row(document: ReadyDocument) -> dict[str, object]:
    return {
        "document": document.facts.id,
        "language": document.language,
        "translation": document.translation,
        "facts": as_json(document.facts),
        "body": as_json(document.text),
    }


def _add(table: type, rows: Sequence[Mapping[str, object]]) -> None:
    if rows:
        db.session.execute(insert(table), [dict(row) for row in rows])


def _number_revisions(draft: CourseVersion, before: CourseVersion | None, kind: VersionKind) -> None:
    earlier: dict[tuple[str, str], tuple[str, int]] = {}
    if before is not None:
        earlier = {
            (row.item, row.language): (row.key, row.revision)
            for row in db.session.scalars(select(BankItem).where(BankItem.version_id == before.id))
        }
    for row in db.session.scalars(select(BankItem).where(BankItem.version_id == draft.id)):
        key, number = earlier.get((row.item, row.language), (row.key, None))
        row.revision = revision(number, changed=_differs(key, row.key), kind=kind)


def _differs(key: str, other_key: str) -> bool:
    """Return whether two items differ in more than their line and tags."""
    item, other_item = (msgspec.json.decode(text, type=Item) for text in (key, other_key))
    return bool(msgspec.structs.replace(item, line=0, tags=()) != msgspec.structs.replace(other_item, line=0, tags=()))
