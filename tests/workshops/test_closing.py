"""Closing an event with missing results, reopening it, and asking the coordinators after the time is over."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.policy import Role
from app.catalogue.domain.items import Level
from app.competence.models import Evidence
from app.db.session import db, transaction
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from app.workshops.domain.attendance import Attendance, is_prefilled
from app.workshops.domain.closing import gaps
from app.workshops.domain.events import HistoryKind, WorkshopState
from app.workshops.queries import bookings, participants, workshops
from app.workshops.service import closing, results
from tests.support import factories, workshop_events as given, workshop_rubrics
from tests.support.concurrency import at_once
from tests.support.workshop_pages import HELD, announced, at, client_of, person_with, post, state_of
from tests.support.workshop_rubrics import SECURELY

LATE = datetime(2027, 6, 20, 9, tzinfo=UTC)  # more than 14 days after the last day
ONE, TWO = uuid4(), uuid4()


@pytest.mark.parametrize(
    ("marks", "scored", "missing"),
    [
        ({ONE: Attendance.PRESENT, TWO: Attendance.PRESENT}, True, (0, 0, 1)),
        ({ONE: Attendance.PRESENT}, True, (1, 0, 1)),
        ({ONE: Attendance.PRESENT, TWO: Attendance.ABSENT}, False, (0, 1, 1)),
        (
            {ONE: Attendance.ABSENT, TWO: Attendance.EXCUSED},
            False,
            (0, 0, 0),
        ),  # attended no session: needs no score
        ({}, False, (2, 1, 1)),
    ],
)
def test_gaps_count_missing_marks_and_scores(
    marks: dict[UUID, Attendance], scored: bool, missing: tuple[int, int, int]
) -> None:
    booking = uuid4()
    found = gaps([ONE, TWO], {booking: marks}, ["VIC-02"], {(booking, "VIC-02")} if scored else set())
    assert (found.all_marks, found.scores, found.scores_due) == missing
    assert bool(found) == bool(found.all_marks or found.scores)


def test_form_is_prefilled_only_within_a_day() -> None:
    assert is_prefilled(HELD + timedelta(hours=24), HELD)
    assert not is_prefilled(HELD + timedelta(hours=24, seconds=1), HELD)


def test_close_needs_reason_while_something_is_missing(context: Flask) -> None:
    workshop_id = given.announced()
    given.booked(workshop_id, 1)
    by = person_with(Role.COORDINATOR)
    with pytest.raises(DomainError, match="Say why the event is closed"), transaction():
        closing.close(workshop_id, by=by, now=HELD)
    with transaction():
        closing.close(workshop_id, by=by, now=HELD, reason="No assessor could come.")
        closing.close(workshop_id, by=by, now=HELD)  # a repeated request
    [entry] = participants.history(workshop_id)
    assert (entry.kind, entry.reason, entry.missing_marks, entry.missing_scores) == (
        HistoryKind.CLOSED,
        "No assessor could come.",
        2,
        1,
    )


def test_complete_event_closes_without_reason(context: Flask) -> None:
    workshop_id = given.announced()
    with transaction():
        closing.close(workshop_id, by=person_with(Role.COORDINATOR), now=HELD)
    assert workshops.get(workshop_id).state is WorkshopState.CLOSED


def test_reopened_event_takes_marks_and_scores_as_of_then(context: Flask) -> None:
    workshop_rubrics.load()
    workshop_id = given.announced(outcomes=(("VIC-02", Level.PRACTITIONER),))
    given.booked(workshop_id, 1)
    trainer, assessor = person_with(Role.TRAINER, workshop_id), person_with(Role.ASSESSOR, workshop_id)
    coordinator = person_with(Role.COORDINATOR)
    session_id, booking_id = workshops.get(workshop_id).sessions[0].id, bookings.seated(workshop_id)[0].id
    with transaction():
        closing.close(workshop_id, by=coordinator, now=HELD, reason="The lists are lost.")
    with pytest.raises(DomainError, match="Only a coordinator reopens"), transaction():
        closing.reopen(workshop_id, by=trainer, now=LATE, reason="The lists are here.")
    with pytest.raises(DomainError, match="Say why"), transaction():
        closing.reopen(workshop_id, by=coordinator, now=LATE, reason=" ")
    with transaction():
        closing.reopen(workshop_id, by=coordinator, now=LATE, reason="The lists are here.")
    with pytest.raises(DomainError, match="it is open"), transaction():
        closing.reopen(workshop_id, by=coordinator, now=LATE, reason="Again.")
    assert workshops.get(workshop_id).closed_at is None
    told = select(Notice.person_id).where(Notice.kind == NoticeKind.WORKSHOP_REOPENED)
    assert set(db.session.scalars(told)) == {trainer, assessor}
    with transaction():
        results.save_attendance(workshop_id, session_id, {booking_id: Attendance.PRESENT}, by=trainer, now=LATE)
        results.score(workshop_id, booking_id, competency="VIC-02", scores=SECURELY, by=assessor, now=LATE)
    evidence = db.session.scalars(select(Evidence).where(Evidence.watched)).one()
    assert evidence.day == workshops.get(workshop_id).last_day + timedelta(days=14)
    with pytest.raises(DomainError, match="Scores are taken"), transaction():
        results.score(
            workshop_id, booking_id, competency="VIC-02", scores=SECURELY | {next(iter(SECURELY)): 0}, by=assessor,
            now=LATE + timedelta(days=15), reason="A mistake.",
        )  # fmt: skip


@pytest.mark.each_database
def test_coordinators_are_asked_once_when_many_ask_at_once(app: Flask) -> None:
    with app.app_context():
        workshop_id = given.announced()
        given.booked(workshop_id, 1)
        coordinator, by = person_with(Role.COORDINATOR), person_with(Role.TRAINER, workshop_id)
        db.session.remove()
    kind = HistoryKind.ATTENDANCE_ASKED
    assert at_once(app, [lambda: closing.ask_coordinator(workshop_id, kind, by=by, now=HELD)]) == [
        "The time is not over yet. You can still enter this."
    ]
    answers = at_once(app, [lambda: closing.ask_coordinator(workshop_id, kind, by=by, now=LATE)] * 6)
    assert sorted(map(str, answers)) == ["False"] * 5 + ["True"]
    with app.app_context():
        told = select(Notice.person_id).where(Notice.kind == NoticeKind.WORKSHOP_ASKED)
        assert list(db.session.scalars(told)).count(coordinator) == 1
        db.session.remove()


@pytest.mark.each_database
def test_events_closed_twice_at_once_have_one_entry(app: Flask) -> None:
    with app.app_context():
        workshop_id = given.announced()
        given.booked(workshop_id, 1)
        by = person_with(Role.COORDINATOR)
        db.session.remove()
    at_once(app, [lambda: closing.close(workshop_id, by=by, now=HELD, reason="The lists are lost.")] * 4)
    at_once(app, [lambda: closing.reopen(workshop_id, by=by, now=LATE, reason="Found.")] * 4)
    with app.app_context():
        assert [one.kind for one in participants.history(workshop_id)] == [HistoryKind.REOPENED, HistoryKind.CLOSED]
        db.session.remove()


def test_late_task_offers_to_ask_the_coordinator_once(lite_app: Flask) -> None:
    workshop_id = announced(lite_app, 1)
    trainer, assessor = (client_of(lite_app, role, workshop_id) for role in (Role.TRAINER, Role.ASSESSOR))
    coordinator = client_of(lite_app, Role.COORDINATOR)
    at(LATE)
    attendance = f"/teaching/workshops/{workshop_id}/sessions/1/attendance"
    assert "Ask the coordinator: attendance of session 1" in trainer.get("/teaching").text
    assert "Ask the coordinator" in trainer.get(attendance).text
    assert "Ask the coordinator: 1 score" in assessor.get("/teaching").text
    for client, about in ((trainer, "attendance"), (assessor, "scores")):
        path = f"/teaching/workshops/{workshop_id}/questions/{about}"
        assert post(lite_app, client, path).status_code == 302
        assert "The coordinators get a notice." in client.get("/teaching").text
        assert "Ask the coordinator" not in client.get("/teaching").text
    assert "Ask the coordinator" not in trainer.get(attendance).text
    notices = coordinator.get("/notices").text
    assert notices.count("The staff of an event need you: \u2068A watch at the quay\u2069.") == 2
    assert "Its staff ask you: reopen it, or close it" in coordinator.get("/teaching").text


def test_reopening_page_is_for_coordinators_only(lite_app: Flask) -> None:
    workshop_id = announced(lite_app, 1)
    trainer, coordinator = client_of(lite_app, Role.TRAINER, workshop_id), client_of(lite_app, Role.COORDINATOR)
    path = f"/teaching/workshops/{workshop_id}/steps/reopen"
    at(HELD)
    post(lite_app, coordinator, path.replace("reopen", "close"), reason="The lists are lost.")
    assert trainer.get(path).status_code == 404
    assert post(lite_app, trainer, path, reason="Mine.").status_code == 404
    assert "Reopen this event?" in coordinator.get(path).text
    assert post(lite_app, coordinator, path).status_code == 422
    assert post(lite_app, coordinator, path, reason="The lists are here.").status_code == 302
    assert state_of(lite_app, workshop_id) is WorkshopState.ANNOUNCED
    assert "The lists are here." in trainer.get(f"/teaching/workshops/{workshop_id}").text
    assert "Reopened: \u2068A watch at the quay\u2069." in trainer.get("/notices").text


def test_late_attendance_starts_empty(lite_app: Flask) -> None:
    workshop_id = announced(lite_app, 1)
    trainer = client_of(lite_app, Role.TRAINER, workshop_id)
    path = f"/teaching/workshops/{workshop_id}/sessions/1/attendance"
    at(datetime(2027, 5, 4, 14, tzinfo=UTC))
    assert '<option value="present" selected>' in trainer.get(path).text
    at(datetime(2027, 5, 6, 14, tzinfo=UTC))
    page = trainer.get(path).text
    assert '<option value="" selected>No mark yet</option>' in page
    assert '<option value="present" selected>' not in page


def test_draft_with_past_dates_asks_for_new_dates(lite_app: Flask) -> None:
    with lite_app.app_context():
        given.made()
        db.session.remove()
    coordinator = client_of(lite_app, Role.COORDINATOR)
    assert "A second person clears it" in coordinator.get("/teaching").text
    at(LATE)
    page = coordinator.get("/teaching").text
    assert "Its dates are over: change them, or cancel it" in page
    assert "A second person clears it" not in page


def test_waiting_list_leaves_the_home_page_when_the_event_begins(lite_app: Flask) -> None:
    workshop_id = announced(lite_app, 2)
    with lite_app.app_context():
        person_id = factories.person()
        given.seat(workshop_id, person_id)
        db.session.remove()
    client = factories.sign_in(lite_app, person_id)
    assert "Waiting list: A watch at the quay" in client.get("/").text
    at(datetime(2027, 5, 5, 9, tzinfo=UTC))
    assert "Waiting list: A watch at the quay" not in client.get("/").text
