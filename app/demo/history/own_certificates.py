"""Certificates of the first officer: one shown by name, one replaced, one revoked by the contact point."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from uuid import UUID

from app.access.policy import Actor, Role
from app.credentials.domain.certificates import CertificateKind
from app.credentials.queries import certificates, offers
from app.credentials.service import certificates as service
from app.credentials.shapes import CertificateOffer
from app.demo.cast import roster
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction

DAY = -1  # of the demonstration: after the last event of the officer
REPLACED = "The copy was left at a printer."
REVOKED = "The attendance list of this event was corrected."


def actions(office: DemoStaff) -> Iterator[TimedAction]:
    """Return what the first officer certifies, as far as there is something on record."""
    at, officer = office.at(DAY), office.officers[0].id
    yield TimedAction(at, officer, partial(_issue_and_replace, officer, at))
    yield TimedAction(at, office.contacts[roster.FIRST], partial(_revoke, officer, office.contacts[roster.FIRST], at))


def _issue_and_replace(officer: UUID, now: datetime) -> None:
    """Issue a certificate of a course, shown by name, and two of events, of which the first is replaced."""
    actor = Actor(officer, roster.FIRST, frozenset({Role.PRACTITIONER}))
    for offer in _first(actor, CertificateKind.COMPLETION, 1, now):
        course = certificates.own(actor, service.issue(actor, offer.subject, now))
        service.show_name(course, now, shown=True)
    for number, offer in enumerate(_first(actor, CertificateKind.ATTENDANCE, 2, now)):
        event = certificates.own(actor, service.issue(actor, offer.subject, now))
        if number == 0:
            service.replace(event, REPLACED, now)


def _revoke(officer: UUID, contact_point: UUID, now: datetime) -> None:
    """Revoke the certificate of the earliest event."""
    actor = Actor(contact_point, roster.FIRST, frozenset({Role.CONTACT_POINT}))
    events = [
        line
        for line in certificates.of_person(officer)
        if line.kind is CertificateKind.ATTENDANCE and line.ended_at is None
    ]
    if len(events) > 1:
        earliest = min(events, key=lambda line: line.facts.last_day)
        service.revoke(certificates.revocable(actor, earliest.number), REVOKED, by=contact_point, now=now)


def _first(actor: Actor, kind: CertificateKind, count: int, now: datetime) -> list[CertificateOffer]:
    return [offer for offer in offers.offers(actor, now.date()) if offer.subject.kind is kind][:count]
