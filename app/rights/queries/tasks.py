"""Task count for the start page of administrators: open requests for a further administrator."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, func, select

from app.access.policy import Action, Actor, allows
from app.kernel import clock
from app.rights.models import AdministratorRequest


def tasks(actor: Actor) -> Mapping[str, Select[Any]]:
    """Return a query that counts the administrator requests which the user may answer."""
    if not allows(actor, Action.CONFIRM_ADMINISTRATOR):
        return {}
    request = AdministratorRequest
    open_requests = select(func.count()).where(
        request.answered_at.is_(None),
        request.ends_at > clock.real_now(),
        request.asked_by != actor.id,
        request.person_id != actor.id,
    )
    return {"administrators": open_requests}
