"""Use cases after a key was corrected: note which questions, and grade ended attempts again."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update

from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Question
from app.db.base import table_of
from app.db.session import db, record
from app.db.upsert import upsert
from app.quizzes import queries
from app.quizzes.domain import attempts, rules
from app.quizzes.domain.attempts import Purpose, Result
from app.quizzes.domain.corrections import is_corrected
from app.quizzes.events import AttemptRegraded
from app.quizzes.models import KeyCorrection, Regrade
from app.quizzes.queries import corrections
from app.quizzes.queries.corrections import WaitingCorrection
from app.quizzes.service import store
from app.quizzes.shapes import AttemptView

_CHANGE = 1e-9  # scores that differ less are the same


def note_corrections(course_id: UUID, version_id: UUID, now: datetime) -> int:
    """Store which questions of earlier versions have a corrected key in this version; return their number."""
    bank = _source_bank(version_id)
    earlier = [other for other in corrections.versions_attempted(course_id) if other != version_id]
    return sum(_note_version(other, version_id, bank, now) for other in earlier)


def _note_version(earlier: UUID, version_id: UUID, bank: Mapping[str, Question], now: datetime) -> int:
    before = _source_bank(earlier)
    _delete(earlier, [name for name in before if name not in bank or before[name].item == bank[name].item])
    corrected = [name for name in before if name in bank and is_corrected(before[name].item, bank[name].item)]
    for name in corrected:
        _note(earlier, name, version_id, now)
    return len(corrected)


def _source_bank(version_id: UUID) -> Mapping[str, Question]:
    return catalogue.bank(version_id, catalogue.outline(version_id).facts.source_language)


def regrade(attempt: UUID, correction: WaitingCorrection, now: datetime) -> bool:
    """Grade an ended attempt again with the keys of today; return whether a score changed.

    A test that was passed stays passed: a mistake of the course takes nothing from the officer.
    """
    current = queries.lock(attempt)
    if current.is_open or current.is_reduced:
        return False
    bodies = {question: answer.body for question, answer in queries.counted_saves(current.row_id).items()}
    paper = corrections.questions_of_attempt(current)
    marks = attempts.grades_of(paper, bodies)
    stored = corrections.scores_of(current.row_id)
    changed = {
        number: (stored[number], item_score.share)
        for number, item_score in enumerate(marks, 1)
        if number in stored and abs(stored[number] - item_score.share) > _CHANGE
    }
    if not changed:
        return False
    facts = catalogue.outline(current.version_id).facts
    counted = attempts.answered_part(paper, marks, stored.keys())
    floor = rules.floor(facts, current.purpose)
    result = attempts.result(*counted, current.pass_mark, rules.lessons_of(facts), floor)
    _store(current, correction, changed, result, now)
    return True


def finish(correction: WaitingCorrection, now: datetime) -> None:
    """Note that all attempts of a correction are graded again."""
    table = table_of(KeyCorrection)
    of_correction = (
        table.c.version_id == correction.version_id,
        table.c.item == correction.item,
        table.c.by_version_id == correction.by_version_id,
    )
    db.session.execute(update(table).where(*of_correction).values(done_at=now))


def _store(
    attempt: AttemptView,
    correction: WaitingCorrection,
    changed: dict[int, tuple[float, float]],
    result: Result,
    now: datetime,
) -> None:
    passed = bool(attempt.passed) or result.passed
    number = (db.session.scalar(select(func.max(Regrade.number)).where(Regrade.attempt_id == attempt.row_id)) or 0) + 1
    for question, (before, after) in changed.items():
        store.correct_mark(attempt.row_id, question, after)
        db.session.add(
            Regrade(
                attempt_id=attempt.row_id,
                number=number,
                question=question,
                by_version_id=correction.by_version_id,
                share_before=before,
                share_after=after,
                at=now,
            )
        )
    store.correct_result(attempt.row_id, score=result.score, passed=passed)
    store.note_changed([attempt.row_id])
    db.session.flush()
    record(
        AttemptRegraded(
            at=now,
            attempt=attempt.id,
            person_id=attempt.person_id,
            course_id=attempt.course_id,
            version_id=attempt.version_id,
            purpose=attempt.purpose,
            number=number,
            share=result.score,
            newly_passed=passed and not attempt.passed and attempt.purpose is Purpose.TEST,
        )
    )


def _note(version_id: UUID, item: str, by_version_id: UUID, now: datetime) -> None:
    table = table_of(KeyCorrection)
    values = {"by_version_id": by_version_id, "noted_at": now, "done_at": None}
    statement = upsert(table, [table.c.version_id, table.c.item], values)
    db.session.execute(statement.values(version_id=version_id, item=item, **values))


def _delete(version_id: UUID, names: list[str]) -> None:
    table = table_of(KeyCorrection)
    if names:
        db.session.execute(delete(table).where(table.c.version_id == version_id, table.c.item.in_(names)))
