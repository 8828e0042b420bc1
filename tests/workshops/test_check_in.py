"""Check-in by the code on the screen of the room."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given as each, strategies as st

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.identity.queries import people
from app.kernel.errors import DomainError
from app.workshops.domain import check_in as rules
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.check_in import CheckInState
from app.workshops.models import AttendanceMark
from app.workshops.models.on_the_day import CheckIn
from app.workshops.queries import check_ins as queries, participants, workshops
from app.workshops.service import check_ins
from tests.support import factories, workshop_events
from tests.support.workshop_pages import at, post

SECRET = bytes(range(32))
STARTS = datetime(2027, 5, 4, 6, tzinfo=UTC)  # 9:00 in Sofia
SOON = STARTS + timedelta(minutes=5)
MOMENTS = st.integers(0, 10**8).map(lambda seconds: STARTS + timedelta(seconds=seconds))


@each(MOMENTS, st.integers(0, 300))
def test_code_is_valid_for_90_seconds_from_its_first_display(shown: datetime, later: int) -> None:
    begun = datetime.fromtimestamp(rules.step_of(shown) * 30, UTC)
    code = rules.code_at(SECRET, rules.step_of(shown))
    repeats = {rules.code_at(SECRET, rules.step_of(begun) + step) for step in range(1, 12)}
    if code not in repeats:  # one in a million codes comes again
        assert rules.is_valid(SECRET, code, begun + timedelta(seconds=later)) == (later < 90)


def test_code_changes_every_30_seconds() -> None:
    codes = [rules.code_at(SECRET, rules.step_of(STARTS + timedelta(seconds=n))) for n in (0, 29, 30, 60)]
    assert codes[0] == codes[1]
    assert len(set(codes)) == 3


@pytest.mark.parametrize(
    ("typed", "code"), [("123 456", "123456"), ("١٢٣٤٥٦", "123456"), ("12345", ""), ("12345a", "")]
)
def test_typed_code_is_read_in_any_figures(typed: str, code: str) -> None:
    assert rules.read_code(typed) == code


def event(people: int = 1) -> tuple[UUID, UUID, list[UUID], UUID]:
    """Return an event with an open check-in of its first session: event, session, participants, trainer."""
    workshop_id = workshop_events.announced(capacity=max(2, people))
    seated = workshop_events.booked(workshop_id, people)
    trainer = factories.person(country="BG", grants=((Role.TRAINER, Scope.EVENT, str(workshop_id)),))
    session_id = workshops.get(workshop_id).sessions[0].id
    with transaction():
        check_ins.open_codes(workshop_id, session_id, by=trainer, now=STARTS)
    return workshop_id, session_id, seated, trainer


def code_at(session_id: UUID, moment: datetime) -> str:
    return rules.code_at(queries.secret_of(session_id) or b"", rules.step_of(moment))


def check_in(person_id: UUID, code: str, now: datetime) -> CheckInState | None:
    with transaction():
        return check_ins.check_in(person_id, code, now).state


def marks(session_id: UUID) -> list[Attendance]:
    return list(participants.marks_of(session_id).values())


def test_check_in_records_the_participant_once_when_repeated(context: Flask) -> None:
    _workshop, session_id, (person_id,), _trainer = event()
    code = code_at(session_id, SOON)
    assert [check_in(person_id, code, SOON) for _ in range(2)] == [CheckInState.RECORDED] * 2
    assert marks(session_id) == [Attendance.PRESENT]
    assert db.session.query(AttendanceMark).count() == db.session.query(CheckIn).count() == 1


def test_replayed_code_is_refused_after_90_seconds(context: Flask) -> None:
    _workshop, session_id, (first, second), _trainer = event(people=2)
    begun = datetime.fromtimestamp(rules.step_of(SOON) * 30, UTC)
    code = code_at(session_id, begun)
    assert check_in(first, code, begun + timedelta(seconds=89)) is CheckInState.RECORDED
    assert check_in(second, code, begun + timedelta(seconds=90)) is None
    assert len(marks(session_id)) == 1


def test_code_of_another_session_or_without_a_seat_is_refused(context: Flask) -> None:
    _workshop, session_id, _seated, _trainer = event()
    assert check_in(factories.person(), code_at(session_id, SOON), SOON) is None


def test_check_in_20_minutes_after_the_start_is_late(context: Flask) -> None:
    _workshop, session_id, (person_id,), _trainer = event()
    later = STARTS + timedelta(minutes=20)
    check_in(person_id, code_at(session_id, later), later)
    assert marks(session_id) == [Attendance.LATE]


def test_late_check_in_counts_only_after_the_trainer_confirms(context: Flask) -> None:
    workshop_id, session_id, (person_id,), trainer = event()
    now, code = SOON + timedelta(hours=2), code_at(session_id, SOON)
    with transaction():
        result = check_ins.check_in_later(person_id, code, taken_at=SOON, now=now)
    assert result.state is CheckInState.WAITING
    assert marks(session_id) == []
    (line,) = queries.of_session(session_id)
    with transaction():
        check_ins.decide(workshop_id, line.id, is_confirmed=True, by=trainer, now=now)
    assert marks(session_id) == [Attendance.PRESENT]


def test_declined_check_in_is_no_attendance(context: Flask) -> None:
    workshop_id, session_id, (person_id,), trainer = event()
    now = SOON + timedelta(hours=2)
    with transaction():
        check_ins.check_in_later(person_id, code_at(session_id, SOON), taken_at=SOON, now=now)
    (line,) = queries.of_session(session_id)
    with transaction():
        check_ins.decide(workshop_id, line.id, is_confirmed=False, by=trainer, now=now)
    assert (marks(session_id), queries.of_session(session_id)[0].state) == ([], CheckInState.DECLINED)


def test_late_check_in_with_a_code_that_was_never_shown_is_refused(context: Flask) -> None:
    _workshop, session_id, (person_id,), _trainer = event()
    tomorrow = code_at(session_id, STARTS + timedelta(days=1))
    with transaction():
        result = check_ins.check_in_later(person_id, tomorrow, taken_at=SOON, now=SOON)
    assert result.state is None


def test_trainer_cannot_confirm_an_own_check_in(context: Flask) -> None:
    workshop_id, session_id, (person_id,), _trainer = event()
    with transaction():
        check_ins.check_in_later(person_id, code_at(session_id, SOON), taken_at=SOON, now=SOON + timedelta(hours=1))
    (line,) = queries.of_session(session_id)
    with pytest.raises(DomainError), transaction():
        check_ins.decide(workshop_id, line.id, is_confirmed=True, by=person_id, now=SOON)


def test_code_cannot_be_shown_an_hour_before_the_session(context: Flask) -> None:
    workshop_id = workshop_events.announced()
    session = workshops.get(workshop_id).sessions[0]
    with pytest.raises(DomainError), transaction():
        check_ins.open_codes(workshop_id, session.id, by=factories.person(), now=STARTS - timedelta(hours=1))


def test_check_in_page_refuses_after_five_wrong_codes(app: Flask) -> None:
    with app.app_context():
        _workshop, session_id, (person_id,), _trainer = event()
        wrong = "000000" if code_at(session_id, SOON) != "000000" else "111111"
        db.session.remove()
    at(SOON)
    client = factories.sign_in(app, person_id)
    answers = [post(app, client, "/check-in", code=wrong) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]


def test_room_shows_the_code_and_no_alias(app: Flask) -> None:
    with app.app_context():
        workshop_id, session_id, (person_id,), trainer = event()
        code = rules.in_halves(code_at(session_id, SOON))
        alias = people.names([person_id])[person_id]
        db.session.remove()
    at(SOON)
    page = factories.sign_in(app, trainer).get(f"/teaching/workshops/{workshop_id}/sessions/1/room").text
    assert code in page
    assert 'http-equiv="refresh"' in page
    assert alias not in page
