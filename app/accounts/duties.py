"""What waits for those who look after accounts, as queries of numbers: several rooms' are asked in one statement."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, func, select

from app.access.policy import Action, Actor, Role, allows, own_scope
from app.accounts import people, proposal_queries
from app.accounts.invitation_rules import Waits
from app.accounts.models import AdministratorRequest
from app.kernel import clock


def duties(actor: Actor) -> Mapping[str, Select[Any]]:
    """Return the queries of what somebody has to do about invitations and second administrators, each of one value."""
    found: dict[str, Select[Any]] = {}
    if allows(actor, Action.INVITE, own_scope(actor)):
        found["bounced"] = people.counting_waiting(actor, Waits.BOUNCED)
        found["expired"] = people.counting_waiting(actor, Waits.EXPIRED)
        found["proposals"] = proposal_queries.pending_count_query(actor)
    if Role.ADMINISTRATOR in actor.roles:
        one = AdministratorRequest
        found["administrators"] = select(func.count()).where(
            one.answered_at.is_(None), one.ends_at > clock.real_now(), one.asked_by != actor.id,
            one.person_id != actor.id,
        )  # fmt: skip
    return found
