"""What must hold between deeds and evidence: nothing that proves is left out, and nothing proves itself.

Like the other invariants this reads all rooms' tables by their names, past the rooms' own queries.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.catalogue.queries import courses as catalogue
from app.competence.domain.evidence import EvidenceKind
from app.db.session import db
from app.demo.invariants.tables import Groups, grouped, of, rows_in, table
from app.learning.domain import EnrolmentState
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.store import NO_PAPER
from app.workshops.domain.seats import BookingState

OF_COURSES = frozenset({EvidenceKind.MODULE, EvidenceKind.QUIZ})
Proof = tuple[str, str, str]  # competency, level, source


def of_courses(ids: Sequence[UUID], tests: Groups) -> Iterator[str]:
    """Return a sentence for each course or test of these people without its evidence, and the other way round."""
    evidence = of(ids, "evidence")
    framework = catalogue.competencies()
    known = {one.id for one in framework.competencies} if framework else set()
    wanted: dict[UUID, set[Proof]] = {person_id: set() for person_id in ids}
    for row in _all(of(ids, "enrolment")):
        if row.state is EnrolmentState.COMPLETED:
            wanted[row.person_id] |= _proofs(row, known, "completed", None)
    # only their results are kept: what they asked about is not known any more
    untold = {f"course:{row.course_id}:test:{row.public_id}" for row in _all(tests) if row.paper == NO_PAPER}
    for row, asked in _ended_tests(tests):
        wanted[row.person_id] |= _proofs(row, known, f"test:{row.public_id}", asked)
    for person_id in ids:
        found = {
            (row.competency, str(row.level), row.source)
            for row in evidence[person_id]
            if row.kind in OF_COURSES and row.source not in untold
        }
        for competency, level, source in sorted(wanted[person_id] - found):
            yield f"{person_id}: no evidence on {competency} ({level}) of {source}"
        for competency, level, source in sorted(found - wanted[person_id]):
            yield f"{person_id}: evidence on {competency} ({level}) of {source}, which did not happen"


def of_workshops() -> Iterator[str]:
    """Return a sentence for each mark of somebody without a seat, and each assessment that is not its evidence."""
    for workshop_id in db.session.scalars(select(table("workshop").c.id)).all():
        bookings = {row.id: row for row in rows_in("booking", "workshop_id", [workshop_id])}
        seated = {row.id for row in bookings.values() if row.state is BookingState.SEATED}
        for row in rows_in("attendance_mark", "booking_id", list(bookings)):
            if row.booking_id not in seated:
                yield f"workshop {workshop_id}: booking {row.booking_id} has no seat, and attendance"
        assessments = rows_in("assessment", "workshop_id", [workshop_id])
        yield from _assessed(assessments, bookings)


def _assessed(assessments: Sequence[Any], bookings: Mapping[UUID, Any]) -> Iterator[str]:
    numbers = [row.evidence_id for row in assessments if row.evidence_id is not None]
    evidence = {row.id: row for row in rows_in("evidence", "id", numbers)}
    voided = {row.voids for row in rows_in("evidence", "voids", numbers)}
    newest: dict[tuple[UUID, str, UUID], int] = {}
    for row in assessments:
        key = (row.booking_id, row.competency, row.assessor_id)
        newest[key] = max(newest.get(key, 0), row.number)
    for row in assessments:
        proof = evidence.get(row.evidence_id)
        facts = (bookings[row.booking_id].person_id, row.competency, row.level, row.share, row.assessor_id)
        if proof is None or facts != (
            proof.person_id, proof.competency, proof.level, proof.share, proof.assessor_id,
        ):  # fmt: skip
            yield f"assessment {row.id}: its evidence is missing, or says something else"
        elif (row.number < newest[row.booking_id, row.competency, row.assessor_id]) != (proof.id in voided):
            yield f"assessment {row.id}: of several by one assessor the newest counts alone"


def _ended_tests(tests: Groups) -> Iterator[tuple[Any, set[str]]]:
    """Yield the attempts at courses' tests that have ended, with the competencies that they asked about."""
    ended = [row for row in _all(tests) if row.purpose is Purpose.TEST and row.state is not AttemptState.OPEN]
    marks = grouped(rows_in("question_mark", "attempt_id", [row.id for row in ended]), "attempt_id")
    for row in ended:
        yield row, {mark.competency for mark in marks[row.id]}


def _proofs(row: Any, known: set[str], what: str, asked: set[str] | None) -> set[Proof]:
    aims = catalogue.outline(row.version_id).facts.competencies
    return {
        (aim.id, str(aim.level), f"course:{row.course_id}:{what}")
        for aim in aims
        if aim.id in known and (asked is None or aim.id in asked)
    }


def _all(groups: Groups) -> Iterator[Any]:
    for rows in groups.values():
        yield from rows
