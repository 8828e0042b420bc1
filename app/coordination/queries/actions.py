"""Read agreed actions within the scope of a user, and count those that wait for the user."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, allows, own_scope
from app.coordination.domain.actions import LIVE, ActionOrigin, ActionState, Office
from app.coordination.models import ActionDate, ActionNote, PlanAction
from app.coordination.shapes import ActionDetails, PlanActionLine, StoredNote
from app.db.session import db
from app.kernel import clock
from app.ports import MeetingAction

_MOVES = select(func.count()).where(ActionDate.action_id == PlanAction.id).correlate(PlanAction).scalar_subquery()
_COLUMNS = (
    PlanAction.id,
    PlanAction.text,
    PlanAction.subject_kind,
    PlanAction.subject,
    PlanAction.about_country,
    PlanAction.office,
    PlanAction.country,
    PlanAction.first_due_on,
    PlanAction.due_on,
    PlanAction.state,
    PlanAction.origin,
    PlanAction.meeting_on,
    PlanAction.result,
    PlanAction.created_by,
    PlanAction.created_at,
    PlanAction.ended_at,
    _MOVES.label("moves"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionFilter:
    """The filter of the list: states (all if empty), office, country of the owner or concerned, only overdue ones."""

    states: Collection[ActionState] = LIVE
    office: Office | None = None
    country: str = ""
    overdue: bool = False


def lines(
    actor: Actor, chosen: ActionFilter, today: date, *, offset: int = 0, size: int | None
) -> list[PlanActionLine]:
    """Return the actions that the actor may see, those due first on top."""
    query = select(*_COLUMNS).where(visible_to(actor), *_conditions(chosen, today))
    ordered = query.order_by(PlanAction.due_on, PlanAction.id).offset(offset)
    return [PlanActionLine(**row) for row in db.session.execute(ordered.limit(size)).mappings()]


def count(actor: Actor, chosen: ActionFilter, today: date) -> int:
    """Return how many actions of a filter the actor may see."""
    query = select(func.count()).select_from(PlanAction).where(visible_to(actor), *_conditions(chosen, today))
    return db.session.execute(query).scalar_one()


def count_overdue(actor: Actor, today: date) -> int:
    """Return how many actions past their date the actor may see."""
    return count(actor, ActionFilter(overdue=True), today)


def visible(actor: Actor, action_id: UUID) -> ActionDetails:
    """Return an action within the scope of the actor, or raise NoResultFound."""
    row = db.session.execute(select(*_COLUMNS).where(PlanAction.id == action_id)).mappings().one_or_none()
    if row is None:
        raise NoResultFound
    line = PlanActionLine(**row)
    if not allows(actor, Action.READ_ACTION, line):
        raise NoResultFound
    return ActionDetails(line=line, notes=_notes(action_id), earlier_dates=_earlier_dates(action_id))


def texts(ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the texts of actions by id, for readers of the reminders about them."""
    rows = db.session.execute(select(PlanAction.id, PlanAction.text).where(PlanAction.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def live_subjects(subjects: Collection[str]) -> Mapping[str, Sequence[PlanActionLine]]:
    """Return the live actions about these indicators, courses or events, by subject."""
    query = select(*_COLUMNS).where(PlanAction.subject.in_(subjects), PlanAction.state.in_(LIVE))
    by_subject: dict[str, list[PlanActionLine]] = {}
    for row in db.session.execute(query.order_by(PlanAction.due_on, PlanAction.id)).mappings():
        line = PlanActionLine(**row)
        by_subject.setdefault(line.subject, []).append(line)
    return by_subject


def of_meetings(ids: Collection[UUID]) -> list[MeetingAction]:
    """Return the actions of these ids that were agreed at a meeting."""
    columns = (
        PlanAction.id, PlanAction.country, PlanAction.meeting_on, PlanAction.first_due_on, PlanAction.state,
        PlanAction.ended_at,
    )  # fmt: skip
    query = select(*columns).where(PlanAction.origin == ActionOrigin.MEETING, PlanAction.id.in_(ids))
    return [
        MeetingAction(
            id=row.id,
            country=row.country,
            meeting_on=row.meeting_on,
            first_due_on=row.first_due_on,
            done_on=row.ended_at.date() if row.state is ActionState.DONE else None,
        )
        for row in db.session.execute(query)
    ]


def ids_of_meetings(after: UUID | None, size: int) -> list[UUID]:
    """Return the ids of actions that were agreed at a meeting, after an id, at most so many."""
    query = select(PlanAction.id).where(PlanAction.origin == ActionOrigin.MEETING)
    later = query if after is None else query.where(PlanAction.id > after)
    return list(db.session.scalars(later.order_by(PlanAction.id).limit(size)))


def tasks(actor: Actor) -> Mapping[str, Select[Any]]:
    """Return the queries that count the live actions of the actor's offices, and those past their date."""
    offices = _own_offices(actor)
    if offices is None:
        return {}
    live = select(func.count()).select_from(PlanAction).where(PlanAction.state.in_(LIVE), offices)
    return {"actions": live, "actions_overdue": live.where(PlanAction.due_on < clock.today())}


def _notes(action_id: UUID) -> list[StoredNote]:
    query = select(ActionNote.text, ActionNote.written_by, ActionNote.written_at)
    rows = db.session.execute(query.where(ActionNote.action_id == action_id).order_by(ActionNote.id))
    return [StoredNote(**row) for row in rows.mappings()]


def _earlier_dates(action_id: UUID) -> list[date]:
    query = select(ActionDate.due_on).where(ActionDate.action_id == action_id)
    return list(db.session.scalars(query.order_by(ActionDate.moved_at)))


def _own_country(actor: Actor) -> str | None:
    """Return the country whose contact point the actor is, or None."""
    return actor.country if allows(actor, Action.SEE_OWN_COUNTRY, own_scope(actor)) else None


def _own_offices(actor: Actor) -> ColumnElement[bool] | None:
    """Return the condition that an action belongs to an office of the actor, or None without an office."""
    conditions = []
    if _own_country(actor):
        conditions.append(and_(PlanAction.office == Office.CONTACT_POINT, PlanAction.country == actor.country))
    if allows(actor, Action.CREATE_ACTION):
        conditions.append(PlanAction.office == Office.SECRETARIAT)
    if allows(actor, Action.CREATE_COURSE):
        conditions.append(PlanAction.office == Office.TRAINERS)
    return or_(*conditions) if conditions else None


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL twin of READ_ACTION."""
    if allows(actor, Action.CREATE_ACTION):
        return PlanAction.id.is_not(None)
    offices = _own_offices(actor)
    about = PlanAction.about_country == actor.country if _own_country(actor) else false()
    return about if offices is None else or_(offices, about)


def _conditions(chosen: ActionFilter, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if chosen.states:
        conditions.append(PlanAction.state.in_(chosen.states))
    if chosen.office is not None:
        conditions.append(PlanAction.office == chosen.office)
    if chosen.country:
        conditions.append(or_(PlanAction.country == chosen.country, PlanAction.about_country == chosen.country))
    if chosen.overdue:
        conditions += [PlanAction.due_on < today, PlanAction.state.in_(LIVE)]
    return conditions
