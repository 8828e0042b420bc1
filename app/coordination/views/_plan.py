"""The plan that the views of coordination need."""

from sqlalchemy.exc import NoResultFound

from app.catalogue.domain.references.plan import Plan
from app.catalogue.queries import courses as catalogue


def current_plan() -> Plan:
    """Return the current plan, or raise NoResultFound without one."""
    plan = catalogue.plan()
    if plan is None:
        raise NoResultFound
    return plan


def members(plan: Plan) -> tuple[str, ...]:
    """Return the member countries."""
    return tuple(plan.head.members) if plan.head else ()
