"""Read what the search finds by right: texts of actions, and the requirements of courses."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, select

from app.access.policy import Action, Actor, allows, own_scope
from app.coordination.domain.actions import LIVE
from app.coordination.models import PlanAction
from app.coordination.queries import actions, required_courses
from app.db.session import db
from app.learning.shapes import RequirementLine

MOST = 1_000  # actions that are searched: the live ones, then those that ended last


@dataclass(frozen=True, slots=True)
class ActionText:
    """The text of an action."""

    id: UUID
    text: str


def action_texts(actor: Actor) -> list[ActionText]:
    """Return the texts of the actions that the actor may see, live ones first; at most 1,000."""
    if not allows(actor, Action.SEE_ACTIONS, own_scope(actor)):
        return []
    ended = case((PlanAction.state.in_(LIVE), 0), else_=1)
    query = select(PlanAction.id, PlanAction.text).where(actions.visible_to(actor))
    ordered = query.order_by(ended, PlanAction.due_on.desc(), PlanAction.id)
    return [ActionText(*row) for row in db.session.execute(ordered.limit(MOST))]


def requirements(actor: Actor) -> list[RequirementLine]:
    """Return the requirements that the actor may see."""
    if not allows(actor, Action.SEE_REQUIREMENTS, own_scope(actor)):
        return []
    return required_courses.lines(actor)
