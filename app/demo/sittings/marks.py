"""Marking of the demonstration's desk tasks with services: calibration, scores, comments, results."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

import msgspec
from sqlalchemy import select

from app.access.policy import Actor, Role, Scope
from app.catalogue.domain.references.rubrics import Rubrics
from app.catalogue.queries import courses as catalogue
from app.checks.domain.products import ProductState
from app.checks.events import CalibrationDone
from app.checks.models import Calibration, MarkingComment, Product, SittingSeat
from app.checks.queries import marking as queries, products as product_queries
from app.checks.service import marking as service, products
from app.checks.service.marking import NewScores
from app.db.session import db, record
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.demo.sittings import answers
from app.demo.sittings.programme import MarksGiven
from app.demo.sittings.room import Room
from app.demo.workshops.delivery import scores_by_criterion
from app.rights.service import roles

ASSESSORS = ("Assessor 1", "Assessor 2", "Assessor 3")
OPEN_FOR_FIRST = frozenset({"VIC-01.practitioner"})  # the first assessor has not scored these calibration cases yet
EVENING = timedelta(hours=9)  # after the start of the sitting
BANK = ("Name the line for each fact.", "Write who asks again, and on which day.", "Say what speaks against your view.")


def calibrations(office: DemoStaff, at: datetime) -> Iterator[TimedAction]:
    """Return the first day of the assessors: the role, and the calibration cases of all rubrics."""
    for alias in ASSESSORS:
        person_id = office.staff[alias]
        yield TimedAction(at, None, partial(_appoint, person_id, at))
        left = OPEN_FOR_FIRST if alias == ASSESSORS[0] else frozenset[str]()
        later = at + timedelta(hours=2)
        yield TimedAction(later, person_id, partial(_score_cases, person_id, left, later))


def _appoint(person_id: UUID, now: datetime) -> None:
    roles.add_role(person_id, Role.ASSESSOR, scope=Scope.ALL, since=now.date())


def _score_cases(person_id: UUID, left: Collection[str], now: datetime) -> None:
    """Write the scores of all cases at once: they are those of the models."""
    for rubric in (catalogue.rubrics() or Rubrics()).rubrics:
        if rubric.model and rubric.id not in left:
            text = msgspec.json.encode(dict(rubric.model)).decode()
            db.session.add(Calibration(person_id=person_id, rubric=rubric.id, scores=text, passed=True, done_at=now))
            record(CalibrationDone(at=now, rubric=rubric.id, passed=True))


def marked(room: Room, marks: Mapping[tuple[int, int], Sequence[MarksGiven]]) -> Iterator[TimedAction]:
    """Return the marking of the products of a sitting, by officer (from 0) and position (from 1)."""
    for (number, position), all_marks in marks.items():
        for turn, marking in enumerate(all_marks):
            at = room.starts + EVENING + timedelta(days=marking.days, minutes=3 * number + position)
            act = partial(_mark, room, room.officers[number], position, marking, turn, at)
            yield TimedAction(at, room.office.staff[marking.assessor], act)
        at += timedelta(minutes=1)
        yield TimedAction(at, None, partial(_record, room, room.officers[number], position, at))


def comments_of_bank(office: DemoStaff, rubric: str, at: datetime) -> TimedAction:
    """Return the first comments of the bank for a rubric."""
    by = office.staff[ASSESSORS[1]]
    return TimedAction(at, by, partial(_add_comments, by, rubric, at))


def _add_comments(by: UUID, rubric: str, now: datetime) -> None:
    for text in BANK:
        db.session.add(MarkingComment(rubric=rubric, text=text, written_by=by, written_at=now))


def product_of(room: Room, officer: UUID, position: int) -> Product:
    """Return what an officer produced for a task."""
    query = (
        select(Product)
        .join(SittingSeat, SittingSeat.id == Product.seat_id)
        .where(
            SittingSeat.sitting_id == room.sitting_id,
            SittingSeat.person_id == officer,
            Product.position == position,
        )
    )
    return db.session.scalars(query).one()


def _mark(room: Room, officer: UUID, position: int, marking: MarksGiven, turn: int, now: datetime) -> None:
    product, assessor = product_of(room, officer, position), room.office.staff[marking.assessor]
    actor = Actor(assessor, "", frozenset({Role.ASSESSOR}))
    if service.take(actor, product.number, now) != product.number:
        raise RuntimeError(f"{marking.assessor} cannot mark {product.competency}.{product.level}")
    rubric = product_queries.rubric_of(product.competency, product.level)
    assert rubric is not None  # noqa: S101 - desk tasks have a rubric
    dice = Random(f"{room.plan.key} {position} {turn} {room.officers.index(officer)}")  # noqa: S311 - invented scores
    scores = NewScores(
        scores_by_criterion(marking.tenths, rubric.criteria, dice),
        answers.comment(marking.tenths, room.officers.index(officer) + position),
        asks_second=marking.asks_second,
    )
    service.submit(queries.own_marking(actor, product.number), scores, now)


def _record(room: Room, officer: UUID, position: int, now: datetime) -> None:
    product = product_of(room, officer, position)
    if product.state is ProductState.MARKED:
        products.record_result(product.id, now)
