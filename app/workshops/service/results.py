"""Save attendance and rubric scores of participants, and the evidence, under the lock of the event's row."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import assert_never
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.exc import NoResultFound

from app.access.policy import Role
from app.catalogue.domain.references.rubrics import Rubric
from app.catalogue.queries import courses as catalogue
from app.competence.domain.evidence import EvidenceKind
from app.competence.service import evidence_records as competence
from app.competence.service.evidence_records import NewEvidence
from app.db.session import db, record
from app.identity.queries import postings, roles
from app.kernel.errors import DomainError
from app.workshops.domain import attendance, scoring
from app.workshops.domain.attendance import Attendance, AttendanceRefusal
from app.workshops.domain.events import ACTIVE, WorkshopState
from app.workshops.events import AttendanceRecorded, RosterViewed, RubricScored
from app.workshops.models import Assessment, AttendanceMark, Booking
from app.workshops.queries import bookings, participants, workshops
from app.workshops.queries.participants import AssessmentLine
from app.workshops.service.store import locking
from app.workshops.shapes import SessionFacts, WorkshopFacts

HELD = (*ACTIVE, WorkshopState.CLOSED)
GUESS = 0.05  # chance of reaching a step of a rubric without the skill: an assessor watches, so nearly none


def refusal_of(
    workshop: WorkshopFacts, session: SessionFacts, *, coordinator: bool, corrects: bool, reason: str, now: datetime
) -> AttendanceRefusal | None:
    """Return why marks of a session cannot be saved now, or None."""
    return attendance.refusal(
        now=now,
        starts_at=session.starts_at,
        ends_at=max(session.ends_at, workshop.reopened_at or session.ends_at),
        closed=workshop.state is WorkshopState.CLOSED,
        corrects=corrects,
        coordinator=coordinator,
        reason=reason,
    )


def record_view(workshop_id: UUID, now: datetime) -> None:
    """Record in the access log that the actor viewed the participants of an event."""
    record(RosterViewed(at=now, workshop_id=workshop_id))


def save_attendance(
    workshop_id: UUID, session_id: UUID, marks: Mapping[UUID, Attendance], *, by: UUID, now: datetime, reason: str = ""
) -> tuple[UUID, ...]:
    """Save the attendance of seated people at a session (marks by booking); return the people with a new mark.

    Only changed marks are written, so a repeated request changes nothing. Raises NoResultFound for a session or
    booking of another event, DomainError before the session, for a correction without a reason, or too late.
    """
    locking.lock_workshop(workshop_id)
    workshop = workshops.get(workshop_id)
    session = _session(workshop, session_id)
    people = {booking.id: booking.person_id for booking in bookings.seated(workshop_id)}
    _check_bookings(people, marks, by=by)
    before = participants.marks_of(session_id)
    new = attendance.changed_marks(before, marks)
    if not new:
        return ()
    refusal = refusal_of(
        workshop,
        session,
        coordinator=Role.COORDINATOR in roles.roles_of(by, now.date()),
        corrects=not before.keys().isdisjoint(new),
        reason=reason,
        now=now,
    )
    if refusal:
        raise _refusal_error(refusal)
    columns = {"session_id": session_id, "recorded_by": by, "recorded_at": now, "reason": reason.strip()}
    # one statement for all rows; handlers of the event read the new marks
    db.session.execute(
        insert(AttendanceMark),
        [columns | {"booking_id": key, "mark": attendance_mark} for key, attendance_mark in new.items()],
    )
    marked = tuple(people[booking_id] for booking_id in new)
    record(AttendanceRecorded(at=now, actor_id=by, workshop_id=workshop_id, session_id=session_id, people=marked))
    return marked


def _check_bookings(people: Mapping[UUID, UUID], marks: Collection[UUID], *, by: UUID) -> None:
    if by in {people.get(booking_id) for booking_id in marks}:
        raise DomainError("You cannot record your own attendance.")
    if not people.keys() >= set(marks):
        raise NoResultFound


def score(
    workshop_id: UUID,
    booking_id: UUID,
    *,
    competency: str,
    scores: Mapping[str, int],
    by: UUID,
    now: datetime,
    reason: str = "",
) -> UUID:
    """Score a participant by the rubric of an outcome, record it as evidence, and return the assessment's id.

    The same scores again change nothing; other scores are a correction, need a reason and void the earlier evidence.
    Raises NoResultFound for an outcome or booking of another event, DomainError if scores cannot be saved now.
    """
    locking.lock_workshop(workshop_id)
    workshop = workshops.get(workshop_id)
    return record_scores(workshop, booking_id, competency=competency, scores=scores, by=by, now=now, reason=reason)


def record_scores(
    workshop: WorkshopFacts,
    booking_id: UUID,
    *,
    competency: str,
    scores: Mapping[str, int],
    by: UUID,
    now: datetime,
    reason: str = "",
) -> UUID:
    """Do what `score` does, in an event that was read after `lock_workshop`: several scores need it only once."""
    person_id = participants.participant(workshop.id, booking_id)
    rubric = rubric_of(workshop, competency)
    _check_score(workshop, rubric, scores, by=by, person_id=person_id, now=now)
    before = participants.assessment_of(workshop.id, booking_id, competency, by)
    if before is not None and before.scores == dict(scores):
        return before.id
    _void_previous(before, by=by, reason=reason, now=now)
    assessment = Assessment(
        id=uuid4(),
        workshop_id=workshop.id,
        booking_id=booking_id,
        competency=competency,
        level=rubric.level,
        assessor_id=by,
    )
    _set_scores(assessment, scores, before=before, reason=reason, now=now)
    # scores of a reopened event describe the performance during the event, not today
    day = min(now.date(), workshop.last_day + scoring.SCORED_WITHIN)
    assessment.evidence_id = _add_evidence(assessment, person_id, rubric, day=day, now=now)
    db.session.add(assessment)
    _record_score(assessment, person_id)
    return assessment.id


def delete_reasons(person_id: UUID) -> None:
    """Delete the reasons of corrections of a person's marks and scores; the marks and scores stay."""
    own_bookings = select(Booking.id).where(Booking.person_id == person_id)
    for table in (AttendanceMark, Assessment):
        worded = update(table).where(table.booking_id.in_(own_bookings), table.reason != "")
        db.session.execute(worded.values(reason=""), execution_options={"synchronize_session": False})


def rubric_of(workshop: WorkshopFacts, competency: str) -> Rubric:
    """Return the rubric of an outcome; raise NoResultFound for no outcome, DomainError when it has no rubric."""
    level = dict(workshop.outcomes).get(competency)
    if level is None:
        raise NoResultFound
    rubrics = catalogue.rubrics()
    rubric = rubrics.get(competency, level) if rubrics else None
    if rubric is None:
        raise DomainError("There is no rubric for this competency and level yet.")
    return rubric


def can_score(workshop: WorkshopFacts, now: datetime) -> bool:
    """Return whether assessors may score in this event now."""
    return workshop.state in ACTIVE and scoring.is_open(
        now,
        starts_at=workshop.starts_at,
        last_day=workshop.last_day,
        zone=workshop.time_zone,
        reopened_at=workshop.reopened_at,
    )


def _session(workshop: WorkshopFacts, session_id: UUID) -> SessionFacts:
    session = next((session for session in workshop.sessions if session.id == session_id), None)
    if session is None:
        raise NoResultFound
    if workshop.state not in HELD:
        raise DomainError("This event is not held.")
    return session


def _check_score(
    workshop: WorkshopFacts, rubric: Rubric, scores: Mapping[str, int], *, by: UUID, person_id: UUID, now: datetime
) -> None:
    if by not in workshop.assessors:
        raise DomainError("Only an assessor of this event scores.")
    if by == person_id:
        raise DomainError("You cannot score yourself.")
    if not can_score(workshop, now):
        raise DomainError("Scores are taken from the first session until 14 days after the last day.")
    if not scoring.is_complete(scores, rubric.criteria):
        raise DomainError("Score each criterion from 0 to 3.")


def _void_previous(before: AssessmentLine | None, *, by: UUID, reason: str, now: datetime) -> None:
    if before is None:
        return
    if not reason.strip():
        raise DomainError("Say why the scores are corrected.")
    if before.evidence_id is not None:
        competence.void(before.evidence_id, by=by, reason=reason.strip(), now=now)


def _set_scores(
    assessment: Assessment,
    scores: Mapping[str, int],
    *,
    before: AssessmentLine | None,
    reason: str,
    now: datetime,
) -> None:
    """Set the scores of a new assessment; `before` is the assessment of the same outcome that it corrects."""
    assessment.number = before.number + 1 if before else 1
    assessment.scores = msgspec.json.encode(dict(scores)).decode()
    assessment.share = scoring.score_ratio(scores)
    assessment.made_at = now
    assessment.reason = reason.strip() if before else ""


def _record_score(assessment: Assessment, person_id: UUID) -> None:
    record(
        RubricScored(
            at=assessment.made_at,
            actor_id=assessment.assessor_id,
            workshop_id=assessment.workshop_id,
            person_id=person_id,
            competency=assessment.competency,
            level=assessment.level,
            number=assessment.number,
        )
    )


def _add_evidence(assessment: Assessment, person_id: UUID, rubric: Rubric, *, day: date, now: datetime) -> int | None:
    posting = postings.posting_on(assessment.assessor_id, now.date())
    return competence.add_evidence(
        NewEvidence(
            person_id=person_id,
            competency=assessment.competency,
            level=assessment.level,
            day=day,
            kind=EvidenceKind.WORKSHOP,
            # evidence with the same first two parts is one training, whatever the number of assessors
            source=f"workshop:{assessment.workshop_id}:{assessment.id}",
            share=assessment.share,
            mark=rubric.mark,
            items=len(rubric.criteria),
            trust=1.0,
            watched=True,
            guess=GUESS,
            assessor_id=assessment.assessor_id,
            assessor_country=posting.country if posting else "",
            recorded_by=assessment.assessor_id,
        ),
        now,
    )


def _refusal_error(refusal: AttendanceRefusal) -> DomainError:
    match refusal:
        case AttendanceRefusal.NOT_BEGUN:
            return DomainError("Attendance can be recorded once the session has begun.")
        case AttendanceRefusal.COORDINATOR_ONLY:
            return DomainError("Only a coordinator can still correct the attendance of this session.")
        case AttendanceRefusal.NO_REASON:
            return DomainError("Say why the attendance is corrected.")
        case _:
            assert_never(refusal)
