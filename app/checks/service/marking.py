"""Use cases of assessors: take a product, save a draft, submit scores, return it, add a comment to the bank."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor
from app.catalogue.domain.references.rubrics import Rubric
from app.checks.domain import marking as rules
from app.checks.domain.marking import RETURNED_AFTER, Calibrated, NotTaken, Scores, Submitted
from app.checks.domain.products import MarkingPart, ProductState
from app.checks.events import MarkingCommentAdded, ProductMarked, ProductReturned, ProductTaken
from app.checks.models import Marking, MarkingComment, Product
from app.checks.queries import calibrations, marking as queries, products
from app.checks.queries.marking import OwnMarking, PostedAssessor
from app.db.session import db, record
from app.identity.queries import postings
from app.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class NewScores:
    """What an assessor writes: scores by criterion, the comment to the officer, whether a second one is asked for."""

    scores: Scores
    comment: str
    asks_second: bool = False


def take(actor: Actor, number: int, now: datetime) -> int | NotTaken:
    """Take a product to mark it, and return its number; one that the assessor has is returned again.

    The row of the product decides between two assessors at once: the second one learns that it is gone.
    """
    postings.lock(actor.id)  # two requests at once of one assessor are counted one after the other
    marker = queries.marker(actor, now.date())
    opened = {marking.number for marking in queries.open_markings(actor.id)}
    if marker is None or number in opened or len(opened) >= rules.MOST_OPEN:
        return _without_taking(number, opened, is_posted=marker is not None)
    product = _offered(marker, number)
    if product is None:
        return NotTaken.GONE
    if not _is_calibrated(actor.id, products.rubric_of(product.competency, product.level), now):
        return NotTaken.NOT_CALIBRATED
    _add(product, marker, now)
    return number


def _offered(marker: PostedAssessor, number: int) -> Product | None:
    """Lock a product and return it, or None if the assessor may not mark it, or no longer."""
    locked = select(Product).where(Product.number == number).with_for_update()
    product = db.session.scalars(locked.execution_options(populate_existing=True)).one_or_none()
    return product if product is not None and queries.may_mark(marker, number) else None


def _without_taking(number: int, opened: Collection[int], *, is_posted: bool) -> int | NotTaken:
    if number in opened:
        return number
    return NotTaken.TOO_MANY if is_posted else NotTaken.GONE


def _add(product: Product, marker: PostedAssessor, now: datetime) -> None:
    """Add a marking of a product that waits for an assessor, under the lock of its row."""
    part = rules.free_part(product.state, {marking.part for marking in queries.markings_of(product.id)})
    if part is None:
        raise DomainError("This desk task waits for no assessor.")
    marking = Marking(
        product_id=product.id,
        marker_id=marker.id,
        part=part,
        country=marker.country,
        agency_id=marker.agency_id,
        taken_at=now,
    )
    db.session.add(marking)
    db.session.flush()
    _move(product, now)
    record(ProductTaken(at=now, number=product.number, part=part))


def _is_calibrated(person_id: UUID, rubric: Rubric | None, now: datetime) -> bool:
    if rubric is None:
        return False
    return calibrations.state(person_id, rubric, now.date()) in (Calibrated.PASSED, Calibrated.NO_CASE)


def save_draft(marking: OwnMarking, new: NewScores) -> None:
    """Save the scores so far and the comment. Raises DomainError for wrong scores or after the submission."""
    row = _open_row(marking)
    rubric = _rubric(marking)
    if not rules.are_valid(new.scores, rubric.criteria):
        raise DomainError("Score each criterion from 0 to 3.")
    row.scores, row.comment = _text(new.scores), new.comment


def submit(marking: OwnMarking, new: NewScores, now: datetime) -> Submitted:
    """Submit the scores of a product; a repeat changes nothing.

    Raises DomainError for scores that are not complete, NoResultFound after the product was returned.
    """
    product = _lock(marking.product_id)
    row = _row(marking.id)
    if row.submitted_at is not None:
        return Submitted.REPEATED
    if product.state is ProductState.WITHDRAWN:
        raise NoResultFound
    if not rules.are_complete(new.scores, _rubric(marking).criteria):
        raise DomainError("Score each criterion from 0 to 3.")
    row.scores, row.comment, row.submitted_at = _text(new.scores), new.comment, now
    db.session.flush()
    asks = new.asks_second and row.part is MarkingPart.FIRST
    state = _move(product, now, second_asked=asks, is_first=row.part is MarkingPart.FIRST)
    record(ProductMarked(at=now, number=product.number, part=row.part))
    return _SUBMITTED[state]


def give_back(marking: OwnMarking, now: datetime) -> None:
    """Return a product that is not submitted to the queue; its draft is deleted. Raises DomainError after that."""
    product = _lock(marking.product_id)
    row = _row(marking.id)
    if row.submitted_at is not None:
        raise DomainError("You have submitted these scores.")
    _return(product, row.id, now)


def return_open(marking_id: UUID, now: datetime) -> bool:
    """Return a product that an assessor has had open for too long; False if it was submitted or returned meanwhile."""
    product_id = db.session.scalar(select(Marking.product_id).where(Marking.id == marking_id))
    if product_id is None:
        return False
    product = _lock(product_id)
    still = select(Marking.id).where(
        Marking.id == marking_id, Marking.submitted_at.is_(None), Marking.taken_at < now - RETURNED_AFTER
    )
    if db.session.scalar(still) is None:
        return False
    _return(product, marking_id, now)
    return True


def open_for_long(now: datetime, limit: int) -> list[UUID]:
    """Return the markings that assessors have had open for too long."""
    query = select(Marking.id).where(Marking.submitted_at.is_(None), Marking.taken_at < now - RETURNED_AFTER)
    return list(db.session.scalars(query.order_by(Marking.taken_at, Marking.id).limit(limit)))


def add_to_bank(marking: OwnMarking, text: str, now: datetime) -> bool:
    """Add a comment to the bank of the product's rubric; False if the bank has it already."""
    same = select(MarkingComment.id).where(MarkingComment.rubric == marking.rubric, MarkingComment.text == text)
    if db.session.scalars(same.limit(1)).one_or_none() is not None:
        return False
    comment = MarkingComment(rubric=marking.rubric, text=text, written_by=marking.marker_id, written_at=now)
    db.session.add(comment)
    record(MarkingCommentAdded(at=now, rubric=marking.rubric))
    return True


def _return(product: Product, marking_id: UUID, now: datetime) -> None:
    db.session.execute(delete(Marking).where(Marking.id == marking_id))
    if product.state is not ProductState.WITHDRAWN:
        _move(product, now)
    record(ProductReturned(at=now, number=product.number))


def _move(product: Product, now: datetime, *, second_asked: bool = False, is_first: bool = False) -> ProductState:
    """Set the state that follows from the markings; `is_first`: the first assessor submits right now.

    Once the first assessor has submitted, a product that is not marked waits for a second one.
    """
    rubric = products.rubric_of(product.competency, product.level)
    if rubric is None:
        raise DomainError("There is no rubric for this competency and level yet.")
    markings = queries.markings_of(product.id)
    was_asked = not is_first and any(
        marking.part is MarkingPart.FIRST and marking.scores is not None for marking in markings
    )
    reached = rules.outcome(product.level, markings, rubric.mark, second_asked=second_asked or was_asked)
    product.state, product.share = reached.state, reached.ratio
    product.marked_at = now if reached.state is ProductState.MARKED else None
    db.session.flush()
    return reached.state


def _lock(product_id: UUID) -> Product:
    query = select(Product).where(Product.id == product_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _row(marking_id: UUID) -> Marking:
    """Return the row of a marking under the lock of its product, or raise NoResultFound if it was returned."""
    query = select(Marking).where(Marking.id == marking_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _open_row(marking: OwnMarking) -> Marking:
    _lock(marking.product_id)
    row = _row(marking.id)
    if row.submitted_at is not None:
        raise DomainError("You have submitted these scores.")
    return row


def _rubric(marking: OwnMarking) -> Rubric:
    rubric = products.rubric_of(marking.competency, marking.level)
    if rubric is None:
        raise DomainError("There is no rubric for this competency and level yet.")
    return rubric


def _text(scores: Scores) -> str:
    return msgspec.json.encode(dict(scores)).decode()


_SUBMITTED: Mapping[ProductState, Submitted] = {
    ProductState.MARKED: Submitted.MARKED,
    ProductState.WAITING: Submitted.WAITS,
    ProductState.MARKING: Submitted.WAITS,
    ProductState.DIFFERENT: Submitted.DIFFERS,
    ProductState.WITHDRAWN: Submitted.MARKED,
}
