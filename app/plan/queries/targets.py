"""Read targets: the agreed ones of a day, the versions of a cell or of periods, notes of contact points."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.db.session import db
from app.plan.domain import targets as rules
from app.plan.domain.targets import AgreedTarget, TargetCell
from app.plan.models import Target, TargetNote
from app.plan.shapes import TargetNoteLine, TargetVersion

_VERSION: tuple[Any, ...] = (
    Target.id, Target.code, Target.country, Target.period, Target.version, Target.value, Target.second_value,
    Target.state, Target.reason, Target.valid_from, Target.set_by, Target.set_at, Target.agreed_by, Target.agreed_at,
)  # fmt: skip
_NOTE: tuple[Any, ...] = (
    TargetNote.target_id, TargetNote.opinion, TargetNote.text, TargetNote.written_by, TargetNote.written_at,
)  # fmt: skip


def agreed_versions() -> list[AgreedTarget]:
    """Return every version that was ever agreed, also if a later one replaced it."""
    query = select(
        Target.id, Target.code, Target.country, Target.period, Target.version, Target.value, Target.second_value,
        Target.valid_from,
    ).where(Target.agreed_by.is_not(None))  # fmt: skip
    return [
        AgreedTarget(
            id=key,
            cell=TargetCell(code, country, period),
            version=version,
            value=value,
            second=second,
            valid_from=valid_from,
        )
        for key, code, country, period, version, value, second, valid_from in db.session.execute(query)
    ]


def agreed_targets(day: date) -> Mapping[tuple[str, str], tuple[AgreedTarget, ...]]:
    """Return the agreed targets in effect on a day by code and country ("" for the community), each by period."""
    by_row: dict[tuple[str, str], list[AgreedTarget]] = {}
    for cell, target in sorted(rules.effective(agreed_versions(), day).items()):
        by_row.setdefault((cell.code, cell.country), []).append(target)
    return {row: tuple(targets) for row, targets in by_row.items()}


def version(target_id: UUID) -> TargetVersion:
    """Return a version of a target, or raise NoResultFound."""
    return TargetVersion(*db.session.execute(select(*_VERSION).where(Target.id == target_id)).one())


def history_of(code: str, country: str, period: str) -> list[TargetVersion]:
    """Return all versions of the target of a cell, the newest first."""
    query = select(*_VERSION).where(Target.code == code, Target.country == country, Target.period == period)
    return [TargetVersion(*row) for row in db.session.execute(query.order_by(Target.version.desc()))]


def versions(periods: Collection[str], *, country: str | None = None) -> list[TargetVersion]:
    """Return all versions of the targets of these periods, of a country or of all, by cell, the newest first."""
    query = select(*_VERSION).where(Target.period.in_(periods))
    if country is not None:
        query = query.where(Target.country == country)
    ordered = query.order_by(Target.code, Target.country, Target.period, Target.version.desc())
    return [TargetVersion(*row) for row in db.session.execute(ordered)]


def notes(targets: Collection[UUID]) -> list[TargetNoteLine]:
    """Return the notes on these versions of targets, the oldest first."""
    query = select(*_NOTE).where(TargetNote.target_id.in_(targets))
    return [TargetNoteLine(*row) for row in db.session.execute(query.order_by(TargetNote.written_at, TargetNote.id))]
