"""Read the stored sums over the first attempts in a course, and the attempts that they lack."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select

from app.catalogue.domain.result_filters import ResultFilter
from app.db.session import db
from app.kernel.shapes import ready
from app.quizzes.domain.answer_sums import Count, CourseSums
from app.quizzes.models import Attempt, CourseSum, UncountedAttempt
from app.quizzes.queries import statistics

ready(CourseSums)
SHAPE = b"2"  # of the stored sums: those of another shape are counted again


@dataclass(frozen=True, slots=True)
class CountedCourse:
    """The sums of a course after a count, the rows of attempts that it covers, and who does not count (a hash)."""

    course_id: UUID
    left_out: str
    sums: CourseSums
    covered: Sequence[int]  # ids of UncountedAttempt


@dataclass(frozen=True, slots=True)
class _Attempts:
    """Attempts to count, by row id, and the rows of attempts that are covered then."""

    row_ids: Sequence[int]
    covered: Sequence[int]


def counted(course_id: UUID, without: frozenset[UUID]) -> CountedCourse:
    """Add the attempts that the stored sums of a course lack, or count all of them again; `without` do not count.

    All are counted again if there are no sums yet, if scores of counted attempts changed or were deleted, or if other
    people do not count any more. The read snapshot is given back between portions: call it outside `transaction()`.
    """
    before = stored(course_id, without)
    attempts = None if before is None else _new(course_id, without)
    if before is None or attempts is None:
        sums, attempts = CourseSums(), _all(course_id, without)
    else:
        sums, _counted_at = before
    return CountedCourse(course_id, left_out_hash(without), _added(sums, attempts.row_ids), attempts.covered)


def stored(course_id: UUID, without: frozenset[UUID]) -> tuple[CourseSums, datetime] | None:
    """Return the stored sums of a course without these people and the time of the count, None if there are none."""
    query = select(CourseSum.body, CourseSum.counted_at).where(
        CourseSum.course_id == course_id, CourseSum.left_out == left_out_hash(without)
    )
    row = db.session.execute(query).one_or_none()
    return None if row is None else (msgspec.json.decode(row.body, type=CourseSums), row.counted_at)


def recounted(course_id: UUID, without: Collection[UUID]) -> CourseSums | None:
    """Return the sums over all attempts but those that wait for the job, counted now; None if changed ones wait."""
    query = (
        select(Attempt.id, UncountedAttempt.was_counted)
        .outerjoin(UncountedAttempt, UncountedAttempt.attempt_id == Attempt.id)
        .where(*statistics.first_attempts(ResultFilter(course_id=course_id, without=frozenset(without))))
        .order_by(Attempt.id)
    )
    rows = db.session.execute(query).all()
    if any(was_counted for _row_id, was_counted in rows):
        return None
    return _added(CourseSums(), [row_id for row_id, was_counted in rows if was_counted is None])


def left_out_hash(people: Collection[UUID]) -> str:
    """Return a hash of a set of people and of the shape of sums: rows of another hash are counted again."""
    ids = hashlib.sha256(b"".join(sorted(person_id.bytes for person_id in people))).hexdigest()
    return hashlib.sha256(SHAPE + ids.encode()).hexdigest()


def _new(course_id: UUID, without: frozenset[UUID]) -> _Attempts | None:
    """Return the attempts that the sums lack, None if scores of counted attempts changed or were deleted."""
    query = (
        select(UncountedAttempt.id, UncountedAttempt.was_counted, Attempt.id, Attempt.person_id)
        .join(Attempt, Attempt.id == UncountedAttempt.attempt_id)
        .where(UncountedAttempt.course_id == course_id)
        .order_by(UncountedAttempt.id)
    )
    rows = db.session.execute(query).all()
    if any(was_counted for _id, was_counted, _row_id, _person_id in rows):
        return None
    row_ids = [row_id for _id, _was_counted, row_id, person_id in rows if person_id not in without]
    return _Attempts(row_ids, [row[0] for row in rows])


def _all(course_id: UUID, without: frozenset[UUID]) -> _Attempts:
    """Return all first attempts of a course that ended.

    One statement reads the attempts and the rows that they cover, so that none is counted without its row, which the
    transaction of its end stored. Scores that change later leave a row that is not covered.
    """
    query = (
        select(Attempt.id, Attempt.person_id, UncountedAttempt.id)
        .outerjoin(UncountedAttempt, UncountedAttempt.attempt_id == Attempt.id)
        .where(*statistics.first_attempts(ResultFilter(course_id=course_id)))
        .order_by(Attempt.id)
    )
    rows = db.session.execute(query).all()
    row_ids = dict.fromkeys(row_id for row_id, person_id, _id in rows if person_id not in without)
    return _Attempts(list(row_ids), [uncounted for _row_id, _person_id, uncounted in rows if uncounted is not None])


def _added(sums: CourseSums, row_ids: Sequence[int]) -> CourseSums:
    counting = Count(sums)
    for portion in statistics.portions(row_ids):
        for attempt in portion:
            counting.add(attempt)
        db.session.rollback()  # give the read snapshot back
    return sums
