"""Load one officer of the contact point's country, for the views of postings, access log and erasure."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.exc import NoResultFound

from app.access.people_rules import Helper, RoleAssignment, helper
from app.access.policy import Action, Actor, Role, allows, own_scope
from app.identity.domain.people import PersonState
from app.identity.queries import people, person_details, postings
from app.identity.queries.postings import PostingSpan
from app.kernel import clock
from app.recovery.domain import roles_for_recovery


@dataclass(frozen=True, slots=True)
class OfficerPostings:
    """An officer of a country with past, current and planned postings."""

    person_id: UUID
    alias: str
    country: str
    postings: tuple[PostingSpan, ...]  # by their first days
    posting_roles: tuple[str, ...]  # of today's posting, or of the nearest one
    assignments: list[RoleAssignment]  # current and future
    active: bool
    protected: bool
    leaves_on: date | None

    @property
    def is_practitioner(self) -> bool:
        """Return whether the person has, or could have, roles of the framework."""
        is_assigned = any(assignment.role is Role.PRACTITIONER for assignment in self.assignments)
        return is_assigned or bool(self.posting_roles)

    @property
    def can_be_ended(self) -> bool:
        """Return whether the contact point may end the service or erase: of staff only once the account is closed.

        A coordinator closes the account of staff, such as trainers, at `/people/<id>/access/closing`; that of an
        administrator is closed on the console.
        """
        roles = roles_for_recovery((assignment.role, assignment.scope) for assignment in self.assignments)
        return not self.active or helper(roles) is Helper.CONTACT_POINT

    def on(self, day: date) -> PostingSpan:
        """Return the posting of a day, or the nearest one."""
        posting = postings.nearest(self.postings, day)
        if posting is None:
            raise NoResultFound
        return posting


def officer(actor: Actor, person_id: UUID) -> OfficerPostings:
    """Return another officer of the actor's country for its contact point, or raise NoResultFound."""
    if not allows(actor, Action.CHANGE_SERVICE, own_scope(actor)) or person_id == actor.id:
        raise NoResultFound
    # loaders of views have no time parameter, and a posting ends by the day
    today = clock.today()
    spans = tuple(postings.postings([person_id]).get(person_id, ()))
    last = postings.nearest(spans, today)
    person, grants = people.get(person_id), person_details.grants([person_id], today).get(person_id, [])
    if last is None or last.country != actor.country or person.erased_at is not None:
        raise NoResultFound
    return OfficerPostings(
        person_id=person_id,
        alias=person.alias,
        country=last.country,
        postings=spans,
        posting_roles=last.roles,
        assignments=[grant.assignment for grant in grants],
        active=person.state is PersonState.ACTIVE,
        protected=person.protected,
        leaves_on=person.leaves_on,
    )


def officer_to_end(actor: Actor, person_id: UUID) -> OfficerPostings:
    """Return an officer whose service the contact point may end, or whom it may erase; raises NoResultFound."""
    result = officer(actor, person_id)
    if not result.can_be_ended:
        raise NoResultFound
    return result
