"""What a careless or hostile trainer sends, and what two of them send at once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.policy import Role
from app.accounts import queries as accounts
from app.accounts.domain import Scope
from app.db.session import db, transaction
from app.kernel import clock
from app.workshops import queries, roster, service
from app.workshops.domain.attendance import Mark
from app.workshops.models import Workshop
from tests import factories
from tests.workshops.test_manage import (
    BEGUN,
    announced,
    at,
    attendance,
    bookings,
    client_of,
    fields,
    post,
)

NEW = "/teaching/workshops/new"


@pytest.fixture
def trainer(app: Flask) -> Iterator[tuple[UUID, FlaskClient]]:
    with app.app_context():
        person_id = factories.person(
            alias="Trainer of M01", country="BG", grants=((Role.TRAINER, Scope.COURSE, "M01"),)
        )
        db.session.remove()
    yield person_id, factories.sign_in(app, person_id)


def events(app: Flask) -> int:
    with app.app_context():
        return len(list(db.session.scalars(select(Workshop.id))))


@pytest.mark.parametrize(
    "wrong",
    [
        {"session-0-day": "0001-01-01", "booking_until": "0001-01-01"},
        {"session-1-day": "9999-12-31", "time_zone": "America/New_York"},
        {"session-0-day": "0001-01-01", "time_zone": "Asia/Dhaka"},
        {"booking_until": "0001-01-01", "time_zone": "Asia/Dhaka"},
        {"session-" + "9" * 5000 + "-day": "2027-05-06"},
        {"time_zone": "Factory", "form": "online"},
        {"time_zone": "localtime", "form": "online"},
        {"time_zone": "right/Europe/Sofia", "form": "online"},
        {"time_zone": "Z" * 3000},
        {"time_zone": "../../../etc/passwd"},
        {"capacity": "9" * 6000},
        {"percent": "-1"},
        {"session-0-starts": "09:00:00.000001+25:00"},
        {"activity": "\u202e7A"},
        {"title": "\u200b\u2060"},
        {"title": "A watch\u202eat the quay"},
        {"session-0-title": "\u200b"},
        {"town": "\ufeff"},
    ],
)
def test_no_draft_is_a_fault_of_ours(lite_app: Flask, wrong: dict[str, str]) -> None:
    client = client_of(lite_app, Role.COORDINATOR)
    answer = post(lite_app, client, NEW, **fields(**wrong))
    if answer.status_code == 302:  # what does no harm is kept, and every page of it opens
        path = answer.headers["Location"]
        assert [client.get(f"{path}{more}").status_code for more in ("", "/edit")] == [200, 200]
        assert client.get(path.removeprefix("/teaching")).status_code == 200
        assert wrong.keys() == {"session-" + "9" * 5000 + "-day"}
    else:
        assert answer.status_code == 422
        assert events(lite_app) == 0
