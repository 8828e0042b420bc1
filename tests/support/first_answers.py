"""First attempts at the small course written straight into the tables: many people, chosen options and times."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert

from app.catalogue.shapes import Outline
from app.db.base import table_of
from app.db.session import db, transaction
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.models import AnswerSave, Attempt, QuestionMark
from tests.support.settings import NOW


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to an item: its score, the option chosen (None: no option), the seconds it took."""

    item: str
    score: float
    option: int | None = None
    seconds: int = 20
    revision: int = 1


@dataclass(frozen=True, slots=True)
class Sitting:
    """An attempt of a person, with its answers in order."""

    person_id: UUID
    answers: Sequence[Answer]
    purpose: Purpose = Purpose.TEST
    number: int = 1
    language: str = "en"
    ended_at: datetime = NOW
    passed: bool = True


def add(outline: Outline, *sittings: Sitting) -> None:
    """Store attempts with their scores and saves."""
    with transaction():
        for sitting in sittings:
            _add(outline, sitting)


def _add(outline: Outline, sitting: Sitting) -> None:
    started_at = sitting.ended_at - timedelta(seconds=sum(answer.seconds for answer in sitting.answers))
    values = {
        "person_id": sitting.person_id,
        "course_id": outline.course_id,
        "version_id": outline.version_id,
        "purpose": sitting.purpose,
        "number": sitting.number,
        "language": sitting.language,
        "seed": 1,
        "paper": "[]",
        "pass_mark": 0.7,
        "state": AttemptState.HANDED_IN,
        "started_at": started_at,
        "ended_at": sitting.ended_at,
        "share": 1.0 if sitting.passed else 0.0,
        "passed": sitting.passed,
    }
    row_id = db.session.execute(insert(Attempt).values(**values).returning(Attempt.id)).scalar_one()
    marks, saves, at = [], [], started_at
    for number, answer in enumerate(sitting.answers, 1):
        at += timedelta(seconds=answer.seconds)
        mark = {"attempt_id": row_id, "question": number, "item": answer.item, "revision": answer.revision}
        marks.append({**mark, "competency": "PRT-01", "share": answer.score})
        body = json.dumps(None if answer.option is None else {"place": answer.option})
        saves.append({"attempt_id": row_id, "question": number, "sequence": 1, "body": body, "arrived_at": at})
    db.session.execute(insert(table_of(QuestionMark)), marks)
    db.session.execute(insert(table_of(AnswerSave)), saves)
