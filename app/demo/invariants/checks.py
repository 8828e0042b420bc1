"""What must hold between rows, whoever wrote them: rules that no constraint of the database can say.

The tables of all rooms are read by their names: this looks at what is stored, past the rooms' own queries.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import isclose
from statistics import fmean
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from app.catalogue.queries import courses as catalogue
from app.db import blind_index
from app.db.session import db
from app.demo.invariants import evidence
from app.demo.invariants.tables import PAGE, Groups, grouped, of, rows_in, table
from app.identity.domain.people import PersonState
from app.kernel import clock
from app.learning import domain, shapes
from app.learning.domain import CourseProgress, EnrolmentState
from app.learning.queries import progress
from app.messages.domain import READ_KEPT
from app.plan.service import consistency_checks as plan
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.domain.selection import PaperQuestion

ROUNDING = 1e-9


def faults() -> Iterator[str]:
    """Return a sentence for each fault of all rooms; people and things are named by id."""
    for check in (of_people, evidence.of_workshops, plan.faults):
        yield from check()
        db.session.rollback()


def of_people() -> Iterator[str]:
    """Return a sentence for each fault of accounts, of what people did in courses, and of what that proves."""
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
        yield from _ways(ids, tests)
        yield from evidence.of_courses(ids, tests)
        after = ids[-1]
        db.session.rollback()  # give the read snapshot back between pages


def _people(ids: Sequence[UUID]) -> Iterator[str]:
    postings, grants = of(ids, "posting"), of(ids, "role_grant")
    identities, tokens = of(ids, "identity"), of(ids, "name_token")
    left = {row.id for row in rows_in("person", "id", ids) if row.state is PersonState.DEACTIVATED}
    for person_id in ids:
        if not postings[person_id]:
            yield f"{person_id}: no posting"
        if not grants[person_id]:
            yield f"{person_id}: no role"
        if not identities[person_id]:
            if person_id not in left:  # of who left long ago, or was erased, it is kept no longer
                yield f"{person_id}: no identity"
            continue
        yield from _identity(identities[person_id][0], postings[person_id], {row.token for row in tokens[person_id]})


def _identity(row: Any, postings: Sequence[Any], tokens: set[str]) -> Iterator[str]:
    if row.mail_index != blind_index.index("mail", row.mail):
        yield f"{row.person_id}: the index of the mail address is not that of the address"
    if row.service_number and row.service_index != blind_index.index("service", row.service_number):
        yield f"{row.person_id}: the index of the service number is not that of the number"
    if postings and tokens != blind_index.tokens(postings[0].country, row.name, row.latin_name or ""):
        yield f"{row.person_id}: the tokens of the name are not those of the name"


def _attempts(by_person: Groups) -> Iterator[str]:
    rows = [row for found in by_person.values() for row in found]
    marks = grouped(rows_in("question_mark", "attempt_id", [row.id for row in rows]), "attempt_id")
    open_ones: Counter[tuple[UUID, UUID, Purpose]] = Counter()
    for row in rows:
        shares = [mark.share for mark in marks[row.id]]
        if row.state is AttemptState.OPEN:
            open_ones[row.person_id, row.course_id, row.purpose] += 1
            if shares:
                yield f"attempt {row.id}: open, and marked"
            continue
        yield from _ended(row, shares)
    for (person_id, _course, purpose), count in open_ones.items():
        if count > 1:
            yield f"{person_id}: {count} open attempts of one course ({purpose})"
    yield from _numbers(rows)


def _ended(row: Any, shares: Sequence[float]) -> Iterator[str]:
    # a paper without questions: only the result is kept
    if len(shares) != len(msgspec.json.decode(row.paper, type=tuple[PaperQuestion, ...])):
        yield f"attempt {row.id}: not every question has a mark"
    elif shares and not isclose(row.share, fmean(shares), abs_tol=ROUNDING):
        yield f"attempt {row.id}: its share is not the mean of its marks"
    if row.passed != (row.share >= row.pass_mark - ROUNDING):
        yield f"attempt {row.id}: passed does not follow from its share"
    if row.ended_at < row.started_at:
        yield f"attempt {row.id}: ended before it began"


def _numbers(rows: Sequence[Any]) -> Iterator[str]:
    found: dict[tuple[UUID, UUID, Purpose], list[int]] = defaultdict(list)
    for row in rows:
        found[row.person_id, row.course_id, row.purpose].append(row.number)
    for (person_id, _course, purpose), numbers in found.items():
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            yield f"{person_id}: attempts are not numbered one by one ({purpose})"


def _ways(ids: Sequence[UUID], tests: Groups) -> Iterator[str]:
    walks = of(ids, "playthrough")
    enrolments = [row for found in of(ids, "enrolment").values() for row in found]
    lessons = grouped(rows_in("lesson_progress", "enrolment_id", [row.id for row in enrolments]), "enrolment_id")
    notices = {(row.person_id, row.occasion) for found in of(ids, "notice").values() for row in found}
    told_since = clock.now() - READ_KEPT  # older notices may be gone
    for row in enrolments:
        done = row.state is EnrolmentState.COMPLETED
        if done != _is_finished(row, lessons[row.id], walks[row.person_id], tests[row.person_id]):
            yield f"enrolment {row.id}: {row.state}, which its lessons, cases and test do not say"
        elif done and _ends_with_lessons(row) and row.completed_at < max(one.done_at for one in lessons[row.id]):
            yield f"enrolment {row.id}: completed before its last lesson"
        if (
            done
            and row.completed_at > told_since
            and (row.person_id, f"course-completed:{row.course_id}") not in notices
        ):
            yield f"enrolment {row.id}: completed, and nobody was told"


def _ends_with_lessons(row: Any) -> bool:
    """Say whether a course without a test was completed: by its last lesson."""
    return catalogue.outline(row.version_id).facts.test is None


def _is_finished(row: Any, lessons: Sequence[Any], walks: Sequence[Any], tests: Sequence[Any]) -> bool:
    outline = catalogue.outline(row.version_id)
    standing = CourseProgress(
        lessons={part.lesson: progress.lesson_state(part) for part in lessons},
        last_lesson=row.last_lesson,
        finished_cases=frozenset(w.name for w in walks if w.course_id == row.course_id and w.finished_at),
        test_passed=any(t.passed for t in tests if t.course_id == row.course_id and t.purpose is Purpose.TEST),
    )
    return domain.is_finished(shapes.asks(outline), standing)
