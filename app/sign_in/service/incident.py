"""The incident switch: sessions end, factors count no longer, invitations close, exports rest until it is over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import delete, update

from app.db.session import db, record
from app.db.upsert import insert_ignore
from app.identity.domain.people import PersonState
from app.identity.models import Person
from app.kernel.errors import DomainError
from app.sign_in.domain import IncidentReason
from app.sign_in.events import FactorsInvalidated, IncidentBegun, IncidentEnded
from app.sign_in.models import AuthenticatorApp, Incident, KnownBrowser, OneTimeCode, Passkey, SignInSession

INCIDENT_ID = 1


@dataclass(frozen=True, slots=True)
class IncidentStatus:
    """The last incident: why and when it began, when it ended (None: it lasts)."""

    reason: IncidentReason
    begun_at: datetime
    ended_at: datetime | None

    @property
    def lasts(self) -> bool:
        """Say whether it is not over."""
        return self.ended_at is None


def last_incident() -> IncidentStatus | None:
    """Return the last incident, or None where there was none."""
    found = db.session.get(Incident, INCIDENT_ID, populate_existing=True)
    return None if found is None else IncidentStatus(found.reason, found.begun_at, found.ended_at)


def begin(reason: IncidentReason, people: Collection[UUID] | None, now: datetime) -> int:
    """Begin an incident and return how many sessions ended: all.

    The factors of these people (None: of everybody) count no longer: each is let back in by somebody who knows them.
    The events end what waits for a second word or for a mail to be opened: an attacker may have begun it.
    """
    found = _locked_incident(now)
    if found.ended_at is None:
        raise DomainError("An incident has begun already. End it first.")
    found.reason, found.begun_at, found.ended_at = reason, now, None
    db.session.flush()
    _invalidate_factors(people)  # people first, then their sessions: in this order all hold them
    count = int(cast("Any", db.session.execute(delete(SignInSession))).rowcount)
    record(IncidentBegun(reason=reason, everybody=people is None, sessions=count))
    return count


def lock_incident(now: datetime) -> None:
    """Let those who begin an incident go one after the other until the end, before they hold anybody."""
    _locked_incident(now)


def end(now: datetime) -> bool:
    """End the incident; say False when none lasts. Factors stay void until each person has set up a new one."""
    found = db.session.get(Incident, INCIDENT_ID, with_for_update=True, populate_existing=True)
    if found is None or found.ended_at is not None:
        return False
    found.ended_at = now
    record(IncidentEnded(reason=found.reason))
    return True


def _locked_incident(now: datetime) -> Incident:
    """Return the one row, held until the transaction ends; of two that begin at once the second finds the first's."""
    over = {"id": INCIDENT_ID, "reason": IncidentReason.DRILL, "begun_at": now, "ended_at": now}
    db.session.execute(insert_ignore(Incident).values(over))
    return db.session.get_one(Incident, INCIDENT_ID, with_for_update=True, populate_existing=True)


def _invalidate_factors(people: Collection[UUID] | None) -> None:
    """Let what proved these people beside their password prove nothing any more, codes on paper included.

    No browser is known any more, either.
    """
    for table in (AuthenticatorApp, Passkey, OneTimeCode, KnownBrowser):
        gone = delete(table)
        db.session.execute(gone if people is None else gone.where(table.person_id.in_(people)))
    void = update(Person).where(Person.state == PersonState.ACTIVE).values(factors_void=True)
    db.session.execute(
        void if people is None else void.where(Person.id.in_(people)), execution_options={"synchronize_session": False}
    )
    for person_id in sorted(people or ()):
        record(FactorsInvalidated(person_id=person_id))
