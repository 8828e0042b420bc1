"""Officers who are about as likely as not to have a skill: their answers show what a just-competent officer knows."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, and_, or_, select

from app.catalogue.domain.courses import Aim
from app.competence.models import State

# mean / standard deviation for a chance of 0.35 to 0.65: the normal quantile of 0.65
DISTANCE = 0.38532


def borderline_officers(aims: Sequence[Aim]) -> Select[UUID, str]:
    """Return the query for person and competency of the states whose chance is 0.35 to 0.65 on their own day.

    The day of a state is that of the newest evidence. Source: the capacity measure, section 8, "pass value wrong".
    """
    at_level = [and_(State.competency == aim.id, State.level == aim.level) for aim in aims]
    is_near = State.mu * State.mu <= DISTANCE**2 * State.var
    return select(State.person_id, State.competency).where(is_near, or_(False, *at_level))
