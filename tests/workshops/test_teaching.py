from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.access.policy import Actor, Role, Scope, Sensitivity
from app.catalogue.models import Course
from app.catalogue.queries import courses as catalogue
from app.db.session import db, transaction
from app.kernel import clock
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.events import WorkshopState
from app.workshops.queries import participants, workshops
from tests.support import courses, factories, plan_pages, workshop_events as given
from tests.support.workshop_pages import (
    BEGUN,
    HELD,
    announced,
    at,
    attendance,
    bookings,
    client_of,
    fields,
    person_with,
    post,
    state_of,
)


def test_first_page_lists_tasks_with_links(app: Flask) -> None:
    workshop_id = announced(app, 1)
    client = client_of(app, Role.TRAINER, workshop_id)
    page = client.get("/teaching")
    assert page.status_code == 200
    assert "A watch at the quay" in page.text
    assert "No open tasks." in page.text
    at(BEGUN)
    page = client.get("/teaching")
    assert "Record attendance of session 1" in page.text
    assert f"/teaching/workshops/{workshop_id}/sessions/1/attendance" in page.text
    assert "session 2" not in page.text


def test_first_page_lists_all_events_for_coordinators_only(app: Flask) -> None:
    first, second = announced(app), announced(app)
    page = client_of(app, Role.COORDINATOR).get("/teaching")
    assert str(first) in page.text
    assert str(second) in page.text
    page = client_of(app, Role.TRAINER, first).get("/teaching")
    assert str(first) in page.text
    assert str(second) not in page.text


@pytest.mark.parametrize("path", ["", "/edit", "/people", "/capacity", "/clearing", "/steps/close", "/assess"])
def test_event_of_other_trainers_returns_404(app: Flask, path: str) -> None:
    workshop_id, other = announced(app), announced(app)
    assert client_of(app, Role.TRAINER, other).get(f"/teaching/workshops/{workshop_id}{path}").status_code == 404
    with app.app_context():
        practitioner = factories.person()
    wanted = factories.sign_in(app, practitioner).get(f"/teaching/workshops/{workshop_id}{path}")
    assert wanted.status_code == 404


def test_teaching_is_forbidden_for_practitioners(app: Flask) -> None:
    with app.app_context():
        practitioner = factories.person()
    client = factories.sign_in(app, practitioner)
    assert client.get("/teaching").status_code == 403
    assert client.get("/teaching/workshops/new").status_code == 403
    assert "Teaching" not in client.get("/").text


def test_event_shows_seats_participants_and_waiting_list(app: Flask) -> None:
    workshop_id = announced(app, 3)
    page = client_of(app, Role.TRAINER, workshop_id).get(f"/teaching/workshops/{workshop_id}")
    assert page.status_code == 200
    assert "2 of 2" in page.text
    assert "Waiting list" in page.text
    with app.app_context():
        reader = Actor(uuid4(), "IQ", frozenset({Role.TRAINER}))
        people = participants.participants(workshops.get(workshop_id), date(2027, 3, 1), reader)
        waiting = participants.waiting_list(workshop_id, date(2027, 3, 1), reader)
    assert [one.alias in page.text for one in (*people, *waiting)] == [True] * 3
    assert "Test Person" not in page.text


def test_begun_event_leads_to_no_form_that_could_not_be_saved(app: Flask) -> None:
    workshop_id = announced(app, 1)
    client, path = client_of(app, Role.TRAINER, workshop_id), f"/teaching/workshops/{workshop_id}"
    before = client.get(path).text
    at(BEGUN)
    after = client.get(path).text
    for form in ("edit", "capacity"):
        assert [f'href="{path}/{form}"' in page for page in (before, after)] == [True, False], form


def test_step_page_names_consequences_and_the_step_is_taken_once(app: Flask) -> None:
    with app.app_context():
        workshop_id = given.made()
    client = client_of(app, Role.COORDINATOR)
    path = f"/teaching/workshops/{workshop_id}"
    assert "A later change needs a second person again." in client.get(f"{path}/clearing").text
    assert post(app, client, f"{path}/clearing").status_code == 302
    assert state_of(app, workshop_id) is WorkshopState.CLEARED
    assert "can book until" in client.get(f"{path}/steps/announce").text
    assert post(app, client, f"{path}/steps/announce").headers["Location"].endswith(path)
    assert post(app, client, f"{path}/steps/announce").status_code == 409
    assert state_of(app, workshop_id) is WorkshopState.ANNOUNCED


def test_author_cannot_clear_the_event(app: Flask) -> None:
    client = client_of(app, Role.COORDINATOR)
    made = post(app, client, "/teaching/workshops/new", **fields())
    path = made.headers["Location"]
    page = client.get(f"{path}/clearing")
    assert "A second person clears it." in page.text
    assert 'action="' + f"{path}/clearing" not in page.text
    assert post(app, client, f"{path}/clearing").status_code == 409


def test_cancelling_needs_a_reason(app: Flask) -> None:
    workshop_id = announced(app, 1)
    client = client_of(app, Role.TRAINER, workshop_id)
    path = f"/teaching/workshops/{workshop_id}/steps/cancel"
    assert "1 person will be notified." in client.get(path).text
    refused = post(app, client, path, reason=" ")
    assert refused.status_code == 422
    assert "Say why." in refused.text
    assert post(app, client, path, reason="The hall is closed").status_code == 302
    assert state_of(app, workshop_id) is WorkshopState.CANCELLED


def test_closing_names_missing_results_and_needs_a_reason(app: Flask) -> None:
    workshop_id = announced(app, 1)
    client = client_of(app, Role.TRAINER, workshop_id)
    path = f"/teaching/workshops/{workshop_id}/steps/close"
    assert "after its last session" in client.get(path).text
    at(HELD)
    page = client.get(path).text
    assert page.count("1 mark is missing") == 2
    assert f"/teaching/workshops/{workshop_id}/sessions/1/attendance" in page
    assert "1 score is missing" in page
    assert post(app, client, path).status_code == 422
    assert state_of(app, workshop_id) is WorkshopState.ANNOUNCED
    assert post(app, client, path, reason="The lists are lost.").status_code == 302
    assert state_of(app, workshop_id) is WorkshopState.CLOSED
    history = client.get(f"/teaching/workshops/{workshop_id}").text
    assert "The lists are lost." in history
    assert "Missing: 2 marks and 1 score." in history


def test_added_seats_go_to_the_waiting_list(app: Flask) -> None:
    workshop_id = announced(app, 3)
    client = client_of(app, Role.TRAINER, workshop_id)
    path = f"/teaching/workshops/{workshop_id}/capacity"
    assert "2 seats are taken, 1 people wait." in client.get(path).text
    assert post(app, client, path, capacity="0").status_code == 422
    assert post(app, client, path, capacity="three").status_code == 422
    answer = client.post(
        path, data={"csrf_token": factories.token(app, client), "capacity": "3"}, follow_redirects=True
    )
    assert "1 person of the waiting list has a seat now." in answer.text


def test_staff_is_named_by_coordinators_and_the_author_only(app: Flask) -> None:
    workshop_id = announced(app)
    trainer = client_of(app, Role.TRAINER, workshop_id)
    path = f"/teaching/workshops/{workshop_id}/people"
    assert trainer.get(path).status_code == 404
    client = client_of(app, Role.COORDINATOR)
    with app.app_context():
        assessor_id = factories.person(alias="Assessor 12")
    assert post(app, client, path, alias="Assessor 99", role="assessor").status_code == 422
    assert post(app, client, path, alias="Assessor 12", role="coordinator").status_code == 422
    for _ in range(2):  # a repeated request changes nothing
        assert post(app, client, path, alias=" Assessor 12 ", role="assessor").status_code == 302
    with app.app_context():
        assert workshops.get(workshop_id).assessors == {assessor_id}
    assert "Assessor 12" in client.get(path).text


def test_event_is_created_and_updated_with_all_languages(app: Flask) -> None:
    with app.app_context():
        courses.publish()
    client = client_of(app, Role.COORDINATOR)
    assert client.get("/teaching/workshops/new").status_code == 200
    made = post(app, client, "/teaching/workshops/new", **fields(**{"outcome-0-competency": "PRT-01"}))
    assert made.status_code == 302
    path = made.headers["Location"]
    workshop_id = UUID(path.rsplit("/", 1)[1])
    with app.app_context():
        found = workshops.get(workshop_id)
    assert [(one.day, one.starts.hour) for one in found.sessions] == [(date(2027, 5, 4), 9), (date(2027, 5, 5), 9)]
    assert [name for name, _level in found.outcomes] == ["PRT-01"]
    form = client.get(f"{path}/edit")
    assert 'value="2027-05-05"' in form.text
    assert "نوبة على الرصيف" in form.text
    changed = post(app, client, f"{path}/edit", **fields(capacity="12", **{"outcome-0-competency": "PRT-01"}))
    assert changed.status_code == 302
    with app.app_context():
        assert workshops.get(workshop_id).capacity == 12


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"title": ""}, "Enter a title."),
        ({"code": "a workshop"}, "Use 2 to 20 capital letters"),
        ({"town": ""}, "Name the town"),
        ({"time_zone": "Sofia"}, "Choose a time zone."),
        ({"booking_until": "2027-05-05"}, "Booking ends on the day of the first session"),
        ({"session-0-ends": "08:00"}, "Session 1 needs a start, and an end after it."),
        ({"session-0-day": "soon"}, "Enter the day of session 1."),
        ({"session-1-day": "2027-05-04", "session-1-starts": "11:00"}, "Two sessions overlap"),
        ({"outcome-0-competency": "XXX-01"}, "XXX-01 has no such level."),
        ({"host_country": "XX"}, "Correct the form"),
    ],
)
def test_invalid_form_returns_with_the_submitted_values(lite_app: Flask, wrong: dict[str, str], says: str) -> None:
    client = client_of(lite_app, Role.COORDINATOR)
    answer = post(lite_app, client, "/teaching/workshops/new", **fields(**wrong))
    assert answer.status_code == 422
    assert says in answer.text
    assert "Hall 3" in answer.text
    assert 'value="First day"' in answer.text


def test_duplicate_code_is_an_error_in_the_form(lite_app: Flask) -> None:
    client = client_of(lite_app, Role.COORDINATOR)
    assert post(lite_app, client, "/teaching/workshops/new", **fields()).status_code == 302
    again = post(lite_app, client, "/teaching/workshops/new", **fields())
    assert again.status_code == 422
    assert "Another event has the code" in again.text


def test_trainer_who_creates_an_event_runs_it_and_stays_signed_in(app: Flask) -> None:
    with app.app_context():
        trainer_id = factories.person(country="BG", grants=((Role.TRAINER, Scope.COURSE, "M01"),))
    client = factories.sign_in(app, trainer_id)
    made = post(app, client, "/teaching/workshops/new", **fields())
    assert made.status_code == 302
    assert client.get(made.headers["Location"]).status_code == 200


def test_attendance_form_starts_with_all_present(app: Flask) -> None:
    workshop_id = announced(app, 2)
    client = client_of(app, Role.TRAINER, workshop_id)
    assert "has begun" in client.get(attendance(workshop_id)).text
    at(BEGUN)
    page = client.get(attendance(workshop_id))
    assert "excused counts as missed" in page.text
    assert page.text.count('<option value="present" selected>') == 2
    first, second = bookings(app, workshop_id)
    sent = {f"mark-{first}": "present", f"mark-{second}": "absent"}
    for _ in range(2):  # a repeated request changes nothing
        assert post(app, client, attendance(workshop_id), **sent).status_code == 302
    refused = post(app, client, attendance(workshop_id), **(sent | {f"mark-{second}": "excused"}))
    assert refused.status_code == 422
    assert "Say why the attendance is corrected." in refused.text
    assert '<option value="excused" selected>' in refused.text
    post(app, client, attendance(workshop_id), **(sent | {f"mark-{second}": "excused", "reason": "Letter came"}))
    with app.app_context():
        session_id = workshops.get(workshop_id).sessions[0].id
        assert participants.marks_of(session_id) == {first: Attendance.PRESENT, second: Attendance.EXCUSED}


def test_trainer_of_another_event_cannot_record_attendance(app: Flask) -> None:
    workshop_id, other = announced(app, 1), announced(app)
    at(BEGUN)
    (booking,) = bookings(app, workshop_id)
    stranger = client_of(app, Role.TRAINER, other)
    assert stranger.get(attendance(workshop_id)).status_code == 404
    assert post(app, stranger, attendance(workshop_id), **{f"mark-{booking}": "absent"}).status_code == 404
    assert client_of(app, Role.TRAINER, workshop_id).get(attendance(workshop_id, 3)).status_code == 404
    with app.app_context():
        assert participants.marks_of(workshops.get(workshop_id).sessions[0].id) == {}


def test_attendance_after_two_weeks_is_corrected_by_coordinators_only(app: Flask) -> None:
    workshop_id = announced(app, 1)
    at(BEGUN + timedelta(days=30))
    (booking,) = bookings(app, workshop_id)
    trainer = client_of(app, Role.TRAINER, workshop_id)
    assert "The time for corrections is over." in trainer.get(attendance(workshop_id)).text
    assert post(app, trainer, attendance(workshop_id), **{f"mark-{booking}": "absent"}).status_code == 409
    coordinator = client_of(app, Role.COORDINATOR)
    assert post(app, coordinator, attendance(workshop_id), **{f"mark-{booking}": "absent"}).status_code == 422
    sent = {f"mark-{booking}": "absent", "reason": "Sheet found"}
    assert post(app, coordinator, attendance(workshop_id), **sent).status_code == 302


def test_pages_need_as_many_statements_for_26_people_as_for_2(app: Flask) -> None:
    from tests.support.sql_statements import statements

    counted = {}
    for many in (2, 26):
        workshop_id = announced(app, many, capacity=26)
        at(BEGUN)
        client = client_of(app, Role.TRAINER, workshop_id)
        client.get(f"/teaching/workshops/{workshop_id}")
        with app.app_context():
            pages = (f"/teaching/workshops/{workshop_id}", attendance(workshop_id), "/teaching")
            counted[many] = []
        for page in pages:
            with app.app_context():
                listening = statements()
                asked = listening.__enter__()
            assert client.get(page).status_code == 200
            counted[many].append(len(asked))
            with app.app_context():
                listening.__exit__(None, None, None)
        clock.set_right()
        at(datetime(2027, 3, 1, 9, tzinfo=UTC))
    assert counted[26] == counted[2]


def test_course_above_the_right_of_the_reader_is_offered_by_its_number_alone(app: Flask) -> None:
    with app.app_context():
        courses.publish()
        with transaction():
            db.session.query(Course).update({"sensitivity": Sensitivity.PARTICIPANTS_ONLY})
        workshop_id = given.made()
        by = person_with(Role.COORDINATOR)
        reader = Actor(by, "BG", frozenset({Role.COORDINATOR}))
        assert catalogue.all_visible(reader) == []
    page = plan_pages.words_of(factories.sign_in(app, by).get(f"/teaching/workshops/{workshop_id}/edit?step=1").text)
    assert "Courses needed before Only officers who completed them can book." in page
    assert f"a course that you may not read. {courses.CODE} Competencies needed before" in page
