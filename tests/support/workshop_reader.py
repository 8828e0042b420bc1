"""A client of a person who reads pages of workshops."""

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db.session import db
from tests.support import factories, sites
from tests.support.workshop_events import announced, booked


class Reader:
    """A signed-in person in another time zone than that of the event."""

    def __init__(self, app: Flask, **more: object) -> None:
        self.app = app
        with app.app_context():
            self.id = factories.person(**more)  # type: ignore[arg-type]
            db.session.remove()
        self.client: FlaskClient = factories.sign_in(app, self.id)

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status)
        return answer.text

    def post(self, path: str, **fields: str) -> TestResponse:
        return sites.post(self.app, self.client, path, fields)

    def told(self, path: str, **fields: str) -> str:
        """Post, follow to the next page and return it."""
        answer = self.post(path, **fields)
        assert answer.status_code == 302, answer.status
        return self.get(answer.headers["Location"])


def an_event(app: Flask, *, people: int = 0, **more: object) -> str:
    """Announce an event for which some have booked; return its address."""
    with app.app_context():
        workshop_id = announced(**more)
        booked(workshop_id, people)
        db.session.remove()
    return f"/workshops/{workshop_id}"
