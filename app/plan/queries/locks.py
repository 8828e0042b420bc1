"""Read which quarters are locked, who proposed and agreed, and the adjustments since."""

from datetime import date
from typing import Any

from sqlalchemy import exists, func, select

from app.db.session import db
from app.plan.models import Adjustment, FrozenFigure, PeriodLock
from app.plan.shapes import AdjustmentLine, LockLine


def is_locked(quarter_end: date) -> bool:
    """Return whether the figures of the quarter that ends on a day are final.

    The quarters before the plan that pages show are locked together with its first one.
    """
    return db.session.scalar(select(exists().where(FrozenFigure.day == quarter_end))) is True


def locked_quarters() -> frozenset[date]:
    """Return the last days of all locked quarters of the plan."""
    return frozenset(db.session.scalars(select(PeriodLock.quarter_end).where(*_LOCKED)))


def adjustments(quarter_end: date) -> list[AdjustmentLine]:
    """Return the adjustments of a locked quarter by code, day and country."""
    return _adjustments(Adjustment.quarter_end == quarter_end)


def adjustments_of(code: str) -> list[AdjustmentLine]:
    """Return the adjustments of an indicator, of all locked quarters."""
    return _adjustments(Adjustment.code == code)


def all_adjustments() -> list[AdjustmentLine]:
    """Return all adjustments."""
    return _adjustments()


def locks() -> list[LockLine]:
    """Return the proposed and agreed locks, the oldest quarter first."""
    query = select(*_LOCK).order_by(PeriodLock.quarter_end)
    return [LockLine(*row) for row in db.session.execute(query)]


def lock_of(quarter_end: date) -> LockLine | None:
    """Return the lock of a quarter, proposed or agreed, or None."""
    row = db.session.execute(select(*_LOCK).where(PeriodLock.quarter_end == quarter_end)).first()
    return None if row is None else LockLine(*row)


def counted_adjustments() -> dict[date, int]:
    """Return how many indicators of each locked quarter have adjustments."""
    query = select(Adjustment.quarter_end, func.count(Adjustment.code.distinct())).group_by(Adjustment.quarter_end)
    return {row[0]: row[1] for row in db.session.execute(query)}


_LOCKED = (PeriodLock.locked_at.is_not(None),)
_LOCK: tuple[Any, ...] = (
    PeriodLock.quarter_end, PeriodLock.proposed_by, PeriodLock.proposed_at, PeriodLock.agreed_by, PeriodLock.locked_at,
    PeriodLock.sha256, PeriodLock.figures, PeriodLock.last_record,
)  # fmt: skip
_ADJUSTMENT: tuple[Any, ...] = (
    Adjustment.quarter_end, Adjustment.code, Adjustment.version, Adjustment.country, Adjustment.counts_in,
    Adjustment.noted_on, Adjustment.numerator, Adjustment.denominator, Adjustment.first_evidence,
    Adjustment.last_evidence, Adjustment.last_record,
)  # fmt: skip


def _adjustments(*conditions: Any) -> list[AdjustmentLine]:
    order = (Adjustment.quarter_end, Adjustment.code, Adjustment.noted_on, Adjustment.country, Adjustment.id)
    return [
        AdjustmentLine(*row) for row in db.session.execute(select(*_ADJUSTMENT).where(*conditions).order_by(*order))
    ]
