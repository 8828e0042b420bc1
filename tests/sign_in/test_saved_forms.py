"""A form that came after a session had ended goes on in its sender's name alone, and stays on no shared computer."""

import re
from html import unescape
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from werkzeug.test import TestResponse

from app.db.session import db, transaction
from app.sign_in.models import SignInSession
from tests.support import factories, sites

MAILS = {"one": "one@example.org", "other": "other@example.org"}
TYPED = "typed for a long time"


@pytest.fixture
def people(app: Flask) -> dict[str, UUID]:
    with app.app_context():
        return {name: factories.person(mail=mail) for name, mail in MAILS.items()}


def _sign_in(app: Flask, client: FlaskClient, name: str, **more: str) -> TestResponse:
    return sites.post(app, client, "/sign-in", {"name": MAILS[name], "password": factories.PASSWORD, **more})


def _end(app: Flask) -> None:
    with app.app_context(), transaction():
        db.session.execute(delete(SignInSession))


def _hidden(answer: TestResponse) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text)
    return {name: unescape(value) for name, value in found if name.startswith("kept")}


@pytest.mark.parametrize("name", MAILS)
@pytest.mark.parametrize("between", ["nothing", "another page", "signed out", "another person"])
def test_it_goes_on_as_its_senders_alone(
    app: Flask, client: FlaskClient, people: dict[str, UUID], name: str, between: str
) -> None:
    _sign_in(app, client, "one")
    if between == "signed out":
        sites.post(app, client, "/sign-out")
    _end(app)
    if between == "another page":  # which tells, and forgets, that the session is over
        client.get("/sign-in")
    late = sites.post(app, client, "/settings/alias", {"alias": TYPED})
    kept = _hidden(late)
    assert kept["kept-alias"] == TYPED
    if between == "another person":
        visit = app.test_client()
        _sign_in(app, visit, "other")
    answer = _sign_in(app, client, name, **kept)
    assert (TYPED in answer.text, answer.status_code) == ((True, 200) if name == "one" else (False, 302))


@pytest.mark.parametrize("out", [False, True])
def test_nothing_stays_on_a_shared_computer(
    app: Flask, client: FlaskClient, people: dict[str, UUID], *, out: bool
) -> None:
    _sign_in(app, client, "one", shared="y")
    if out:
        sites.post(app, client, "/sign-out")
    _end(app)
    late = sites.post(app, client, "/settings/alias", {"alias": TYPED})
    assert (late.status_code, TYPED in late.text, "Your input is saved" in late.text) == (401, False, False)
    assert "You were signed out. Sign in again." in late.text


def test_a_form_of_passwords_alone_is_typed_again(app: Flask, client: FlaskClient, people: dict[str, UUID]) -> None:
    """To send it again without them would only bring a fault."""
    _sign_in(app, client, "one")
    _end(app)
    fields = {"password": factories.PASSWORD, "new": "another long passphrase"}
    late = sites.post(app, client, "/settings/sign-in/password", fields)
    assert (_hidden(late), late.status_code) == ({}, 401)
    assert "You were signed out. Sign in again." in late.text
    late = sites.post(app, client, "/settings/my-data/erasure/withdrawal")  # a button alone is sent again
    assert _hidden(late)["kept_to"] == "/settings/my-data/erasure/withdrawal"
