"""What guesses at a password count against."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db.session import db, transaction
from app.identity import service
from app.identity.service import NewPerson
from app.kernel import clock
from app.sign_in.models import FailedSignIn
from tests.support import factories, sites

MAIL, NUMBER, OTHER = "one@example.org", "BP 0017", "two@example.org"


def _person(mail: str, number: str) -> UUID:
    new = NewPerson(
        alias=f"Investigator {number[-2:]}",
        name="Test Person",
        mail=mail,
        service_number=number,
        password_hash=factories.PASSWORD_HASH,
        country="IQ",
        agency_id=factories.agency("IQ"),
        roles=("first_responder",),
        language="en",
        time_zone="UTC",
    )
    return service.add_person(new, clock.now())


@pytest.fixture
def one(app: Flask) -> UUID:
    """A person with a mail address and a service number."""
    with app.app_context(), transaction():
        return _person(MAIL, NUMBER)


def _guess(app: Flask, client: FlaskClient, name: str, address: str, password: str = "wrong") -> int:
    fields = {"name": name, "password": password, "csrf_token": factories.token(app, client)}
    return client.post("/sign-in", data=fields, environ_base={"REMOTE_ADDR": address}).status_code


def _statuses(app: Flask, names: list[str]) -> list[int]:
    return [_guess(app, app.test_client(), name, f"192.0.2.{n}") for n, name in enumerate(names)]


def test_mail_and_service_number_are_one_count(app: Flask, one: UUID) -> None:
    assert _statuses(app, [MAIL, NUMBER, " ONE@example.org", "bp 0017", MAIL]) == [422] * 5
    assert _guess(app, app.test_client(), NUMBER, "192.0.2.99", factories.PASSWORD) == 422
    with app.app_context(), transaction():
        for failed in db.session.scalars(select(FailedSignIn)):
            failed.at -= timedelta(minutes=5)
    assert _guess(app, app.test_client(), NUMBER, "192.0.2.99", factories.PASSWORD) == 302


def test_responses_do_not_reveal_that_two_names_are_one_person(app: Flask, one: UUID) -> None:
    """A list of mail addresses and numbers does not reveal which of them have an account."""
    asked = [MAIL] * 6 + [NUMBER] * 6
    unknown = [{MAIL: "unknown@example.org", NUMBER: "BP 9999"}[name] for name in asked]
    assert _statuses(app, asked) == _statuses(app, unknown) == ([422] * 5 + [429]) * 2


def test_a_browser_that_is_known_has_one_count_for_both_names(app: Flask, one: UUID) -> None:
    known = app.test_client()
    assert _guess(app, known, MAIL, "192.0.2.1", factories.PASSWORD) == 302
    sites.post(app, known, "/sign-out")
    names = [MAIL, NUMBER] * 3
    assert [_guess(app, known, name, f"192.0.2.{n}") for n, name in enumerate(names)] == [422] * 5 + [429]


def test_guesses_at_one_person_do_not_lock_out_others(app: Flask, one: UUID) -> None:
    with app.app_context(), transaction():
        _person(OTHER, "BP 0018")
    for n in range(6):
        _guess(app, app.test_client(), NUMBER, f"192.0.2.{n}")
    assert _guess(app, app.test_client(), OTHER, "192.0.2.77", factories.PASSWORD) == 302


@pytest.mark.parametrize("typed", ["person {}", "\0person {}", " \0PERSON {} ", "person {}\0in a session"])
def test_what_is_typed_is_never_taken_for_a_person(app: Flask, one: UUID, typed: str) -> None:
    """Ids are visible in addresses of pages, so they cannot lock an account."""
    for n in range(6):
        _guess(app, app.test_client(), typed.format(one), f"192.0.2.{n}")
    owner = app.test_client()
    assert _guess(app, owner, MAIL, "192.0.2.88", factories.PASSWORD) == 302
    assert sites.post(app, owner, "/settings/sign-in/again", {"password": factories.PASSWORD}).status_code == 302
