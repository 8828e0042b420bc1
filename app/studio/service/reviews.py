"""Send a draft to review, check it point by point, approve it as a second person, and publish it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, select

from app.catalogue.domain.courses import ReviewPoint
from app.catalogue.domain.versions import VersionKind
from app.catalogue.service import publication
from app.catalogue.service.preparation import ReadyCourse
from app.db.session import changed_rows, db, record
from app.db.upsert import insert_ignore
from app.kernel.errors import DomainError
from app.studio.domain.reviews import ReviewState, ReviewStep, may_decide, missing_points, state_after
from app.studio.events import (
    RemarkResolved,
    RemarkWritten,
    ReviewDecided,
    ReviewPointTicked,
    ReviewSubmitted,
)
from app.studio.models import CourseReview, ReviewRemark, ReviewTick
from app.studio.queries import drafts, reviews
from app.studio.service.drafts import open_draft, set_base


@dataclass(frozen=True, slots=True)
class Submission:
    """What the submitter says of the coming version; `ends_on` is for a breaking one alone."""

    kind: VersionKind
    message: str
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewRemark:
    """A remark on a paragraph of a file, or an answer to a remark."""

    path: str
    anchor: str
    position: int
    body: str
    answers_id: UUID | None = None


def submit(course_id: UUID, submission: Submission, *, revision: int, by: UUID, now: datetime) -> UUID:
    """Send a revision of a draft to review; return the id of the review.

    Raises DomainError if nothing changed, a review is open, or the draft changed after the page was opened.
    """
    draft = open_draft(course_id, now)
    if reviews.open_review(course_id) is not None:
        raise DomainError("This course is already in review.")
    if draft.revision != revision:
        raise DomainError("The draft has changed since you opened this page. Look at it again.")
    if all(state.digest == state.base_digest for state in drafts.draft_states(course_id).values()):
        raise DomainError("Nothing has changed since the published version.")
    review = CourseReview(
        course_id=course_id,
        revision=revision,
        state=ReviewState.IN_REVIEW,
        kind=submission.kind,
        message=submission.message,
        ends_on=submission.ends_on,
        submitted_by=by,
        submitted_at=now,
    )
    db.session.add(review)
    db.session.flush()
    kind = str(submission.kind)
    record(ReviewSubmitted(at=now, course_id=course_id, review_id=review.id, number=revision, kind=kind))
    return review.id


def authors_of(course_id: UUID, revision: int) -> frozenset[UUID]:
    """Return the authors of all that changed since the published version, up to a revision."""
    published = (
        select(func.max(CourseReview.revision))
        .where(CourseReview.course_id == course_id, CourseReview.state == ReviewState.PUBLISHED)
        .scalar_subquery()
    )
    since = db.session.scalar(select(func.coalesce(published, 0)))
    return drafts.authors(course_id, since=since or 0, until=revision)


def tick(review_id: UUID, point: ReviewPoint, *, is_done: bool, by: UUID, now: datetime) -> None:
    """Mark a point of the checklist as fulfilled or open. Raises DomainError if the review is over."""
    review = _lock(review_id)
    _require_open(review)
    if is_done:
        values = {"review_id": review_id, "point": point, "person_id": by, "ticked_at": now}
        statement = insert_ignore(ReviewTick, (ReviewTick.review_id, ReviewTick.point)).values(values)
    else:
        statement = delete(ReviewTick).where(ReviewTick.review_id == review_id, ReviewTick.point == point)
    if changed_rows(statement):
        record(ReviewPointTicked(at=now, review_id=review_id, point=str(point), is_done=is_done))


def approve(review_id: UUID, *, by: UUID, now: datetime) -> None:
    """Approve a review as its second person.

    Raises DomainError for the submitter and the authors, with open remarks, and without the required points.
    """
    review = _lock(review_id)
    _require_second_person(review, by)
    if reviews.open_remarks(review.course_id):
        raise DomainError("There are open remarks. Resolve them first.")
    if missing_points(reviews.ticks(review_id).keys()):
        raise DomainError("Required points of the checklist are open.")
    _decide(review, ReviewStep.APPROVE, by, now)


def request_changes(review_id: UUID, *, by: UUID, now: datetime) -> None:
    """Send a draft back to its authors. Raises DomainError for the submitter."""
    review = _lock(review_id)
    if review.submitted_by == by:
        raise DomainError("You sent this draft to review. You can withdraw it.")
    _decide(review, ReviewStep.REQUEST_CHANGES, by, now)


def withdraw(review_id: UUID, *, now: datetime) -> None:
    """End a review without a decision, so that its authors can submit again."""
    review = _lock(review_id)
    review.state = state_after(review.state, ReviewStep.WITHDRAW)
    review.decided_by = review.decided_at = None
    review.closed_at = now
    record(ReviewDecided(at=now, course_id=review.course_id, review_id=review.id, state=str(review.state)))


def publish(review_id: UUID, ready: ReadyCourse, now: datetime) -> int:
    """Publish the approved revision, rendered before the transaction; return the number of the version.

    Raises DomainError if it is not approved, or if another version was published since.
    """
    review = _lock(review_id)
    state = state_after(review.state, ReviewStep.PUBLISH)
    if review.decided_by is None:
        raise DomainError("A second person must approve this draft first.")
    publication.store_draft(ready, now)
    published = publication.publish(
        ready.folder.course.id,
        kind=review.kind,
        message=review.message,
        first_id=review.submitted_by,
        second_id=review.decided_by,
        now=now,
    )
    if not isinstance(published, publication.Stored):
        raise DomainError("This text is already published.")
    review.state, review.closed_at = state, now
    set_base(review.course_id, published.version_id, review.revision)
    record(ReviewDecided(at=now, course_id=review.course_id, review_id=review.id, state=str(state)))
    return published.number


def write_remark(course_id: UUID, remark: NewRemark, *, by: UUID, now: datetime) -> UUID:
    """Add a remark on a paragraph, or an answer to one; return its id."""
    open_draft(course_id, now)
    row = ReviewRemark(
        course_id=course_id,
        path=remark.path,
        anchor=remark.anchor,
        position=remark.position,
        answers_id=remark.answers_id,
        body=remark.body,
        author_id=by,
        written_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(RemarkWritten(at=now, course_id=course_id, remark_id=row.id))
    return row.id


def resolve_remark(course_id: UUID, remark_id: UUID, *, is_resolved: bool, by: UUID, now: datetime) -> None:
    """Resolve a remark, or open it again. Raises NoResultFound for a remark of another course."""
    remark = db.session.scalars(
        select(ReviewRemark)
        .where(ReviewRemark.id == remark_id, ReviewRemark.course_id == course_id, ReviewRemark.answers_id.is_(None))
        .with_for_update()
    ).one()
    if (remark.resolved_at is not None) == is_resolved:
        return
    remark.resolved_by, remark.resolved_at = (by, now) if is_resolved else (None, None)
    record(RemarkResolved(at=now, course_id=course_id, remark_id=remark_id, is_resolved=is_resolved))


def _decide(review: CourseReview, step: ReviewStep, by: UUID, now: datetime) -> None:
    review.state = state_after(review.state, step)
    review.decided_by, review.decided_at = by, now
    record(ReviewDecided(at=now, course_id=review.course_id, review_id=review.id, state=str(review.state)))


def _require_second_person(review: CourseReview, by: UUID) -> None:
    if not may_decide(by, review.submitted_by, authors_of(review.course_id, review.revision)):
        raise DomainError("You wrote a part of this draft or sent it to review. A second person approves it.")


def _require_open(review: CourseReview) -> None:
    if review.state is not ReviewState.IN_REVIEW:
        raise DomainError("This review is over.")


def _lock(review_id: UUID) -> CourseReview:
    query = select(CourseReview).where(CourseReview.id == review_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
