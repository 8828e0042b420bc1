"""Add the smaller variants of a video to its draft, as one revision of the user who added the video."""

from datetime import datetime

from sqlalchemy import delete

from app.catalogue.domain.media import variant_of
from app.db.session import db
from app.studio.domain.course_edits import Changes
from app.studio.domain.media_library import COURSE_BYTES, COURSE_FILES, medium_path
from app.studio.domain.revisions import RevisionKind
from app.studio.models import ConvertedVideo
from app.studio.queries import drafts, reviews, videos
from app.studio.queries.videos import PendingVideo
from app.studio.service.drafts import change_files, open_draft


def add_variants(video: PendingVideo, variants: dict[str, bytes], now: datetime) -> bool:
    """Store the variants of a video; return whether the draft changed.

    It does not if the video was replaced or removed since, or if the course has no space. A course that was sent to
    review since gets its variants after the review.
    """
    open_draft(video.course_id, now)
    if reviews.open_review(video.course_id):
        return False
    db.session.merge(ConvertedVideo(digest=video.digest, converted_at=now, failed=not variants))
    tree = drafts.tree(video.course_id)
    names = videos.names_of(video.course_id)
    changes: Changes = {
        medium_path(variant_of(video.name, variant)): content
        for variant, content in variants.items()
        if variant_of(video.name, variant) not in names
    }
    if tree.get(video.path) != video.digest or not changes or not _has_space(video, changes, len(names)):
        return False
    change_files(video.course_id, changes, RevisionKind.ADDED, by=video.author_id, now=now, note=video.name)
    return True


def convert_again(digest: str) -> None:
    """Let the job convert a video that was added again, or to another course, unless it could not be converted."""
    db.session.execute(delete(ConvertedVideo).where(ConvertedVideo.digest == digest, ConvertedVideo.failed.is_(False)))


def _has_space(video: PendingVideo, changes: Changes, files: int) -> bool:
    added = sum(len(content) for content in changes.values() if content is not None)
    return files + len(changes) <= COURSE_FILES and videos.media_bytes(video.course_id) + added <= COURSE_BYTES
