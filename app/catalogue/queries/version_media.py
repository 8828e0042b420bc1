"""Read the media of a version by their digests: kinds and sizes of all, and the content of one at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from app.catalogue.models import CourseMedium
from app.db.session import db


@dataclass(frozen=True, slots=True)
class VersionMedium:
    """The type of a medium, such as image/png, and its size in bytes."""

    kind: str
    size: int


def facts_by_digest(version_id: UUID) -> Mapping[str, VersionMedium]:
    """Return the type and the size of each medium of a version."""
    query = select(CourseMedium.digest, CourseMedium.kind, func.length(CourseMedium.content))
    rows = db.session.execute(query.where(CourseMedium.version_id == version_id))
    return {digest: VersionMedium(kind, size) for digest, kind, size in rows}


def content(version_id: UUID, digest: str) -> bytes:
    """Return the content of a medium of a version, or raise NoResultFound. The caller checks the right to see it."""
    query = select(CourseMedium.content).where(CourseMedium.version_id == version_id, CourseMedium.digest == digest)
    return db.session.execute(query.limit(1)).scalar_one()
