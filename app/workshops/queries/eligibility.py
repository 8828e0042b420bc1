"""Read what a person lacks for an event with open enrolment; the rules are those of nominated events."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.identity.queries import people, postings
from app.workshops.domain.eligibility import ObstacleKind
from app.workshops.domain.nominations import LanguageLevel
from app.workshops.domain.seats import Shortfall
from app.workshops.queries import nominations
from app.workshops.queries.nominations import HasRequirements


def shortfall(
    workshop: HasRequirements, person_id: UUID, today: date, language_level: LanguageLevel | None = None
) -> Shortfall:
    """Return what a person lacks today: role, courses, competencies, a language of the event, or free days.

    The sensitivity is a matter of the right to book. `language_level` is what the person said about the working
    language, None for a person who booked before: the answer is not stored.
    """
    answers = {person_id: language_level}
    lacks = {line.kind: line.codes for line in nominations.obstacles(workshop, answers, today)[person_id]}
    return Shortfall(
        roles=lacks.get(ObstacleKind.ROLE, ()),
        courses=lacks.get(ObstacleKind.COURSES, ()),
        competencies=lacks.get(ObstacleKind.COMPETENCIES, ()),
        events=lacks.get(ObstacleKind.OVERLAP, ()),
        languages=lacks.get(ObstacleKind.LANGUAGE, ()),
    )


def asks_language(languages: Sequence[str], person_id: UUID) -> bool:
    """Return whether a person uses the academy in none of the languages of an event, and is asked when booking."""
    return people.languages([person_id]).get(person_id, "") not in languages


def own_roles(person_id: UUID, today: date) -> Sequence[str]:
    """Return the roles of the framework in which a person serves today."""
    return postings.roles_on([person_id], today).get(person_id, ())
