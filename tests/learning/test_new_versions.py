"""What readers see once a newer version of their course is published."""

from dataclasses import dataclass
from functools import cache
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.versions import VersionKind
from app.catalogue.queries import courses as catalogue
from app.catalogue.service import publication
from app.catalogue.service.preparation import ReadyCourse, prepare
from app.catalogue.shapes import Outline
from app.db.session import db, transaction
from app.kernel import clock
from app.learning.service import lesson_progress
from tests.support import courses, factories

LESSON = "after-the-watch"
COURSE = f"/courses/{courses.SLUG}"
PATH = f"{COURSE}/lessons/{LESSON}"
GONE = "This lesson is no longer part of the course."
MESSAGE = "Une leçon de moins <b>"


@cache
def _without_lesson() -> ReadyCourse:
    files = courses.files()
    del files[f"{courses.SLUG}/lessons/{LESSON}.en.md"]
    facts = files[f"{courses.SLUG}/course.toml"].decode()
    entry = f'[[lesson]]\nslug = "{LESSON}"\nminutes = 4\ncompetencies = ["PRT-02"]\n\n'
    assert entry in facts
    files[f"{courses.SLUG}/course.toml"] = facts.replace(entry, "").encode()
    library, _problems = read_folder(files)
    return prepare(library.courses[courses.SLUG], library.references, files)


def _publish(published: courses.Published, version: ReadyCourse) -> Outline:
    with transaction():
        publication.store_draft(version, clock.now())
        stored = publication.publish(
            courses.CODE,
            kind=VersionKind.SUBSTANTIVE,
            message=MESSAGE,
            first_id=published.first,
            second_id=published.second,
            now=clock.now(),
        )
    assert isinstance(stored, publication.Stored)
    return catalogue.outline(stored.version_id)


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader of the first version, after a second one without a lesson was published."""

    app: Flask
    id: UUID
    client: FlaskClient
    newest: Outline

    def take_version(self) -> None:
        with self.app.app_context(), transaction():
            lesson_progress.take_version(self.id, self.newest, clock.now())


@pytest.fixture
def reader(app: Flask) -> Reader:
    with app.app_context():
        published = courses.publish()
        person_id = factories.person()
        with transaction():
            lesson_progress.begin(person_id, published.outline, clock.now())
        newest = _publish(published, _without_lesson())
        client = factories.sign_in(app, person_id)
        db.session.remove()
    return Reader(app, person_id, client, newest)


def test_offer_of_a_newer_version_shows_its_message_escaped(reader: Reader) -> None:
    assert '<p dir="auto">Une leçon de moins &lt;b&gt;</p>' in reader.client.get(COURSE).text
    reader.take_version()
    assert "Une leçon de moins" not in reader.client.get(COURSE).text


def test_removed_lesson_leads_to_its_course(reader: Reader) -> None:
    assert reader.client.get(PATH).status_code == 200
    reader.take_version()
    answer = reader.client.get(PATH)
    assert answer.status_code == 404
    assert GONE in answer.text
    assert f'href="{COURSE}"' in answer.text


def test_unknown_lesson_is_not_called_removed(reader: Reader) -> None:
    reader.take_version()
    answer = reader.client.get(f"{COURSE}/lessons/never-there")
    assert answer.status_code == 404
    assert GONE not in answer.text
