"""Assign and remove trainers and assessors of an event, as roles in the scope of this event."""

from datetime import datetime
from uuid import UUID

from app.access.policy import Role, Scope
from app.identity.queries import roles as people
from app.kernel.errors import DomainError
from app.rights.service import roles as accounts
from app.workshops.domain.events import OVER
from app.workshops.queries import workshops
from app.workshops.service.store import locking


def appoint(workshop_id: UUID, person_id: UUID, role: Role, now: datetime) -> None:
    """Assign a trainer or an assessor to an event; a repeated request changes nothing."""
    if role not in workshops.EVENT_ROLES:
        raise DomainError("An event has trainers and assessors.")
    locking.lock_workshop(workshop_id)
    if (role, person_id) in people.holders(Scope.EVENT, str(workshop_id), now.date()):
        return
    accounts.add_role(person_id, role, scope=Scope.EVENT, reach=str(workshop_id), since=now.date())


def take_off(workshop_id: UUID, person_id: UUID, role: Role, now: datetime) -> None:
    """Remove a trainer or an assessor from an event; do nothing without such an assignment.

    Scores by the assessor stay. Raises DomainError for the last trainer, and for an event that is over.
    """
    workshop = locking.lock_workshop(workshop_id)
    assignments = people.holders(Scope.EVENT, str(workshop_id), now.date())
    if (role, person_id) not in assignments:
        return
    if workshop.state in OVER:
        raise DomainError("This event is over. It can only be read.")
    if role is Role.TRAINER and sum(own_role is role for own_role, _person in assignments) == 1:
        raise DomainError("An event needs at least one trainer. Assign another one first.")
    accounts.revoke_role(person_id, role, scope=Scope.EVENT, reach=str(workshop_id), today=now.date())
