from uuid import UUID

import msgspec
import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.policy import Actor, Role
from app.catalogue.domain.documents import DocumentForm
from app.catalogue.models import StoredDocument
from app.catalogue.queries import courses
from app.catalogue.service import publication
from app.catalogue.service.preparation import fingerprint
from app.db.session import db, transaction
from app.kernel import clock
from app.search import queries as search
from tests.support import documents_course, published_documents

READER = Actor(UUID(int=1), "IQ", frozenset({Role.PRACTITIONER}))


@pytest.mark.each_database
def test_documents_are_stored_with_the_version(context: Flask) -> None:
    version_id = published_documents.publish()
    english, arabic = (courses.documents(version_id, code) for code in ("en", "ar"))
    facts = courses.document_facts(version_id)
    assert english.keys() == arabic.keys() == facts.keys()
    assert {text.kind for text in english.values()} == {str(kind) for kind in type(facts["D01-D01"].kind)}
    assert (arabic["D01-D02"].language, arabic["D01-D02"].dir) == ("ar", "rtl")
    assert (arabic["D01-D01"].language, arabic["D01-D01"].dir) == ("en", "ltr")


def test_lessons_have_documents_of_form_a_and_none_alone(context: Flask) -> None:
    version_id = published_documents.publish()
    facts = courses.document_facts(version_id)
    shown = {facts[name].form for name in courses.lesson_documents(version_id, "en")}
    assert shown == {DocumentForm.A, DocumentForm.NONE}


def test_stored_body_has_neither_form_nor_family_nor_names(context: Flask) -> None:
    published_documents.publish()
    for row in db.session.scalars(select(StoredDocument)):
        body = msgspec.json.decode(row.body)
        assert not {"form", "family", "slug", "name"} & set(body)
        assert not any("name" in unit for part in body["parts"] for unit in part["units"])


def test_search_finds_documents_of_lessons_alone(context: Flask) -> None:
    published_documents.publish()
    (hit,) = search.find("crowns", actor=READER, language="en")[:1]
    assert "the-papers" in hit.path
    assert search.find("telephones cracked", actor=READER, language="en") == []  # reserve
    assert search.find("Breaks are not in this log", actor=READER, language="en") == []  # form B


def test_new_draft_replaces_the_documents_of_the_old_one(context: Flask) -> None:
    ready = published_documents.ready()
    with transaction():
        publication.store_draft(ready, clock.now())
    count = db.session.scalar(select(func.count()).select_from(StoredDocument))
    ready.fingerprint, before = "0" * 64, ready.fingerprint
    try:
        with transaction():
            publication.store_draft(ready, clock.now())
    finally:
        ready.fingerprint = before
    assert db.session.scalar(select(func.count()).select_from(StoredDocument)) == count


def test_fingerprint_follows_the_shared_documents_of_the_course() -> None:
    folder, files = documents_course.course(), documents_course.files()
    name = next(name for name, document in folder.documents.items() if document.shared)
    document = folder.documents[name]
    changed_facts = msgspec.structs.replace(document, facts=msgspec.structs.replace(document.facts, warning=2))
    before = fingerprint(folder.slug, files, folder.documents)
    assert fingerprint(folder.slug, files, folder.documents) == before
    assert fingerprint(folder.slug, files, folder.documents | {name: changed_facts}) != before
