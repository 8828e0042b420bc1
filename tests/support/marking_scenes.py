"""Desk tasks that officers produced in a closed sitting, as rows, and assessors of several countries who mark them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import msgspec
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.access.policy import Role, Scope
from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.domain.references.rubrics import Rubrics
from app.catalogue.domain.references.texts import Text
from app.catalogue.domain.versions import ReferenceKind
from app.catalogue.models import Reference
from app.catalogue.queries import courses as catalogue
from app.catalogue.service.preparation import as_json
from app.checks.domain.products import ProductState
from app.checks.domain.sittings import SeatState, SittingState, Way, WorkState
from app.checks.models import Marking, Product, SeatWork, Sitting, SittingInvigilator, SittingSeat, SittingTask
from app.checks.service import products
from app.db.session import db, transaction
from app.kernel import clock
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.models import AnswerSave, Attempt
from tests.support import factories, published_documents, sites, workshop_rubrics
from tests.support.settings import NOW
from tests.support.site_snapshots import kept

TASK, ITEM = "D01-T01", "D01-Q31"
TEXT = "06:40, shelf beside the door: a book with sums."
COMPETENCY = "VIC-02"
CRITERIA = workshop_rubrics.CRITERIA  # of VIC-02.practitioner
SPECIALIST = "ONL-03"
MODEL = dict.fromkeys(CRITERIA, 2)
ALL_ALONE = {f"score-{criterion}": "2" for criterion in CRITERIA}
_numbers = count(1)


@dataclass(frozen=True)
class Academy:
    """What is loaded once: a course with a desk task, and rubrics, one of which has a calibration case."""

    version_id: UUID
    course_id: UUID


@kept
def academy(app: Flask) -> Academy:
    with app.app_context():
        load_rubrics()
        version_id = published_documents.publish()
        course_id = catalogue.outline(version_id).course_id
        db.session.remove()
    return Academy(version_id, course_id)


def load_rubrics() -> None:
    """Load the academy's framework and rubrics; only VIC-02 at foundation has a calibration case."""
    bodies = workshop_rubrics.bodies()
    rubrics = msgspec.json.decode(bodies[ReferenceKind.RUBRICS], type=Rubrics)
    framework = msgspec.json.decode(bodies[ReferenceKind.COMPETENCIES], type=Competencies)
    lines = tuple(msgspec.structs.replace(line, model={}) for line in rubrics.rubrics)
    cased = tuple(
        msgspec.structs.replace(line, model=dict.fromkeys(line.criteria, 2)) if line.id == "VIC-02.foundation" else line
        for line in lines
    )
    reasons = {name: f"Because of {name}." for line in cased if line.model for name in line.criteria}
    case = Text(
        "VIC-02.foundation.case", "The case of the gate", "He asks her at the gate.\nHe writes it down.", reasons
    )
    english = rubrics.texts["en"]
    blocks = (*(block for block in english.blocks if block.id != case.id), case)
    texts = {**rubrics.texts, "en": msgspec.structs.replace(english, blocks=blocks)}
    with transaction():
        for kind, body in (
            (ReferenceKind.COMPETENCIES, as_json(framework)),
            (ReferenceKind.RUBRICS, as_json(Rubrics(cased, texts))),
        ):
            db.session.add(
                Reference(kind=kind, number=9, fingerprint="x", body=body, loaded_at=workshop_rubrics.LOADED)
            )


@dataclass(frozen=True)
class _Seat:
    id: UUID
    person_id: UUID
    sitting_id: UUID


@dataclass(frozen=True)
class _Task:
    position: int
    competency: str
    level: Level
    course_id: UUID
    task: str


@dataclass(frozen=True)
class _Attempt:
    id: UUID
    version_id: UUID
    language: str
    ended_at: datetime


@dataclass
class MarkingDesk:
    """An academy in which officers have produced desk tasks, and assessors sign in."""

    app: Flask
    people: dict[str, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.academy = academy(self.app)

    def assessor(self, country: str = "BG", *more: tuple[Role, Scope, str], roles: tuple[str, ...] = ()) -> UUID:
        with self.app.app_context():
            grants = ((Role.ASSESSOR, Scope.ALL, ""), *more)
            return factories.person(country=country, roles=roles, grants=grants)

    def client(self, person_id: UUID) -> FlaskClient:
        return factories.sign_in(self.app, person_id)

    def marker(self, country: str = "BG") -> FlaskClient:
        return self.client(self.assessor(country))

    def officer(self, country: str = "IQ", alias: str | None = None) -> UUID:
        with self.app.app_context():
            return factories.person(country=country, alias=alias)

    def product(
        self,
        officer: UUID | None = None,
        *,
        competency: str = COMPETENCY,
        level: Level = Level.PRACTITIONER,
        days_ago: int = 1,
        text: str = TEXT,
        invigilator: UUID | None = None,
    ) -> int:
        """Let an officer of Iraq produce a desk task in a sitting of a day ago, and return its number."""
        officer = officer or self.officer()
        at = NOW - timedelta(days=days_ago)
        with self.app.app_context():
            watcher = invigilator or factories.person(country="IQ", roles=())
            with transaction():
                seat = _seat(officer, watcher, at, _Task(0, competency, level, self.academy.course_id, TASK))
                attempt = _attempt(officer, self.academy, text, at)
                work = SeatWork(
                    seat_id=seat.id,
                    position=0,
                    state=WorkState.SUBMITTED,
                    attempt_id=attempt.id,
                    began_at=at,
                    ended_at=at,
                )
                db.session.add(work)
                task = _Task(0, competency, level, self.academy.course_id, TASK)
                product_id = products.create(seat, work, task, attempt, at)
            number = db.session.get_one(Product, product_id).number
            db.session.remove()
        return number

    def post(self, client: FlaskClient, path: str, fields: Mapping[str, str] | None = None) -> TestResponse:
        return sites.post(self.app, client, path, fields)

    def take(self, client: FlaskClient, number: int) -> TestResponse:
        return self.post(client, f"/teaching/marking/{number}/taking")

    def submit(self, client: FlaskClient, number: int, fields: Mapping[str, str] = ALL_ALONE) -> TestResponse:
        return self.post(client, f"/teaching/marking/{number}/submission", fields)

    def mark(self, client: FlaskClient, number: int, fields: Mapping[str, str] = ALL_ALONE) -> None:
        assert self.take(client, number).location.endswith(f"/teaching/marking/{number}")
        assert self.submit(client, number, fields).status_code == 302

    def facts(self, number: int) -> tuple[ProductState, float | None]:
        """Return state and share of a product."""
        with self.app.app_context():
            row = db.session.execute(select(Product.state, Product.share).where(Product.number == number)).one()
            db.session.remove()
        return row.state, row.share

    def product_id(self, number: int) -> UUID:
        with self.app.app_context():
            return db.session.scalars(select(Product.id).where(Product.number == number)).one()

    def markings(self, number: int) -> list[Marking]:
        with self.app.app_context():
            query = select(Marking).join(Product, Product.id == Marking.product_id).where(Product.number == number)
            return list(db.session.scalars(query.order_by(Marking.taken_at)))


def scored(value: int, criteria: tuple[str, ...] = CRITERIA, **more: str) -> dict[str, str]:
    """Return the fields of a form with the same score for each criterion."""
    return {f"score-{criterion}": str(value) for criterion in criteria} | more


def _seat(officer: UUID, watcher: UUID, at: datetime, task: _Task) -> _Seat:
    sitting = Sitting(
        code=f"CODE{next(_numbers)}", country="IQ", planned_for=at, state=SittingState.CLOSED, opened_at=at,
        closed_at=at, created_by=watcher, created_at=at,
    )  # fmt: skip
    db.session.add(sitting)
    db.session.flush()
    db.session.add_all([
        SittingInvigilator(sitting_id=sitting.id, person_id=watcher, added_by=watcher, added_at=at),
        SittingTask(
            sitting_id=sitting.id, position=0, competency=task.competency, level=task.level, way=Way.DESK_TASK,
            course_id=task.course_id, task=task.task, minutes=20,
        ),
    ])  # fmt: skip
    seat = SittingSeat(
        sitting_id=sitting.id, person_id=officer, state=SeatState.FINISHED, arrived_at=at, confirmed_by=watcher,
        confirmed_at=at, finished_at=at,
    )  # fmt: skip
    db.session.add(seat)
    db.session.flush()
    return _Seat(seat.id, officer, sitting.id)


def _attempt(officer: UUID, academy: Academy, text: str, at: datetime) -> _Attempt:
    attempt = Attempt(
        public_id=uuid4(), person_id=officer, course_id=academy.course_id, version_id=academy.version_id,
        purpose=Purpose.WATCHED, number=next(_numbers), language="en", seed=1, paper=f'[{{"item":"{ITEM}"}}]',
        pass_mark=0.8, state=AttemptState.HANDED_IN, started_at=at, ended_at=at, share=0.0, passed=False,
    )  # fmt: skip
    db.session.add(attempt)
    db.session.flush()
    body = msgspec.json.encode({"text": text}).decode()
    db.session.add(AnswerSave(attempt_id=attempt.id, question=1, sequence=1, body=body, arrived_at=at))
    db.session.flush()
    return _Attempt(attempt.public_id, academy.version_id, "en", at)


def set_time(days: int) -> None:
    """Move the academy's time on by days."""
    wanted = NOW + timedelta(days=days)
    start = clock.real_now()
    clock.move(lambda: wanted - start)
