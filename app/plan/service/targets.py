"""Use cases of targets: draft or propose a version, propose a draft, agree as the second person, note an opinion."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from app.catalogue.queries import courses as catalogue
from app.db.locks import lock_key
from app.db.session import db, record
from app.db.upsert import insert_ignore
from app.kernel.errors import DomainError
from app.plan.domain import targets as rules
from app.plan.domain.targets import NewTarget, TargetCell, TargetOpinion, TargetState, TargetStep
from app.plan.events import TargetAgreed, TargetNoted, TargetProposed, TargetWithdrawn
from app.plan.models import PlanTarget, TargetNote
from app.plan.service import notifications

NOTE_LIMIT = 300  # characters
CHANGED = "This target was changed after you opened it. Look at it again."


def propose_target(
    new: NewTarget,
    *,
    by: UUID,
    now: datetime,
    is_draft: bool = False,
    shown_version: int | None = None,
    submission: str = "",
) -> UUID:
    """Save a version of a target as proposed, or as a draft, and return its id; an open version is replaced.

    It has no effect until a second coordinator agrees. The same form sent again returns the same id.
    `shown_version` is the newest version on the page (0 for none). Raises DomainError if there is a newer version,
    and for a target that is not allowed.
    """
    _check([new])
    lock_key(_lock(new.cell))
    return _propose(new, by=by, now=now, is_draft=is_draft, shown_version=shown_version, submission=submission)


def propose_targets(new: Sequence[NewTarget], *, by: UUID, now: datetime, submission: str = "") -> None:
    """Propose targets of several cells in one step; open versions are replaced.

    Raises DomainError for a target that is not allowed.
    """
    _check(new)
    lock_key(*(_lock(target.cell) for target in new))
    for target in new:
        _propose(target, by=by, now=now, submission=submission)


def _check(new: Sequence[NewTarget]) -> None:
    plan = catalogue.plan()
    if plan is None:
        raise DomainError("The plan has no such indicator.")
    for target in new:
        rules.check(target, plan)


def _propose(
    new: NewTarget,
    *,
    by: UUID,
    now: datetime,
    is_draft: bool = False,
    shown_version: int | None = None,
    submission: str = "",
) -> UUID:
    key = _submission_key(submission, by, new)
    existing = _sent_before(key)
    if existing is not None:
        return existing
    last = _replace_open(new.cell, shown_version)
    state = TargetState.DRAFT if is_draft else TargetState.PROPOSED
    row = _row(new, state=state, version=last + 1)
    row.set_by, row.set_at, row.submission = by, now, key
    row.valid_from = new.valid_from or now.date()
    db.session.add(row)
    db.session.flush()
    _announce(row, now)
    return row.id


def propose_draft(target_id: UUID, *, by: UUID, now: datetime) -> None:
    """Propose a draft to the other coordinators. Raises DomainError for another author, and unless it is a draft."""
    row = _locked(target_id)
    if row.state is TargetState.PROPOSED and row.set_by == by:
        return
    if row.set_by != by:
        raise DomainError("Another user wrote this draft.")
    if row.state is TargetState.REPLACED:
        raise DomainError(CHANGED)
    row.state = rules.after(row.state, TargetStep.PROPOSE)
    _announce(row, now)


def agree_target(target_id: UUID, *, by: UUID, now: datetime) -> None:
    """Agree to a proposed target as the second coordinator; it is in effect at the earliest from today.

    The agreed version before it is replaced. A second agreement of the same user changes nothing.
    Raises DomainError for the author, and for a version that was replaced or is a draft.
    """
    row = _locked(target_id)
    if row.state is TargetState.AGREED and row.agreed_by == by:
        return
    if row.set_by == by:
        raise DomainError("Another coordinator must agree.")
    if row.state in (TargetState.REPLACED, TargetState.AGREED):
        raise DomainError(CHANGED)
    agreed = rules.after(row.state, TargetStep.AGREE)
    _replace_agreed(row)
    row.valid_from = max(row.valid_from, now.date())
    row.state, row.agreed_by, row.agreed_at = agreed, by, now
    db.session.flush()
    record(
        TargetAgreed(
            at=now,
            target_id=row.id,
            code=row.code,
            country=row.country,
            period=row.period,
            version=row.version,
            valid_from=row.valid_from,
        )
    )


def withdraw_proposal(target_id: UUID, *, by: UUID, now: datetime) -> None:
    """Make a proposed target a draft of its author again; do nothing for the own draft.

    Raises DomainError for another author, and for a version that was agreed or replaced.
    """
    row = _locked(target_id)
    if row.set_by != by:
        raise DomainError("Another user proposed this target.")
    if row.state is TargetState.DRAFT:
        return
    if row.state is not TargetState.PROPOSED:
        raise DomainError(CHANGED)
    row.state = rules.after(row.state, TargetStep.WITHDRAW)
    db.session.flush()
    record(TargetWithdrawn(at=now, target_id=row.id, code=row.code, country=row.country, period=row.period))


def withdraw_target(target_id: UUID, *, restored_id: UUID | None, now: datetime) -> TargetState | None:
    """Delete a proposed target and propose the version again that it replaced; return the state of another, else None.

    Only the sheet that proposed the target may undo it; a target that was agreed or replaced since remains.
    """
    row = db.session.get(PlanTarget, target_id)
    if row is None:
        return TargetState.REPLACED
    lock_key(_lock(TargetCell(row.code, row.country, row.period)))
    db.session.refresh(row, with_for_update=True)
    if row.state is not TargetState.PROPOSED:
        return row.state
    record(TargetWithdrawn(at=now, target_id=row.id, code=row.code, country=row.country, period=row.period))
    db.session.delete(row)
    db.session.flush()
    restored = None if restored_id is None else db.session.get(PlanTarget, restored_id)
    if restored is not None and restored.state is TargetState.REPLACED:
        restored.state = TargetState.PROPOSED
        db.session.flush()
    return None


def note_target(
    target_id: UUID, opinion: TargetOpinion, text: str, *, by: UUID, now: datetime, submission: str = ""
) -> UUID:
    """Add the opinion of a contact point on a target and return the note's id; it does not block the target.

    The same form sent again returns the same id.
    Raises DomainError for a draft, and for a text that is empty or longer than 300 characters.
    """
    target = db.session.get_one(PlanTarget, target_id)
    if target.state is TargetState.DRAFT or not target.country:
        raise DomainError("You cannot note an opinion on this target.")
    if not 0 < len(text.strip()) <= NOTE_LIMIT:
        raise DomainError("Write your opinion in 1 to 300 characters.")
    key = _submission_key(submission, by, (target_id, opinion, text.strip()))
    note_id = uuid4()
    row = {
        "id": note_id,
        "target_id": target_id,
        "opinion": opinion,
        "text": text.strip(),
        "written_by": by,
        "written_at": now,
        "submission": key,
    }
    once = insert_ignore(TargetNote, ["submission"]).returning(TargetNote.id)
    if db.session.execute(once, row).first() is None:
        return db.session.execute(select(TargetNote.id).where(TargetNote.submission == key)).scalar_one()
    record(TargetNoted(at=now, target_id=target_id, code=target.code, country=target.country, opinion=opinion))
    notifications.on_opinion(note_id, target, now)
    return note_id


def _row(new: NewTarget, *, state: TargetState, version: int) -> PlanTarget:
    return PlanTarget(
        id=uuid4(),
        code=new.cell.code,
        country=new.cell.country,
        period=new.cell.period,
        version=version,
        value=new.value,
        second_value=new.second,
        state=state,
        reason=new.reason.strip(),
    )


def _lock(cell: TargetCell) -> str:
    return hashlib.sha256(f"target {cell.code} {cell.country} {cell.period}".encode()).hexdigest()


def _locked(target_id: UUID) -> PlanTarget:
    """Return a version of a target and lock its cell until the transaction ends, or raise NoResultFound."""
    row = db.session.get_one(PlanTarget, target_id)
    lock_key(_lock(TargetCell(row.code, row.country, row.period)))
    db.session.refresh(row, with_for_update=True)
    return row


def _newest(cell: TargetCell) -> PlanTarget | None:
    of_cell = (PlanTarget.code == cell.code, PlanTarget.country == cell.country, PlanTarget.period == cell.period)
    return db.session.scalars(
        select(PlanTarget).where(*of_cell).order_by(PlanTarget.version.desc()).limit(1)
    ).one_or_none()


def _replace_open(cell: TargetCell, shown_version: int | None) -> int:
    """Replace the open version of a cell and return the number of the newest version, 0 for none.

    Raises DomainError if the newest version is not the one that was shown.
    """
    newest = _newest(cell)
    last = 0 if newest is None else newest.version
    if shown_version not in (None, last):
        raise DomainError(CHANGED)
    if newest is not None and newest.state in rules.OPEN:
        newest.state = rules.after(newest.state, TargetStep.REPLACE)
        db.session.flush()
    return last


def _replace_agreed(row: PlanTarget) -> None:
    of_cell = (PlanTarget.code == row.code, PlanTarget.country == row.country, PlanTarget.period == row.period)
    before = db.session.scalars(
        select(PlanTarget).where(*of_cell, PlanTarget.state == TargetState.AGREED)
    ).one_or_none()
    if before is not None:
        before.state = rules.after(before.state, TargetStep.REPLACE)
        db.session.flush()


def _submission_key(submission: str, by: UUID, content: object) -> str | None:
    """Return a key that identifies a submission, None for a form without an id."""
    return hashlib.sha256(repr((submission, by, content)).encode()).hexdigest() if submission else None


def _sent_before(key: str | None) -> UUID | None:
    return None if key is None else db.session.scalar(select(PlanTarget.id).where(PlanTarget.submission == key))


def _announce(row: PlanTarget, now: datetime) -> None:
    """Record a version and notify those who may agree or have an opinion, unless it is a draft."""
    if row.state is TargetState.PROPOSED:
        notifications.on_target_proposed(row, now)
    record(
        TargetProposed(
            at=now,
            target_id=row.id,
            code=row.code,
            country=row.country,
            period=row.period,
            version=row.version,
            state=row.state,
        )
    )
