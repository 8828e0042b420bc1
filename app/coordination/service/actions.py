"""Use cases of agreed actions: create, start, finish, drop, reopen, another date, note."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from app.coordination.domain import actions as rules
from app.coordination.domain.actions import (
    NOTE_LIMIT,
    ActionOrigin,
    ActionState,
    ActionStep,
    Owner,
    SubjectKind,
)
from app.coordination.events import ActionChanged, ActionCreated, ActionMoved, ActionNoted
from app.coordination.models import ActionDate, ActionNote, PlanAction
from app.db.session import db, record
from app.db.upsert import insert_ignore
from app.kernel.errors import DomainError
from app.plan.domain.records import RecordSource
from app.plan.service import recalculation


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAction:
    """An action to agree; `subject` is a code or an id, empty for SubjectKind.NONE."""

    text: str
    owner: Owner
    due_on: date
    subject_kind: SubjectKind = SubjectKind.NONE
    subject: str = ""
    about_country: str = ""
    origin: ActionOrigin = ActionOrigin.PLAN
    meeting_on: date | None = None


def create(new: NewAction, *, members: frozenset[str], by: UUID, now: datetime, submission: str = "") -> UUID:
    """Create an action and return its id; the same form sent again returns the same id.

    Raises DomainError for an invalid text, owner, date or meeting.
    """
    text = _check(new, members, now.date())
    row = {
        "id": uuid4(),
        "text": text,
        "subject_kind": new.subject_kind,
        "subject": new.subject,
        "about_country": new.about_country,
        "office": new.owner.office,
        "country": new.owner.country,
        "first_due_on": new.due_on,
        "due_on": new.due_on,
        "state": ActionState.OPEN,
        "origin": new.origin,
        "meeting_on": new.meeting_on,
        "created_by": by,
        "created_at": now,
        "submission": hashlib.sha256(repr((submission, by, new)).encode()).hexdigest() if submission else None,
    }
    once = insert_ignore(PlanAction, ["submission"]).returning(PlanAction.id)
    if db.session.execute(once, row).first() is None:
        query = select(PlanAction.id).where(PlanAction.submission == row["submission"])
        return db.session.execute(query).scalar_one()
    record(
        ActionCreated(
            at=now,
            action_id=UUID(str(row["id"])),
            office=new.owner.office,
            country=new.owner.country,
            due_on=new.due_on,
        )
    )
    _count(new.origin, UUID(str(row["id"])))
    return UUID(str(row["id"]))


def take_step(action_id: UUID, step: ActionStep, *, explanation: str = "", now: datetime) -> None:
    """Take a step with an action; `explanation` is the result, or the reason for dropping it.

    Raises IllegalMoveError for a step that does not fit, and DomainError without an explanation or after 14 days.
    """
    action = _locked(action_id)
    if step is ActionStep.REOPEN and not rules.can_reopen(action.ended_at, now):
        raise DomainError("An action can be reopened for 14 days.")
    state = rules.state_after(action.state, step)
    text = rules.check_explanation(step, explanation)
    action.state, action.result = state, text
    action.ended_at = None if state in rules.LIVE else now
    record(ActionChanged(at=now, action_id=action.id, office=action.office, country=action.country, state=action.state))
    db.session.flush()
    _count(action.origin, action.id)


def move(action_id: UUID, due_on: date, *, by: UUID, now: datetime) -> None:
    """Give a live action another due date and save the earlier one. Raises DomainError for an ended action."""
    action = _locked(action_id)
    if action.state not in rules.LIVE:
        raise DomainError("This action has ended. Reopen it first.")
    rules.check_due(due_on, now.date())
    if action.due_on == due_on:
        return
    db.session.add(ActionDate(action_id=action.id, moved_at=now, due_on=action.due_on, moved_by=by))
    action.due_on = due_on
    record(ActionMoved(at=now, action_id=action.id, office=action.office, country=action.country, due_on=due_on))


def add_note(action_id: UUID, text: str, *, by: UUID, now: datetime) -> None:
    """Add a note to an action. Raises DomainError for an empty note and for one of more than 300 characters."""
    action = _locked(action_id)
    trimmed = text.strip()
    if not 0 < len(trimmed) <= NOTE_LIMIT:
        raise DomainError("Write a note of 1 to 300 characters.")
    db.session.add(ActionNote(action_id=action.id, text=trimmed, written_by=by, written_at=now))
    record(ActionNoted(at=now, action_id=action.id, office=action.office, country=action.country))


def _count(origin: ActionOrigin, action_id: UUID) -> None:
    """Count an action of a meeting in the plan's figures, in this transaction."""
    if origin is ActionOrigin.MEETING:
        recalculation.recount(RecordSource.ACTIONS, [action_id])


def _check(new: NewAction, members: frozenset[str], today: date) -> str:
    rules.check_owner(new.owner, members)
    rules.check_due(new.due_on, today)
    rules.check_meeting(new.origin, new.meeting_on, today)
    return rules.check_text(new.text)


def _locked(action_id: UUID) -> PlanAction:
    return db.session.get_one(PlanAction, action_id, with_for_update=True)
