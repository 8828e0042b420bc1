"""Read what a person lacks for an event with open enrolment; the rules are those of nominated events."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.identity.queries import postings
from app.workshops.domain.eligibility import ObstacleKind
from app.workshops.domain.seats import Shortfall
from app.workshops.queries import nominations
from app.workshops.queries.nominations import HasRequirements


def shortfall(workshop: HasRequirements, person_id: UUID, today: date) -> Shortfall:
    """Return what a person lacks today: role, courses, competencies, or free days.

    The sensitivity is a matter of the right to book. The level of the working language is not asked for here.
    """
    lacks = {line.kind: line.codes for line in nominations.obstacles(workshop, {person_id: None}, today)[person_id]}
    return Shortfall(
        roles=lacks.get(ObstacleKind.ROLE, ()),
        courses=lacks.get(ObstacleKind.COURSES, ()),
        competencies=lacks.get(ObstacleKind.COMPETENCIES, ()),
        events=lacks.get(ObstacleKind.OVERLAP, ()),
    )


def own_roles(person_id: UUID, today: date) -> Sequence[str]:
    """Return the roles of the framework in which a person serves today."""
    return postings.roles_on([person_id], today).get(person_id, ())
