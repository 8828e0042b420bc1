"""Read required courses and assignments that cannot be met within the scope of a user; count drafts that wait."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.exc import NoResultFound

from app.access.policy import ALL_COUNTRIES, Action, Actor, allows, own_scope
from app.coordination.shapes import RequirementDetails
from app.learning.domain.requirements import NewRequirement, RequirementState
from app.learning.queries import requirements
from app.learning.shapes import ExceptionCount, RequirementEffect, RequirementLine


def lines(actor: Actor) -> list[RequirementLine]:
    """Return the drafts and agreed requirements that apply to the actor's country; a coordinator sees all."""
    return requirements.lines(country=_country(actor))


def visible(actor: Actor, requirement_id: UUID) -> RequirementLine:
    """Return a requirement within the scope of the actor, or raise NoResultFound."""
    line = requirements.line(requirement_id)
    if not allows(actor, Action.READ_REQUIREMENT, line):
        raise NoResultFound
    return line


def details(line: RequirementLine, today: date) -> RequirementDetails:
    """Return a requirement with what it would do if it were agreed today, and the one whose date it changes."""
    return RequirementDetails(
        line=line,
        effect=_effect(line, today) if line.state is RequirementState.DRAFT else None,
        earlier=None if line.replaces_id is None else requirements.line(line.replaces_id),
    )


def exceptions(actor: Actor, today: date) -> Sequence[ExceptionCount]:
    """Return the assignments that cannot be met: of all countries for a coordinator, else of the own country."""
    return requirements.exceptions(today, country=_country(actor))


def tasks(actor: Actor) -> Mapping[str, Select[Any]]:
    """Return the query that counts the drafts which wait for the actor as the second person."""
    if not allows(actor, Action.AGREE_REQUIREMENT, own_scope(actor)):
        return {}
    return {"requirements": requirements.waiting_drafts(actor, country=_country(actor))}


def _country(actor: Actor) -> str:
    """Return the country of a user who sees no other, "" for a coordinator."""
    return "" if allows(actor, Action.AGREE_REQUIREMENT, ALL_COUNTRIES) else actor.country


def _effect(line: RequirementLine, today: date) -> RequirementEffect:
    new = NewRequirement(
        role=line.role,
        countries=line.countries,
        due_on=line.due_on,
        due_days=line.due_days,
        starts=line.assigned_from,
    )
    return requirements.effect(line.course_id, new, today)
