"""The statements that write this room's rows: plain ones, since saving an answer is the busiest thing of all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, func, insert, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from app.db.session import db
from app.quizzes.domain import saves
from app.quizzes.domain.attempts import AttemptState
from app.quizzes.domain.grading import Mark
from app.quizzes.domain.saves import Save
from app.quizzes.domain.selection import Paper
from app.quizzes.models import AnswerSave, Attempt, PracticeAnswer, QuestionMark


def keep_saves(row_id: int, given: Sequence[Save], *, arrived_at: datetime, late: bool) -> None:
    """Store saves, one for a question and sequence; one that is there already stays unless the new one ranks higher.

    What comes late never touches what is there.
    """
    if not given:
        return
    table = _table(AnswerSave)
    statement = _insert(table)
    if late:
        statement = statement.on_conflict_do_nothing()
    else:
        new, there = _rank(statement.excluded), _rank(table.c)
        statement = statement.on_conflict_do_update(
            index_elements=[table.c.attempt_id, table.c.question, table.c.sequence],
            set_={name: statement.excluded[name] for name in ("body", "certainty", "marked")},
            where=new > there,
        )
    rows = [
        {
            "attempt_id": row_id,
            "question": one.question,
            "sequence": one.sequence,
            "body": saves.written(one.body),
            "certainty": one.certainty,
            "marked": one.marked,
            "arrived_at": arrived_at,
            "late": late,
        }
        for one in given
    ]
    db.session.execute(statement, rows)


def add_attempt(**values: object) -> UUID | None:
    """Add an attempt and return its public id; None when another one took its number or is open."""
    statement = _insert(_table(Attempt)).values(**values).on_conflict_do_nothing()
    found: UUID | None = db.session.execute(statement.returning(Attempt.public_id)).scalar_one_or_none()
    return found


def end(row_id: int, *, state: AttemptState, ended_at: datetime, share: float, passed: bool) -> None:
    """Close an attempt with its result."""
    db.session.execute(
        update(_table(Attempt))
        .where(Attempt.id == row_id)
        .values(state=state, ended_at=ended_at, share=share, passed=passed)
    )


def keep_marks(row_id: int, paper: Paper, marks: Sequence[Mark]) -> None:
    """Store what each question was worth, for statistics."""
    rows = [
        {
            "attempt_id": row_id,
            "question": number,
            "item": question.item.id,
            "revision": question.revision,
            "competency": question.item.competency,
            "share": mark.share,
        }
        for number, (question, mark) in enumerate(zip(paper.questions, marks, strict=True), 1)
    ]
    if rows:
        db.session.execute(insert(_table(QuestionMark)), rows)


def keep_practice(**values: object) -> None:
    """Store a practice answer; a second press of the same form changes nothing."""
    db.session.execute(_insert(_table(PracticeAnswer)).values(**values).on_conflict_do_nothing())


def _rank(columns: Any) -> Any:
    """Return what `domain.saves` compares, so that both decide alike: texts by their bytes."""
    collation = "C" if _dialect() == "postgresql" else "BINARY"
    return tuple_(columns.body.collate(collation), func.coalesce(columns.certainty, 0), columns.marked)


def _insert(table: Table) -> Any:
    # both dialects know "on conflict", each by a class of its own
    return postgresql.insert(table) if _dialect() == "postgresql" else sqlite.insert(table)


def _dialect() -> str:
    return str(db.session.get_bind().dialect.name)


def _table(model: type[Any]) -> Table:
    return cast("Table", model.__table__)
