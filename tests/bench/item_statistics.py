"""Statistics of a course with 100,000 first attempts: the count of the job, and the page of its results."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from app.catalogue.queries import courses as catalogue, versions
from app.catalogue.shapes import Outline
from app.db.base import table_of
from app.db.session import db, transaction
from app.identity.models import Person, Posting
from app.kernel import clock
from app.learning.domain import EnrolmentState
from app.learning.models import Enrolment, LessonProgress
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.models import AnswerSave, Attempt, QuestionMark, UncountedAttempt
from app.scenarios.models import Playthrough
from app.studio.domain.result_choices import ResultChoice
from app.studio.jobs import count_flags
from app.studio.queries import results
from tests.bench.figures import Figure, percentile
from tests.bench.ground import Ground

ATTEMPTS, NEW, PORTION, DRAWN, REPEATS, RUNS = 100_000, 1_000, 5_000, 10, 50, 3
COUNT_SECONDS, PAGE_MS = 2.0, 100.0
LANGUAGES = ("en", "en", "fr", "ar")
Row = dict[str, object]


def measure(ground: Ground) -> list[Figure]:
    """Measure the processor time of the first and of later counts, and the slow end of reading what they stored."""
    with ground.app.app_context():
        outline = catalogue.outline(_version(ground))
        revisions = _revisions(outline)
        for _ in range(ATTEMPTS // PORTION):
            _fill(outline, revisions, PORTION)
        first = _seconds(count_flags)
        later = [_of_new(outline, revisions) for _ in range(RUNS)]
        read = [_seconds(lambda: _page(outline, ResultChoice())) for _ in range(REPEATS)]
        limited = _seconds(lambda: _page(outline, ResultChoice(language="fr")))
        db.session.remove()
    on = ground.database
    return [
        Figure(on, f"CPU of the first count: {ATTEMPTS:,} attempts", first, "s", None),
        Figure(on, f"CPU of the job: {NEW:,} new attempts to {ATTEMPTS:,}", median(later), "s", COUNT_SECONDS),
        Figure(on, "results of a course, p95", percentile(read, 0.95) * 1000, "ms", PAGE_MS),
        Figure(on, "CPU of the results of one language", limited, "s", None),
    ]


def _version(ground: Ground) -> UUID:
    record = versions.course_record(str(ground.course["slug"]))
    assert record.version_id is not None
    return record.version_id


def _revisions(outline: Outline) -> dict[str, int]:
    bank = catalogue.bank(outline.version_id, outline.facts.source_language)
    return {item: line.revision for item, line in bank.items()}


def _of_new(outline: Outline, revisions: dict[str, int]) -> float:
    _fill(outline, revisions, NEW)
    return _seconds(count_flags)


def _seconds(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


def _page(outline: Outline, choice: ResultChoice) -> None:
    results.course_results(versions.published(outline.course_id), choice, clock.now())
    db.session.rollback()


def _fill(outline: Outline, revisions: dict[str, int], number: int) -> None:
    """Add people with a posting who read all lessons, played all cases, and ended both tests."""
    random, model = Random(number), db.session.scalars(select(Person)).first()
    posting = db.session.scalars(select(Posting)).first()
    assert model is not None
    assert posting is not None
    person = {column.name: getattr(model, column.key) for column in table_of(Person).columns}
    posted = {column.name: getattr(posting, column.key) for column in table_of(Posting).columns}
    people = [uuid4() for _ in range(number)]
    names = [{"id": person_id, "alias": person_id.hex[:24], "alias_key": person_id.hex[:24]} for person_id in people]
    with transaction():
        db.session.execute(insert(table_of(Person)), [person | name for name in names])
        since = {"since": date(2020, 1, 1), "until": None}
        db.session.execute(
            insert(table_of(Posting)),
            [posted | since | {"id": uuid4(), "person_id": person_id} for person_id in people],
        )
        _add_progress(outline, people)
        attempts = [_attempt(person_id, outline, random) for person_id in people]
        ids = db.session.scalars(insert(Attempt).returning(Attempt.id), attempts).all()
        answers = [answer for row_id in ids for answer in _answers(row_id, revisions, random)]
        db.session.execute(insert(table_of(QuestionMark)), [mark for mark, _save in answers])
        db.session.execute(insert(table_of(AnswerSave)), [save for _mark, save in answers])
        uncounted = {"course_id": outline.course_id, "was_counted": False}
        db.session.execute(insert(table_of(UncountedAttempt)), [uncounted | {"attempt_id": row_id} for row_id in ids])


def _add_progress(outline: Outline, people: list[UUID]) -> None:
    now, of_course = clock.now(), {"course_id": outline.course_id, "version_id": outline.version_id}
    begun = now - timedelta(days=9)
    enrolments: list[dict[str, Any]] = [
        of_course
        | {"id": uuid4(), "person_id": person_id, "state": EnrolmentState.COMPLETED, "begun_at": begun, "last_at": now,
           "completed_at": now}
        for person_id in people
    ]  # fmt: skip
    read = {"done_at": now, "spent_seconds": 600}
    progress = [
        read | {"enrolment_id": enrolment["id"], "lesson": lesson.slug}
        for enrolment in enrolments
        for lesson in outline.facts.lessons
    ]
    played: list[Row] = [
        of_course
        | {"id": uuid4(), "person_id": person_id, "name": name, "number": 1, "language": "en", "started_at": begun,
           "finished_at": now, "share": 0.5}
        for person_id in people
        for name in outline.cases
    ]  # fmt: skip
    db.session.execute(insert(table_of(Enrolment)), enrolments)
    db.session.execute(insert(table_of(LessonProgress)), progress)
    if played:
        db.session.execute(insert(table_of(Playthrough)), played)


def _attempt(person_id: UUID, outline: Outline, random: Random) -> Row:
    now = clock.now()
    return {
        "public_id": uuid4(), "person_id": person_id, "course_id": outline.course_id, "version_id": outline.version_id,
        "purpose": Purpose.TEST, "number": 1, "language": random.choice(LANGUAGES), "seed": 1, "paper": "[]",
        "pass_mark": 0.7, "state": AttemptState.HANDED_IN, "started_at": now - timedelta(minutes=30), "ended_at": now,
        "share": 0.5, "passed": True,
    }  # fmt: skip


def _answers(row_id: int, revisions: dict[str, int], random: Random) -> Iterator[tuple[Row, Row]]:
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
