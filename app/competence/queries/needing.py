"""Conditions on a person's id: who needs a competency, by role or by name, and does not hold it for long enough."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, or_

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.competence.domain import needs as rules
from app.competence.domain.statuses import DUE_DAYS
from app.competence.models import CompetencyValidity, NamedNeed
from app.identity.queries import people as accounts

OnPerson = Callable[[ColumnElement[UUID]], ColumnElement[bool]]


def needing(framework: Competencies, competency: str, today: date) -> OnPerson:
    """Return the condition that a person needs a competency and does not hold it verified for 28 days more.

    A validity at a level includes the levels below: who lacks one of the levels asked lacks the highest one.
    """
    levels = _levels_by_role(framework, competency)

    def having(person_id: ColumnElement[UUID]) -> ColumnElement[bool]:
        by_role = [
            accounts.has_role_of(roles, today)(person_id) & ~_holds(person_id, competency, level, today)
            for level, roles in levels.items()
        ]
        by_name = exists().where(
            NamedNeed.person_id == person_id,
            NamedNeed.competency == competency,
            ~_holds(person_id, competency, NamedNeed.level, today),
        )
        return or_(false(), *by_role, by_name)

    return having


def _levels_by_role(framework: Competencies, competency: str) -> dict[Level, list[str]]:
    levels: dict[Level, list[str]] = {}
    for role in framework.roles:
        level = rules.of_roles(framework, [role.id]).get(competency)
        if level is not None:
            levels.setdefault(level, []).append(role.id)
    return levels


def _holds(person_id: ColumnElement[UUID], competency: str, level: object, today: date) -> ColumnElement[bool]:
    return exists().where(
        CompetencyValidity.person_id == person_id,
        CompetencyValidity.competency == competency,
        CompetencyValidity.level == level,
        CompetencyValidity.until >= today + timedelta(days=DUE_DAYS),
    )
