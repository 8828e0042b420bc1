"""Read planned needs: the agreed ones of a day by country and role, the versions of a country."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.db.session import db
from app.plan.domain.planned_needs import PlannedNeeds, PlannedNeedState
from app.plan.models import PlannedNeed
from app.plan.shapes import PlannedNeedVersion

_VERSION: tuple[Any, ...] = (
    PlannedNeed.id, PlannedNeed.country, PlannedNeed.role, PlannedNeed.version, PlannedNeed.value, PlannedNeed.day,
    PlannedNeed.source, PlannedNeed.state, PlannedNeed.set_by, PlannedNeed.set_at, PlannedNeed.agreed_by,
    PlannedNeed.agreed_at,
)  # fmt: skip


def agreed_needs(day: date, *, country: str | None = None) -> PlannedNeeds:
    """Return the planned needs agreed by the end of a day, by country and role ("*": all officers)."""
    end = datetime.combine(day + timedelta(days=1), time(), UTC)
    query = select(PlannedNeed.country, PlannedNeed.role, PlannedNeed.value).where(PlannedNeed.agreed_at < end)
    if country is not None:
        query = query.where(PlannedNeed.country == country)
    needs: dict[str, dict[str, int]] = {}
    for of_country, role, value in db.session.execute(query.order_by(PlannedNeed.version)):
        needs.setdefault(of_country, {})[role] = value
    return needs


def count_proposed(*, without: UUID) -> dict[str, int]:
    """Return how many planned needs wait for a second person by country, without those of a user."""
    query = select(PlannedNeed.country, func.count()).group_by(PlannedNeed.country).order_by(PlannedNeed.country)
    waiting = query.where(PlannedNeed.state == PlannedNeedState.PROPOSED, PlannedNeed.set_by != without)
    return {row[0]: row[1] for row in db.session.execute(waiting)}


def version(need_id: UUID) -> PlannedNeedVersion:
    """Return a version of a planned need, or raise NoResultFound."""
    return PlannedNeedVersion(*db.session.execute(select(*_VERSION).where(PlannedNeed.id == need_id)).one())


def versions(country: str) -> list[PlannedNeedVersion]:
    """Return all versions of the planned needs of a country, by role, the newest first."""
    query = select(*_VERSION).where(PlannedNeed.country == country)
    ordered = query.order_by(PlannedNeed.role, PlannedNeed.version.desc())
    return [PlannedNeedVersion(*row) for row in db.session.execute(ordered)]
