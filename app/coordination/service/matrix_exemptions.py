"""Use cases of exemptions of several officers: set them in one transaction, and undo them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from app.access.policy import Actor
from app.coordination.queries import exemptions as queries
from app.identity.queries.people import OfficerLine
from app.kernel.errors import DomainError
from app.learning.domain.requirements import NewExemption, check_exemption
from app.learning.service import exemptions


def exempt(
    officers: Sequence[OfficerLine], course_id: UUID, new: NewExemption, *, by: Actor, now: datetime
) -> list[UUID]:
    """Exempt the officers whom it fits from a course, or give them a later date; return the exemptions.

    Raises DomainError for an invalid day or note.
    """
    check_exemption(new, now.date())
    ids = [line.person_id for line in officers]
    left_out = queries.misfits(ids, course_id, by, now.date())
    # by id: two bulk actions lock the same officers in the same order
    reached = (_set(person_id, course_id, new, by, now) for person_id in sorted(set(ids) - left_out.keys()))
    return [exemption_id for exemption_id in reached if exemption_id is not None]


def take_back(exemption_ids: Collection[UUID], now: datetime) -> int:
    """Undo the exemptions that no second person agreed to; return their number."""
    return sum(exemptions.take_back(exemption_id, now=now) for exemption_id in sorted(exemption_ids))


def _set(person_id: UUID, course_id: UUID, new: NewExemption, by: Actor, now: datetime) -> UUID | None:
    """Set the exemption of an officer; return None if another user was faster."""
    try:
        return exemptions.set_exemption(person_id, course_id, new, country=by.country, by=by, now=now)
    except DomainError:
        return None
