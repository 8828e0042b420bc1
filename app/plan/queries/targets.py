"""Read targets: the agreed ones of a day, the versions of a cell or of periods, notes of contact points."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.db.session import db
from app.plan.domain import targets as rules
from app.plan.domain.targets import AgreedTarget
from app.plan.models import PlanTarget, TargetNote
from app.plan.shapes import TargetNoteLine, TargetVersion

_VERSION: tuple[Any, ...] = (
    PlanTarget.id, PlanTarget.code, PlanTarget.country, PlanTarget.period, PlanTarget.version, PlanTarget.value,
    PlanTarget.second_value, PlanTarget.state, PlanTarget.reason, PlanTarget.valid_from, PlanTarget.set_by,
    PlanTarget.set_at, PlanTarget.agreed_by, PlanTarget.agreed_at,
)  # fmt: skip
_NOTE: tuple[Any, ...] = (
    TargetNote.target_id, TargetNote.opinion, TargetNote.text, TargetNote.written_by, TargetNote.written_at,
)  # fmt: skip


def agreed_versions() -> list[AgreedTarget]:
    """Return every version that was ever agreed, also if a later one replaced it."""
    query = select(*_VERSION).where(PlanTarget.agreed_by.is_not(None))
    versions = (TargetVersion(*row) for row in db.session.execute(query))
    return [
        AgreedTarget(
            id=version.id,
            cell=version.cell,
            version=version.version,
            value=version.value,
            second=version.second,
            valid_from=version.valid_from,
        )
        for version in versions
    ]


def agreed_targets(day: date) -> Mapping[tuple[str, str], tuple[AgreedTarget, ...]]:
    """Return the agreed targets in effect on a day by code and country ("" for the community), each by period."""
    by_row: dict[tuple[str, str], list[AgreedTarget]] = {}
    for cell, target in sorted(rules.effective(agreed_versions(), day).items()):
        by_row.setdefault((cell.code, cell.country), []).append(target)
    return {row: tuple(targets) for row, targets in by_row.items()}


def version(target_id: UUID) -> TargetVersion:
    """Return a version of a target, or raise NoResultFound."""
    return TargetVersion(*db.session.execute(select(*_VERSION).where(PlanTarget.id == target_id)).one())


def history_of(code: str, country: str, period: str) -> list[TargetVersion]:
    """Return all versions of the target of a cell, the newest first."""
    query = select(*_VERSION).where(PlanTarget.code == code, PlanTarget.country == country, PlanTarget.period == period)
    return [TargetVersion(*row) for row in db.session.execute(query.order_by(PlanTarget.version.desc()))]


def versions(periods: Collection[str], *, country: str | None = None) -> list[TargetVersion]:
    """Return all versions of the targets of these periods, of a country or of all, by cell, the newest first."""
    query = select(*_VERSION).where(PlanTarget.period.in_(periods))
    if country is not None:
        query = query.where(PlanTarget.country == country)
    ordered = query.order_by(PlanTarget.code, PlanTarget.country, PlanTarget.period, PlanTarget.version.desc())
    return [TargetVersion(*row) for row in db.session.execute(ordered)]


def count_proposed(*, without: UUID) -> int:
    """Return how many proposed targets wait for a second coordinator, without those of a user."""
    query = select(func.count()).select_from(PlanTarget)
    waiting = query.where(PlanTarget.state == rules.TargetState.PROPOSED, PlanTarget.set_by != without)
    return db.session.scalar(waiting) or 0


def notes(targets: Collection[UUID]) -> list[TargetNoteLine]:
    """Return the notes on these versions of targets, the oldest first."""
    query = select(*_NOTE).where(TargetNote.target_id.in_(targets))
    return [TargetNoteLine(*row) for row in db.session.execute(query.order_by(TargetNote.written_at, TargetNote.id))]
