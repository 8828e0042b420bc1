"""Use cases of planned needs: propose a version for the own country, agree as the second person."""

import hashlib
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from app.access.policy import Action, Actor, CountryScope, allows
from app.catalogue.queries import courses as catalogue
from app.db.locks import lock_key
from app.db.session import db, record
from app.kernel.errors import DomainError
from app.plan.domain import planned_needs as rules
from app.plan.domain.planned_needs import NewPlannedNeed, PlannedNeedState, PlannedNeedStep
from app.plan.events import PlannedNeedAgreed, PlannedNeedProposed, PlannedNeedWithdrawn
from app.plan.models import PlannedNeed
from app.plan.service import notifications

CHANGED = "This planned need was changed after you opened it. Look at it again."


def propose_need(
    new: NewPlannedNeed, *, by: UUID, now: datetime, shown_version: int | None = None, submission: str = ""
) -> UUID:
    """Save a version of a planned need as proposed and return its id; an open version is replaced.

    It has no effect until a second person agrees. The same form sent again returns the same id.
    `shown_version` is the newest version on the page (0 for none). Raises DomainError if there is a newer version,
    and for a planned need that is not allowed.
    """
    _check(new, now)
    lock_key(_lock(new.country, new.role))
    key = hashlib.sha256(repr((submission, by, new)).encode()).hexdigest() if submission else None
    existing = None if key is None else db.session.scalar(select(PlannedNeed.id).where(PlannedNeed.submission == key))
    if existing is not None:
        return existing
    last = _replace_open(new, shown_version)
    row = _row(new, version=last + 1)
    row.set_by, row.set_at, row.submission = by, now, key
    db.session.add(row)
    db.session.flush()
    record(PlannedNeedProposed(at=now, need_id=row.id, country=row.country, version=row.version))
    notifications.on_need_proposed(row, now)
    return row.id


def agree_need(need_id: UUID, *, by: Actor, now: datetime) -> None:
    """Agree to a planned need as the second person; the agreed version before it is replaced.

    A second agreement of the same user changes nothing.
    Raises DomainError for the author, for a user without the right role, and for a version that was replaced.
    """
    row = _locked(need_id)
    if row.state is PlannedNeedState.AGREED and row.agreed_by == by.id:
        return
    if row.set_by == by.id:
        raise DomainError("Another user must agree.")
    if not allows(by, Action.AGREE_PLANNED_NEED, CountryScope(row.country)):
        raise DomainError("A contact point, a supervisor of the country or a coordinator must agree.")
    if row.state is not PlannedNeedState.PROPOSED:
        raise DomainError(CHANGED)
    _replace_agreed(row)
    row.state = rules.after(row.state, PlannedNeedStep.AGREE)
    row.agreed_by, row.agreed_at = by.id, now
    db.session.flush()
    record(PlannedNeedAgreed(at=now, need_id=row.id, country=row.country, version=row.version))


def withdraw_need(need_id: UUID, *, restored_id: UUID | None, now: datetime) -> PlannedNeedState | None:
    """Delete a proposed need and propose the version again that it replaced; return the state of another, else None.

    Only the sheet that proposed the need may undo it; a need that was agreed or replaced since remains.
    """
    row = db.session.get(PlannedNeed, need_id)
    if row is None:
        return PlannedNeedState.REPLACED
    lock_key(_lock(row.country, row.role))
    db.session.refresh(row, with_for_update=True)
    if row.state is not PlannedNeedState.PROPOSED:
        return row.state
    record(PlannedNeedWithdrawn(at=now, need_id=row.id, country=row.country))
    db.session.delete(row)
    db.session.flush()
    restored = None if restored_id is None else db.session.get(PlannedNeed, restored_id)
    if restored is not None and restored.state is PlannedNeedState.REPLACED:
        restored.state = PlannedNeedState.PROPOSED
        db.session.flush()
    return None


def _check(new: NewPlannedNeed, now: datetime) -> None:
    plan, framework = catalogue.plan(), catalogue.competencies()
    members = plan.head.members if plan is not None and plan.head is not None else ()
    roles = {role.id for role in framework.roles} if framework is not None else set()
    rules.check(new, members=members, roles=roles, today=now.date())


def _row(new: NewPlannedNeed, *, version: int) -> PlannedNeed:
    return PlannedNeed(
        id=uuid4(),
        country=new.country,
        role=new.role,
        version=version,
        value=new.value,
        day=new.day,
        source=new.source.strip(),
        state=PlannedNeedState.PROPOSED,
    )


def _lock(country: str, role: str) -> str:
    return hashlib.sha256(f"planned need {country} {role}".encode()).hexdigest()


def _locked(need_id: UUID) -> PlannedNeed:
    """Return a version of a planned need and lock its cell until the transaction ends, or raise NoResultFound."""
    row = db.session.get_one(PlannedNeed, need_id)
    lock_key(_lock(row.country, row.role))
    db.session.refresh(row, with_for_update=True)
    return row


def _newest(country: str, role: str) -> PlannedNeed | None:
    of_cell = (PlannedNeed.country == country, PlannedNeed.role == role)
    query = select(PlannedNeed).where(*of_cell).order_by(PlannedNeed.version.desc()).limit(1)
    return db.session.scalars(query).one_or_none()


def _replace_open(new: NewPlannedNeed, shown_version: int | None) -> int:
    """Replace the open version of a country and role and return the number of the newest version, 0 for none.

    Raises DomainError if the newest version is not the one that was shown.
    """
    newest = _newest(new.country, new.role)
    last = 0 if newest is None else newest.version
    if shown_version not in (None, last):
        raise DomainError(CHANGED)
    if newest is not None and newest.state is PlannedNeedState.PROPOSED:
        newest.state = rules.after(newest.state, PlannedNeedStep.REPLACE)
        db.session.flush()
    return last


def _replace_agreed(row: PlannedNeed) -> None:
    of_cell = (PlannedNeed.country == row.country, PlannedNeed.role == row.role)
    query = select(PlannedNeed).where(*of_cell, PlannedNeed.state == PlannedNeedState.AGREED)
    before = db.session.scalars(query).one_or_none()
    if before is not None:
        before.state = rules.after(before.state, PlannedNeedStep.REPLACE)
        db.session.flush()
