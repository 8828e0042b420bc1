"""Create and withdraw the products of desk tasks: what markers see by number alone."""

from datetime import datetime, timedelta
from secrets import randbelow
from uuid import UUID

from sqlalchemy import select, update

from app.checks.domain.products import MARKED_WITHIN_DAYS, ProductState
from app.checks.models import Product, SittingSeat, SittingTask
from app.db.session import db
from app.identity.queries import postings
from app.quizzes.queries.watched import WatchedResult

SMALLEST, NUMBERS = 10_000, 990_000  # a number has 5 or 6 digits


def create(seat: SittingSeat, work: object, task: SittingTask, attempt: WatchedResult, now: datetime) -> UUID:
    """Create the product of a desk task that was handed in, with a random number, and return its id."""
    sat_on = attempt.ended_at.date()
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
        wanted_by=sat_on + timedelta(days=MARKED_WITHIN_DAYS),
        state=ProductState.WAITING,
    )
    db.session.add(product)
    db.session.flush()
    return product.id


def withdraw_of_seat(seat_id: UUID) -> None:
    """Withdraw the unmarked products of a seat that was ended."""
    unmarked = (Product.seat_id == seat_id, Product.state != ProductState.MARKED)
    db.session.execute(update(Product).where(*unmarked).values(state=ProductState.WITHDRAWN))


def _free_number() -> int:
    while True:
        number = SMALLEST + randbelow(NUMBERS)
        if db.session.scalar(select(Product.id).where(Product.number == number)) is None:
            return number
