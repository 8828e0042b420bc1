"""Create and withdraw the products of desk tasks: what markers see by number alone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import randbelow
from uuid import UUID

from sqlalchemy import select, update

from app.checks.domain.products import MARKED_WITHIN_DAYS, ProductState
from app.checks.models import Product, SeatWork, SittingTask
from app.db.session import db
from app.identity.queries import postings
from app.quizzes.queries.watched import WatchedResult

SMALLEST, NUMBERS = 10_000, 990_000  # a number has 5 or 6 digits


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """The seat in which a product was made."""

    seat_id: UUID
    person_id: UUID
    sitting_id: UUID


def create(seat: SeatFacts, work: SeatWork, task: SittingTask, attempt: WatchedResult, now: datetime) -> UUID:
    """Create the product of a desk task that was handed in, with a random number, and return its id."""
    sat_on = attempt.ended_at.date()
    posting = postings.posting_on(seat.person_id, sat_on)
    product = Product(
        seat_id=seat.seat_id,
        position=work.position,
        number=_free_number(),
        competency=task.competency,
        level=task.level,
        course_id=task.course_id,
        version_id=attempt.version_id,
        task=task.task,
        language=attempt.language,
        attempt_id=attempt.attempt_id,
        country=posting.country if posting else "",
        agency_id=posting.agency_id if posting else None,
        sat_on=sat_on,
        submitted_at=attempt.ended_at,
        wanted_by=sat_on + timedelta(days=MARKED_WITHIN_DAYS),
        state=ProductState.WAITING,
    )
    db.session.add(product)
    db.session.flush()
    return product.id


def withdraw(attempt_ids: Collection[UUID]) -> None:
    """Withdraw the products of these attempts that are not marked yet: the seat was ended."""
    unmarked = (Product.attempt_id.in_(attempt_ids), Product.state != ProductState.MARKED)
    db.session.execute(update(Product).where(*unmarked).values(state=ProductState.WITHDRAWN))


def _free_number() -> int:
    while True:
        number = SMALLEST + randbelow(NUMBERS)
        if db.session.scalar(select(Product.id).where(Product.number == number)) is None:
            return number
