"""Read visa and travel dates, and needs, of the participants of an event; participants of a country."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, allows, own_scope
from app.access.visibility import Viewer
from app.db.session import db
from app.identity.domain.alias_order import alias_key
from app.identity.queries import postings, visible_identity
from app.kernel import clock
from app.workshops.domain.events import PUBLISHED, WorkshopState
from app.workshops.domain.needs import NO_NEEDS, DietAndAccess, NeedCounts, counts, needs_of
from app.workshops.domain.travel import NO_TRAVEL, EventDays, Travel
from app.workshops.models import Workshop
from app.workshops.models.documents import ParticipantNeeds, ParticipantTravel
from app.workshops.queries import event_days, event_people, workshops
from app.workshops.shapes import WorkshopFacts, WorkshopLine, line_columns


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantPreparation:
    """A participant of an event with visa and travel dates; `letter_made_on` is None without an invitation letter."""

    workshop: WorkshopLine
    person_id: UUID
    alias: str
    country: str
    travel: Travel
    letter_made_on: date | None

    @property
    def days(self) -> EventDays:
        """Return the first and the last day of the event."""
        return days_of(self.workshop)


def days_of(workshop: WorkshopLine) -> EventDays:
    """Return the first and the last day of an event, and whether they count."""
    return EventDays(
        workshop.first_day,
        workshop.last_day,
        is_postponed=workshop.state is WorkshopState.POSTPONED,
        has_days=workshop.has_days,
    )


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """The confirmed participation of a person in an event."""

    workshop: WorkshopFacts
    person_id: UUID


def own_place(actor: Actor, workshop_id: UUID) -> OwnPlace:
    """Return the actor's confirmed participation in an event that has not been cancelled, or raise NoResultFound."""
    workshop = workshops.get(workshop_id)
    if workshop.state not in PUBLISHED or not event_people.takes_part(actor.id, workshop_id):
        raise NoResultFound
    return OwnPlace(workshop, actor.id)


def own_travel(person_id: UUID, workshop_id: UUID) -> Travel:
    """Return the visa and travel dates of a participant."""
    row = db.session.get(ParticipantTravel, (workshop_id, person_id))
    return NO_TRAVEL if row is None else _travel(row)


def own_needs(person_id: UUID, workshop_id: UUID) -> DietAndAccess:
    """Return the needs of a participant."""
    row = db.session.get(ParticipantNeeds, (workshop_id, person_id))
    return NO_NEEDS if row is None else needs_of(row.diet.split(), row.access.split())


def needs_of_event(workshop_id: UUID) -> Mapping[UUID, DietAndAccess]:
    """Return the needs of the participants of an event, by person; people without needs are left out."""
    rows = db.session.scalars(select(ParticipantNeeds).where(ParticipantNeeds.workshop_id == workshop_id))
    return {row.person_id: needs_of(row.diet.split(), row.access.split()) for row in rows}


def need_counts(workshop_id: UUID) -> NeedCounts:
    """Return how many participants of an event have each need."""
    return counts(needs_of_event(workshop_id).values())


def of_event(actor: Actor, workshop: WorkshopFacts, today: date) -> list[ParticipantPreparation]:
    """Return the participants of an event by alias, for an actor who runs it."""
    people = event_people.participants(workshop.id)
    identities = visible_identity.visible_identities(actor, people, today, Viewer.TRAINER)
    rows = _rows([workshop.id])
    listed = [
        _preparation(workshop, person_id, identity.alias, identity.country, rows)
        for person_id, identity in identities.items()
    ]
    return sorted(listed, key=lambda participant: alias_key(participant.alias))


def of_country(actor: Actor, today: date) -> list[ParticipantPreparation]:
    """Return the participants of the actor's country in events to come, the next event first, then by alias."""
    events = _events_to_come(today)
    own = _of_country(actor.country, events, today)
    people = {person_id for _event, person_id in own}
    identities = visible_identity.visible_identities(actor, people, today, Viewer.CONTACT_POINT)
    rows = _rows({event for event, _person in own})
    listed = [
        _preparation(events[event], person_id, identities[person_id].alias, actor.country, rows)
        for event, person_id in own
    ]
    return sorted(listed, key=_order)


def _events_to_come(today: date) -> dict[UUID, WorkshopLine]:
    query = select(*Workshop.__table__.columns).where(Workshop.state.in_(PUBLISHED), event_days.is_to_come(today))
    return {row.id: WorkshopLine(**line_columns(row)) for row in db.session.execute(query)}


def _of_country(country: str, events: Collection[UUID], today: date) -> list[tuple[UUID, UUID]]:
    """Return the pairs of event and participant of a country."""
    pairs = [(row[0], row[1]) for row in db.session.execute(event_people.participants_of(list(events)))]
    countries = postings.countries({person_id for _event, person_id in pairs}, today)
    return [(event, person_id) for event, person_id in pairs if countries.get(person_id) == country]


def country_participant(actor: Actor, workshop_id: UUID, person_id: UUID) -> ParticipantPreparation:
    """Return a participant of the actor's country in an event to come, or raise NoResultFound."""
    if not allows(actor, Action.PREPARE_TRAVEL, own_scope(actor)):
        raise NoResultFound
    today = clock.today()  # a loader has no time argument
    workshop = workshops.get(workshop_id)
    if workshop.state not in PUBLISHED or not event_people.takes_part(person_id, workshop_id):
        raise NoResultFound
    if postings.countries([person_id], today).get(person_id) != actor.country:
        raise NoResultFound
    identity = visible_identity.visible_identities(actor, [person_id], today, Viewer.CONTACT_POINT)[person_id]
    return _preparation(workshop, person_id, identity.alias, actor.country, _rows([workshop_id]))


def _order(participant: ParticipantPreparation) -> tuple[date, str, str]:
    return participant.workshop.first_day, participant.workshop.code, alias_key(participant.alias)


def _preparation(
    workshop: WorkshopLine,
    person_id: UUID,
    alias: str,
    country: str,
    rows: Mapping[tuple[UUID, UUID], ParticipantTravel],
) -> ParticipantPreparation:
    row = rows.get((workshop.id, person_id))
    return ParticipantPreparation(
        workshop=workshop,
        person_id=person_id,
        alias=alias,
        country=country,
        travel=NO_TRAVEL if row is None else _travel(row),
        letter_made_on=None if row is None else row.letter_made_on,
    )


def _rows(workshop_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], ParticipantTravel]:
    query = select(ParticipantTravel).where(ParticipantTravel.workshop_id.in_(workshop_ids))
    return {(row.workshop_id, row.person_id): row for row in db.session.scalars(query)}


def _travel(row: ParticipantTravel) -> Travel:
    return Travel(
        visa=row.visa,
        visa_asked_on=row.visa_asked_on,
        visa_received_on=row.visa_received_on,
        arrives_on=row.arrives_on,
        departs_on=row.departs_on,
    )
