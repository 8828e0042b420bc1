"""Begin and end a security incident: all sessions end, factors become invalid, exports are disabled until its end."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update

from app.db.session import changed_rows, db, record
from app.db.upsert import insert_ignore
from app.identity.domain.people import PersonState
from app.identity.models import Person
from app.kernel.errors import DomainError
from app.sign_in.domain import IncidentReason
from app.sign_in.events import FactorsInvalidated, IncidentBegun, IncidentEnded
from app.sign_in.models import (
    AuthenticatorApp,
    Incident,
    KnownBrowser,
    OneTimeCode,
    Passkey,
    PastIncident,
    SignInSession,
)

INCIDENT_ID = 1


@dataclass(frozen=True, slots=True)
class IncidentStatus:
    """The state of the last incident; `ended_at` is None while it is active."""

    reason: IncidentReason
    begun_at: datetime
    ended_at: datetime | None

    @property
    def lasts(self) -> bool:
        """Return whether the incident is still active."""
        return self.ended_at is None


def last_incident() -> IncidentStatus | None:
    """Return the last incident, or None if there was none."""
    row = db.session.get(Incident, INCIDENT_ID, populate_existing=True)
    return None if row is None else IncidentStatus(row.reason, row.begun_at, row.ended_at)


def begin(reason: IncidentReason, people: Collection[UUID] | None, now: datetime) -> int:
    """Begin an incident, end all sessions and return their number.

    The factors of these people (None: of all) become invalid: each person needs a reset code from a helper. The
    events end open requests, links and invitations, since an attacker may have created them.
    """
    row = lock_incident(now)
    if row.ended_at is None:
        raise DomainError("An incident has begun already. End it first.")
    row.reason, row.begun_at, row.ended_at = reason, now, None
    db.session.add(PastIncident(reason=reason, begun_at=now))
    db.session.flush()
    _invalidate_factors(people)  # people first, then their sessions: the order of all locks
    count = changed_rows(delete(SignInSession))
    record(IncidentBegun(reason=reason, everybody=people is None, sessions=count))
    return count


def end(now: datetime) -> bool:
    """End the incident; return False if none is active. Factors stay invalid until each person sets up a new one."""
    row = db.session.get(Incident, INCIDENT_ID, with_for_update=True, populate_existing=True)
    if row is None or row.ended_at is not None:
        return False
    row.ended_at = now
    db.session.execute(update(PastIncident).where(PastIncident.ended_at.is_(None)).values(ended_at=now))
    record(IncidentEnded(reason=row.reason))
    return True


def lock_incident(now: datetime) -> Incident:
    """Lock and return the only row; of two transactions at once, the second one sees the row of the first."""
    ended = {"id": INCIDENT_ID, "reason": IncidentReason.DRILL, "begun_at": now, "ended_at": now}
    db.session.execute(insert_ignore(Incident).values(ended))
    return db.session.get_one(Incident, INCIDENT_ID, with_for_update=True, populate_existing=True)


def _invalidate_factors(people: Collection[UUID] | None) -> None:
    """Delete all second factors and known browsers of these people, printed codes included."""
    for table in (AuthenticatorApp, Passkey, OneTimeCode, KnownBrowser):
        deletion = delete(table)
        db.session.execute(deletion if people is None else deletion.where(table.person_id.in_(people)))
    void = update(Person).where(Person.state == PersonState.ACTIVE).values(factors_void=True)
    db.session.execute(
        void if people is None else void.where(Person.id.in_(people)), execution_options={"synchronize_session": False}
    )
    for person_id in sorted(people or ()):
        record(FactorsInvalidated(person_id=person_id))
