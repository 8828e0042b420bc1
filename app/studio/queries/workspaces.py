"""Courses that a trainer writes or a reviewer reads: who has which right, and the loaders of the views."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, Role, Scope, Sensitivity, allows
from app.catalogue.queries import versions
from app.catalogue.queries.versions import CourseRecord
from app.db.session import db
from app.identity.queries import roles
from app.kernel import clock
from app.studio.models import CourseDraft, CourseReview, CourseReviewer


@dataclass(frozen=True, slots=True)
class Workspace:
    """A course as its authors see it; `revision` is 0 until a draft is opened, `number` 0 until it is published."""

    course_id: UUID
    code: str
    slug: str
    sensitivity: Sensitivity
    version_id: UUID | None
    number: int
    revision: int
    base_version_id: UUID | None
    trainers: frozenset[UUID]
    reviewers: frozenset[UUID]

    @property
    def is_behind(self) -> bool:
        """Return whether another version was published, by the console, after this draft was opened."""
        return bool(self.revision) and self.base_version_id != self.version_id


@dataclass(frozen=True, slots=True)
class WorkspaceReview:
    """A review with the people who have rights in its course."""

    id: UUID
    workspace: Workspace

    @property
    def trainers(self) -> frozenset[UUID]:
        """Return the trainers of the course."""
        return self.workspace.trainers

    @property
    def reviewers(self) -> frozenset[UUID]:
        """Return the reviewers of the course."""
        return self.workspace.reviewers


def workspace(actor: Actor, course: str) -> Workspace:
    """Return a course that the actor may read as its author or reviewer, or raise NoResultFound."""
    return _checked(actor, versions.course_record(course))


def written_courses(person_id: UUID, today: date) -> list[CourseRecord]:
    """Return the courses of which a person is a trainer, by code."""
    scopes = roles.scopes(person_id, Role.TRAINER, today)
    records = versions.all_records() if scopes else []
    if any(scope is Scope.ALL for scope, _reach in scopes):
        return records
    reaches = {reach for scope, reach in scopes if scope is Scope.COURSE}
    return [record for record in records if str(record.id) in reaches]


def workspaces(actor: Actor) -> list[Workspace]:
    """Return the courses of which the actor is a trainer or a reviewer, by code."""
    today = clock.today()
    if _has_all(actor.id, today):
        records = versions.all_records()
    else:
        reaches = set(roles.reaches(actor.id, Scope.COURSE, (Role.TRAINER,), today))
        ids = {record.id for record in versions.all_records() if str(record.id) in reaches}
        ids |= set(db.session.scalars(select(CourseReviewer.course_id).where(CourseReviewer.person_id == actor.id)))
        records = versions.course_records(ids)
    drafts = _drafts({record.id for record in records})
    return [_workspace(actor, record, drafts.get(record.id), today) for record in records]


def review(actor: Actor, review_id: UUID) -> WorkspaceReview:
    """Return a review of a course that the actor may read as its author or reviewer, or raise NoResultFound."""
    course_id = db.session.execute(select(CourseReview.course_id).where(CourseReview.id == review_id)).scalar_one()
    (record,) = versions.course_records({course_id})
    return WorkspaceReview(review_id, _checked(actor, record))


def trainers_of(course_id: UUID, today: date) -> frozenset[UUID]:
    """Return the trainers of a course, without those of all courses."""
    holders = roles.holders(Scope.COURSE, str(course_id), today)
    return frozenset(person_id for role, person_id in holders if role is Role.TRAINER)


def code_of(course_id: UUID) -> str:
    """Return the id of a course, such as M01."""
    (record,) = versions.course_records({course_id})
    return record.code


def reviewers_of(course_id: UUID) -> frozenset[UUID]:
    """Return the people who were added as reviewers of a course."""
    query = select(CourseReviewer.person_id).where(CourseReviewer.course_id == course_id)
    return frozenset(db.session.scalars(query))


def _checked(actor: Actor, record: CourseRecord) -> Workspace:
    workspace_of_actor = _workspace(actor, record, _drafts({record.id}).get(record.id), clock.today())
    if not allows(actor, Action.READ_DRAFT, workspace_of_actor):
        raise NoResultFound
    return workspace_of_actor


def _workspace(actor: Actor, record: CourseRecord, draft: CourseDraft | None, today: date) -> Workspace:
    trainers = trainers_of(record.id, today)
    if _has_all(actor.id, today):
        trainers |= {actor.id}
    return Workspace(
        course_id=record.id,
        code=record.code,
        slug=record.slug,
        sensitivity=record.sensitivity,
        version_id=record.version_id,
        number=record.number,
        revision=draft.revision if draft else 0,
        base_version_id=draft.base_version_id if draft else None,
        trainers=trainers,
        reviewers=reviewers_of(record.id),
    )


def _drafts(ids: Collection[UUID]) -> dict[UUID, CourseDraft]:
    rows = db.session.scalars(select(CourseDraft).where(CourseDraft.course_id.in_(ids)))
    return {draft.course_id: draft for draft in rows}


def _has_all(person_id: UUID, today: date) -> bool:
    """Return whether a person is a trainer of all courses."""
    return (Role.TRAINER, person_id) in roles.holders(Scope.ALL, "", today)
