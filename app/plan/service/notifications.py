"""Notify contact points, coordinators and second persons of proposed targets, opinions and planned needs."""

from datetime import date, datetime
from uuid import UUID

from app.access.policy import Role, Scope
from app.access.targets import Target as Page
from app.identity.queries import roles as accounts
from app.messages.domain import NoticeKind
from app.messages.service import outbox
from app.plan.models import PlannedNeed, Target
from app.ports import ports

SECOND_ROLES = frozenset({Role.CONTACT_POINT, Role.SUPERVISOR})


def on_target_proposed(target: Target, now: datetime) -> None:
    """Notify the contact points of the target's country of it, and once a day the other coordinators."""
    today = now.date()
    outbox.tell_all(
        sorted(_coordinators(today) - {target.set_by}),
        NoticeKind.TARGETS_WAIT,
        occasion=f"targets wait {today}",
        path=ports().path_to(Page.TARGETS),
        now=now,
    )
    if target.country:
        outbox.tell_all(
            sorted(_of_country(target.country, frozenset({Role.CONTACT_POINT}), today)),
            NoticeKind.TARGET_PROPOSED,
            occasion=f"target {target.id}",
            facts={"code": target.code},
            path=_path(target),
            now=now,
        )


def on_opinion(note_id: UUID, target: Target, now: datetime) -> None:
    """Notify the coordinator who proposed a target of an opinion on it."""
    outbox.notify(
        target.set_by,
        NoticeKind.TARGET_NOTED,
        occasion=f"target note {note_id}",
        facts={"code": target.code},
        path=_path(target),
        now=now,
    )


def on_need_proposed(need: PlannedNeed, now: datetime) -> None:
    """Notify the other contact points and the supervisors of the country, or the coordinators if there are none."""
    today = now.date()
    people = _of_country(need.country, SECOND_ROLES, today) - {need.set_by}
    outbox.tell_all(
        sorted(people or _coordinators(today) - {need.set_by}),
        NoticeKind.NEED_PROPOSED,
        occasion=f"planned need {need.id}",
        path=ports().path_to(Page.PLANNED_NEEDS, need.country),
        now=now,
    )


def _path(target: Target) -> str:
    return ports().path_to(Page.TARGET, target.code, target.period, target.country)


def _coordinators(today: date) -> set[UUID]:
    return {person_id for role, person_id in accounts.holders(Scope.ALL, "", today) if role is Role.COORDINATOR}


def _of_country(country: str, roles: frozenset[Role], today: date) -> set[UUID]:
    return {person_id for role, person_id in accounts.holders(Scope.COUNTRY, country, today) if role in roles}
