"""The sign-in page after the end of a session."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.identity import service
from app.kernel import clock
from app.rights.service import roles
from app.sign_in.models import SignInSession
from tests.support import factories, sites

ENDED, OUT = "You were signed out. Sign in again.", "You are signed out."


@pytest.fixture
def person_id(app: Flask) -> UUID:
    with app.app_context():
        return factories.person(roles=())


@pytest.fixture
def client(app: Flask, person_id: UUID) -> FlaskClient:
    return factories.sign_in(app, person_id)


def _page(client: FlaskClient, path: str = "/settings") -> str:
    return client.get(path, follow_redirects=True).get_data(as_text=True)


def _grant(person_id: UUID) -> None:
    roles.add_role(person_id, Role.TRAINER, scope=Scope.ALL, since=clock.today())


def _end(person_id: UUID) -> None:
    db.session.execute(delete(SignInSession).where(SignInSession.person_id == person_id))


def _close(person_id: UUID) -> None:
    service.deactivate(person_id, clock.today())


@pytest.mark.parametrize("end", [_grant, _end, _close])
def test_a_session_that_ended_is_said_once_whyever_it_ended(
    app: Flask, person_id: UUID, client: FlaskClient, end: object
) -> None:
    assert callable(end)
    with app.app_context(), transaction():
        end(person_id)
    page = _page(client)
    assert (ENDED in page, OUT in page) == (True, False)
    with client.session_transaction() as session:
        assert "sid" not in session
    assert ENDED not in _page(client)


def test_who_was_never_signed_in_reads_nothing_of_it(app: Flask) -> None:
    for path in ("/settings", "/sign-in"):
        page = _page(app.test_client(), path)
        assert (ENDED in page, OUT in page) == (False, False)


def test_who_signs_out_reads_that_they_are(app: Flask, client: FlaskClient) -> None:
    onward = sites.post(app, client, "/sign-out").headers["Location"]
    page = _page(client, onward)
    assert (OUT in page, ENDED in page) == (True, False)
    assert OUT not in _page(client, "/sign-in")


def test_all_failed_sign_ins_get_the_same_message(app: Flask, person_id: UUID, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        _end(person_id)
    _page(client)
    answers = [
        sites.post(app, one, "/sign-in", {"name": name, "password": "wrong"}).get_data(as_text=True)
        for one, name in ((client, "a@example.org"), (app.test_client(), "unknown@example.org"))
    ]
    assert all("is not right" in one and ENDED not in one for one in answers)
