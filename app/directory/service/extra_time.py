"""Extra time of an officer in tests, in percent; set by the own contact point, without a reason."""

from uuid import UUID

from sqlalchemy.exc import NoResultFound

from app.access.people_rules import PersonCard, is_another_person
from app.access.policy import Action, Actor, Role, allows
from app.db.session import record
from app.directory.events import ExtraTimeChanged, ExtraTimeSeen
from app.identity.queries import people, person_details, postings
from app.identity.queries.person_details import PersonDetails
from app.kernel import clock

PERCENTAGES = (0, 10, 25, 33, 50, 75, 100, 150, 200, 300)


def officer(actor: Actor, person_id: UUID) -> PersonDetails:
    """Return another active officer of the actor's country for its contact point; raises NoResultFound."""
    details = person_details.any_person(person_id, clock.today())
    if not is_another_practitioner(actor, details) or not allows(actor, Action.SET_EXTRA_TIME, details):
        raise NoResultFound
    return details


def is_another_practitioner(actor: Actor, person: PersonCard) -> bool:
    """Return whether a person is another one than the actor and takes tests as a practitioner."""
    is_practitioner = any(assignment.role is Role.PRACTITIONER for assignment in person.assignments)
    return person.active and is_practitioner and is_another_person(actor, person)


def record_view(person_id: UUID) -> None:
    """Record a view in the access log of the officer."""
    record(ExtraTimeSeen(person_id=person_id))


def percentage(person_id: UUID) -> int:
    """Return the extra time in percent of the limit."""
    return people.get(person_id).extra_time


def change(actor: Actor, person_id: UUID, percent: int) -> bool:
    """Set the extra time of later attempts in percent; return whether it changed. Raises NoResultFound."""
    postings.lock(person_id)
    officer(actor, person_id)
    person = people.get(person_id)
    if person.extra_time == percent:
        return False
    person.extra_time = percent
    record(ExtraTimeChanged(person_id=person_id))
    return True
