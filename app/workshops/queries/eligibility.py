"""Read what a person lacks for an event: a role of the competency framework, completed courses."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.identity.queries import postings
from app.learning.queries import progress as learning
from app.workshops.domain import seats
from app.workshops.domain.seats import Shortfall


def shortfall(person_id: UUID, *, roles: Sequence[str], courses: Sequence[str], today: date) -> Shortfall:
    """Return what a person lacks today for an event that requires one of these roles and all of these courses."""
    own = postings.roles_on([person_id], today).get(person_id, ()) if roles else ()
    done = learning.completed(person_id) if courses else frozenset()
    return seats.shortfall(roles, courses, roles=own, done=done)


def own_roles(person_id: UUID, today: date) -> Sequence[str]:
    """Return the roles of the framework in which a person serves today."""
    return postings.roles_on([person_id], today).get(person_id, ())
