"""Notices name courses and events by title in the language of the user."""

from uuid import UUID

import pytest
from flask import Flask

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.kernel import clock
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.workshops.queries import workshops
from tests.support import courses, factories
from tests.support.workshop_events import announced


def _tell(person_id: UUID, kind: NoticeKind, facts: dict[str, object]) -> None:
    with transaction():
        messages.notify(person_id, kind, occasion=str(kind), facts=facts, path="/", now=clock.now())
    db.session.remove()


@pytest.mark.parametrize(("language", "title"), [("en", "A watch at the quay"), ("ar", "نوبة على الرصيف")])
def test_notice_names_event_in_language_of_user(lite_app: Flask, language: str, title: str) -> None:
    with lite_app.app_context():
        person_id = factories.person(language=language)
        code = workshops.get(announced()).code
        _tell(person_id, NoticeKind.WORKSHOP_CANCELLED, {"workshop": code})
    page = factories.sign_in(lite_app, person_id).get("/notices").text
    assert f"\u2068{title}\u2069" in page
    assert code not in page


def test_notice_names_course_by_title(lite_app: Flask) -> None:
    with lite_app.app_context():
        title = courses.publish().outline.title("en")
        person_id = factories.person()
        _tell(person_id, NoticeKind.COURSE_COMPLETED, {"course": courses.CODE})
    page = factories.sign_in(lite_app, person_id).get("/notices").text
    assert f"You have completed the course \u2068{title}\u2069." in page


def test_notice_shows_code_of_event_that_user_may_not_read(lite_app: Flask) -> None:
    with lite_app.app_context():
        person_id = factories.person(roles=(), grants=((Role.CO_CHAIR, Scope.ALL, ""),))
        code = workshops.get(announced()).code
        _tell(person_id, NoticeKind.WORKSHOP_CANCELLED, {"workshop": code})
    page = factories.sign_in(lite_app, person_id).get("/notices").text
    assert f"\u2068{code}\u2069" in page
    assert "A watch at the quay" not in page
