"""Create the product of a desk task, withdraw products, count the results of marked ones as evidence."""

import secrets
from collections.abc import Collection
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import delete, select, update

from app.access.targets import Target
from app.catalogue.domain.items import Level
from app.catalogue.domain.references.rubrics import Rubric
from app.checks.domain import marking as rules
from app.checks.domain.products import HIGHEST_NUMBER, LOWEST_NUMBER, UNMARKED, MarkingPart, ProductState, wanted_by
from app.checks.domain.sittings import WorkState
from app.checks.events import ProductSettled
from app.checks.models import Marking, Product, SeatWork, Sitting, SittingInvigilator, SittingSeat
from app.checks.queries import marking as queries, products
from app.checks.service import surprise, watchers
from app.competence.domain.evidence import EvidenceKind
from app.competence.service import evidence_records as competence
from app.competence.service.evidence_records import NewEvidence
from app.db.session import db, record
from app.identity.queries import postings
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports
from app.quizzes.service import watched_answers


class HasSeat(Protocol):
    """The seat of an officer."""

    @property
    def id(self) -> UUID: ...

    @property
    def person_id(self) -> UUID: ...

    @property
    def sitting_id(self) -> UUID: ...


class HasDeskTask(Protocol):
    """The desk task of a sitting."""

    @property
    def position(self) -> int: ...

    @property
    def competency(self) -> str: ...

    @property
    def level(self) -> Level: ...

    @property
    def course_id(self) -> UUID: ...

    @property
    def task(self) -> str: ...


class HasAttempt(Protocol):
    """The attempt in which an officer worked on a desk task."""

    @property
    def id(self) -> UUID: ...

    @property
    def version_id(self) -> UUID: ...

    @property
    def language(self) -> str: ...

    @property
    def ended_at(self) -> datetime: ...


def create(seat: HasSeat, work: object, task: HasDeskTask, attempt: HasAttempt, now: datetime) -> UUID:
    """Put what an officer produced for a desk task into the queue of assessors, and return its id.

    The day that counts is that on which the sitting was opened. `work` is the officer's work on the task.
    """
    opened_at = db.session.scalar(select(Sitting.opened_at).where(Sitting.id == seat.sitting_id))
    sat_on = (opened_at or now).date()
    posting = postings.posting_on(seat.person_id, sat_on)
    product = Product(
        seat_id=seat.id,
        position=task.position,
        number=_free_number(),
        competency=task.competency,
        level=task.level,
        course_id=task.course_id,
        version_id=attempt.version_id,
        task=task.task,
        language=attempt.language,
        attempt_id=attempt.id,
        country=posting.country if posting else "",
        agency_id=posting.agency_id if posting else None,
        sat_on=sat_on,
        submitted_at=attempt.ended_at,
        wanted_by=wanted_by(sat_on),
        state=ProductState.WAITING,
    )
    db.session.add(product)
    db.session.flush()
    return product.id


def _free_number() -> int:
    """Return a number that no product has; chance alone, so that it says nothing about the order of products."""
    while True:
        number = LOWEST_NUMBER + secrets.randbelow(HIGHEST_NUMBER - LOWEST_NUMBER + 1)
        if db.session.scalar(select(Product.id).where(Product.number == number)) is None:
            return number


def withdraw_of_seat(seat_id: UUID) -> None:
    """Withdraw the unmarked products of a seat whose identity was refused or whose work is void."""
    _withdraw(list(db.session.scalars(select(Product.id).where(Product.seat_id == seat_id))))


def erase_of_person(person_id: UUID) -> None:
    """Withdraw the unmarked products of a person whose account is erased, and delete comments and all answers.

    Answers are those of desk tasks and of questions. Scores, results and evidence stay.
    """
    product_ids = db.session.scalars(
        select(Product.id)
        .join(SittingSeat, SittingSeat.id == Product.seat_id)
        .where(SittingSeat.person_id == person_id)
    ).all()
    _withdraw(product_ids)
    about = Marking.product_id.in_(product_ids)
    db.session.execute(update(Marking).where(about, Marking.comment != "").values(comment=""))
    attempts = (
        select(SeatWork.attempt_id)
        .join(SittingSeat, SittingSeat.id == SeatWork.seat_id)
        .where(SittingSeat.person_id == person_id, SeatWork.attempt_id.is_not(None))
    )
    watched_answers.delete_answers(list(db.session.scalars(attempts)))


def _withdraw(ids: Collection[UUID]) -> None:
    unmarked = select(Product).where(Product.id.in_(ids), Product.state.in_(UNMARKED)).order_by(Product.id)
    withdrawn = []
    for product in db.session.scalars(unmarked.with_for_update()):
        product.state = ProductState.WITHDRAWN
        withdrawn.append(product.id)
    unfinished = (Marking.product_id.in_(withdrawn), Marking.submitted_at.is_(None))
    db.session.execute(delete(Marking).where(*unfinished))


def record_result(product_id: UUID, now: datetime) -> bool:
    """Record the result of a marked product as evidence and notify the officer; False if that was done before.

    A job does it: in the request of the assessor, the audit log would name assessor and officer in one entry.
    """
    product = db.session.scalars(select(Product).where(Product.id == product_id).with_for_update()).one()
    seat = db.session.get_one(SittingSeat, product.seat_id)
    work = db.session.scalars(
        select(SeatWork).where(SeatWork.seat_id == product.seat_id, SeatWork.position == product.position)
    ).one()
    rubric = products.rubric_of(product.competency, product.level)
    if product.state is not ProductState.MARKED or work.state is not WorkState.SUBMITTED or rubric is None:
        return False
    work.state = WorkState.COUNTED
    parts = rules.counted(product.level, queries.markings_of(product_id), rubric.mark)
    for marking in _markings(product_id, parts):
        _add_evidence(product, seat, marking, rubric, now)
    if seat.is_surprise:
        db.session.flush()
        surprise.mark_checked(seat.person_id, product.competency, product.sat_on)
    record(
        ProductSettled(
            at=now,
            product_id=product.id,
            person_id=seat.person_id,
            competency=product.competency,
            level=product.level,
        )
    )
    messages.notify(
        seat.person_id,
        NoticeKind.CHECK_RESULT,
        occasion=f"check-result:product:{product.id}",
        facts={"competency": product.competency},
        path=ports().path_to(Target.CHECK_RESULT, product.id),
        now=now,
    )
    return True


def _markings(product_id: UUID, parts: Collection[MarkingPart]) -> list[Marking]:
    of_parts = select(Marking).where(Marking.product_id == product_id, Marking.part.in_(parts))
    return sorted(db.session.scalars(of_parts), key=lambda marking: list(MarkingPart).index(marking.part))


def _add_evidence(product: Product, seat: SittingSeat, marking: Marking, rubric: Rubric, now: datetime) -> None:
    marking.evidence_id = competence.add_evidence(
        NewEvidence(
            person_id=seat.person_id,
            competency=product.competency,
            level=product.level,
            day=product.sat_on,
            kind=EvidenceKind.DESK_TASK,
            source=f"sitting:{seat.sitting_id}:{product.id}:{marking.marker_id}",
            share=product.share,
            mark=rubric.mark,
            items=len(rubric.criteria),
            trust=1.0,
            watched=True,
            guess=rules.GUESS,
            assessor_id=marking.marker_id,
            assessor_country=marking.country,
            recorded_by=marking.marker_id,
            done_at=_done_at(product.submitted_at, product.sat_on),
        ),
        now,
    )
    if marking.evidence_id is not None:
        people = {marking.marker_id, *_invigilators(seat)}
        watchers.record(marking.evidence_id, seat.person_id, people, product.sat_on)


def _done_at(submitted_at: datetime, sat_on: date) -> datetime | None:
    """Return the time of the submission, or None for a sitting that went on beyond midnight."""
    return submitted_at if submitted_at.date() == sat_on else None


def _invigilators(seat: SittingSeat) -> set[UUID]:
    of_sitting = select(SittingInvigilator.person_id).where(SittingInvigilator.sitting_id == seat.sitting_id)
    confirmed = {seat.confirmed_by} if seat.confirmed_by is not None else set()
    return confirmed.union(db.session.scalars(of_sitting))
