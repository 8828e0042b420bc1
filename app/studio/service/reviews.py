"""Send a draft to review, check it point by point, approve it as a second person, and publish it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select

from app.catalogue.domain.courses import ReviewPoint
from app.catalogue.domain.versions import VersionKind
from app.catalogue.queries import versions
from app.catalogue.service import publication
from app.catalogue.service.preparation import ReadyCourse
from app.db.session import changed_rows, db, record
from app.db.upsert import insert_ignore
from app.kernel.errors import DomainError
from app.learning.queries import requirements
from app.studio.domain.reviews import (
    OPEN,
    ReviewState,
    ReviewStep,
    first_last_day,
    is_too_near,
    may_decide,
    missing_points,
    state_after,
)
from app.studio.domain.revisions import tree_digest
from app.studio.events import ReviewDecided, ReviewPointTicked, ReviewSubmitted
from app.studio.models import CourseDraft, CourseReview, ReviewTick
from app.studio.queries import drafts, reviews
from app.studio.queries.reviews import DraftReview
from app.studio.service import base_versions
from app.studio.service.base_versions import Updated
from app.studio.service.drafts import open_draft, seal

_NOT_APPROVED = "A second person must approve this draft first."


@dataclass(frozen=True, slots=True)
class Submission:
    """What the submitter says of the coming version."""

    kind: VersionKind
    message: str
    ends_on: date | None = None  # of a breaking version: the last day of the records of earlier versions


class DraftChangedError(DomainError):
    """The draft is no longer as the page of its submitter showed it; nothing was written."""


def submit(course_id: UUID, submission: Submission, *, tree: str, by: UUID, now: datetime) -> UUID:
    """Send the newest revision of a draft to review; return the id of the review. `tree` is the digest of its files.

    Raises DraftChangedError if they have another digest, and DomainError if nothing changed, a review is open, a
    version was published that the draft does not contain, or records would end too soon.
    """
    _check_last_day(submission, now)
    draft = open_draft(course_id, now)
    _check_draft(draft, submission.kind, tree)
    review = CourseReview(
        course_id=course_id,
        revision=draft.revision,
        state=ReviewState.IN_REVIEW,
        kind=submission.kind,
        message=submission.message,
        ends_on=submission.ends_on,
        submitted_by=by,
        submitted_at=now,
    )
    db.session.add(review)
    seal(draft)
    db.session.flush()
    kind = str(submission.kind)
    record(ReviewSubmitted(at=now, course_id=course_id, review_id=review.id, number=review.revision, kind=kind))
    return review.id


def _check_draft(draft: CourseDraft, kind: VersionKind, tree: str) -> None:
    """Raise DomainError if a draft cannot be sent to review; a retirement needs no change, and may be behind."""
    if reviews.open_review(draft.course_id) is not None:
        raise DomainError("This course is already in review.")
    if tree_digest(drafts.tree(draft.course_id)) != tree:
        raise DraftChangedError("The draft changed since you opened this page.")
    if kind is VersionKind.RETIREMENT:
        return
    _require_current_base(draft)
    if all(state.digest == state.base_digest for state in drafts.draft_states(draft.course_id).values()):
        raise DomainError("Nothing has changed since the published version.")


def _check_last_day(submission: Submission, now: datetime) -> None:
    """Raise DomainError unless a breaking version, and no other one, names a day that leaves learners some time."""
    if (submission.kind is VersionKind.BREAKING) is (submission.ends_on is None):
        raise DomainError("Choose the last day of the records of earlier versions.")
    if submission.ends_on is not None and submission.ends_on < first_last_day(now.date()):
        raise DomainError("Learners need at least 28 days. Choose a later day.")


def propose_retirement(course_id: UUID, reason: str, *, by: UUID, now: datetime) -> UUID:
    """Ask a second person to retire a published course; return the id of the review.

    Raises DomainError if the course is not published or retired already, or a review is open.
    """
    (course,) = versions.course_records({course_id})
    if course.version_id is None or versions.is_retired(course.version_id):
        raise DomainError("This course is not offered to learners.")
    open_draft(course_id, now)
    submission = Submission(VersionKind.RETIREMENT, reason)
    return submit(course_id, submission, tree=tree_digest(drafts.tree(course_id)), by=by, now=now)


def tick(review_id: UUID, point: ReviewPoint, *, is_done: bool, by: UUID, now: datetime) -> None:
    """Mark a point of the checklist as fulfilled or open, as a second person.

    Raises DomainError for the submitter and the authors, and if the review is over.
    """
    review = _lock(review_id)
    _require_open(review)
    _require_second_person(review, by)
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
    is_text = review.kind is not VersionKind.RETIREMENT
    if is_text and reviews.open_remarks(review.course_id):
        raise DomainError("There are open remarks. Resolve them first.")
    if is_text and missing_points(reviews.ticks(review_id).keys()):
        raise DomainError("Required points of the checklist are open.")
    _decide(review, ReviewStep.APPROVE, by, now)


def request_changes(review_id: UUID, *, by: UUID, now: datetime) -> None:
    """Send a draft back to its authors.

    Raises DomainError for the submitter and the authors, and without an open remark: it says what to change.
    """
    review = _lock(review_id)
    _require_second_person(review, by)
    if not reviews.open_remarks(review.course_id):
        raise DomainError("Write a remark that says what to change. Then ask for changes.")
    _decide(review, ReviewStep.REQUEST_CHANGES, by, now)


def withdraw(review_id: UUID, *, now: datetime) -> None:
    """End a review without a decision, so that its authors can submit again."""
    _withdraw(_lock(review_id), now)


def bring_up_to_date(course_id: UUID, *, by: UUID, now: datetime) -> Updated:
    """Withdraw the open review of a course, if any, and combine its draft with the published version."""
    line = reviews.open_review(course_id)
    review = _lock(line.id) if line else None
    if review is not None and review.state in OPEN:
        _withdraw(review, now)
        db.session.flush()
    open_draft(course_id, now)
    if reviews.open_review(course_id) is not None:  # submitted by another user since
        raise DomainError("This course is already in review.")
    return base_versions.update_base(course_id, by=by, now=now)


def _withdraw(review: CourseReview, now: datetime) -> None:
    review.state = state_after(review.state, ReviewStep.WITHDRAW)
    review.decided_by = review.decided_at = None
    review.closed_at = now
    record(ReviewDecided(at=now, course_id=review.course_id, review_id=review.id, state=str(review.state)))


def publish(review_id: UUID, ready: ReadyCourse, now: datetime) -> int:
    """Publish the approved revision, rendered before the transaction; return the number of the version.

    Raises DomainError if it is not approved, or if another version was published since.
    """
    review = _lock(review_id)
    require_approval(review)
    if review.decided_by is None:
        raise DomainError(_NOT_APPROVED)
    if review.ends_on is not None and is_too_near(review.ends_on, now.date()):
        raise DomainError("The last day of earlier records is too near. Withdraw the review, then choose a later day.")
    state = state_after(review.state, ReviewStep.PUBLISH)
    draft = open_draft(review.course_id, now)
    _require_current_base(draft)
    _require_same_course(draft.course_id, ready)
    publication.store_draft(ready, now)
    published = publication.publish(
        ready.folder.course.id,
        kind=review.kind,
        message=review.message,
        first_id=review.submitted_by,
        second_id=review.decided_by,
        now=now,
        ends_on=review.ends_on,
    )
    if not isinstance(published, publication.Stored):
        raise DomainError("This text is already published.")
    review.state, review.closed_at = state, now
    base_versions.set_base(draft, published.version_id, review.revision)
    record(ReviewDecided(at=now, course_id=review.course_id, review_id=review.id, state=str(state)))
    return published.number


def retire(review_id: UUID, now: datetime) -> None:
    """Retire the course of an approved retirement.

    Raises DomainError if it is not approved, or if officers are required to complete the course.
    """
    review = _lock(review_id)
    require_approval(review)
    if review.decided_by is None or review.kind is not VersionKind.RETIREMENT:
        raise DomainError(_NOT_APPROVED)
    if review.course_id in requirements.required_courses(now.date()):
        raise DomainError("Officers are required to complete this course. A coordinator ends the requirement first.")
    review.state, review.closed_at = state_after(review.state, ReviewStep.PUBLISH), now
    publication.retire(review.course_id, first_id=review.submitted_by, second_id=review.decided_by, now=now)
    record(ReviewDecided(at=now, course_id=review.course_id, review_id=review.id, state=str(review.state)))


def require_approval(review: DraftReview | CourseReview) -> None:
    """Raise DomainError unless a second person approved a review that is not published yet."""
    if review.state is ReviewState.PUBLISHED:
        raise DomainError("This draft is already published.")
    if review.state is not ReviewState.APPROVED:
        raise DomainError(_NOT_APPROVED)


def _decide(review: CourseReview, step: ReviewStep, by: UUID, now: datetime) -> None:
    review.state = state_after(review.state, step)
    review.decided_by, review.decided_at = by, now
    record(ReviewDecided(at=now, course_id=review.course_id, review_id=review.id, state=str(review.state)))


def _require_second_person(review: CourseReview, by: UUID) -> None:
    if not may_decide(by, review.submitted_by, reviews.authors_of(review.course_id, review.kind, review.revision)):
        raise DomainError("You wrote a part of this draft or sent it to review. A second person checks it.")


def _require_current_base(draft: CourseDraft) -> None:
    (course,) = versions.course_records({draft.course_id})
    if course.version_id != draft.base_version_id:
        raise DomainError("Another version was published. Bring the draft up to date first.")


def _require_same_course(course_id: UUID, ready: ReadyCourse) -> None:
    """Raise DomainError if the draft has the id of another course in course.toml."""
    (course,) = versions.course_records({course_id})
    if (ready.folder.course.id, ready.folder.slug) != (course.code, course.slug):
        raise DomainError("The id in course.toml is not the id of this course.")


def _require_open(review: CourseReview) -> None:
    if review.state is not ReviewState.IN_REVIEW:
        raise DomainError("This review is over.")


def _lock(review_id: UUID) -> CourseReview:
    query = select(CourseReview).where(CourseReview.id == review_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
