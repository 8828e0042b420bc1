"""Create and copy courses, change the order and the facts of their lessons, and add authors and reviewers."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from app.access.policy import Role, Scope, Sensitivity
from app.catalogue.queries.versions import StoredFile
from app.catalogue.service import publication
from app.db.locks import lock_key
from app.db.session import changed_rows, db, record
from app.db.upsert import insert_ignore
from app.identity.queries import roles as role_queries
from app.kernel.errors import DomainError
from app.rights.service import roles
from app.studio.domain import course_edits
from app.studio.domain.archived_course import ArchivedCourse
from app.studio.domain.course_edits import Changes, Files, NewCourse
from app.studio.domain.media_library import is_medium
from app.studio.domain.revisions import RevisionKind
from app.studio.events import CourseCreated, ReviewerAdded, ReviewerRemoved
from app.studio.models import CourseReviewer, DraftSourceAuthor
from app.studio.queries import drafts, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service.drafts import change_files, open_draft

_STRICTNESS = (Sensitivity.UNRESTRICTED, Sensitivity.LAW_ENFORCEMENT_ONLY, Sensitivity.PARTICIPANTS_ONLY)


def create_course(course: NewCourse, *, by: UUID, now: datetime) -> UUID:
    """Create a course with its draft; its creator becomes its trainer. Raises DomainError if its id is taken."""
    return _create(course, course_edits.new_course(course), by=by, now=now)


def copy_course(source: Workspace, course: NewCourse, *, by: UUID, now: datetime) -> UUID:
    """Create a course from the draft of another one, with new ids of its questions; its authors stay authors.

    Raises DomainError if its id is taken, or if its sensitivity is lower than that of its source.
    """
    if _STRICTNESS.index(course.sensitivity) < _STRICTNESS.index(source.sensitivity):
        raise DomainError("A copy needs at least the sensitivity of the course that it comes from.")
    files = drafts.stored_files(source)
    media = {path: file for path, file in files.items() if is_medium(path)}
    texts = {path: file.read() for path, file in files.items() if not is_medium(path)}
    copied = course_edits.copied_course(texts, course)
    course_id = _create(course, {**media, **copied}, by=by, now=now, source_id=source.course_id)
    number = drafts.revisions(course_id, limit=1)[0].number
    for person_id in drafts.authors_of_files(source.course_id):
        db.session.add(DraftSourceAuthor(course_id=course_id, number=number, person_id=person_id))
    return course_id


def create_from_archive(course: ArchivedCourse, *, by: UUID, now: datetime) -> UUID:
    """Create a course from a checked archive; the importer becomes its trainer.

    Raises DomainError if its id is taken.
    """
    return _create(course, course.files, by=by, now=now)


def _create(
    course: NewCourse | ArchivedCourse,
    files: Mapping[str, bytes | StoredFile],
    *,
    by: UUID,
    now: datetime,
    source_id: UUID | None = None,
) -> UUID:
    course_id = publication.add_course(course.code, course.slug, course.sensitivity)
    if by not in workspaces.trainers_of(course_id, now.date()):
        _make_trainer(course_id, by, now)
    record(CourseCreated(at=now, course_id=course_id, source_id=source_id))
    open_draft(course_id, now)
    change_files(course_id, files, RevisionKind.ADDED, by=by, now=now)
    return course_id


def _make_trainer(course_id: UUID, person_id: UUID, now: datetime) -> None:
    """Assign the role of a trainer of a course, for as long as the person is a trainer already."""
    today = now.date()
    until = role_queries.last_day_of(person_id, Role.TRAINER, today)
    roles.add_role(person_id, Role.TRAINER, scope=Scope.COURSE, reach=str(course_id), since=today, until=until)


def add_lesson(workspace: Workspace, title: str, minutes: int, *, by: UUID, now: datetime) -> str:
    """Add an empty lesson at the end of a course; return its slug."""
    open_draft(workspace.course_id, now)
    slug, changes = course_edits.add_lesson(draft_texts(workspace), title, minutes)
    change_files(workspace.course_id, changes, RevisionKind.ADDED, by=by, now=now, note=title)
    return slug


def move_lesson(workspace: Workspace, slug: str, position: int, *, by: UUID, now: datetime) -> None:
    """Move a lesson to a position, counted from 1."""
    change_course(
        workspace, lambda files: course_edits.move_lesson(files, slug, position), RevisionKind.REORDERED, by, now
    )


def remove_lesson(workspace: Workspace, slug: str, *, by: UUID, now: datetime) -> None:
    """Remove a lesson in all its languages from the draft."""
    change_course(workspace, lambda files: course_edits.remove_lesson(files, slug), RevisionKind.REMOVED, by, now, slug)


def change_lesson(
    workspace: Workspace,
    slug: str,
    *,
    minutes: int,
    competencies: tuple[str, ...],
    warning: int,
    by: UUID,
    now: datetime,
) -> None:
    """Change the facts of a lesson: minutes, competencies, level of the warning."""

    def edit(files: Files) -> Changes:
        return course_edits.change_lesson(files, slug, minutes=minutes, competencies=competencies, warning=warning)

    change_course(workspace, edit, RevisionKind.SAVED, by, now)


def change_course(
    workspace: Workspace, edit: Callable[[Files], Changes], kind: RevisionKind, by: UUID, now: datetime, note: str = ""
) -> None:
    """Lock the draft, so that the edit sees its newest files, and save what the edit returns."""
    open_draft(workspace.course_id, now)
    change_files(workspace.course_id, edit(draft_texts(workspace)), kind, by=by, now=now, note=note)


def draft_texts(workspace: Workspace) -> Files:
    """Return the text files of the locked draft."""
    digests = {path: digest for path, digest in drafts.tree(workspace.course_id).items() if "media/" not in path}
    contents = drafts.contents(digests.values())
    return {path: contents[digest] for path, digest in digests.items()}


def add_author(workspace: Workspace, person_id: UUID, now: datetime) -> None:
    """Make another trainer an author of a course; a repeated request changes nothing.

    Raises DomainError if the person is not a trainer.
    """
    if Role.TRAINER not in role_queries.roles_of(person_id, now.date()):
        raise DomainError("This person is not a trainer. A contact point or a coordinator assigns this role.")
    if person_id not in workspaces.trainers_of(workspace.course_id, now.date()):
        _make_trainer(workspace.course_id, person_id, now)


def remove_author(workspace: Workspace, person_id: UUID, now: datetime) -> None:
    """End the role of an author in a course. Raises DomainError for the last one.

    Two authors who remove each other at the same time are handled one after the other.
    """
    lock_key(workspace.course_id.hex)
    trainers = workspaces.trainers_of(workspace.course_id, now.date())
    if person_id not in trainers:
        return
    if len(trainers) == 1:
        raise DomainError("A course needs at least one author. Add another one first.")
    reach = str(workspace.course_id)
    roles.revoke_role(person_id, Role.TRAINER, scope=Scope.COURSE, reach=reach, today=now.date())


def add_reviewer(workspace: Workspace, person_id: UUID, now: datetime) -> None:
    """Let a trainer read and review the draft of a course. Raises DomainError if the person is not a trainer."""
    if Role.TRAINER not in role_queries.roles_of(person_id, now.date()):
        raise DomainError("This person is not a trainer. A contact point or a coordinator assigns this role.")
    values = {"course_id": workspace.course_id, "person_id": person_id, "added_at": now}
    keys = (CourseReviewer.course_id, CourseReviewer.person_id)
    if changed_rows(insert_ignore(CourseReviewer, keys).values(values)):
        record(ReviewerAdded(at=now, course_id=workspace.course_id, person_id=person_id))


def remove_reviewer(workspace: Workspace, person_id: UUID, now: datetime) -> None:
    """End a person's right to review the draft of a course."""
    row = (CourseReviewer.course_id == workspace.course_id, CourseReviewer.person_id == person_id)
    if changed_rows(delete(CourseReviewer).where(*row)):
        record(ReviewerRemoved(at=now, course_id=workspace.course_id, person_id=person_id))
        db.session.flush()
