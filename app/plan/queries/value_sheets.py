"""Read checked sheets of values of the actor, what they wrote, and the newest values that a sheet compares with."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from app.access.policy import Actor
from app.db.session import db
from app.kernel import clock
from app.plan.domain.observations import ObservationState
from app.plan.domain.planned_needs import PlannedNeedState
from app.plan.domain.targets import TargetState
from app.plan.models import Observation, PlannedNeed, PlanTarget, TargetNote
from app.plan.models.value_sheets import ValueBatch, ValueBatchRow, ValueSheet
from app.plan.shapes import SavedValueSheet, SheetContent, ValueBatchLine, ValueBatchSummary

LISTED = 20
CURRENT = (ObservationState.PENDING, ObservationState.APPROVED)
LIVE_TARGETS = (TargetState.DRAFT, TargetState.PROPOSED, TargetState.AGREED)
LIVE_NEEDS = (PlannedNeedState.PROPOSED, PlannedNeedState.AGREED)


def sheet(actor: Actor, sheet_id: UUID) -> SavedValueSheet:
    """Return a checked sheet of the actor; raise NoResultFound if there is none or it has expired."""
    row = db.session.scalars(
        select(ValueSheet).where(
            ValueSheet.id == sheet_id, ValueSheet.person_id == actor.id, ValueSheet.ends_at > clock.real_now()
        )
    ).one()
    return SavedValueSheet(row.id, row.kind, msgspec.json.decode(row.content, type=SheetContent), row.ends_at)


def sheets(actor: Actor) -> list[tuple[UUID, str, datetime]]:
    """Return id, kind and time of the checked sheets of the actor, the newest first."""
    own = (ValueSheet.person_id == actor.id, ValueSheet.ends_at > clock.real_now())
    query = select(ValueSheet.id, ValueSheet.kind, ValueSheet.made_at).where(*own)
    ordered = query.order_by(ValueSheet.made_at.desc(), ValueSheet.id).limit(LISTED)
    return [(row[0], row[1], row[2]) for row in db.session.execute(ordered)]


def batch_of(actor: Actor, sheet_id: UUID) -> UUID | None:
    """Return the id of what a sheet of the actor wrote, or None."""
    query = select(ValueBatch.id).where(ValueBatch.sheet_id == sheet_id, ValueBatch.person_id == actor.id)
    return db.session.scalar(query)


def batches(actor: Actor) -> list[ValueBatchSummary]:
    """Return what the actor's newest sheets wrote."""
    query = select(*_SUMMARY).where(ValueBatch.person_id == actor.id)
    ordered = query.order_by(ValueBatch.made_at.desc(), ValueBatch.id).limit(LISTED)
    return [ValueBatchSummary(*row) for row in db.session.execute(ordered)]


def batch(actor: Actor, batch_id: UUID) -> ValueBatchSummary:
    """Return what a sheet of the actor wrote, or raise NoResultFound."""
    own = (ValueBatch.id == batch_id, ValueBatch.person_id == actor.id)
    return ValueBatchSummary(*db.session.execute(select(*_SUMMARY).where(*own)).one())


def count_lines(batch_id: UUID) -> int:
    """Return the number of rows that a sheet wrote."""
    query = select(func.count()).where(ValueBatchRow.batch_id == batch_id)
    return db.session.execute(query).scalar_one()


def lines(batch_id: UUID, *, offset: int = 0, size: int | None = None) -> list[ValueBatchLine]:
    """Return the rows that a sheet wrote by number."""
    row = ValueBatchRow
    query = select(row.number, row.record_id, row.replaced_id, row.outcome).where(row.batch_id == batch_id)
    ordered = query.order_by(row.number, row.id).offset(offset).limit(size)
    return [ValueBatchLine(*line) for line in db.session.execute(ordered)]


def observations(days: Collection[date], country: str | None) -> dict[tuple[str, str, date], Observation]:
    """Return the newest figure by code, country and day that waits or is approved, of these days."""
    query = select(Observation).where(Observation.day.in_(days), Observation.state.in_(CURRENT))
    if country is not None:
        query = query.where(Observation.country == country)
    rows = db.session.scalars(query.order_by(Observation.entered_at, Observation.approved_at, Observation.id))
    return {(row.code, row.country, row.day): row for row in rows}


def approved(country: str | None, until: date) -> dict[tuple[str, str], list[tuple[date, float]]]:
    """Return the approved values by code and country with their days up to a day, in order."""
    query = select(Observation.code, Observation.country, Observation.day, Observation.value).where(
        Observation.state == ObservationState.APPROVED, Observation.day < until
    )
    if country is not None:
        query = query.where(Observation.country == country)
    values: dict[tuple[str, str], list[tuple[date, float]]] = {}
    for code, of_country, day, value in db.session.execute(query.order_by(Observation.day, Observation.approved_at)):
        values.setdefault((code, of_country), []).append((day, value))
    return values


def live_targets(periods: Collection[str]) -> list[PlanTarget]:
    """Return the open and the agreed targets of these periods, by version."""
    query = select(PlanTarget).where(PlanTarget.period.in_(periods), PlanTarget.state.in_(LIVE_TARGETS))
    return list(db.session.scalars(query.order_by(PlanTarget.version)))


def live_needs(country: str) -> list[PlannedNeed]:
    """Return the open and the agreed planned needs of a country, by version."""
    query = select(PlannedNeed).where(PlannedNeed.country == country, PlannedNeed.state.in_(LIVE_NEEDS))
    return list(db.session.scalars(query.order_by(PlannedNeed.version)))


def has_notes(target_id: UUID) -> bool:
    """Return whether a contact point noted an opinion on a target."""
    return db.session.scalar(select(TargetNote.id).where(TargetNote.target_id == target_id).limit(1)) is not None


_SUMMARY = (
    ValueBatch.id, ValueBatch.kind, ValueBatch.country, ValueBatch.added, ValueBatch.changed, ValueBatch.same,
    ValueBatch.made_at, ValueBatch.undone_at,
)  # fmt: skip
