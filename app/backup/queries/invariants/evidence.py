"""Check that each activity has its evidence and no other evidence exists; reads tables by name, as `checks` does."""

from collections.abc import Container, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.backup.queries.invariants.tables import Groups, all_rows, grouped, of, rows_in, table
from app.catalogue.queries import courses as catalogue
from app.competence.domain.evidence import EvidenceKind
from app.db.session import db
from app.learning.domain import EnrolmentState
from app.quizzes.domain import saves
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.workshops.domain.seats import BookingState

OF_COURSES = frozenset({EvidenceKind.MODULE, EvidenceKind.QUIZ})
EvidenceKey = tuple[str, str, str]  # competency, level, source


def of_courses(ids: Sequence[UUID], tests: Groups) -> Iterator[str]:
    """Return a message for each course or test without its evidence, and for evidence without a course or test."""
    evidence = of(ids, "evidence")
    # only the results of these tests are stored: their competencies cannot be checked
    without_paper = {
        f"course:{row.course_id}:test:{row.public_id}" for row in all_rows(tests) if row.paper == saves.answer_text(())
    }
    expected = _evidence_by_person(ids, tests)
    for person_id in ids:
        actual = {
            (row.competency, str(row.level), row.source)
            for row in evidence[person_id]
            if row.kind in OF_COURSES and row.source not in without_paper
        }
        for competency, level, source in sorted(expected[person_id] - actual):
            yield f"{person_id}: no evidence on {competency} ({level}) of {source}"
        for competency, level, source in sorted(actual - expected[person_id]):
            yield f"{person_id}: evidence on {competency} ({level}) of {source}, which did not happen"


def _evidence_by_person(ids: Sequence[UUID], tests: Groups) -> Mapping[UUID, set[EvidenceKey]]:
    framework = catalogue.competencies()
    codes = {competency.id for competency in framework.competencies} if framework else set()
    expected: dict[UUID, set[EvidenceKey]] = {person_id: set() for person_id in ids}
    for row in all_rows(of(ids, "enrolment")):
        if row.state is EnrolmentState.COMPLETED:
            expected[row.person_id] |= _expected_evidence(row, codes, "completed")
    for row, tested in _ended_tests(tests):
        expected[row.person_id] |= _expected_evidence(row, codes & tested, f"test:{row.public_id}")
    return expected


def of_workshops() -> Iterator[str]:
    """Return a message for attendance without a seat, and for each assessment without the same evidence."""
    for workshop_id in db.session.scalars(select(table("workshop").c.id)).all():
        bookings = {row.id: row for row in rows_in("booking", "workshop_id", [workshop_id])}
        seated = {row.id for row in bookings.values() if row.state is BookingState.SEATED}
        for row in rows_in("attendance_mark", "booking_id", list(bookings)):
            if row.booking_id not in seated:
                yield f"workshop {workshop_id}: booking {row.booking_id} has no seat, and attendance"
        assessments = rows_in("assessment", "workshop_id", [workshop_id])
        yield from _assessments(assessments, bookings)


def _assessments(assessments: Sequence[Any], bookings: Mapping[UUID, Any]) -> Iterator[str]:
    numbers = list(filter(None, map(attrgetter("evidence_id"), assessments)))
    evidence = {row.id: row for row in rows_in("evidence", "id", numbers)}
    voided = {row.voids for row in rows_in("evidence", "voids", numbers)}
    newest = _newest_numbers(assessments)
    for row in assessments:
        piece = evidence.get(row.evidence_id)
        if piece is None or _facts(row, bookings[row.booking_id].person_id) != _facts(piece, piece.person_id):
            yield f"assessment {row.id}: its evidence is missing or differs"
        elif (row.number < newest[_series(row)]) != (piece.id in voided):
            yield f"assessment {row.id}: only the newest assessment of an assessor may count"


def _newest_numbers(assessments: Sequence[Any]) -> Mapping[tuple[UUID, str, UUID], int]:
    return {_series(row): row.number for row in sorted(assessments, key=attrgetter("number"))}


def _series(row: Any) -> tuple[UUID, str, UUID]:
    """Return what the assessments have in common of which only the newest counts."""
    return row.booking_id, row.competency, row.assessor_id


def _facts(row: Any, person_id: UUID) -> tuple[object, ...]:
    return person_id, row.competency, row.level, row.share, row.assessor_id


def _ended_tests(tests: Groups) -> Iterator[tuple[Any, set[str]]]:
    """Return the ended attempts at tests with the competencies of their questions."""
    ended = [row for row in all_rows(tests) if row.purpose is Purpose.TEST and row.state is not AttemptState.OPEN]
    marks = grouped(rows_in("question_mark", "attempt_id", [row.id for row in ended]), "attempt_id")
    for row in ended:
        yield row, {mark.competency for mark in marks[row.id]}


def _expected_evidence(row: Any, competencies: Container[str], activity: str) -> set[EvidenceKey]:
    aims = catalogue.outline(row.version_id).facts.competencies
    source = f"course:{row.course_id}:{activity}"
    return {(aim.id, str(aim.level), source) for aim in aims if aim.id in competencies}
