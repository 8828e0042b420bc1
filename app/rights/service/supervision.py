"""Assign supervisors to officers of their country, and end these assignments."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from app.db.session import db, record
from app.identity.models import Person
from app.identity.queries.person_details import any_person
from app.rights.domain.roles import last_day
from app.rights.events import SupervisorAssigned, SupervisorReleased
from app.rights.models import Supervision
from app.rights.queries import supervision


class SupervisionRefusal(StrEnum):
    """Why a supervisor is not assigned."""

    NO_OFFICER = "no_officer"
    NO_SUPERVISOR = "no_supervisor"
    ASSIGNED = "assigned"


def assign(officer_id: UUID, supervisor_id: UUID, today: date) -> SupervisionRefusal | None:
    """Assign a supervisor to an officer of the same country from today on; return why not, or None."""
    _lock_officer(officer_id)
    officer = any_person(officer_id, today)
    if not officer.active or not officer.country or not officer.posting_roles:
        return SupervisionRefusal.NO_OFFICER
    possible = {person_id for person_id, _alias in supervision.candidates(officer.country, today)}
    if supervisor_id not in possible - {officer_id}:
        return SupervisionRefusal.NO_SUPERVISOR
    if supervisor_id in supervision.supervisors_of(officer_id, today):
        return SupervisionRefusal.ASSIGNED
    _close(officer_id, supervisor_id, today)  # an assignment that ended with the role or the posting
    db.session.add(Supervision(officer_id=officer_id, supervisor_id=supervisor_id, since=today))
    db.session.flush()
    record(SupervisorAssigned(person_id=officer_id, supervisor_id=supervisor_id, country=officer.country))
    return None


def release(officer_id: UUID, supervisor_id: UUID, today: date) -> bool:
    """End the assignment of a supervisor at once; return False if it had already ended."""
    _lock_officer(officer_id)
    if not supervision.is_assigned(officer_id, supervisor_id, today):
        return False
    _close(officer_id, supervisor_id, today)
    country = any_person(officer_id, today).country
    record(SupervisorReleased(person_id=officer_id, supervisor_id=supervisor_id, country=country))
    return True


def _close(officer_id: UUID, supervisor_id: UUID, today: date) -> None:
    query = select(Supervision).where(
        Supervision.officer_id == officer_id, Supervision.supervisor_id == supervisor_id, Supervision.until.is_(None)
    )
    for row in db.session.scalars(query):
        until = last_day(row.since, today)
        if until is None:
            db.session.delete(row)
        else:
            row.until = until
    db.session.flush()


def _lock_officer(officer_id: UUID) -> None:
    db.session.execute(select(Person.id).where(Person.id == officer_id).with_for_update()).one()
