"""Read follow-ups: the own questions, those to a supervisor, and the answers of an event for its result."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, allows
from app.db.session import db
from app.kernel import clock
from app.rights.queries import supervision
from app.workshops.domain.follow_up import ChangeSeen, DeedAnswer, FollowUpAnswers, FollowUpState, Influence
from app.workshops.models import FollowUp, Workshop
from app.workshops.shapes import WorkshopLine, line_columns

MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpLine:
    """The questions to a participant of an event; days are UTC dates."""

    id: UUID
    workshop_id: UUID
    person_id: UUID
    state: FollowUpState
    opened_on: date
    closes_on: date
    answered_on: date | None
    answers: FollowUpAnswers | None
    change_seen: ChangeSeen | None
    supervised_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisedFollowUp:
    """The two questions to a supervisor, for the policy and the page."""

    id: UUID
    person_id: UUID
    workshop: WorkshopLine
    closes_on: date
    is_open: bool
    supervisors: frozenset[UUID]


def own(workshop_id: UUID, person_id: UUID) -> FollowUpLine | None:
    """Return the questions to a participant, or None."""
    query = select(FollowUp).where(FollowUp.workshop_id == workshop_id, FollowUp.person_id == person_id)
    row = db.session.scalars(query).one_or_none()
    return None if row is None else _line(row)


def of_event(workshop_id: UUID) -> Sequence[FollowUpLine]:
    """Return the questions to all participants of an event."""
    query = select(FollowUp).where(FollowUp.workshop_id == workshop_id).order_by(FollowUp.id)
    return [_line(row) for row in db.session.scalars(query)]


def supervised(actor: Actor, follow_up_id: UUID) -> SupervisedFollowUp:
    """Return the questions about an officer whom the actor supervises today, or raise NoResultFound."""
    query = _with_event().where(FollowUp.id == follow_up_id)
    row = db.session.execute(query).one()
    supervisors = supervision.supervisors_of(row.person_id, clock.today()) - {row.person_id}
    asked = _supervised(row, supervisors)
    if not allows(actor, Action.ANSWER_ABOUT_OFFICER, asked):
        raise NoResultFound
    return asked


def to_answer(actor: Actor, today: date) -> list[SupervisedFollowUp]:
    """Return the open questions about the officers whom the actor supervises, the nearest deadline first."""
    query = _with_event().where(*_asked(actor, today)).order_by(FollowUp.closes_on, FollowUp.id).limit(MOST)
    return [_supervised(row, frozenset({actor.id})) for row in db.session.execute(query)]


def supervisor_task(actor: Actor) -> Select[Any]:
    """Return the query that counts the open questions about the officers whom the actor supervises."""
    return select(func.count()).select_from(FollowUp).where(*_asked(actor, clock.today()))


def _asked(actor: Actor, today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        FollowUp.change_seen.is_(None),
        FollowUp.closes_on >= today,
        FollowUp.person_id != actor.id,
        FollowUp.person_id.in_(supervision.officers_of(actor.id, today)),
    )


def _with_event() -> Select[Any]:
    return select(
        *Workshop.__table__.columns,
        FollowUp.id.label("follow_up_id"),
        FollowUp.person_id,
        FollowUp.closes_on,
        FollowUp.change_seen,
    ).join_from(FollowUp, Workshop, Workshop.id == FollowUp.workshop_id)


def _supervised(row: Any, supervisors: frozenset[UUID]) -> SupervisedFollowUp:
    return SupervisedFollowUp(
        id=row.follow_up_id,
        person_id=row.person_id,
        workshop=WorkshopLine(**line_columns(row)),
        closes_on=row.closes_on,
        is_open=row.change_seen is None and row.closes_on >= clock.today(),
        supervisors=supervisors,
    )


def _line(row: FollowUp) -> FollowUpLine:
    return FollowUpLine(
        id=row.id,
        workshop_id=row.workshop_id,
        person_id=row.person_id,
        state=row.state,
        opened_on=row.opened_on,
        closes_on=row.closes_on,
        answered_on=row.answered_on,
        answers=_answers(row),
        change_seen=row.change_seen,
        supervised_on=row.supervised_on,
    )


def _answers(row: FollowUp) -> FollowUpAnswers | None:
    if row.occasion is None:
        return None
    return FollowUpAnswers(
        occasion=row.occasion,
        used=tuple(row.used.split()),
        helped=tuple(map(Influence, row.helped.split())),
        hindered=tuple(map(Influence, row.hindered.split())),
        passed_on=row.passed_on or 0,
        referral=row.referral or DeedAnswer.NO_OCCASION,
        capture=row.capture or DeedAnswer.NO_OCCASION,
        request=row.request or DeedAnswer.NO_OCCASION,
        contacted=bool(row.contacted),
    )
