"""Read participants of events for their staff: seats, waiting list, attendance, assessments and history."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor
from app.access.visibility import Viewer
from app.catalogue.domain.items import Level
from app.db.session import db
from app.identity.queries import visible_identity
from app.identity.queries.visible_identity import VisibleIdentity
from app.kernel.shapes import ready
from app.workshops.domain import attendance, closing
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.closing import ResultGaps
from app.workshops.domain.events import ASKED, HistoryKind
from app.workshops.domain.seats import BookingState
from app.workshops.models import Assessment, AttendanceMark, Booking, Workshop, WorkshopHistory, WorkshopSession
from app.workshops.queries import bookings
from app.workshops.queries.attendance import newest, of_event
from app.workshops.shapes import BookingLine, WorkshopFacts

MOST_WAITING = 100  # entries of a waiting list on a page


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """An entry in the history of an event."""

    kind: HistoryKind
    person_id: UUID
    at: datetime
    reason: str
    missing_marks: int
    missing_scores: int


Scores = dict[str, int]
ready(Scores)


@dataclass(frozen=True, slots=True)
class Participant:
    """A seated person as the actor may see them: a country that the actor may not see is empty.

    `marks` by session; `attendance_rate` so far, None for an event without sessions.
    """

    booking_id: UUID
    person_id: UUID
    alias: str
    country: str
    seat: int
    marks: Mapping[UUID, Attendance]
    attendance_rate: float | None
    admission_reason: str


@dataclass(frozen=True, slots=True)
class WaitingListEntry:
    """A person on the waiting list; `position` from 1."""

    alias: str
    country: str
    position: int
    admission_reason: str


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A score of a participant, also one corrected later. `number` is 1, and one more for each correction."""

    booking_id: UUID
    person_id: UUID
    competency: str
    level: Level
    assessor_id: UUID
    number: int
    scored_at: datetime
    score: float


def scores_of_event(workshop_id: UUID) -> list[ScoreLine]:
    """Return all scores of an event, the earliest first."""
    query = (
        select(
            Assessment.booking_id, Booking.person_id, Assessment.competency, Assessment.level, Assessment.assessor_id,
            Assessment.number, Assessment.made_at, Assessment.share,
        )
        .join(Booking, Booking.id == Assessment.booking_id)
        .where(Assessment.workshop_id == workshop_id)
        .order_by(Assessment.made_at, Assessment.id)
    )  # fmt: skip
    return [ScoreLine(*row) for row in db.session.execute(query)]


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """The newest assessment by one assessor. `number` is 1, and one more for each correction."""

    id: UUID
    booking_id: UUID
    competency: str
    assessor_id: UUID
    number: int
    made_at: datetime
    evidence_id: int | None
    scores: Scores = field(default_factory=dict)


def participants(workshop: WorkshopFacts, today: date, actor: Actor) -> list[Participant]:
    """Return the seated people by seat number with all marks, for an actor who runs or assesses the event."""
    seated = bookings.seated(workshop.id)
    identities = _identities(actor, seated, today)
    marks: dict[UUID, dict[UUID, Attendance]] = {}
    for session_id, booking_id, newest_mark in db.session.execute(newest(of_event(workshop.id))):
        marks.setdefault(booking_id, {})[session_id] = newest_mark
    return [
        _participant(workshop, booking, identities[booking.person_id], marks.get(booking.id, {})) for booking in seated
    ]


def _participant(
    workshop: WorkshopFacts, booking: BookingLine, identity: VisibleIdentity, marks: Mapping[UUID, Attendance]
) -> Participant:
    return Participant(
        booking_id=booking.id,
        person_id=booking.person_id,
        alias=identity.alias,
        country=identity.country,
        seat=booking.seat or 0,
        marks=marks,
        attendance_rate=attendance.attendance_rate([marks.get(session.id) for session in workshop.sessions]),
        admission_reason=booking.admission_reason,
    )


def waiting_list(workshop_id: UUID, today: date, actor: Actor, most: int = MOST_WAITING) -> list[WaitingListEntry]:
    """Return the waiting list, the first in line first, for an actor who runs the event."""
    waiting = bookings.waiting(workshop_id, most)
    identities = _identities(actor, waiting, today)
    return [
        WaitingListEntry(
            identities[booking.person_id].alias,
            identities[booking.person_id].country,
            position,
            booking.admission_reason,
        )
        for position, booking in enumerate(waiting, 1)
    ]


def participant(workshop_id: UUID, booking_id: UUID) -> UUID:
    """Return the person of a seated booking of this event, or raise NoResultFound."""
    query = select(Booking.person_id).where(
        Booking.id == booking_id, Booking.workshop_id == workshop_id, Booking.state == BookingState.SEATED
    )
    return db.session.execute(query).scalar_one()


def marks_of(session_id: UUID, last_id: int | None = None) -> dict[UUID, Attendance]:
    """Return the newest mark of each booking in a session, now or when the mark `last_id` was the last one."""
    of = [AttendanceMark.session_id == session_id, *([] if last_id is None else [AttendanceMark.id <= last_id])]
    rows = db.session.execute(newest(*of))
    return {booking_id: mark for _session, booking_id, mark in rows}


def last_mark(session_id: UUID) -> int:
    """Return the number of the last mark of a session, 0 without one."""
    return db.session.scalar(select(func.max(AttendanceMark.id)).where(AttendanceMark.session_id == session_id)) or 0


def marked_sessions(workshop_id: UUID) -> frozenset[UUID]:
    """Return the sessions with recorded attendance."""
    query = select(AttendanceMark.session_id).where(of_event(workshop_id)).distinct()
    return frozenset(db.session.scalars(query))


def sessions_without_attendance(workshops: Collection[UUID], now: datetime) -> list[tuple[UUID, int, datetime]]:
    """Return sessions that have begun and have no recorded attendance: event, number, start; the oldest first.

    Events without seated people are left out.
    """
    if not workshops:
        return []
    # a participant who checked in is not the list of the trainer
    marks = (
        select(AttendanceMark.id)
        .join(Booking, Booking.id == AttendanceMark.booking_id)
        .where(AttendanceMark.session_id == WorkshopSession.id, AttendanceMark.recorded_by != Booking.person_id)
    )
    seats = select(Booking.id).where(
        Booking.workshop_id == WorkshopSession.workshop_id, Booking.state == BookingState.SEATED
    )
    query = (
        select(WorkshopSession.workshop_id, WorkshopSession.number, WorkshopSession.starts_at)
        .where(
            WorkshopSession.workshop_id.in_(workshops),
            WorkshopSession.starts_at <= now,
            ~marks.exists(),
            seats.exists(),
        )
        .order_by(WorkshopSession.starts_at)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


def scored_counts(workshops: Collection[UUID]) -> Mapping[UUID, int]:
    """Return the number of scored pairs of participant and competency of each event."""
    pairs = (
        select(Assessment.workshop_id, Assessment.booking_id, Assessment.competency)
        .where(Assessment.workshop_id.in_(workshops))
        .distinct()
        .subquery()
    )
    query = select(pairs.c.workshop_id, func.count()).group_by(pairs.c.workshop_id)
    return dict.fromkeys(workshops, 0) | {row[0]: row[1] for row in db.session.execute(query)}


def missing_results(workshop: WorkshopFacts) -> ResultGaps:
    """Return which marks and scores of an event are missing."""
    people: dict[UUID, dict[UUID, Attendance]] = {booking.id: {} for booking in bookings.seated(workshop.id)}
    for session_id, booking_id, newest_mark in db.session.execute(newest(of_event(workshop.id))):
        if booking_id in people:
            people[booking_id][session_id] = newest_mark
    pairs = select(Assessment.booking_id, Assessment.competency).where(Assessment.workshop_id == workshop.id).distinct()
    scored = {(row[0], row[1]) for row in db.session.execute(pairs)}
    sessions = [session.id for session in workshop.sessions]
    return closing.gaps(sessions, people, [name for name, _level in workshop.outcomes], scored)


def history(workshop_id: UUID) -> list[HistoryEntry]:
    """Return the history of an event, the newest first."""
    query = select(WorkshopHistory).where(WorkshopHistory.workshop_id == workshop_id)
    rows = db.session.scalars(query.order_by(WorkshopHistory.at.desc(), WorkshopHistory.id))
    return [
        HistoryEntry(entry.kind, entry.person_id, entry.at, entry.reason, entry.missing_marks, entry.missing_scores)
        for entry in rows
    ]


def open_coordinator_questions(workshops: Collection[UUID]) -> Mapping[UUID, frozenset[HistoryKind]]:
    """Return the questions to coordinators about these events that no reopening has answered."""
    query = (
        select(WorkshopHistory.workshop_id, WorkshopHistory.kind)
        .join(Workshop, Workshop.id == WorkshopHistory.workshop_id)
        .where(
            WorkshopHistory.workshop_id.in_(workshops),
            WorkshopHistory.kind.in_(ASKED),
            or_(Workshop.reopened_at.is_(None), WorkshopHistory.at > Workshop.reopened_at),
        )
    )
    kinds_by_workshop: dict[UUID, set[HistoryKind]] = {key: set() for key in workshops}
    for workshop_id, kind in db.session.execute(query) if kinds_by_workshop else ():
        kinds_by_workshop[workshop_id].add(kind)
    return {key: frozenset(kinds) for key, kinds in kinds_by_workshop.items()}


def attendance_rate_of(booking_id: UUID) -> float | None:
    """Return the rate of sessions that the person of a booking attended.

    A session without a mark counts as missed, and so does an excused absence.
    """
    sessions = select(WorkshopSession.id).where(
        WorkshopSession.workshop_id == select(Booking.workshop_id).where(Booking.id == booking_id).scalar_subquery()
    )
    all_of_them = list(db.session.scalars(sessions))
    if not all_of_them:
        raise NoResultFound
    rows = db.session.execute(newest(AttendanceMark.booking_id == booking_id))
    marks = {session_id: mark for session_id, _booking, mark in rows}
    return attendance.attendance_rate([marks.get(session_id) for session_id in all_of_them])


def assessments(workshop_id: UUID) -> list[AssessmentLine]:
    """Return the newest assessments of an event by each assessor, without the single scores."""
    return [_scored(row) for row in db.session.scalars(_latest(workshop_id))]


def assessment_of(workshop_id: UUID, booking_id: UUID, competency: str, assessor_id: UUID) -> AssessmentLine | None:
    """Return an assessor's newest assessment of a participant, with the single scores, or None."""
    query = _latest(
        workshop_id,
        Assessment.booking_id == booking_id,
        Assessment.competency == competency,
        Assessment.assessor_id == assessor_id,
    )
    row = db.session.scalars(query).one_or_none()
    return None if row is None else _scored(row, msgspec.json.decode(row.scores, type=Scores))


def _latest(workshop_id: UUID, *of: ColumnElement[bool]) -> Select[Assessment]:
    """Return the newest assessment of each booking, competency and assessor."""
    newest = (
        select(
            Assessment.booking_id,
            Assessment.competency,
            Assessment.assessor_id,
            func.max(Assessment.number).label("number"),
        )
        .where(Assessment.workshop_id == workshop_id, *of)
        .group_by(Assessment.booking_id, Assessment.competency, Assessment.assessor_id)
        .subquery()
    )
    return (
        select(Assessment)
        .join(
            newest,
            and_(
                newest.c.booking_id == Assessment.booking_id,
                newest.c.competency == Assessment.competency,
                newest.c.assessor_id == Assessment.assessor_id,
                newest.c.number == Assessment.number,
            ),
        )
        .where(Assessment.workshop_id == workshop_id, *of)
        .order_by(Assessment.made_at)
    )


def _scored(row: Assessment, scores: Scores | None = None) -> AssessmentLine:
    return AssessmentLine(
        id=row.id,
        booking_id=row.booking_id,
        competency=row.competency,
        assessor_id=row.assessor_id,
        number=row.number,
        made_at=row.made_at,
        evidence_id=row.evidence_id,
        scores=scores or {},
    )


def _identities(actor: Actor, bookings: Collection[BookingLine], today: date) -> Mapping[UUID, VisibleIdentity]:
    return visible_identity.visible_identities(
        actor, {booking.person_id for booking in bookings}, today, Viewer.TRAINER
    )
