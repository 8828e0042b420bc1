"""Read commitments: those of a participant, of an event, of a country, and those that a supervisor confirms."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, allows
from app.db.session import db
from app.identity.queries import postings
from app.kernel import clock
from app.rights.queries import supervision
from app.workshops.domain.commitments import FINAL, CommitmentState
from app.workshops.models import Commitment, Workshop
from app.workshops.shapes import WorkshopLine, line_columns

MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentLine:
    """A commitment of a participant; `supervisors` are those of today, and only where they were read."""

    id: UUID
    workshop: WorkshopLine
    person_id: UUID
    number: int
    text: str
    due: date
    made_on: date
    state: CommitmentState
    note: str
    ended_on: date | None
    confirmed_on: date | None
    supervisors: frozenset[UUID] = frozenset()


def own(workshop_id: UUID, person_id: UUID) -> list[CommitmentLine]:
    """Return the commitments of a participant of a visit, by number."""
    return _lines(Commitment.workshop_id == workshop_id, Commitment.person_id == person_id)


def all_own(person_id: UUID) -> list[CommitmentLine]:
    """Return the commitments of a person in all visits, the nearest day first."""
    return _lines(Commitment.person_id == person_id)


def of_event(workshop_id: UUID) -> list[CommitmentLine]:
    """Return the commitments of all participants of a visit."""
    return _lines(Commitment.workshop_id == workshop_id)


def of_country(country: str, today: date) -> list[CommitmentLine]:
    """Return the commitments of the officers who serve in a country today, the nearest day first."""
    return _lines(Commitment.person_id.in_(postings.serving_in(country, today)))


def supervised(actor: Actor, commitment_id: UUID) -> CommitmentLine:
    """Return a commitment of an officer whom the actor supervises today, or raise NoResultFound."""
    row = db.session.execute(_query().where(Commitment.id == commitment_id)).one()
    supervisors = supervision.supervisors_of(row.person_id, clock.today()) - {row.person_id}
    line = _line(row, supervisors)
    if not allows(actor, Action.ANSWER_ABOUT_OFFICER, line):
        raise NoResultFound
    return line


def to_confirm(actor: Actor, today: date) -> list[CommitmentLine]:
    """Return the ended commitments of the officers whom the actor supervises that are not confirmed."""
    return _lines(*_unconfirmed(actor, today))


def supervised_lines(actor: Actor, today: date) -> list[CommitmentLine]:
    """Return the commitments of the officers whom the actor supervises."""
    return _lines(Commitment.person_id.in_(supervision.officers_of(actor.id, today)))


def supervisor_task(actor: Actor) -> Select[Any]:
    """Return the query that counts the commitments that the actor may confirm."""
    return select(func.count()).select_from(Commitment).where(*_unconfirmed(actor, clock.today()))


def _unconfirmed(actor: Actor, today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Commitment.state.in_(FINAL),
        Commitment.confirmed_by.is_(None),
        Commitment.person_id != actor.id,
        Commitment.person_id.in_(supervision.officers_of(actor.id, today)),
    )


def _query() -> Select[Any]:
    return select(
        *Workshop.__table__.columns,
        Commitment.id.label("commitment_id"),
        Commitment.person_id,
        Commitment.number,
        Commitment.text,
        Commitment.due,
        Commitment.made_on,
        Commitment.state.label("commitment_state"),
        Commitment.note,
        Commitment.ended_on,
        Commitment.confirmed_on,
    ).join_from(Commitment, Workshop, Workshop.id == Commitment.workshop_id)


def _lines(*of: ColumnElement[bool]) -> list[CommitmentLine]:
    query = _query().where(*of).order_by(Commitment.due, Workshop.code, Commitment.person_id, Commitment.number)
    return [_line(row) for row in db.session.execute(query.limit(MOST))]


def _line(row: Any, supervisors: frozenset[UUID] = frozenset()) -> CommitmentLine:
    return CommitmentLine(
        id=row.commitment_id,
        workshop=WorkshopLine(**line_columns(row)),
        person_id=row.person_id,
        number=row.number,
        text=row.text,
        due=row.due,
        made_on=row.made_on,
        state=row.commitment_state,
        note=row.note,
        ended_on=row.ended_on,
        confirmed_on=row.confirmed_on,
        supervisors=supervisors,
    )
