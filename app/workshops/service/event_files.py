"""Add and withdraw files for the participants of an event; delete those whose last day has passed."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select

from app.access.policy import Sensitivity
from app.db.session import changed_rows, db, record
from app.kernel.errors import DomainError
from app.workshops.domain import event_files
from app.workshops.domain.event_files import MOST_BYTES, MOST_FILES, CleanFile
from app.workshops.domain.events import OVER
from app.workshops.events import EventFileAdded, EventFileDownloaded, EventFilesDeleted, EventFileWithdrawn
from app.workshops.labels import local_day
from app.workshops.models import Workshop
from app.workshops.models.documents import EventFile
from app.workshops.service.store import locking

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A cleaned file with its title, its readers by sensitivity, and its last day."""

    title: str
    file: CleanFile
    sensitivity: Sensitivity
    expires_on: date


def add(workshop_id: UUID, new: NewFile, *, by: UUID, now: datetime) -> UUID:
    """Add a file for the participants of an event; return its id.

    Raises DomainError for a cancelled or closed event, a date that cannot be, a copy, or without space.
    """
    workshop = locking.lock_workshop(workshop_id)
    if workshop.state in OVER:
        raise DomainError("This event is closed or cancelled.")
    today = local_day(now, workshop.time_zone)
    event_files.check_expiry(new.expires_on, last_day=workshop.last_day, today=today)
    content, digest = new.file.content, hashlib.sha256(new.file.content).hexdigest()
    _check_space(workshop, len(content), digest)
    row = EventFile(
        workshop_id=workshop_id,
        person_id=by,
        title=new.title,
        kind=new.file.kind,
        sensitivity=new.sensitivity,
        size=len(content),
        sha256=digest,
        uploaded_at=now,
        expires_on=new.expires_on,
        content=content,
    )
    db.session.add(row)
    db.session.flush()
    record(EventFileAdded(at=now, workshop_id=workshop_id, file_id=row.id, sensitivity=new.sensitivity.value))
    return row.id


def withdraw(workshop_id: UUID, file_id: UUID, *, by: UUID, now: datetime) -> None:
    """Withdraw a file at once and delete its content; a repeated request changes nothing."""
    locking.lock_workshop(workshop_id)
    row = db.session.get_one(EventFile, file_id, populate_existing=True)
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at, row.withdrawn_by, row.content = now, by, None
    record(EventFileWithdrawn(at=now, workshop_id=workshop_id, file_id=file_id))


def record_download(workshop_id: UUID, file_id: UUID, now: datetime) -> None:
    """Record that the user downloads a file."""
    record(EventFileDownloaded(at=now, workshop_id=workshop_id, file_id=file_id))


def delete_expired(now: datetime) -> int:
    """Delete the files, with their titles, whose last day is over in every time zone; return how many."""
    deleted = changed_rows(delete(EventFile).where(EventFile.expires_on < now.date() - DAY))
    if deleted:
        record(EventFilesDeleted(at=now, deleted=deleted))
    return deleted


def _check_space(workshop: Workshop, size: int, digest: str) -> None:
    stored = (EventFile.workshop_id == workshop.id, EventFile.withdrawn_at.is_(None))
    if db.session.scalar(select(EventFile.id).where(*stored, EventFile.sha256 == digest)):
        raise DomainError("The event has this file already.")
    number, total = db.session.execute(
        select(func.count(), func.coalesce(func.sum(EventFile.size), 0)).where(*stored)
    ).one()
    if number >= MOST_FILES or total + size > MOST_BYTES:
        raise DomainError("The event has too many files. Withdraw some first.")
