"""A new trainer makes a course, a second person reviews it, and a learner sees it: no page or field too many."""

import re
from collections.abc import Mapping
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse, encode_multipart

from app.access.policy import Role, Scope
from app.catalogue.service import publication
from app.db.session import db, transaction
from app.kernel import clock
from app.studio.domain.reviews import REQUIRED
from app.studio.models import CourseReview
from tests.support import courses, factories, review_pages, sites, uploads

MOST_PAGES, MOST_FIELDS = 6, 5
REVIEWER = "Quiet Harbour 4411"
TEXTS = {"title": "Signs at the harbour", "paragraph": "What it is about.", "outcomes": "write down what you saw"}


class NewTrainer:
    """A trainer who opens pages and fills in the fields that a form cannot do without; texts are not counted."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        person_id = factories.person(roles=(), grants=((Role.TRAINER, Scope.EVENT, "another"),))
        self.client = factories.sign_in(app, person_id)
        self.pages: set[str] = set()
        self.fields: list[str] = []

    def open(self, path: str) -> str:
        """Return a page; each address counts once."""
        response = self.client.get(path)
        assert response.status_code == 200, (path, response.status)
        self.pages.add(path.partition("#")[0])
        return response.text

    def send(self, path: str, texts: Mapping[str, str], fields: Mapping[str, object] | None = None) -> str:
        """Send a form and return the address of the next page; `fields` count as required ones."""
        self.fields += [f"{path} {name}" for name in fields or {}]
        values = {**texts, **(fields or {}), "csrf_token": factories.token(self.app, self.client)}
        boundary, body = encode_multipart(values)
        response = self.client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")
        assert response.status_code == 302, response.text
        return response.headers["Location"]

    def add_picture(self, course: str, form: Mapping[str, str], description: str) -> str:
        """Add a picture from the panel of the lesson editor; return the Markdown that shows it."""
        path = f"{course}/media/pictures"
        fields = {"file": uploads.picture(), "description": description}
        self.fields += [f"{path} {name}" for name in fields]
        rights = {name: form.get(name, "") for name in ("author", "licence")}
        values = {**rights, **fields, "csrf_token": factories.token(self.app, self.client)}
        boundary, body = encode_multipart(values)
        response = self.client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")
        assert response.status_code == 200, response.text
        return str(response.json["markdown"]) if response.json else ""


def _prefilled(html: str) -> dict[str, str]:
    """Return the values that the fields and lists of a page have already."""
    inputs = re.findall(r'<input[^>]*?name="(\w+)"[^>]*?value="([^"]*)"', html, re.DOTALL)
    selected = re.findall(r'<select[^>]*?name="(\w+)".*?<option value="([^"]*)" selected', html, re.DOTALL)
    return dict(inputs + selected)


QUESTION = {
    "step": "next", "shown_as": "form", "opened": "", "kind": "single", "stem": "Which berth is empty?",
    "level": "foundation", "shuffle": "yes", "scale": "1..5", "right": "0", "row-0-text": "Berth 2",
    "row-0-reason": "Rule 3.", "row-1-text": "Berth 3", "row-1-reason": "It is taken.",
}  # fmt: skip


def _write(trainer: NewTrainer) -> str:
    """Write a course with a lesson, a picture, five questions and a test; return the address of its outline."""
    form = _prefilled(trainer.open("/teaching/courses/new"))
    course = trainer.send("/teaching/courses/new", {**form, **TEXTS, "source": "scratch"}, {"title": TEXTS["title"]})
    trainer.open(course)
    lesson = trainer.send(f"{course}/lessons", {}, {"title": "The quay"})
    form = _prefilled(trainer.open(lesson))
    picture = trainer.add_picture(course, form, "A quay with one lamp.")
    trainer.send(lesson, {**form, "title": "The quay", "body": f"Look at the ropes first.\n\n{picture}"})
    new = f"{course}/bank/new?kind=single"
    for _number in range(5):
        form = {**_prefilled(trainer.open(new)), **QUESTION}
        assert trainer.send(f"{course}/bank/new", form) == new
    page = trainer.open(f"{course}/bank")
    assert "No test or lesson uses these 5 questions yet" in page
    trainer.send(f"{course}/bank/test", {})
    assert "No test or lesson uses" not in trainer.open(f"{course}/bank")
    return course


def _publish(reviewer: FlaskClient, app: Flask, review_id: UUID) -> TestResponse:
    path = f"/teaching/review/{review_id}"
    assert "A quay with one lamp." in reviewer.get(f"{path}?file=lessons/the-quay.en.md").text
    for point in REQUIRED:
        sites.post(app, reviewer, f"{path}/checklist", {"point": str(point), "done": "yes"})
    sites.post(app, reviewer, f"{path}/approval")
    return sites.post(app, reviewer, f"{path}/publication")


def test_new_course_reaches_a_learner_in_few_pages_and_fields(lite_app: Flask) -> None:
    with lite_app.app_context():
        with transaction():
            publication.store_references(courses.ready()[1], clock.now())
        reviewer = factories.sign_in(lite_app, review_pages.other_trainer(REVIEWER))
        learner = factories.sign_in(lite_app, factories.person())
        trainer = NewTrainer(lite_app)
    course = _write(trainer)
    assert "Look at the ropes first." in trainer.client.get(f"{course}/preview/the-quay").text
    form = _prefilled(trainer.open(f"{course}/submit"))
    trainer.send(f"{course}/submit", form, {"reviewer": REVIEWER})
    assert len(trainer.pages) <= MOST_PAGES, trainer.pages
    assert len(trainer.fields) <= MOST_FIELDS, trainer.fields
    with lite_app.app_context():
        review_id = db.session.scalars(select(CourseReview.id)).one()
    published = _publish(reviewer, lite_app, review_id)
    assert published.status_code == 302, published.text
    address = course.replace("/teaching", "")
    assert TEXTS["title"] in learner.get("/courses").text
    page = learner.get(f"{address}/lessons/the-quay").text
    assert "Look at the ropes first." in page
    assert "A quay with one lamp." in page
    attempt = sites.post(lite_app, learner, f"{address}/test").headers["Location"]
    assert "Which berth is empty?" in learner.get(attempt).text
