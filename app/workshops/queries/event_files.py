"""Read the files of an event: the list for its staff and its participants, and the content of one file."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, Sensitivity, allows
from app.db.session import db
from app.kernel import clock
from app.workshops.domain import event_files
from app.workshops.domain.event_files import FileKind
from app.workshops.models.documents import EventFile
from app.workshops.queries import event_people, workshops
from app.workshops.shapes import WorkshopFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFileLine:
    """A file with its event, as the policy and the pages need it; `person_id` added it."""

    id: UUID
    workshop: WorkshopFacts
    person_id: UUID
    participants: Collection[UUID]
    title: str
    kind: FileKind
    sensitivity: Sensitivity
    size: int
    uploaded_at: datetime
    expires_on: date
    withdrawn_by: UUID | None
    withdrawn_at: datetime | None

    @property
    def trainers(self) -> frozenset[UUID]:
        """Return the trainers of the event."""
        return self.workshop.trainers

    @property
    def assessors(self) -> frozenset[UUID]:
        """Return the assessors of the event."""
        return self.workshop.assessors

    def is_open(self, now: datetime) -> bool:
        """Return whether the file can be downloaded: not withdrawn, not expired."""
        return self.withdrawn_at is None and not event_files.is_expired(self.expires_on, self.workshop.time_zone, now)


def of_event(workshop: WorkshopFacts) -> list[EventFileLine]:
    """Return the files of an event, the newest first."""
    query = select(EventFile).where(EventFile.workshop_id == workshop.id)
    rows = db.session.scalars(query.order_by(EventFile.uploaded_at.desc(), EventFile.id)).all()
    participants = event_people.participants(workshop.id) if rows else frozenset()
    return [_line(row, workshop, participants) for row in rows]


def readable(actor: Actor, workshop: WorkshopFacts, now: datetime) -> list[EventFileLine]:
    """Return the files of an event that the actor can download now."""
    return [file for file in of_event(workshop) if file.is_open(now) and allows(actor, Action.READ_EVENT_FILE, file)]


def readable_file(actor: Actor, workshop_id: UUID, file_id: UUID) -> EventFileLine:
    """Return a file that the actor can download now, or raise NoResultFound."""
    file = _file(workshop_id, file_id)
    # a loader has no time argument
    if not file.is_open(clock.now()) or not allows(actor, Action.READ_EVENT_FILE, file):
        raise NoResultFound
    return file


def changeable_file(actor: Actor, workshop_id: UUID, file_id: UUID) -> EventFileLine:
    """Return a file that the actor can withdraw, or raise NoResultFound."""
    file = _file(workshop_id, file_id)
    if not allows(actor, Action.WITHDRAW_EVENT_FILE, file):
        raise NoResultFound
    return file


def content(file_id: UUID) -> bytes:
    """Return the content of a file, or raise NoResultFound for a withdrawn one."""
    value = db.session.scalars(select(EventFile.content).where(EventFile.id == file_id)).one()
    if value is None:
        raise NoResultFound
    return value


def _file(workshop_id: UUID, file_id: UUID) -> EventFileLine:
    query = select(EventFile).where(EventFile.id == file_id, EventFile.workshop_id == workshop_id)
    row = db.session.scalars(query).one()
    return _line(row, workshops.get(workshop_id), event_people.participants(workshop_id))


def _line(row: EventFile, workshop: WorkshopFacts, participants: Collection[UUID]) -> EventFileLine:
    return EventFileLine(
        id=row.id,
        workshop=workshop,
        person_id=row.person_id,
        participants=participants,
        title=row.title,
        kind=row.kind,
        sensitivity=row.sensitivity,
        size=row.size,
        uploaded_at=row.uploaded_at,
        expires_on=row.expires_on,
        withdrawn_by=row.withdrawn_by,
        withdrawn_at=row.withdrawn_at,
    )
