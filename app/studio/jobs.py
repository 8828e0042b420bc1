"""Jobs of the studio: unused files of drafts, smaller variants of videos, flagged questions, media in MEDIA_PATH."""

from collections.abc import Callable
from datetime import datetime

from app.catalogue.queries import versions
from app.db.session import db, transaction
from app.db.stores import media_contents
from app.db.stores.media_store import patient_store
from app.db.stores.object_store import StoreError
from app.kernel import clock
from app.studio.queries import videos
from app.studio.service import flagged_questions, media_storage, retention, video_conversion, video_variants
from app.web.settings import settings

MOST_VIDEOS = 5  # in one run of the job
PORTION = 100  # rows in one transaction: a save in the meantime waits for one portion


def delete_unused() -> int:
    """Delete old uploads, replaced texts after 7 days, and contents that nothing refers to; return how many."""
    deleted = _delete_all(retention.delete_uploads) + _delete_all(retention.delete_replaced)
    after = ""
    while digests := retention.unused_contents(after, PORTION):
        with transaction():
            deleted += retention.delete_contents(digests)
        after = digests[-1]
    db.session.rollback()  # give the read snapshot back
    return deleted


def count_flags() -> int:
    """Count the flagged questions of each published course, each in its own transaction; return how many."""
    flagged = 0
    for record in versions.course_records():
        if record.version_id is not None:
            counted = flagged_questions.count(record.id, record.version_id, clock.now())
            db.session.rollback()  # give the read snapshot back: what follows writes
            with transaction():
                flagged += flagged_questions.store(counted, clock.now())
    db.session.rollback()
    return flagged


def _delete_all(delete_some: Callable[[datetime, int], int]) -> int:
    deleted, count, now = 0, PORTION, clock.now()
    while count == PORTION:
        with transaction():
            count = delete_some(now, PORTION)
        deleted += count
    return deleted


def make_video_variants() -> int:
    """Add smaller variants to videos of drafts; return how many drafts changed. Without ffmpeg nothing changes."""
    if not video_conversion.is_available():
        return 0
    changed = 0
    pending = videos.pending()[:MOST_VIDEOS]
    for video in pending:
        content = videos.content(video.digest)
        db.session.rollback()  # no transaction while ffmpeg runs
        variants = video_conversion.variants(content, video.path.rpartition(".")[2])
        with transaction():
            changed += video_variants.add_variants(video, variants, clock.now())
    return changed


def move_media() -> int:
    """Move large media to MEDIA_PATH and delete unused ones there; return how many rows changed.

    Nothing is deleted while another copy of the database uses MEDIA_PATH. Raises StoreError if MEDIA_PATH does not
    answer, belongs to another site, or was emptied before the media were moved back.
    """
    store = patient_store(settings())
    if store is None:
        if media_contents.moved_sizes():
            raise StoreError("MEDIA_PATH is not set, but contents were moved there.")
        return 0
    now = clock.real_now()
    if not media_storage.take_possession(store, now.date()):
        return 0
    moved = media_storage.move_contents(store)
    if media_storage.may_delete(store, now.date()):
        media_storage.delete_unused(store, now)
    return moved
