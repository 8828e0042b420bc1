"""Find the videos of drafts that have no smaller variants yet."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, func, or_, select

from app.catalogue.domain.media import original_of
from app.db.session import db
from app.db.stores import media_store
from app.db.stores.media_contents import size_of
from app.studio.domain.media_library import FOLDER
from app.studio.domain.reviews import OPEN
from app.studio.models import ConvertedVideo, CourseReview, DraftBlob, DraftFile, DraftRevision


@dataclass(frozen=True, slots=True)
class PendingVideo:
    """A video of a draft, and the user who added it or changed it last."""

    course_id: UUID
    path: str
    digest: str
    author_id: UUID

    @property
    def name(self) -> str:
        """Return the name of the file."""
        return self.path.removeprefix(FOLDER)


def pending() -> list[PendingVideo]:
    """Return the videos that were never converted, of drafts that are not in review."""
    in_review = exists().where(CourseReview.course_id == DraftFile.course_id, CourseReview.state.in_(OPEN))
    query = (
        select(DraftFile.course_id, DraftFile.path, DraftFile.digest, DraftRevision.author_id)
        .join(
            DraftRevision,
            (DraftRevision.course_id == DraftFile.course_id) & (DraftRevision.number == DraftFile.revision),
        )
        .outerjoin(ConvertedVideo, ConvertedVideo.digest == DraftFile.digest)
        .where(
            DraftFile.path.startswith(FOLDER),
            or_(DraftFile.path.endswith(".mp4"), DraftFile.path.endswith(".webm")),
            DraftFile.digest.is_not(None),
            DraftRevision.author_id.is_not(None),
            ConvertedVideo.digest.is_(None),
            ~in_review,
        )
        .order_by(DraftFile.course_id, DraftFile.path)
    )
    videos = [
        PendingVideo(course_id, path, digest, author_id)
        for course_id, path, digest, author_id in db.session.execute(query)
        if digest and author_id
    ]
    names = _names({video.course_id for video in videos})
    return [video for video in videos if not original_of(video.name, names[video.course_id])]


def names_of(course_id: UUID) -> frozenset[str]:
    """Return the names of the media of a draft."""
    return _names({course_id}).get(course_id, frozenset())


def content(digest: str) -> bytes:
    """Return the content of a file, b"" if it was deleted."""
    row = db.session.execute(select(DraftBlob.content).where(DraftBlob.digest == digest)).one_or_none()
    return b"" if row is None else media_store.read(digest, row[0])


def _names(course_ids: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    query = select(DraftFile.course_id, DraftFile.path).where(
        DraftFile.course_id.in_(course_ids), DraftFile.path.startswith(FOLDER), DraftFile.digest.is_not(None)
    )
    names: dict[UUID, set[str]] = defaultdict(set)
    for course_id, path in db.session.execute(query):
        names[course_id].add(path.removeprefix(FOLDER))
    return {course_id: frozenset(listed) for course_id, listed in names.items()}


def media_bytes(course_id: UUID) -> int:
    """Return the size of all media of a draft in bytes."""
    query = (
        select(func.coalesce(func.sum(size_of(DraftBlob)), 0))
        .join(DraftFile, DraftFile.digest == DraftBlob.digest)
        .where(DraftFile.course_id == course_id, DraftFile.path.startswith(FOLDER))
    )
    return db.session.scalar(query) or 0
