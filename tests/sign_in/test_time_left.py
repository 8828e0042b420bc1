"""The script of a page asks for the time left, which is no use of the session without the button to stay."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.db.session import db, transaction
from app.kernel import clock
from app.sign_in.models import SignInSession
from tests.support import factories
from tests.support.sql_statements import counted

PATH = "/settings/session"
HOUR, HALF = timedelta(hours=1), timedelta(minutes=30)


@pytest.fixture
def person_id(app: Flask) -> UUID:
    with app.app_context():
        return factories.person()


@pytest.fixture
def client(app: Flask, person_id: UUID, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Return a client whose session was used half an hour ago, while the clock stands."""
    found = factories.sign_in(app, person_id)
    now = datetime(2027, 3, 1, 9, tzinfo=UTC)
    monkeypatch.setattr(clock, "real_now", lambda: now)
    with app.app_context(), transaction():
        mine = update(SignInSession).where(SignInSession.person_id == person_id)
        db.session.execute(mine.values(seen_at=now - HALF, ends_at=now + HOUR))
    return found


def _seen(app: Flask, person_id: UUID) -> datetime:
    with app.app_context():
        return db.session.scalars(select(SignInSession.seen_at).where(SignInSession.person_id == person_id)).one()


def test_asking_is_no_use_of_the_session(app: Flask, person_id: UUID, client: FlaskClient) -> None:
    assert client.get(PATH).json == {"idle": HALF.seconds, "left": HOUR.seconds}
    assert _seen(app, person_id) == clock.real_now() - HALF


def test_staying_is_one(app: Flask, person_id: UUID, client: FlaskClient) -> None:
    assert client.get(PATH, query_string={"stay": "1"}).json == {"idle": HOUR.seconds, "left": HOUR.seconds}
    assert _seen(app, person_id) == clock.real_now()


def test_a_page_says_it_as_the_server_counts(client: FlaskClient) -> None:
    assert 'data-idle="3600" data-left="3600"' in client.get("/settings").text


def test_time_left_takes_one_statement_and_few_bytes(app: Flask, client: FlaskClient) -> None:
    with counted(app) as told:
        answer = client.get(PATH)
    assert (len(told), len(answer.data) < 40) == (1, True)
    assert answer.headers["Cache-Control"] == "no-store"


def test_who_is_signed_out_is_sent_to_the_sign_in_page(app: Flask) -> None:
    answer = app.test_client().get(PATH)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in?next=/settings/session")
