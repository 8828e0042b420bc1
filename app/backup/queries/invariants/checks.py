"""Rules between rows of accounts, attempts, courses and notices, for `flask check-invariants`.

Tables are read by name, without the queries of packages, so that a fault of a query is not repeated here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import isclose
from operator import attrgetter
from statistics import fmean
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from app.backup.queries.invariants import evidence
from app.backup.queries.invariants.tables import PAGE, Groups, all_rows, grouped, of, rows_in, table
from app.catalogue.queries import courses as catalogue
from app.db import blind_index
from app.db.session import db
from app.identity.domain.people import PersonState
from app.kernel import clock
from app.learning import domain, shapes
from app.learning.domain import CourseProgress, EnrolmentState
from app.learning.queries import progress
from app.messages.domain import READ_KEPT
from app.plan.service import consistency_checks as plan
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.domain.selection import StoredQuestion

ROUNDING = 1e-9


def faults() -> Iterator[str]:
    """Return a message for each fault in the database, with ids of people and rows."""
    for check in (of_people, evidence.of_workshops, plan.faults):
        yield from check()
        db.session.rollback()


def of_people() -> Iterator[str]:
    """Return a message for each fault of accounts, learning and evidence of people."""
    person = table("person")
    after: UUID | None = None
    while True:
        query = select(person.c.id).order_by(person.c.id).limit(PAGE)
        ids = list(db.session.scalars(query if after is None else query.where(person.c.id > after)))
        if not ids:
            return
        yield from _people(ids)
        tests = of(ids, "attempt")
        yield from _attempts(tests)
        yield from _enrolments(ids, tests)
        yield from evidence.of_courses(ids, tests)
        after = ids[-1]
        db.session.rollback()  # give the read snapshot back between pages


def _people(ids: Sequence[UUID]) -> Iterator[str]:
    postings, grants = of(ids, "posting"), of(ids, "role_grant")
    identities, tokens = of(ids, "identity"), of(ids, "name_token")
    deactivated = {row.id for row in rows_in("person", "id", ids) if row.state is PersonState.DEACTIVATED}
    for person_id in ids:
        if not postings[person_id]:
            yield f"{person_id}: no posting"
        if not grants[person_id]:
            yield f"{person_id}: no role"
        if identities[person_id]:
            yield from _identity(identities[person_id][0], postings[person_id], tokens[person_id])
        elif person_id not in deactivated:  # identities of closed accounts may be deleted
            yield f"{person_id}: no identity"


def _identity(row: Any, postings: Sequence[Any], tokens: Sequence[Any]) -> Iterator[str]:
    if row.mail_index != blind_index.index("mail", row.mail):
        yield f"{row.person_id}: the index of the mail address is not that of the address"
    if row.service_number and row.service_index != blind_index.index("service", row.service_number):
        yield f"{row.person_id}: the index of the service number is not that of the number"
    stored = set(map(attrgetter("token"), tokens))
    if postings and stored != blind_index.tokens(postings[0].country, row.name, row.latin_name or ""):
        yield f"{row.person_id}: the tokens of the name are not those of the name"


def _attempts(by_person: Groups) -> Iterator[str]:
    rows = all_rows(by_person)
    ids = [row.id for row in rows]
    marks = grouped(rows_in("question_mark", "attempt_id", ids), "attempt_id")
    regraded = {row.attempt_id for row in rows_in("regrade", "attempt_id", ids)}
    for row in rows:
        scores = [mark.share for mark in marks[row.id]]
        if row.state is not AttemptState.OPEN:
            yield from _ended_attempt(row, scores, is_regraded=row.id in regraded)
        elif scores:
            yield f"attempt {row.id}: open, and marked"
    yield from _open_attempts(rows)
    yield from _attempt_numbers(rows)


def _open_attempts(rows: Sequence[Any]) -> Iterator[str]:
    open_rows = [row for row in rows if row.state is AttemptState.OPEN]
    counts = Counter((row.person_id, row.course_id, row.purpose) for row in open_rows)
    for (person_id, _course, purpose), count in counts.items():
        if count > 1:
            yield f"{person_id}: {count} open attempts of one course ({purpose})"


def _ended_attempt(row: Any, scores: Sequence[float], *, is_regraded: bool) -> Iterator[str]:
    yield from _marks_of_attempt(row, scores)
    is_enough = row.share >= row.pass_mark - ROUNDING
    # a test that was passed stays passed when a corrected key lowers its share
    may_differ = is_regraded and row.passed
    if row.passed != is_enough and not may_differ:
        yield f"attempt {row.id}: passed does not follow from its share"
    if row.ended_at < row.started_at:
        yield f"attempt {row.id}: ended before it began"


def _marks_of_attempt(row: Any, scores: Sequence[float]) -> Iterator[str]:
    # a paper without questions: only the result is stored
    asked = len(msgspec.json.decode(row.paper, type=tuple[StoredQuestion, ...]))
    if len(scores) > asked or (len(scores) < asked and row.purpose is not Purpose.PRACTICE):
        yield f"attempt {row.id}: not every question has a mark"
    elif scores and not isclose(row.share, fmean(scores), abs_tol=ROUNDING):
        yield f"attempt {row.id}: its share is not the mean of its marks"


def _attempt_numbers(rows: Sequence[Any]) -> Iterator[str]:
    by_course: dict[tuple[UUID, UUID, Purpose], list[int]] = defaultdict(list)
    for row in rows:
        by_course[row.person_id, row.course_id, row.purpose].append(row.number)
    for (person_id, _course, purpose), numbers in by_course.items():
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            yield f"{person_id}: attempts are not numbered one by one ({purpose})"


def _enrolments(ids: Sequence[UUID], tests: Groups) -> Iterator[str]:
    playthroughs = of(ids, "playthrough")
    enrolments = all_rows(of(ids, "enrolment"))
    lessons = grouped(rows_in("lesson_progress", "enrolment_id", [row.id for row in enrolments]), "enrolment_id")
    for row in enrolments:
        is_completed = row.state is EnrolmentState.COMPLETED
        if is_completed != _is_finished(row, lessons[row.id], playthroughs[row.person_id], tests[row.person_id]):
            yield f"enrolment {row.id}: {row.state}, but its lessons, cases and test differ"
        elif is_completed and _is_before_last_lesson(row, lessons[row.id]):
            yield f"enrolment {row.id}: completed before its last lesson"
    yield from _missing_notices(ids, [row for row in enrolments if row.state is EnrolmentState.COMPLETED])


def _is_before_last_lesson(row: Any, lessons: Sequence[Any]) -> bool:
    """Return whether a course was completed before its last lesson. A test may be passed earlier."""
    has_test = catalogue.outline(row.version_id).facts.test is not None
    return not has_test and bool(row.completed_at < max(lesson.done_at for lesson in lessons))


def _missing_notices(ids: Sequence[UUID], completed: Sequence[Any]) -> Iterator[str]:
    notices = {(row.person_id, row.occasion) for row in all_rows(of(ids, "notice"))}
    since = clock.now() - READ_KEPT  # older notices may be deleted
    for row in completed:
        if row.completed_at > since and (row.person_id, f"course-completed:{row.course_id}") not in notices:
            yield f"enrolment {row.id}: completed without a notice"


def _is_finished(row: Any, lessons: Sequence[Any], playthroughs: Sequence[Any], tests: Sequence[Any]) -> bool:
    of_course = [attempt for attempt in tests if attempt.course_id == row.course_id]
    current = CourseProgress(
        lessons={lesson.lesson: progress.lesson_state(lesson) for lesson in lessons},
        last_lesson=row.last_lesson,
        finished_cases=frozenset(w.name for w in playthroughs if w.course_id == row.course_id and w.finished_at),
        test_passed=any(attempt.passed and attempt.purpose is Purpose.TEST for attempt in of_course),
    )
    return domain.is_finished(shapes.asks(catalogue.outline(row.version_id)), current)
