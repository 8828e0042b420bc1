"""A course in which colleagues mark open answers, and people who have answered its open question."""

from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.db.session import db
from app.quizzes.models import PeerMarking, PeerRequest
from tests.support import courses, factories, kinds_course, sites

ITEM = "D01-Q11"
COURSE = f"/courses/{courses.SLUG}"
CHECK = f"{COURSE}/lessons/the-list/checks/{ITEM}"
PEERS, ANSWERS = f"{CHECK}/colleagues", f"{COURSE}/answers"
TEXT = "Which hours are in the night book?"


def answer(app: Flask, client: FlaskClient, text: str = TEXT) -> None:
    """Begin the course, and answer the open question with the first criterion ticked."""
    sites.post(app, client, f"{COURSE}/enrolment")
    sites.post(app, client, CHECK, {"press": uuid4().hex, "answer": text, "earned": "0"})


class PeerDesk:
    """A course with peer marking, and people who have answered its open question."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            self.course_id = kinds_course.publish().outline.course_id

    def person(self, country: str = "IQ", *, text: str = TEXT) -> tuple[UUID, FlaskClient]:
        with self.app.app_context():
            person_id = factories.person(country=country)
        client = factories.sign_in(self.app, person_id)
        if text:
            answer(self.app, client, text)
        return person_id, client

    def post(self, client: FlaskClient, path: str, **fields: str) -> TestResponse:
        return sites.post(self.app, client, path, fields)

    def asked(self, country: str = "IQ") -> tuple[UUID, FlaskClient]:
        """Return a writer who has asked."""
        person_id, client = self.person(country)
        assert self.post(client, PEERS).status_code == 302
        return person_id, client

    def draw(self, client: FlaskClient) -> str:
        """Draw an answer and return the path of its page."""
        path = self.post(client, ANSWERS).headers["Location"]
        assert path.startswith(f"{ANSWERS}/"), path
        return path

    def count(self, model: type[PeerRequest] | type[PeerMarking]) -> int:
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(model)) or 0
