"""Who gets a message about an event: groups of people by their state, countries, and single people."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.workshops.domain.nominations import NominationState


class RecipientGroup(StrEnum):
    """The people of an event by their state."""

    CONFIRMED = "confirmed"  # with a seat, or as observers
    OFFERED = "offered"
    WAITING = "waiting"  # on the waiting list
    NOMINATED = "nominated"  # and not decided, or not told yet
    INTERESTED = "interested"


GROUPS = {
    NominationState.INTERESTED: RecipientGroup.INTERESTED,
    NominationState.ENDORSED: RecipientGroup.INTERESTED,
    NominationState.NOMINATED: RecipientGroup.NOMINATED,
    NominationState.SELECTED: RecipientGroup.NOMINATED,  # the offer tells them first
    NominationState.WAITLISTED: RecipientGroup.WAITING,
    NominationState.OFFERED: RecipientGroup.OFFERED,
    NominationState.CONFIRMED: RecipientGroup.CONFIRMED,
    NominationState.ATTENDED: RecipientGroup.CONFIRMED,
    NominationState.PARTLY_ATTENDED: RecipientGroup.CONFIRMED,
    NominationState.NO_SHOW: RecipientGroup.CONFIRMED,
}


@dataclass(frozen=True, slots=True)
class EventPerson:
    """A person of an event as its staff see them: a country that they may not see is empty."""

    person_id: UUID
    alias: str
    country: str
    group: RecipientGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientChoice:
    """The chosen groups and countries, which narrow each other (no country: all), and single people beside them."""

    groups: frozenset[RecipientGroup] = frozenset()
    countries: frozenset[str] = frozenset()
    people: frozenset[UUID] = frozenset()


def recipients(people: Iterable[EventPerson], choice: RecipientChoice) -> list[EventPerson]:
    """Return the people of an event who get a message, in the given order.

    A country without a group chooses no person: an officer whose country is hidden is reached by group or by alias.
    """
    return [person for person in people if _in_groups(person, choice) or person.person_id in choice.people]


def _in_groups(person: EventPerson, choice: RecipientChoice) -> bool:
    return person.group in choice.groups and _in_countries(person, choice.countries)


def _in_countries(person: EventPerson, countries: Collection[str]) -> bool:
    return not countries or (person.country != "" and person.country in countries)
