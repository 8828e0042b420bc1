"""Read reviews of drafts with their checklist, and remarks on paragraphs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from app.access.policy import Role, Scope
from app.catalogue.domain.courses import ReviewPoint
from app.catalogue.domain.versions import VersionKind
from app.db.session import db
from app.identity.queries import roles
from app.studio.domain.reviews import OPEN, ReviewState, contributing_revisions
from app.studio.models import CourseDraft, CourseReview, CourseReviewer, ReviewRemark, ReviewTick
from app.studio.queries import drafts


@dataclass(frozen=True, slots=True)
class DraftReview:
    """A review of a revision of a draft."""

    id: UUID
    course_id: UUID
    revision: int
    state: ReviewState
    kind: VersionKind
    message: str
    ends_on: date | None
    submitted_by: UUID
    submitted_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class TickLine:
    """Who fulfilled a point of the checklist, and when."""

    person_id: UUID
    ticked_at: datetime


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """A remark on a paragraph, or the answer to one (`answers_id`)."""

    id: UUID
    course_id: UUID
    path: str
    anchor: str
    position: int
    answers_id: UUID | None
    body: str
    author_id: UUID
    written_at: datetime
    resolved_by: UUID | None
    resolved_at: datetime | None


_COLUMNS = tuple(
    getattr(CourseReview, name)
    for name in DraftReview.__slots__  # the columns have the names of the fields
)
_REMARK = tuple(getattr(ReviewRemark, name) for name in RemarkLine.__slots__)


def review_line(review_id: UUID) -> DraftReview:
    """Return a review, or raise NoResultFound."""
    return DraftReview(*db.session.execute(select(*_COLUMNS).where(CourseReview.id == review_id)).one())


def open_review(course_id: UUID) -> DraftReview | None:
    """Return the review of a course that is neither published, nor withdrawn, nor sent back."""
    query = select(*_COLUMNS).where(CourseReview.course_id == course_id, CourseReview.state.in_(OPEN))
    row = db.session.execute(query).one_or_none()
    return DraftReview(*row) if row else None


def reviews(course_id: UUID) -> list[DraftReview]:
    """Return the reviews of a course, the newest first."""
    query = select(*_COLUMNS).where(CourseReview.course_id == course_id)
    return [DraftReview(*row) for row in db.session.execute(query.order_by(CourseReview.submitted_at.desc()).limit(50))]


def authors(course_id: UUID, revision: int) -> frozenset[UUID]:
    """Return the authors of all that changed since the published version, up to a revision."""
    query = select(CourseReview.revision).where(
        CourseReview.course_id == course_id,
        CourseReview.state == ReviewState.PUBLISHED,
        CourseReview.kind != VersionKind.RETIREMENT,
        CourseReview.revision < revision,
    )
    published = list(db.session.scalars(query))
    restored = drafts.restored_states(course_id)
    return drafts.authors(course_id, contributing_revisions(revision, published=published, restored=restored))


def writers(course_id: UUID) -> frozenset[UUID]:
    """Return who wrote the draft as it is now, and who sent it to review last: none of them checks it."""
    revision = db.session.scalar(select(CourseDraft.revision).where(CourseDraft.course_id == course_id)) or 0
    newest = select(CourseReview.submitted_by).where(CourseReview.course_id == course_id)
    submitter = db.session.scalar(newest.order_by(CourseReview.submitted_at.desc()).limit(1))
    return authors(course_id, revision) | ({submitter} if submitter else set())


def authors_of(course_id: UUID, kind: VersionKind, revision: int) -> frozenset[UUID]:
    """Return the authors of what a review would publish; a retirement publishes nothing."""
    return frozenset() if kind is VersionKind.RETIREMENT else authors(course_id, revision)


def published_revision(course_id: UUID, before: int) -> int:
    """Return the newest published revision below a number; without one 1, the opened draft."""
    query = select(func.max(CourseReview.revision)).where(
        CourseReview.course_id == course_id,
        CourseReview.state == ReviewState.PUBLISHED,
        CourseReview.kind != VersionKind.RETIREMENT,
        CourseReview.revision < before,
    )
    return db.session.scalar(query) or 1


def latest_for(person_id: UUID, today: date) -> list[DraftReview]:
    """Return the newest review of each course that a person writes or reviews, if it is not over, the oldest first."""
    written = set(roles.reaches(person_id, Scope.COURSE, (Role.TRAINER,), today))
    reviewed = set(db.session.scalars(select(CourseReviewer.course_id).where(CourseReviewer.person_id == person_id)))
    waiting = (*OPEN, ReviewState.CHANGES_REQUESTED)
    later = aliased(CourseReview)
    is_replaced = exists().where(
        later.course_id == CourseReview.course_id, later.submitted_at > CourseReview.submitted_at
    )
    query = select(*_COLUMNS).where(CourseReview.state.in_(waiting), ~is_replaced)
    lines = [DraftReview(*row) for row in db.session.execute(query.order_by(CourseReview.submitted_at))]
    return [line for line in lines if str(line.course_id) in written or line.course_id in reviewed]


def ticks(review_id: UUID) -> Mapping[ReviewPoint, TickLine]:
    """Return the fulfilled points of the checklist of a review."""
    query = select(ReviewTick.point, ReviewTick.person_id, ReviewTick.ticked_at).where(
        ReviewTick.review_id == review_id
    )
    return {row[0]: TickLine(row[1], row[2]) for row in db.session.execute(query)}


def remarks(course_id: UUID, *, path: str | None = None) -> list[RemarkLine]:
    """Return the remarks on a course, or on one of its files, the oldest first; answers follow their remark."""
    query = select(*_REMARK).where(ReviewRemark.course_id == course_id)
    if path is not None:
        query = query.where(ReviewRemark.path == path)
    rows = db.session.execute(query.order_by(ReviewRemark.path, ReviewRemark.position, ReviewRemark.written_at))
    return [RemarkLine(*row) for row in rows]


def remark_path(course_id: UUID, remark_id: UUID) -> str:
    """Return the path of the file of a remark, or raise NoResultFound."""
    query = select(ReviewRemark.path).where(ReviewRemark.id == remark_id, ReviewRemark.course_id == course_id)
    return db.session.execute(query).scalar_one()


def open_remarks(course_id: UUID) -> Mapping[str, int]:
    """Return the number of unresolved remarks by path."""
    query = (
        select(ReviewRemark.path, func.count())
        .where(
            ReviewRemark.course_id == course_id,
            ReviewRemark.answers_id.is_(None),
            ReviewRemark.resolved_at.is_(None),
        )
        .group_by(ReviewRemark.path)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
