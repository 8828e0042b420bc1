"""Statistics of the items of a course with 100,000 first attempts: the count of the job, and the page that reads it."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from app.catalogue.queries import courses as catalogue, versions
from app.db.base import table_of
from app.db.session import db, transaction
from app.identity.models import Person
from app.kernel import clock
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.models import AnswerSave, Attempt, QuestionMark
from app.studio.queries import results
from app.studio.service import flagged_questions
from tests.bench.figures import Figure, percentile
from tests.bench.ground import Ground

ATTEMPTS, PORTION, DRAWN, REPEATS = 100_000, 5_000, 10, 50
COUNT_SECONDS, PAGE_MS = 2.0, 100.0


def measure(ground: Ground) -> list[Figure]:
    """Measure the processor time of the count, and the slow end of reading what it stored."""
    with ground.app.app_context():
        outline = catalogue.outline(_version(ground))
        bank = catalogue.bank(outline.version_id, outline.facts.source_language)
        _fill(outline.course_id, outline.version_id, {item: line.revision for item, line in bank.items()})
        began = time.process_time()
        with transaction():
            flagged_questions.count(outline.course_id, outline.version_id, clock.now())
        took = time.process_time() - began
        read = [_reading(outline.version_id) for _ in range(REPEATS)]
        db.session.remove()
    return [
        Figure(ground.database, f"CPU of item statistics: {ATTEMPTS:,} attempts", took, "s", COUNT_SECONDS),
        Figure(ground.database, "stored item statistics, p95", percentile(read, 0.95), "ms", PAGE_MS),
    ]


def _version(ground: Ground) -> UUID:
    record = versions.course_record(str(ground.course["slug"]))
    assert record.version_id is not None
    return record.version_id


def _reading(version_id: UUID) -> float:
    began = time.perf_counter()
    results.question_flags(version_id)
    return (time.perf_counter() - began) * 1000


def _fill(course_id: UUID, version_id: UUID, revisions: dict[str, int]) -> None:
    """Add attempts of new people, in portions."""
    random, model = Random(7), db.session.scalars(select(Person)).first()
    assert model is not None
    values = {column.name: getattr(model, column.key) for column in table_of(Person).columns}
    for _ in range(ATTEMPTS // PORTION):
        people = [uuid4() for _ in range(PORTION)]
        with transaction():
            named = [{"id": person, "alias": person.hex[:24], "alias_key": person.hex[:24]} for person in people]
            db.session.execute(insert(table_of(Person)), [values | name for name in named])
            rows = [_attempt(person, course_id, version_id) for person in people]
            ids = db.session.scalars(insert(Attempt).returning(Attempt.id), rows).all()
            answers = [answer for row_id in ids for answer in _answers(row_id, revisions, random)]
            db.session.execute(insert(table_of(QuestionMark)), [mark for mark, _save in answers])
            db.session.execute(insert(table_of(AnswerSave)), [save for _mark, save in answers])


def _attempt(person_id: UUID, course_id: UUID, version_id: UUID) -> dict[str, object]:
    now = clock.now()
    return {
        "public_id": uuid4(), "person_id": person_id, "course_id": course_id, "version_id": version_id,
        "purpose": Purpose.TEST, "number": 1, "language": "en", "seed": 1, "paper": "[]", "pass_mark": 0.7,
        "state": AttemptState.HANDED_IN, "started_at": now - timedelta(minutes=30), "ended_at": now, "share": 0.5,
        "passed": True,
    }  # fmt: skip


def _answers(
    row_id: int, revisions: dict[str, int], random: Random
) -> Iterator[tuple[dict[str, object], dict[str, object]]]:
    skill, begun = random.random(), clock.now() - timedelta(minutes=30)
    for number, item in enumerate(random.sample(sorted(revisions), DRAWN), 1):
        is_right = random.random() < skill
        body = json.dumps({"place": 0 if is_right else random.randint(1, 3)})
        at = begun + timedelta(seconds=40 * number)
        mark = {"item": item, "revision": revisions[item], "competency": "LRE-01", "share": float(is_right)}
        yield (
            {"attempt_id": row_id, "question": number, **mark},
            {"attempt_id": row_id, "question": number, "sequence": 1, "body": body, "arrived_at": at},
        )
