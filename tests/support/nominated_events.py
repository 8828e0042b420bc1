"""A nominated event with supervisors, contact points and officers of two countries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.access.policy import Actor, Role, Scope
from app.db.session import db, transaction
from app.rights.service import supervision
from app.workshops.domain.nominations import LanguageLevel, NominationReason, NominationState, UseTime
from app.workshops.domain.phases import NominationRules
from app.workshops.models import Nomination
from app.workshops.service import nominations, offers, selection
from app.workshops.service.nominations import Interest, RankedOfficer
from tests.support import factories, workshop_events
from tests.support.settings import NOW

INTEREST = Interest(use_time=UseTime.NOW, language_level=LanguageLevel.WORKING, aim="train my shift")
DAY = timedelta(days=1)
DEADLINE = date(2027, 3, 20)
REALLOCATION = date(2027, 4, 14)
CLOSED = datetime.fromisoformat("2027-03-21T08:00:00+00:00")  # nominations are closed; the event begins on 4 May
COUNTRIES = ("BG", "IQ")


def rules(**values: Any) -> NominationRules:
    """Return rules of an event with one guaranteed seat for each of two countries."""
    defaults: dict[str, Any] = {
        "opens": date(2027, 2, 1),
        "deadline": DEADLINE,
        "reallocation": REALLOCATION,
        "guaranteed": 1,
        "countries": COUNTRIES,
    }
    return NominationRules(**defaults | values)


@dataclass(slots=True)
class NominatedEvent:
    """An announced event, its coordinator, and a contact point of each country."""

    workshop_id: UUID
    coordinator: Actor
    contact_points: dict[str, Actor] = field(default_factory=dict)

    def officers(self, country: str, number: int) -> list[UUID]:
        """Add officers of a country without supervisors."""
        with transaction():
            people = [factories.person(country=country) for _ in range(number)]
        db.session.rollback()
        return people

    def nominate(self, country: str, people: Sequence[UUID], **values: Any) -> None:
        """Let the contact point nominate these officers in this order."""
        ranked = [RankedOfficer(person_id=person_id, reason=NominationReason.OTHER, **values) for person_id in people]
        with transaction():
            nominations.nominate(self.workshop_id, ranked, self.contact_points[country], NOW)
        db.session.rollback()

    def select(self, now: datetime = CLOSED) -> None:
        """Confirm the proposal for the seats and send the offers."""
        with transaction():
            proposal = selection.propose(self.workshop_id, self.coordinator, now=now)
            selection.confirm_selection(self.workshop_id, self.coordinator, fingerprint=proposal.fingerprint, now=now)
        with transaction():
            offers.send_offers(self.workshop_id, self.coordinator, now)
        db.session.rollback()

    def row(self, person_id: UUID) -> Nomination:
        """Return the newest nomination of a person."""
        db.session.rollback()
        query = db.session.query(Nomination).filter_by(workshop_id=self.workshop_id, person_id=person_id)
        return query.order_by(Nomination.made_at.desc(), Nomination.changed_at.desc()).first()  # type: ignore[return-value]

    def states(self, people: Sequence[UUID]) -> list[NominationState]:
        """Return the states of the nominations of these people."""
        return [self.row(person_id).state for person_id in people]

    def confirm(self, person_id: UUID, now: datetime = CLOSED) -> None:
        """Confirm the offer of a person."""
        nomination_id = self.row(person_id).id
        with transaction():
            offers.confirm_offer(nomination_id, person_id, now)
        db.session.rollback()

    def settle(self, now: datetime) -> int:
        """Run the job for this event."""
        with transaction():
            expired = offers.settle_offers(self.workshop_id, now)
        db.session.rollback()
        return expired


def nominated_event(*, capacity: int = 3, nomination: NominationRules | None = None, **values: Any) -> NominatedEvent:
    """Announce a nominated event."""
    workshop_id = workshop_events.announced(capacity=capacity, nomination=nomination or rules(), **values)
    with transaction():
        coordinator = factories.person(country="BG", roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
        event = NominatedEvent(workshop_id, Actor(coordinator, "BG", frozenset({Role.COORDINATOR})))
        for country in COUNTRIES:
            grant = (Role.CONTACT_POINT, Scope.COUNTRY, country)
            person_id = factories.person(country=country, roles=(), grants=(grant,))
            event.contact_points[country] = Actor(person_id, country, frozenset({Role.CONTACT_POINT}))
    db.session.rollback()
    return event


def supervisor_of(officer_id: UUID, country: str) -> Actor:
    """Add a supervisor for an officer."""
    with transaction():
        person_id = factories.person(country=country, roles=(), grants=((Role.SUPERVISOR, Scope.COUNTRY, country),))
        assert supervision.assign(officer_id, person_id, NOW.date()) is None
    db.session.rollback()
    return Actor(person_id, country, frozenset({Role.SUPERVISOR}))
