from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor, Role
from app.audit.models import Entry
from app.catalogue.domain.versions import ReferenceKind, VersionKind, VersionState
from app.catalogue.models import BankItem, CourseVersion, VersionFile
from app.catalogue.queries import courses
from app.catalogue.service import publication
from app.catalogue.service.publication import NothingToPublish, Stored, Unchanged
from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.search import queries as search
from tests.support import courses as course, factories

READER = Actor(UUID(int=1), "IQ", frozenset({Role.PRACTITIONER}))


def _store(**change: object) -> Stored | Unchanged:
    with transaction():
        return publication.store_draft(course.ready(**change)[0], clock.now())  # type: ignore[arg-type]


def _publish(kind: VersionKind = VersionKind.EDITORIAL, message: str = "What changed.") -> Stored | NothingToPublish:
    people = (factories.person(), factories.person())
    with transaction():
        return publication.publish(
            course.CODE, kind=kind, message=message, first_id=people[0], second_id=people[1], now=clock.now()
        )


def _numbered(result: Stored | Unchanged | NothingToPublish) -> tuple[str, int]:
    assert isinstance(result, Stored)
    return result.code, result.number


def _versions() -> list[tuple[int, VersionState]]:
    rows = db.session.execute(select(CourseVersion.number, CourseVersion.state).order_by(CourseVersion.number))
    return [(number, state) for number, state in rows]


def _revisions(version: UUID) -> dict[str, int]:
    rows = db.session.execute(select(BankItem.item, BankItem.revision).where(BankItem.version_id == version))
    return {row[0]: row[1] for row in rows}


def _current() -> UUID:
    return courses.visible(READER, course.SLUG).version_id


@pytest.mark.each_database
def test_draft_is_stored_with_its_files_and_hidden(context: Flask) -> None:
    assert _numbered(_store()) == (course.CODE, 1)
    kept = {row.path: row.content for row in db.session.scalars(select(VersionFile))}
    folder = course.files()
    assert kept == {p.removeprefix(f"{course.SLUG}/"): raw for p, raw in folder.items() if p.startswith(course.SLUG)}
    with pytest.raises(NoResultFound):
        courses.visible(READER, course.SLUG)
    assert search.find("second officer", actor=READER, language="en") == []


def test_loading_the_same_folder_again_changes_nothing(context: Flask) -> None:
    _store()
    assert _store() == Unchanged(course.CODE, 1)
    assert _versions() == [(1, VersionState.DRAFT)]


def test_new_draft_replaces_the_old_draft(context: Flask) -> None:
    _store()
    assert _numbered(_store(minutes=9)) == (course.CODE, 1)
    assert _versions() == [(1, VersionState.DRAFT)]


@pytest.mark.each_database
def test_published_version_remains_after_the_next_one(context: Flask) -> None:
    _store()
    assert _numbered(_publish()) == (course.CODE, 1)
    first = _current()
    assert [hit.title for hit in search.find("second officer", actor=READER, language="en")] == ["The quay"]
    _store(minutes=9)
    assert _current() == first
    _publish()
    assert _versions() == [(1, VersionState.PAST), (2, VersionState.CURRENT)]
    assert (courses.outline(first).facts.test.minutes, courses.outline(_current()).facts.test.minutes) == (0, 9)
    assert len(search.find("second officer", actor=READER, language="en")) == 1


def test_publishing_requires_two_people(context: Flask) -> None:
    _store()
    person = factories.person()
    with pytest.raises(DomainError, match="Two people"), transaction():
        publication.publish(
            course.CODE, kind=VersionKind.URGENT, message="m", first_id=person, second_id=person, now=clock.now()
        )
    assert _versions() == [(1, VersionState.DRAFT)]


def test_publishing_requires_a_message(context: Flask) -> None:
    _store()
    with pytest.raises(DomainError, match="sentence"):
        _publish(message="  ")
    assert _publish().code == course.CODE
    assert _publish() == NothingToPublish(course.CODE)


@pytest.mark.parametrize(
    ("kind", "revision"),
    [(VersionKind.EDITORIAL, 1), (VersionKind.URGENT, 1), (VersionKind.SUBSTANTIVE, 2)],
)
def test_changed_item_gets_a_new_revision_by_kind(context: Flask, kind: VersionKind, revision: int) -> None:
    _store()
    _publish()
    _store(why="Another reason.")
    _publish(kind)
    revisions = _revisions(_current())
    assert revisions.pop("T10-Q01") == revision
    assert set(revisions.values()) == {1}


def test_breaking_version_needs_its_day(context: Flask) -> None:
    _store()
    with pytest.raises(DomainError, match="needs a day"):
        _publish(VersionKind.BREAKING)


def test_failed_publishing_leaves_the_current_version(context: Flask) -> None:
    _store()
    _publish()
    before = _current()
    _store(minutes=9)
    people = (factories.person(), factories.person())
    with pytest.raises(ZeroDivisionError), transaction():
        publication.publish(
            course.CODE,
            kind=VersionKind.EDITORIAL,
            message="m",
            first_id=people[0],
            second_id=people[1],
            now=clock.now(),
        )
        raise ZeroDivisionError
    assert (_current(), _versions()) == (before, [(1, VersionState.CURRENT), (2, VersionState.DRAFT)])


@pytest.mark.each_database
def test_references_get_a_new_version_only_when_changed(context: Flask) -> None:
    references = course.ready()[1]
    with transaction():
        assert set(publication.store_references(references, clock.now())) == set(ReferenceKind)
    with transaction():
        assert publication.store_references(references, clock.now()) == []
    assert courses.reference(ReferenceKind.SOURCES).number == 1


def test_loading_and_publishing_are_in_the_audit_log(context: Flask) -> None:
    _store()
    _publish()
    counted = dict(db.session.execute(select(Entry.name, func.count()).group_by(Entry.name)).all())
    assert (counted["CourseLoaded"], counted["CoursePublished"]) == (1, 1)
