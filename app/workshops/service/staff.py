"""Who runs an event and who assesses in it: named and taken off under the lock of the event's row."""

from datetime import datetime
from uuid import UUID

from app.access.policy import Role, Scope
from app.identity.queries import roles as people
from app.kernel.errors import DomainError
from app.rights.service import roles as accounts
from app.workshops.domain.events import OVER
from app.workshops.queries import workshops
from app.workshops.store import locking


def appoint(workshop_id: UUID, person_id: UUID, role: Role, now: datetime) -> None:
    """Let somebody run the event (trainer) or assess in it (assessor); twice changes nothing."""
    if role not in workshops.EVENT_ROLES:
        raise DomainError("An event has trainers and assessors.")
    locking.lock_workshop(workshop_id)
    if (role, person_id) in people.holders(Scope.EVENT, str(workshop_id), now.date()):
        return
    accounts.add_role(person_id, role, scope=Scope.EVENT, reach=str(workshop_id), since=now.date())


def take_off(workshop_id: UUID, person_id: UUID, role: Role, now: datetime) -> None:
    """Let somebody run the event, or assess in it, no longer; who does not is left alone.

    What an assessor scored stays. Raises DomainError for the last trainer, and for an event that is over.
    """
    workshop = locking.lock_workshop(workshop_id)
    held = people.holders(Scope.EVENT, str(workshop_id), now.date())
    if (role, person_id) not in held:
        return
    if workshop.state in OVER:
        raise DomainError("This event is over. It can only be read.")
    if role is Role.TRAINER and sum(one is role for one, _person in held) == 1:
        raise DomainError("An event keeps its last trainer. Name another one first.")
    accounts.revoke_role(person_id, role, scope=Scope.EVENT, reach=str(workshop_id), today=now.date())
