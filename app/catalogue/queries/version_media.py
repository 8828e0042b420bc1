"""Read media by their digests: kinds and sizes of those of a version, and the content of one at a time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.access.policy import Actor, Sensitivity
from app.catalogue.domain.versions import VersionState
from app.catalogue.models import Course, CourseMedium, CourseVersion
from app.catalogue.queries.courses import scope_with_collections
from app.db.session import db
from app.db.stores import media_store
from app.db.stores.media_contents import size_of


@dataclass(frozen=True, slots=True)
class VersionMedium:
    """The type of a medium, such as image/png, and its size in bytes."""

    kind: str
    size: int


def facts_by_digest(version_id: UUID) -> Mapping[str, VersionMedium]:
    """Return the type and the size of each medium of a version."""
    query = select(CourseMedium.digest, CourseMedium.kind, size_of(CourseMedium))
    rows = db.session.execute(query.where(CourseMedium.version_id == version_id))
    return {digest: VersionMedium(kind, size) for digest, kind, size in rows}


def content(version_id: UUID, digest: str) -> bytes:
    """Return the content of a medium of a version, or raise NoResultFound. The caller checks the right to see it."""
    query = select(CourseMedium.content).where(CourseMedium.version_id == version_id, CourseMedium.digest == digest)
    return media_store.read(digest, db.session.execute(query.limit(1)).scalar_one())


@dataclass(frozen=True, slots=True)
class StoredMedium:
    """A picture, recording or document, with the sensitivity of its course; `content` is None if it was moved."""

    kind: str
    size: int
    content: bytes | None
    sensitivity: Sensitivity


def visible_medium(actor: Actor, digest: str) -> StoredMedium:
    """Return a medium of a published version within the actor's scope, or raise NoResultFound.

    If several courses contain it, its sensitivity is above unrestricted if one of theirs is.
    """
    query = (
        select(CourseMedium.kind, size_of(CourseMedium), CourseMedium.content, Course.sensitivity)
        .join(CourseVersion, CourseVersion.id == CourseMedium.version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(CourseMedium.digest == digest, CourseVersion.state != VersionState.DRAFT, scope_with_collections(actor))
        .order_by(Course.sensitivity == Sensitivity.UNRESTRICTED)
        .limit(1)
    )
    return StoredMedium(*db.session.execute(query).one())


def media_sizes(version_id: UUID, digests: Collection[str]) -> Mapping[str, int]:
    """Return the sizes of these media of a version in bytes."""
    query = select(CourseMedium.digest, size_of(CourseMedium)).where(
        CourseMedium.version_id == version_id, CourseMedium.digest.in_(digests)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
