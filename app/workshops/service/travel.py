"""Save visa and travel dates and needs of participants; delete them after the event and on withdrawal."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select

from app.db.session import changed_rows, db, record
from app.kernel.errors import DomainError
from app.workshops.domain import travel as rules
from app.workshops.domain.events import PUBLISHED, WorkshopState
from app.workshops.domain.needs import DietAndAccess
from app.workshops.domain.travel import EventDays, Travel
from app.workshops.events import InvitationLetterMade, NeedsSaved, NeedsViewed, PreparationsDeleted, TravelSaved
from app.workshops.labels import local_day
from app.workshops.models import Workshop
from app.workshops.models.documents import ParticipantNeeds, ParticipantTravel
from app.workshops.queries import event_days, event_people
from app.workshops.service.store import locking
from app.workshops.shapes import has_days


def save_travel(workshop_id: UUID, person_id: UUID, travel: Travel, *, by: UUID, now: datetime) -> None:
    """Save the dates of a participant. Raises DomainError for dates that cannot be, or if the event is over."""
    workshop = _participation(workshop_id, person_id, now)
    row = _travel_row(workshop_id, person_id, by, now)
    if not has_days(workshop):
        travel = rules.with_saved_journey(travel, saved=Travel(arrives_on=row.arrives_on, departs_on=row.departs_on))
    days = EventDays(workshop.first_day, workshop.last_day, has_days=has_days(workshop))
    dates = rules.checked(travel, days, local_day(now, workshop.time_zone))
    row.visa, row.visa_asked_on, row.visa_received_on = dates.visa, dates.visa_asked_on, dates.visa_received_on
    row.arrives_on, row.departs_on = dates.arrives_on, dates.departs_on
    row.changed_by, row.changed_at = by, now
    record(TravelSaved(at=now, workshop_id=workshop_id, person_id=person_id))


def record_letter(workshop_id: UUID, person_id: UUID, language: str, *, by: UUID, now: datetime) -> None:
    """Record that a contact point made an invitation letter; neither name nor letter is stored.

    Raises DomainError if the event is over or has no days.
    """
    workshop = _participation(workshop_id, person_id, now)
    if not has_days(workshop):
        raise rules.NO_LETTER
    row = _travel_row(workshop_id, person_id, by, now)
    row.letter_made_on, row.changed_by, row.changed_at = local_day(now, workshop.time_zone), by, now
    record(InvitationLetterMade(at=now, workshop_id=workshop_id, person_id=person_id, language=language))


def save_needs(workshop_id: UUID, person_id: UUID, needs: DietAndAccess, now: datetime) -> None:
    """Save the needs of a participant; without any, nothing stays stored. Raises DomainError if the event is over."""
    _participation(workshop_id, person_id, now)
    row = db.session.get(ParticipantNeeds, (workshop_id, person_id))
    if needs:
        row = row or ParticipantNeeds(workshop_id=workshop_id, person_id=person_id)
        row.diet, row.access, row.changed_at = " ".join(needs.diet), " ".join(needs.access), now
        db.session.add(row)
    elif row is not None:
        db.session.delete(row)
    record(NeedsSaved(at=now, workshop_id=workshop_id, person_id=person_id))


def record_view_of_needs(workshop_id: UUID, now: datetime) -> None:
    """Record that the user views the needs of participants one by one."""
    record(NeedsViewed(at=now, workshop_id=workshop_id))


def delete_of_person(workshop_id: UUID, person_id: UUID, now: datetime) -> None:
    """Delete needs and travel dates of a person who no longer takes part in an event."""
    if event_people.takes_part(person_id, workshop_id):
        return
    deleted = [
        changed_rows(delete(table).where(table.workshop_id == workshop_id, table.person_id == person_id))
        for table in (ParticipantNeeds, ParticipantTravel)
    ]
    if any(deleted):
        record(PreparationsDeleted(at=now, workshop_id=workshop_id, person_id=person_id))


def delete_of_departed(person_id: UUID) -> None:
    """Delete all needs and travel dates of a person whose identity was removed."""
    for table in (ParticipantNeeds, ParticipantTravel):
        db.session.execute(delete(table).where(table.person_id == person_id))


def past_events(today: date) -> Sequence[UUID]:
    """Return the past and cancelled events that still have needs or travel dates."""
    stored = select(ParticipantNeeds.workshop_id).union(select(ParticipantTravel.workshop_id))
    is_over = event_days.is_past(today) | (Workshop.state == WorkshopState.CANCELLED)
    return list(db.session.scalars(select(Workshop.id).where(Workshop.id.in_(stored), is_over).order_by(Workshop.id)))


def delete_of_event(workshop_id: UUID, now: datetime) -> None:
    """Delete the needs and travel dates of all participants of an event."""
    for table in (ParticipantNeeds, ParticipantTravel):
        db.session.execute(delete(table).where(table.workshop_id == workshop_id))
    record(PreparationsDeleted(at=now, workshop_id=workshop_id))


def _participation(workshop_id: UUID, person_id: UUID, now: datetime) -> Workshop:
    """Lock the event of a participant. Raises DomainError if it is over, or if the person does not take part."""
    workshop = locking.lock_workshop(workshop_id)
    is_past = has_days(workshop) and local_day(now, workshop.time_zone) > workshop.last_day
    if workshop.state not in PUBLISHED or is_past:
        raise DomainError("This event is not open.")
    if not event_people.takes_part(person_id, workshop_id):
        raise DomainError("This person has no seat in the event.")
    return workshop


def _travel_row(workshop_id: UUID, person_id: UUID, by: UUID, now: datetime) -> ParticipantTravel:
    row = db.session.get(ParticipantTravel, (workshop_id, person_id))
    if row is None:
        row = ParticipantTravel(workshop_id=workshop_id, person_id=person_id, changed_by=by, changed_at=now)
        db.session.add(row)
    return row
