"""From the request of an officer to the verification: services, jobs and pages of all parts of a check together."""

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.access.policy import Role, Scope
from app.catalogue.domain.items import Level
from app.checks.domain.products import ProductState
from app.checks.domain.requests import CheckRequestState
from app.checks.jobs import marking as jobs
from app.checks.models import CheckRequest, EvidenceWatcher, Product
from app.checks.queries import products
from app.competence.domain.evidence import EvidenceKind
from app.competence.models import Evidence
from app.db.session import db, transaction
from app.directory.service import erasure
from app.kernel import clock
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from app.quizzes.models import AnswerSave
from app.quizzes.queries import watched
from tests.support import (
    competency_evidence as evidence,
    desk_tasks,
    factories,
    marking_scenes,
    sitting_scene,
    watched_course,
)
from tests.support.settings import NOW
from tests.support.sitting_pages import begin, confirm_all, enter, post
from tests.support.sitting_scene import Scene, scene

PRODUCED = "06:44, under the bed: a locked bag, owner not known; it has to be asked first."
BEFORE = NOW.date() - timedelta(days=20)
ASSESSOR = ((Role.ASSESSOR, Scope.ALL, ""),)


@dataclass(frozen=True)
class Story:
    """A competency at a level with one desk task, an officer who was trained, a contact point, and assessors."""

    app: Flask
    competency: str
    level: Level
    officer: UUID
    contact_point: UUID
    assessors: tuple[UUID, ...]

    @property
    def key(self) -> str:
        return f"{self.competency}.{self.level}"

    def client(self, person_id: UUID) -> FlaskClient:
        return factories.sign_in(self.app, person_id)

    def criteria(self) -> tuple[str, ...]:
        with self.app.app_context():
            rubric = products.rubric_of(self.competency, self.level)
            assert rubric is not None
            return rubric.criteria

    def sit(self) -> UUID:
        """Go from the request to the closed sitting; return the sitting."""
        officer, contact = self.client(self.officer), self.client(self.contact_point)
        assert post(self.app, officer, "/sittings/requests", competency=self.key).status_code == 302
        with self.app.app_context():
            request_id = str(db.session.scalars(select(CheckRequest.id)).one())
            alias = sitting_scene.people_alias(self.officer)
        path = f"/sittings/requests/{self.competency}/{self.level}/plan"
        form = post(self.app, contact, path, request=request_id).location
        page = contact.get(form).text
        assert re.search(rf'value="{self.key}"\s+checked', page)
        assert alias in page
        fields = {"aims": self.key, "kind": "officer", "officers": alias, "at": "09:00"}
        planned = post(self.app, contact, "/sittings/new", **fields, day=NOW.date().isoformat())
        sitting_id = UUID(planned.location.rsplit("/", 1)[1])
        assert self.request_state() is CheckRequestState.PLANNED
        self.work(officer, contact, sitting_id)
        return sitting_id

    def work(self, officer: FlaskClient, contact: FlaskClient, sitting_id: UUID) -> None:
        post(self.app, contact, f"/sittings/{sitting_id}/open")
        with self.app.app_context():
            code = sitting_scene.details(sitting_id).code
        made = Scene(sitting_id, code, self.contact_point, self.contact_point, (self.officer,))
        enter(self.app, officer, made)
        confirm_all(self.app, contact, made)
        attempt = begin(self.app, officer, made)
        post(self.app, officer, f"/attempts/{attempt}/1", step="next", answer=PRODUCED)
        post(self.app, officer, f"/attempts/{attempt}/hand-in")
        assert self.request_state() is CheckRequestState.DONE
        assert "An assessor marks it by" in officer.get(f"/path/{self.competency}").text
        assert post(self.app, contact, f"/sittings/{sitting_id}/close", note="No incidents.").status_code == 302

    def request_state(self) -> CheckRequestState:
        with self.app.app_context():
            return db.session.scalars(select(CheckRequest.state)).one()

    def mark(self, assessor_id: UUID) -> None:
        """Take the next product of the queue and score it "securely" in all criteria."""
        client = self.client(assessor_id)
        assert "Written in English" in client.get("/teaching/marking").text
        page = post(self.app, client, "/teaching/marking/next").location
        assert PRODUCED in client.get(page).text
        scores = {f"score-{criterion}": "3" for criterion in self.criteria()}
        answer = post(self.app, client, f"{page}/submission", **scores, comment="Clear and complete.")
        assert answer.status_code == 302

    def state(self) -> ProductState:
        with self.app.app_context():
            return db.session.scalars(select(Product.state)).one()


def tell(app: Flask, competency: str, level: Level, role: str, countries: tuple[str, ...]) -> Story:
    """Load framework, rubrics and the desk task, and add the people."""
    with app.app_context():
        marking_scenes.load_rubrics()
        desk_tasks.publish_for(competency, level)
        officer = factories.person(roles=(role,))
        for kind in (EvidenceKind.MODULE, EvidenceKind.WORKSHOP):
            evidence.record(evidence.new(officer, kind, BEFORE, competency=competency, level=level))
        story = Story(
            app, competency, level, officer,
            factories.person(roles=(), grants=sitting_scene.CONTACT_POINT),
            tuple(factories.person(country=country, roles=(), grants=ASSESSOR) for country in countries),
        )  # fmt: skip
        db.session.remove()
    return story


@pytest.mark.parametrize(
    ("competency", "level", "role", "countries"),
    [
        ("VIC-02", Level.PRACTITIONER, "investigator", ("BG",)),
        ("ONL-03", Level.SPECIALIST, "online_investigator", ("BG", "FR")),
    ],
)
def test_request_leads_to_a_verification(
    lite_app: Flask, competency: str, level: Level, role: str, countries: tuple[str, ...]
) -> None:
    story = tell(lite_app, competency, level, role, countries)
    assert "In training" in story.client(story.officer).get(f"/path/{competency}").text
    story.sit()
    for assessor_id in story.assessors:
        assert story.state() is not ProductState.MARKED
        story.mark(assessor_id)
    assert story.state() is ProductState.MARKED
    with lite_app.app_context():
        assert jobs.record_results() == 1
        pieces = db.session.scalars(select(Evidence).where(Evidence.kind == EvidenceKind.DESK_TASK)).all()
        assert {(line.assessor_id, line.day) for line in pieces} == {
            (assessor, NOW.date()) for assessor in story.assessors
        }
        watched_by = db.session.execute(select(EvidenceWatcher.evidence_id, EvidenceWatcher.person_id)).all()
        assert {tuple(row) for row in watched_by} == {
            (line.id, person) for line in pieces for person in (story.contact_point, line.assessor_id)
        }
        kinds = db.session.scalars(select(Notice.kind).where(Notice.person_id == story.officer))
        assert {NoticeKind.CHECK_PLANNED, NoticeKind.CHECK_RESULT} <= set(kinds)
        product_id = db.session.scalars(select(Product.id)).one()
        db.session.remove()
    officer, result = story.client(story.officer), f"/sittings/results/{product_id}"
    path = officer.get(f"/path/{competency}").text
    assert re.search(r'<h2 id="now">\s*Verified until', path)
    assert path.count(f'href="{result}"') == len(countries)
    assert "Clear and complete." in officer.get(result).text


def test_queue_shows_one_language_on_request(lite_app: Flask) -> None:
    story = tell(lite_app, "VIC-02", Level.PRACTITIONER, "investigator", ("BG",))
    story.sit()
    client = story.client(story.assessors[0])
    assert "Written in English" in client.get("/teaching/marking?language=en").text
    assert "Written in" not in client.get("/teaching/marking?language=ar").text
    assert post(lite_app, client, "/teaching/marking/next?language=ar").location == "/teaching/marking"


def test_erased_account_leaves_no_answers_of_questions(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        attempt = sitting_scene.at_work(made, made.officers[0])
        other = sitting_scene.at_work(made, made.officers[1], "tablet")
        for own in (attempt, other):
            number = first_produced(own)
            sitting_scene.answer(own, number, {"text": "port"})
        sitting_scene.hand_in(attempt)
        assert db.session.scalar(select(func.count()).select_from(AnswerSave)) == 2
        db.session.rollback()
        with transaction():
            erasure.erase_account(made.officers[0], clock.now())
        assert db.session.scalar(select(func.count()).select_from(AnswerSave)) == 1
        db.session.remove()


def first_produced(attempt: UUID) -> int:
    """Return the number of the first question whose answer is written."""
    lines = watched.answers_of(attempt)
    return next(line.number for line in lines if "answer" in watched_course.right_answer(line.item.id))
