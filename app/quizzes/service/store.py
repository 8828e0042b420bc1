"""SQL that writes attempts, saves, scores and practice answers; plain statements, as saves are the busiest writes."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, case, delete, func, insert, literal, not_, select, tuple_, update

from app.db.base import table_of
from app.db.session import changed_rows, db
from app.db.upsert import excluded, insert_ignore, upsert
from app.quizzes.domain import saves
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.domain.grading import ItemScore
from app.quizzes.domain.saves import Save
from app.quizzes.domain.selection import DrawnQuestions
from app.quizzes.models import (
    AnswerSave,
    Attempt,
    PeerMarking,
    PeerRequest,
    PracticeAnswer,
    PracticeSitting,
    QuestionMark,
    SaveCount,
    UncountedAttempt,
)

# built once: every test that ends sends them
_END = update(table_of(Attempt)).where(table_of(Attempt).c.id == bindparam("row_id"))
_INSERT_MARKS = insert(table_of(QuestionMark))
_INSERT_UNCOUNTED = insert(table_of(UncountedAttempt))
NO_PAPER = saves.answer_text(())  # of an ended attempt of which only the result is kept


class Reduced(NamedTuple):
    """The number of reduced attempts, and the number of saves that were deleted with them."""

    attempts: int
    saves: int


def save_answers(row_id: int, sent: Sequence[Save], *, arrived_at: datetime, late: bool, locked: bool = False) -> None:
    """Store saves, one for each question and sequence; a stored one is replaced only by one of higher rank.

    Late saves never change stored ones.
    """
    if not sent:
        return
    rows = [
        {
            "attempt_id": row_id,
            "question": save.question,
            "sequence": save.sequence,
            "body": saves.answer_text(save.body),
            "certainty": save.certainty,
            "marked": save.marked,
            "arrived_at": arrived_at,
            "late": late,
            "locked": locked and not late,
        }
        for save in sent
    ]
    db.session.execute((_insert_late if late else _upsert_saves)(_dialect()), rows)


@cache
def _insert_late(dialect: str) -> Any:
    return insert_ignore(table_of(AnswerSave), dialect=dialect)


@cache
def _upsert_saves(dialect: str) -> Any:
    table = table_of(AnswerSave)
    new = excluded(table)
    return upsert(
        table,
        [table.c.attempt_id, table.c.question, table.c.sequence],
        {name: new[name] for name in ("body", "certainty", "marked")},
        condition=_rank(new, dialect) > _rank(table.c, dialect),
        dialect=dialect,
    )


def delete_older_saves(row_id: int, questions: Collection[int]) -> None:
    """Delete old saves of these questions; the save that counts and the ten highest sequences remain."""
    table = table_of(AnswerSave)
    of_question = (table.c.attempt_id == row_id, table.c.question.in_(questions))
    falling = table.c.sequence.desc()
    ranked = (
        select(
            table.c.question,
            table.c.sequence,
            table.c.late,
            func.row_number().over(partition_by=table.c.question, order_by=falling).label("place"),
            func.row_number().over(partition_by=(table.c.question, table.c.late), order_by=falling).label("in_kind"),
        )
        .where(*of_question)
        .subquery()
    )
    counts = and_(ranked.c.late.is_(False), ranked.c.in_kind == 1)
    older = select(ranked.c.question, ranked.c.sequence).where(ranked.c.place > saves.LAST, not_(counts))
    gone = delete(table).where(*of_question, tuple_(table.c.question, table.c.sequence).in_(older))
    db.session.execute(gone)


def count_saves(person_id: UUID, count: int, minute: int) -> int:
    """Add to a person's saves of a minute and return their number; a new minute begins at zero."""
    row = {"person_id": person_id, "minute": minute, "count": count}
    return int(db.session.execute(_upsert_count(_dialect()), row).scalar_one())


@cache
def _upsert_count(dialect: str) -> Any:
    table = table_of(SaveCount)
    new = excluded(table)
    same = case((table.c.minute == new.minute, table.c.count + new.count), else_=new.count)
    statement = upsert(table, ["person_id"], {"minute": new.minute, "count": same}, dialect=dialect)
    return statement.returning(table.c.count)


def delete_counts(before: int) -> int:
    """Delete the counts of minutes before `before` and return their number."""
    return _gone(SaveCount, SaveCount.minute < before)


def add_attempt(**values: object) -> UUID | None:
    """Add an attempt and return its public id, or None if another one took its number or is open."""
    return db.session.execute(_insert_attempt(_dialect()), values).scalar_one_or_none()


@cache
def _insert_attempt(dialect: str) -> Any:
    table = table_of(Attempt)
    return insert_ignore(table, dialect=dialect).returning(table.c.public_id)


def add_sitting(attempt: UUID, *, asked: Sequence[str], counted: Sequence[str]) -> None:
    """Store what a practice sitting asks about and counts for."""
    row_id = select(Attempt.id).where(Attempt.public_id == attempt).scalar_subquery()
    row = {"attempt_id": row_id, "asked": saves.answer_text(asked), "counted": saves.answer_text(counted)}
    db.session.execute(insert(table_of(PracticeSitting)).values(row))


def end(row_id: int, *, state: AttemptState, ended_at: datetime, score: float, passed: bool) -> None:
    """Close an attempt with its result."""
    result = {"state": state, "ended_at": ended_at, "share": score, "passed": passed}
    db.session.execute(_END, {"row_id": row_id, **result})


def add_uncounted(course_id: UUID, row_id: int) -> None:
    """Note that a first attempt ended, which the statistics of items have not counted."""
    row = {"course_id": course_id, "attempt_id": row_id, "was_counted": False}
    db.session.execute(_INSERT_UNCOUNTED, row)


def note_changed(attempts: Collection[int]) -> None:
    """Note that the statistics of items have other scores of these attempts; only first ones count."""
    table = table_of(UncountedAttempt)
    counts = (Attempt.number == 1, Attempt.purpose.in_((Purpose.PRETEST, Purpose.TEST)))
    rows = select(Attempt.course_id, Attempt.id, literal(True)).where(Attempt.id.in_(attempts), *counts)
    db.session.execute(insert(table).from_select(["course_id", "attempt_id", "was_counted"], rows))


def save_marks(
    row_id: int, paper: DrawnQuestions, marks: Sequence[ItemScore], *, only: Collection[int] | None = None
) -> None:
    """Store the score of each question (of those with a number in `only`), for statistics."""
    rows = [
        {
            "attempt_id": row_id,
            "question": number,
            "item": question.item.id,
            "revision": question.revision,
            "competency": question.item.competency,
            "share": question_mark.share,
        }
        for number, (question, question_mark) in enumerate(zip(paper.questions, marks, strict=True), 1)
        if only is None or number in only
    ]
    if rows:
        db.session.execute(_INSERT_MARKS, rows)


def correct_mark(row_id: int, question: int, score: float) -> None:
    """Store the corrected score of a question."""
    of_question = (QuestionMark.attempt_id == row_id, QuestionMark.question == question)
    db.session.execute(update(table_of(QuestionMark)).where(*of_question).values(share=score))


def correct_result(row_id: int, *, score: float, passed: bool) -> None:
    """Store the corrected result of an ended attempt."""
    db.session.execute(update(table_of(Attempt)).where(Attempt.id == row_id).values(share=score, passed=passed))


def save_practice(person_id: UUID, course_id: UUID, item: str, **values: object) -> None:
    """Store a practice answer and delete older ones of the question; a repeated form changes nothing."""
    table = table_of(PracticeAnswer)
    row = {"person_id": person_id, "course_id": course_id, "item": item, **values}
    db.session.execute(insert_ignore(table).values(**row))
    of_question = (table.c.person_id == person_id, table.c.course_id == course_id, table.c.item == item)
    last = select(table.c.id).where(*of_question).order_by(table.c.id.desc()).offset(saves.LAST - 1).limit(1)
    db.session.execute(delete(table).where(*of_question, table.c.id < last.scalar_subquery()))


def reduce(attempts: Collection[int]) -> Reduced:
    """Delete everything but the result of these ended attempts; open and already reduced ones do not change.

    The deadline and the time of the beginning are removed, too; only the day of the beginning remains. Otherwise the
    duration would reveal extra time, and so a special need. The audit log has the time of each step.
    """
    begun = case((Attempt.deadline_at.is_not(None), _day(Attempt.started_at)), else_=Attempt.started_at)
    whole = (Attempt.id.in_(attempts), Attempt.state != AttemptState.OPEN, Attempt.paper != NO_PAPER)
    emptied = update(table_of(Attempt)).where(*whole).values(paper=NO_PAPER, seed=0, deadline_at=None, started_at=begun)
    # their rows first: a late save that holds one is stored before its paper goes, or finds no question after
    attempt_ids = list(db.session.scalars(emptied.returning(Attempt.id)))
    _gone(QuestionMark, QuestionMark.attempt_id.in_(attempt_ids))
    note_changed(attempt_ids)
    return Reduced(len(attempt_ids), _gone(AnswerSave, AnswerSave.attempt_id.in_(attempt_ids)))


def take_answers(attempts: Collection[int], *, begins: datetime, ends: datetime) -> Reduced:
    """Delete the saves of a period from attempts that are still open; questions and beginning remain."""
    table = table_of(Attempt)
    # their rows first: handing one in waits, or was first and its answers stay for the result
    still = select(table.c.id).where(table.c.id.in_(attempts), table.c.state == AttemptState.OPEN).order_by(table.c.id)
    attempt_ids = list(db.session.scalars(still.with_for_update()))
    old = (AnswerSave.attempt_id.in_(attempt_ids), AnswerSave.arrived_at >= begins, AnswerSave.arrived_at < ends)
    return Reduced(len(attempt_ids), _gone(AnswerSave, and_(*old)))


def delete_practice(answers: Collection[int]) -> int:
    """Delete practice answers and return how many existed."""
    return _gone(PracticeAnswer, PracticeAnswer.id.in_(answers))


def add_reading(**values: object) -> UUID | None:
    """Add a reading of an answer and return its id, or None if its position is taken or the person had this answer."""
    statement = insert_ignore(table_of(PeerMarking)).values(earned="[]", comment="", **values)
    return db.session.execute(statement.returning(table_of(PeerMarking).c.id)).scalar_one_or_none()


def delete_readings(*, drawn_before: datetime) -> None:
    """Delete readings that ended without a marking: their positions are free."""
    _gone(PeerMarking, and_(PeerMarking.marked_at.is_(None), PeerMarking.drawn_at <= drawn_before))


def delete_requests(requests: Collection[UUID]) -> list[UUID]:
    """Delete requests of peer marking with their markings; return the ids of the markings that existed."""
    of_requests = delete(PeerMarking).where(PeerMarking.request_id.in_(requests)).returning(PeerMarking.id)
    markings = list(db.session.scalars(of_requests))
    _gone(PeerRequest, PeerRequest.id.in_(requests))
    return markings


def delete_markings_by(person_id: UUID) -> list[UUID]:
    """Delete the readings and markings of a person; return the ids of those that existed."""
    return list(
        db.session.scalars(delete(PeerMarking).where(PeerMarking.person_id == person_id).returning(PeerMarking.id))
    )


def _day(column: Any) -> Any:
    """Return the beginning of the UTC day of a time, in the SQL of the database."""
    if _dialect() == "postgresql":
        return func.date_trunc("day", column)
    return func.strftime("%Y-%m-%d 00:00:00.000000", column)


def _gone(model: type[Any], which: Any) -> int:
    return changed_rows(delete(table_of(model)).where(which))


def _rank(columns: Any, dialect: str) -> Any:
    """Return the columns that rank saves as `domain.saves` does; texts are compared by their bytes."""
    collation = "C" if dialect == "postgresql" else "BINARY"
    return tuple_(columns.body.collate(collation), func.coalesce(columns.certainty, 0), columns.marked)


def _dialect() -> str:
    return str(db.session.get_bind().dialect.name)
