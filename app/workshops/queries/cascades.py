"""Read cascade sessions within the actor's scope, and their totals, which every page shows apart."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, true

from app.access.policy import Action, Actor, allows
from app.access.workshop_rules import sees_cascades_of_country, sees_every_cascade
from app.catalogue.domain.items import Level
from app.competence.queries import officers as competence
from app.db.session import db
from app.identity.queries import people
from app.workshops.domain import cascades
from app.workshops.domain.cascades import CascadeState, CascadeTotals, CountedBy
from app.workshops.models.cascades import CascadeList, CascadeOfficer, CascadeSession

MOST = 200


@dataclass(frozen=True, slots=True)
class CascadeLine:
    """A cascade session; `person_id` is the trainer who recorded it."""

    id: UUID
    person_id: UUID
    country: str
    day: date
    minutes: int
    competency: str
    activity: str
    counted_by: CountedBy
    people: int
    state: CascadeState
    reason: str
    has_list: bool


def is_verified_trainer(actor: Actor, today: date) -> bool:
    """Return whether the actor is a trainer with verified training competencies and a country today."""
    if not actor.country or not allows(actor, Action.RECORD_CASCADE, actor):
        return False
    levels: dict[str, list[Level]] = {}
    for span in competence.held_by(actor.id, today):
        if span.since <= today <= span.until:
            levels.setdefault(span.competency, []).extend(_up_to(span.level))
    return cascades.is_verified_trainer(levels)


def visible(actor: Actor, cascade_id: UUID) -> CascadeLine:
    """Return a cascade session within the actor's scope, or raise NoResultFound."""
    query = _lines().where(CascadeSession.id == cascade_id, scope(actor))
    return CascadeLine(*db.session.execute(query).one())


def listing(actor: Actor) -> list[CascadeLine]:
    """Return the cascade sessions within the actor's scope, the newest first."""
    query = _lines().where(scope(actor)).order_by(CascadeSession.day.desc(), CascadeSession.id).limit(MOST)
    return [CascadeLine(*row) for row in db.session.execute(query)]


def scope(actor: Actor) -> ColumnElement[bool]:
    """Return the sessions that an actor may see: all for coordinators, the own country, or the own sessions."""
    if sees_every_cascade(actor):
        return true()
    own = CascadeSession.person_id == actor.id
    return own | (CascadeSession.country == actor.country) if sees_cascades_of_country(actor) else own


def aliases_of(cascade_id: UUID) -> list[str]:
    """Return the aliases of the officers of a session."""
    ids = db.session.scalars(select(CascadeOfficer.person_id).where(CascadeOfficer.cascade_id == cascade_id))
    return sorted(people.names(list(ids)).values())


def signed_list(cascade_id: UUID) -> str | None:
    """Return the signed list of a session in base64, or None."""
    return db.session.scalar(select(CascadeList.content).where(CascadeList.cascade_id == cascade_id))


def totals(actor: Actor) -> CascadeTotals:
    """Return the totals of the recorded sessions within the actor's scope."""
    row = db.session.execute(_sums().where(scope(actor))).one()
    return CascadeTotals(row[0], row[1], row[2])


def totals_by_activity(activities: Collection[str]) -> Mapping[str, CascadeTotals]:
    """Return the totals of all countries by activity of the plan."""
    query = _sums().add_columns(CascadeSession.activity).group_by(CascadeSession.activity)
    rows = db.session.execute(query.where(CascadeSession.activity.in_(activities)))
    return {row[3]: CascadeTotals(row[0], row[1], row[2]) for row in rows}


def _sums() -> Select[int, int, int]:
    by_alias = func.coalesce(func.sum(CascadeSession.people).filter(CascadeSession.counted_by == CountedBy.ALIAS), 0)
    return select(func.count(), func.coalesce(func.sum(CascadeSession.people), 0), by_alias).where(
        CascadeSession.state == CascadeState.RECORDED
    )


def _lines() -> Select[Any]:
    has_list = select(CascadeList.cascade_id).where(CascadeList.cascade_id == CascadeSession.id).exists()
    columns: tuple[Any, ...] = (
        CascadeSession.id, CascadeSession.person_id, CascadeSession.country, CascadeSession.day,
        CascadeSession.minutes, CascadeSession.competency, CascadeSession.activity, CascadeSession.counted_by,
        CascadeSession.people, CascadeSession.state, CascadeSession.reason, has_list,
    )  # fmt: skip
    return select(*columns)


def _up_to(level: Level) -> list[Level]:
    levels = list(Level)
    return levels[: levels.index(level) + 1]
