"""Write what follows an event: anonymous evaluations, rows of follow-ups; call it under the lock of the event's row."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, func, insert, or_, select, update

from app.db.session import db
from app.db.upsert import insert_ignore
from app.workshops.domain.evaluation import EvaluationAnswers, EvaluationStatement, OpenQuestion
from app.workshops.models import Evaluation, EvaluationRequest, EventAfterwards, FollowUp, Workshop, WorkshopSession
from app.workshops.queries.afterwards import FINISHED

Row = dict[str, object]


def afterwards(workshop_id: UUID) -> EventAfterwards:
    """Return the row with the days of an event, a new one if it has none."""
    row = db.session.get(EventAfterwards, workshop_id, populate_existing=True)
    if row is None:
        row = EventAfterwards(workshop_id=workshop_id, asked=0)
        db.session.add(row)
        db.session.flush()
    return row


def ask(workshop_id: UUID, people: Collection[UUID]) -> None:
    """Add the participants who may evaluate an event."""
    rows = [{"workshop_id": workshop_id, "person_id": person_id, "answered": False} for person_id in sorted(people)]
    db.session.execute(insert_ignore(EvaluationRequest), rows)


def save_evaluation(workshop_id: UUID, person_id: UUID, answers: EvaluationAnswers) -> None:
    """Save an evaluation and the fact that the person has answered, without a connection between them.

    All answers of the event are written again under new random keys, in the order of the keys, and so is the fact for
    every participant: the order of rows, and on PostgreSQL the transaction of a row, are the same for all.
    """
    columns = [column for column in Evaluation.__table__.columns if column.name != "id"]
    query = select(*columns).where(Evaluation.workshop_id == workshop_id)
    rows: list[Row] = [dict(row._mapping) for row in db.session.execute(query)]  # noqa: SLF001 - its public name
    rows.append(_evaluation(workshop_id, answers))
    db.session.execute(delete(Evaluation).where(Evaluation.workshop_id == workshop_id))
    keys = sorted(uuid4() for _row in rows)
    shuffled = sorted(rows, key=lambda _row: uuid4())
    db.session.execute(insert(Evaluation), [row | {"id": key} for key, row in zip(keys, shuffled, strict=True)])
    has_answered = or_(EvaluationRequest.answered, EvaluationRequest.person_id == person_id)
    db.session.execute(
        update(EvaluationRequest).where(EvaluationRequest.workshop_id == workshop_id).values(answered=has_answered)
    )


def _evaluation(workshop_id: UUID, answers: EvaluationAnswers) -> Row:
    scores = {str(statement): answers.score(statement) for statement in EvaluationStatement}
    texts = {str(question): text for question, text in zip(OpenQuestion, answers.texts, strict=True)}
    return {"workshop_id": workshop_id, **scores, **texts}


def delete_requests(workshop_id: UUID) -> None:
    """Delete who has evaluated an event and who has not."""
    db.session.execute(delete(EvaluationRequest).where(EvaluationRequest.workshop_id == workshop_id))


def follow_ups(workshop_id: UUID) -> Sequence[FollowUp]:
    """Return the rows of the follow-up of an event."""
    query = select(FollowUp).where(FollowUp.workshop_id == workshop_id).order_by(FollowUp.id)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def events_to_evaluate(now: datetime, since: date) -> list[UUID]:
    """Return the events that ended since a day and whose evaluation is not closed, in the order of locks."""
    query = _finished(now).where(Workshop.last_day >= since, EventAfterwards.evaluation_closed_on.is_(None))
    return list(db.session.scalars(query))


def open_evaluations(today: date) -> list[UUID]:
    """Return the events whose evaluation may be over, in the order of locks."""
    query = select(EventAfterwards.workshop_id).where(
        EventAfterwards.evaluation_closed_on.is_(None), EventAfterwards.evaluation_closes_on <= today
    )
    return list(db.session.scalars(query.order_by(EventAfterwards.workshop_id)))


def events_to_follow_up(now: datetime, since: date) -> list[UUID]:
    """Return the finished events whose last day is not before `since` and that have no follow-up yet."""
    query = _finished(now).where(Workshop.last_day >= since, EventAfterwards.follow_up_opened_on.is_(None))
    return list(db.session.scalars(query))


def open_follow_ups() -> list[UUID]:
    """Return the events whose follow-up is open, in the order of locks."""
    query = select(EventAfterwards.workshop_id).where(
        EventAfterwards.follow_up_opened_on.is_not(None), EventAfterwards.follow_up_closed_on.is_(None)
    )
    return list(db.session.scalars(query.order_by(EventAfterwards.workshop_id)))


def _finished(now: datetime) -> Select[UUID]:
    ends = select(func.max(WorkshopSession.ends_at)).where(WorkshopSession.workshop_id == Workshop.id).scalar_subquery()
    return (
        select(Workshop.id)
        .outerjoin(EventAfterwards, EventAfterwards.workshop_id == Workshop.id)
        .where(Workshop.state.in_(FINISHED), ends <= now)
        .order_by(Workshop.id)
    )
