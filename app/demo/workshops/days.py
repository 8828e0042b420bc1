"""The days of events in the demonstration: check-ins, a differing list, sheets, tests; and national sessions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID, uuid5

from sqlalchemy import select

from app.access.policy import Actor, Role
from app.catalogue.queries import courses as catalogue
from app.db.session import db
from app.demo.cast import roster, test_answers
from app.demo.history import pdf
from app.demo.history.accounts import DemoOfficer
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.demo.workshops.delivery import criteria_of
from app.demo.workshops.programme import GATHERINGS, Gathering
from app.quizzes.queries import lock
from app.quizzes.queries.corrections import questions_of_attempt
from app.quizzes.service import attempts
from app.workshops.domain import check_in, times
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.event_tests import EventTestPart
from app.workshops.models import Workshop
from app.workshops.queries import bookings, check_ins as check_in_queries, participants, workshops
from app.workshops.service import attendance_lists, cascades, check_ins, event_tests, rubric_sheets, staff
from app.workshops.service.attendance_lists import SentAttendance
from app.workshops.service.cascades import NewCascade
from app.workshops.service.rubric_sheets import SheetOf
from app.workshops.shapes import BookingLine

RUNNING, HELD, NEXT = "WS-2027-05", "WS-2027-03", "WS-2027-06"
TRAINER, SECRETARIAT, ASSESSOR = "Trainer 1", "Coordinator 1", "Assessor 1"
COURSE = "recognising-victims"
CHECKED_IN, SENT_LATER, TESTED = 9, 2, 12  # participants
RATIOS = {EventTestPart.BEFORE: (0.4, 0.5, 0.6, 0.7), EventTestPart.AFTER: (0.7, 0.8, 0.8, 0.9)}  # of right answers
MINUTE = timedelta(minutes=1)
OUTCOME = "VIC-02"
COMMENT = "You gave the person time and asked open questions. Explain the role of the interpreter before you begin."
HALF_DONE = "Calm voice, clear rules. I still want to see the end of the conversation."


@dataclass(frozen=True, slots=True)
class Cascade:
    """A national session: how many days ago, how many officers or heads, whether it was withdrawn."""

    day: int
    competency: str
    officers: int = 0
    heads: int = 0
    withdrawn: str = ""


CASCADES = (
    Cascade(day=-24, competency="VIC-01", officers=6),
    Cascade(day=-15, competency="VIC-02", heads=23),
    Cascade(day=-8, competency="VIC-01", heads=9, withdrawn="The same people are in the session of the week before."),
)


def actions(office: DemoStaff, verified: Sequence[DemoOfficer]) -> Iterator[TimedAction]:
    """Return what happened on the days of events; `verified` are officers who are verified in their role."""
    yield from _check_ins(office)
    yield from _sheets(office)
    yield from _tests(office)
    trainer = next((officer for officer in verified if officer.player.roles[0] == "trainer"), None)
    if trainer is not None:
        yield from _cascades(office, trainer)


def _check_ins(office: DemoStaff) -> Iterator[TimedAction]:
    """Check in at the second session of the running event, two without a connection; send a differing first list."""
    event, by = _event(RUNNING), office.staff[TRAINER]
    first_end, starts = _moment(office, event, 0, ends=True), _moment(office, event, 1)
    sent = first_end + 30 * MINUTE
    yield TimedAction(sent, office.staff[SECRETARIAT], partial(_send_list, office, sent))
    yield TimedAction(starts, by, lambda: check_ins.open_codes(_id(RUNNING), _session(RUNNING, 1), by=by, now=starts))
    for index in range(CHECKED_IN):
        moment = starts + (index + 1) * MINUTE
        yield TimedAction(moment, None, partial(_check_in, index, moment))
    for index in range(CHECKED_IN, CHECKED_IN + SENT_LATER):
        taken, arrived = starts + 6 * MINUTE, starts + (40 + index) * MINUTE
        yield TimedAction(arrived, None, partial(_check_in_later, index, taken, arrived))


def _send_list(office: DemoStaff, now: datetime) -> None:
    seats, session_id = bookings.seated(_id(RUNNING)), _session(RUNNING, 0)
    sent = SentAttendance(
        key=uuid5(session_id, "list"),
        marks={booking.id: Attendance.LEFT_EARLY for booking in seats[2:3]},
        last_shown=0,
        reason="",
        taken_at=now - 30 * MINUTE,
    )
    attendance_lists.save_list(_id(RUNNING), session_id, sent, by=office.staff[SECRETARIAT], now=now)


def _check_in(index: int, now: datetime) -> None:
    booking = _seat(RUNNING, index)
    if booking is not None:
        check_ins.check_in(booking.person_id, _code(now), now)


def _check_in_later(index: int, taken: datetime, now: datetime) -> None:
    booking = _seat(RUNNING, index)
    if booking is not None:
        check_ins.check_in_later(booking.person_id, _code(taken), taken_at=taken, now=now)


def _code(moment: datetime) -> str:
    secret = check_in_queries.secret_of(_session(RUNNING, 1))
    return check_in.code_at(secret or b"", check_in.step_of(moment))


def _sheets(office: DemoStaff) -> Iterator[TimedAction]:
    """Save half a sheet in the running event, and a comment for the practitioner of the tour in the held one."""
    evening = _moment(office, _event(RUNNING), 1, ends=True) + 20 * MINUTE
    after = _moment(office, _event(HELD), 4, ends=True) + 60 * MINUTE
    by, tour = office.staff[ASSESSOR], office.officers[0].id
    yield TimedAction(evening, by, partial(_save_half, by, evening))
    yield TimedAction(after, by, partial(_save_comment, tour, after))


def _save_half(by: UUID, now: datetime) -> None:
    level = dict(workshops.get(_id(RUNNING)).outcomes)[OUTCOME]
    criteria = criteria_of(OUTCOME, level)
    for index in (0, 1, 2):
        booking = _seat(RUNNING, index)
        if booking is not None:
            scores = dict.fromkeys(criteria[: 2 + index % 2], 2)
            key = SheetOf(booking.id, OUTCOME, by)
            rubric_sheets.save_sheet(_id(RUNNING), key, scores=scores, comment=HALF_DONE, now=now)


def _save_comment(person_id: UUID, now: datetime) -> None:
    """Comment on the practitioner of the tour, as an assessor who scored this officer."""
    booking = bookings.booking_of(_id(HELD), person_id)
    if booking is None or booking.seat is None:
        return
    scored = {line.assessor_id for line in participants.assessments(_id(HELD)) if line.booking_id == booking.id}
    for assessor_id in sorted(scored)[:1]:
        key = SheetOf(booking.id, OUTCOME, assessor_id)
        rubric_sheets.save_sheet(_id(HELD), key, scores={}, comment=COMMENT, now=now)


def _tests(office: DemoStaff) -> Iterator[TimedAction]:
    """Open both tests of the held event; most participants take both."""
    event, by = _event(HELD), office.staff[TRAINER]
    begins, ends = _moment(office, event, 0), _moment(office, event, 4, ends=True)
    for part, opened, closed in (
        (EventTestPart.BEFORE, begins - timedelta(days=7), begins),
        (EventTestPart.AFTER, ends - 40 * MINUTE, ends + timedelta(days=1)),
    ):
        yield TimedAction(opened, by, partial(_open_test, part, by, opened))
        for index in range(TESTED):
            moment = opened + (5 + index) * MINUTE
            yield TimedAction(moment, None, partial(_take_test, part, index, moment))
        yield TimedAction(closed, by, partial(_close_test, part, by, closed))


def _open_test(part: EventTestPart, by: UUID, now: datetime) -> None:
    reader = Actor(by, roster.FIRST, frozenset({Role.TRAINER, Role.PRACTITIONER}))
    outline = next(outline for outline in catalogue.all_visible(reader) if outline.slug == COURSE)
    event_tests.open_test(_id(HELD), part, outline, by=by, now=now)


def _close_test(part: EventTestPart, by: UUID, now: datetime) -> None:
    """Close a test of the held event."""
    event_tests.close_test(_id(HELD), part, by=by, now=now)


def _take_test(part: EventTestPart, index: int, now: datetime) -> None:
    booking = _seat(HELD, index)
    if booking is None:
        return
    attempt_id = event_tests.begin(_id(HELD), part, booking.person_id, language="en", now=now)
    random = Random(f"{part} {index}")  # noqa: S311 - an invented year, no secret
    ratio = RATIOS[part][index % len(RATIOS[part])]
    answers = test_answers.answers_for(questions_of_attempt(lock(attempt_id)), ratio, random)
    attempts.save(attempt_id, answers, arrived_at=now, now=now)
    attempts.hand_in(attempt_id, now + 10 * MINUTE)


def _cascades(office: DemoStaff, trainer: DemoOfficer) -> Iterator[TimedAction]:
    """Let a verified trainer record national sessions, and withdraw one."""
    actor = Actor(trainer.id, trainer.player.country, frozenset({Role.TRAINER, Role.PRACTITIONER}))
    appointed = office.at(-26)
    yield TimedAction(
        appointed, office.staff[SECRETARIAT], lambda: staff.appoint(_id(NEXT), trainer.id, Role.TRAINER, appointed)
    )
    for cascade in CASCADES:
        recorded = office.at(cascade.day + 2)
        yield TimedAction(recorded, trainer.id, partial(_record, office, actor, cascade, recorded))


def _record(office: DemoStaff, actor: Actor, cascade: Cascade, now: datetime) -> None:
    own = [
        officer for officer in office.officers[1:] if officer.player.country == actor.country and officer.since < now
    ]
    document = pdf.pdf(["Signed list (fictional)"]) if cascade.heads else b""
    new = NewCascade(
        day=office.at(cascade.day).date(),
        minutes=180,
        competency=cascade.competency,
        activity="A08",
        aliases=tuple(officer.player.alias for officer in own[: cascade.officers]),
        head_count=cascade.heads,
        signed_list=document,
    )
    cascade_id = cascades.record_cascade(new, actor, now)
    if cascade.withdrawn:
        cascades.withdraw_cascade(cascade_id, actor, reason=cascade.withdrawn, now=now)


def _event(code: str) -> Gathering:
    return next(event for event in GATHERINGS if event.code == code)


def _moment(office: DemoStaff, event: Gathering, index: int, *, ends: bool = False) -> datetime:
    hours = event.sessions[index]
    day = office.now.date() + timedelta(days=event.first + hours.day)
    return times.at(day, hours.ends if ends else hours.starts, roster.ZONES[event.host])


def _id(code: str) -> UUID:
    return db.session.scalars(select(Workshop.id).where(Workshop.code == code)).one()


def _session(code: str, index: int) -> UUID:
    return workshops.get(_id(code)).sessions[index].id


def _seat(code: str, index: int) -> BookingLine | None:
    """Return the booking of a seat by its place in the list, or None if there are fewer."""
    seats = bookings.seated(_id(code))
    return seats[index] if index < len(seats) else None
