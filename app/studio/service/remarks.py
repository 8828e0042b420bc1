"""Write remarks on paragraphs of a reviewed draft, answer and resolve them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.catalogue.domain.translations import block_hash
from app.db.session import db, record
from app.kernel.errors import DomainError
from app.studio.domain.reviews import OPEN, ReviewState, may_resolve
from app.studio.events import RemarkResolved, RemarkWritten
from app.studio.models import CourseReview, ReviewRemark
from app.studio.queries import remarks, reviews

_NOT_RESOLVED = "Remarks are resolved before the approval, by who wrote them or by a second person."


def write_remark(review_id: UUID, path: str, position: int, body: str, *, by: UUID, now: datetime) -> UUID:
    """Add a remark on the paragraph at a position (from 0) of a file; return its id.

    Raises DomainError if the reviewed revision has no such paragraph, or if the review is over.
    """
    query = select(CourseReview).where(CourseReview.id == review_id).with_for_update()
    review = db.session.scalars(query.execution_options(populate_existing=True)).one()
    if review.state is not ReviewState.IN_REVIEW:
        raise DomainError("This review is over.")
    blocks = remarks.blocks_at(review.course_id, path, review.revision)
    if not 0 <= position < len(blocks):
        raise DomainError("The paragraph of this remark does not exist.")
    row = ReviewRemark(
        course_id=review.course_id,
        path=path,
        anchor=block_hash(blocks[position]),
        position=position,
        body=body,
        author_id=by,
        written_at=now,
    )
    return _add(row, now)


def answer_remark(course_id: UUID, remark_id: UUID, body: str, *, by: UUID, now: datetime) -> UUID:
    """Add an answer to a remark; return its id. Raises NoResultFound for a remark of another course."""
    remark = _remark(course_id, remark_id)
    row = ReviewRemark(
        course_id=course_id,
        path=remark.path,
        anchor=remark.anchor,
        position=remark.position,
        answers_id=remark_id,
        body=body,
        author_id=by,
        written_at=now,
    )
    return _add(row, now)


def resolve_remark(course_id: UUID, remark_id: UUID, *, is_resolved: bool, by: UUID, now: datetime) -> None:
    """Resolve a remark, or open it again.

    Raises NoResultFound for a remark of another course, DomainError for the authors of the draft and after an approval.
    """
    state = _lock_open_review(course_id)
    remark = _remark(course_id, remark_id)
    if not may_resolve(by, remark.author_id, reviews.writers(course_id), state):
        raise DomainError(_NOT_RESOLVED)
    if (remark.resolved_at is not None) == is_resolved:
        return
    remark.resolved_by, remark.resolved_at = (by, now) if is_resolved else (None, None)
    record(RemarkResolved(at=now, course_id=course_id, remark_id=remark_id, is_resolved=is_resolved))


def _lock_open_review(course_id: UUID) -> ReviewState | None:
    """Lock the open review of a course and return its state: it is not approved while a remark is opened."""
    query = select(CourseReview.state).where(CourseReview.course_id == course_id, CourseReview.state.in_(OPEN))
    return db.session.scalars(query.with_for_update()).one_or_none()


def _remark(course_id: UUID, remark_id: UUID) -> ReviewRemark:
    """Return a locked remark that is no answer."""
    query = select(ReviewRemark).where(
        ReviewRemark.id == remark_id, ReviewRemark.course_id == course_id, ReviewRemark.answers_id.is_(None)
    )
    return db.session.scalars(query.with_for_update()).one()


def _add(row: ReviewRemark, now: datetime) -> UUID:
    db.session.add(row)
    db.session.flush()
    record(RemarkWritten(at=now, course_id=row.course_id, remark_id=row.id))
    return row.id
