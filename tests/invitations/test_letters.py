"""A letter that was lost opens nothing once another one is printed, wherever its code was typed before."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.db.session import db, transaction
from app.invitations.models import Invitation
from app.invitations.service import invitations
from app.kernel import clock
from tests.support import factories, sites
from tests.support.invitations import contact_point, invited

DAY = timedelta(days=1)


@pytest.fixture
def made(app: Flask) -> UUID:
    with app.app_context():
        found = invited(contact_point(), clock.real_now())
        db.session.remove()
    return found


def _letter(app: Flask, made: UUID) -> str:
    with app.app_context(), transaction():
        return invitations.print_letter(made, clock.real_now()) or ""


def _typed(app: Flask, client: FlaskClient, made: UUID, code: str) -> str:
    """Type a letter's code, and return the page to which it leads."""
    with app.app_context():
        mail = db.session.get_one(Invitation, made).mail
    answer = sites.post(app, client, "/invitation", {"mail": mail, "code": code})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def _token(app: Flask, made: UUID) -> str:
    with app.app_context():
        return db.session.get_one(Invitation, made).token


def _open(client: FlaskClient, page: str) -> list[int]:
    return [client.get(f"{page}{end}").status_code for end in ("", "/name", "/password")]


@pytest.mark.parametrize("link", ["good", "over"])
def test_reprinted_letter_invalidates_entered_code_of_lost_one(app: Flask, made: UUID, link: str) -> None:
    lost, thief, owner = _letter(app, made), app.test_client(), app.test_client()
    if link == "over":
        with app.app_context(), transaction():
            db.session.execute(update(Invitation).values(ends_at=clock.real_now() - DAY))
    page = _typed(app, thief, made, lost)
    assert _open(thief, page) == [200] * 3
    fresh = _letter(app, made)
    assert _open(thief, page) == [410] * 3
    assert _open(app.test_client(), page) == [410] * 3
    assert sites.post(app, thief, f"{page}/password", {"new": factories.PASSWORD}).status_code == 410
    sites.post(app, thief, f"{page}/renewal")
    second_link = f"/invitation/{_token(app, made)}"
    if link == "over":  # the cookie of the lost letter opens nothing under another link either
        assert _open(thief, second_link) == [410] * 3
    assert _open(owner, _typed(app, owner, made, fresh)) == [200] * 3


def test_the_first_letter_leaves_the_link_of_the_mail(app: Flask, made: UUID) -> None:
    before = _token(app, made)
    _letter(app, made)
    assert _token(app, made) == before
    assert _open(app.test_client(), f"/invitation/{before}") == [200] * 3
