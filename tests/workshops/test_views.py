from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from icalendar import Calendar

from app.access.policy import Role, Scope, Sensitivity
from app.db.session import db, transaction
from app.kernel import clock
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.events import Format, WorkshopKind
from app.workshops.queries import bookings, workshops
from app.workshops.service import bookings as workshops_bookings, closing, lifecycle
from tests.support import courses, workshop_events as events
from tests.support.sql_statements import asked
from tests.support.workshop_events import made, session
from tests.support.workshop_reader import Reader, an_event


@pytest.fixture
def reader(app: Flask) -> Reader:
    return Reader(app, alias="Rana", name="Rana Khalil")


def hold(app: Flask, path: str, person_id: UUID, marks: list[Attendance]) -> None:
    """Move an event into the past and record the attendance of a person."""
    with app.app_context():
        events.hold(UUID(path.rpartition("/")[2]), person_id, marks)
        db.session.remove()


def test_event_page_shows_dates_location_and_audience(app: Flask, reader: Reader) -> None:
    page = reader.get(an_event(app))
    for said in (
        "A watch at the quay",
        '<time datetime="2027-05-04">4 to 5 May 2027</time>',
        "Sofia, Bulgaria",
        "2 seats",
        "comparing the list with the quay",
        "first_responder",
        "<bdi>09:00 to 16:30 Sofia</bdi>",
        "<bdi>06:00 to 13:30 your time</bdi>",
        "20 April 2027, 23:59 Sofia",
    ):
        assert said in page


def test_venue_is_shown_to_seated_people_only(app: Flask, reader: Reader) -> None:
    path = an_event(app)
    assert "Hall 3" not in reader.get(path)
    assert "Hall 3" in reader.told(f"{path}/booking")
    waiting = an_event(app, capacity=1, people=1, sessions=(session(date(2027, 6, 8)),))
    page = reader.told(f"{waiting}/booking")
    assert "You are on the waiting list" in page
    assert "Hall 3" not in page


def test_seat_is_booked_and_withdrawn(app: Flask, reader: Reader) -> None:
    path = an_event(app)
    assert "Book a seat" in reader.get(path)
    page = reader.told(f"{path}/booking")
    assert "You have a seat. Put the dates into your calendar." in page
    assert "Yours since 1 March" in page
    assert "Withdraw" in page
    assert "Book a seat" not in page
    page = reader.told(f"{path}/withdrawal")
    assert "You have withdrawn from this event." in page
    assert "Book a seat" in page


def test_repeated_booking_is_the_same_booking(app: Flask, reader: Reader) -> None:
    path = an_event(app)
    reader.post(f"{path}/booking")
    assert "You have a seat already." in reader.told(f"{path}/booking")
    with app.app_context():
        assert bookings.counts([UUID(path.rpartition("/")[2])]) == {UUID(path.rpartition("/")[2]): (1, 0)}


def test_late_booking_waits_and_is_notified_of_the_seat(app: Flask, reader: Reader) -> None:
    path = an_event(app, capacity=1, people=2)
    assert "Join the waiting list" in reader.get(path)
    assert "You are on the waiting list, place 2." in reader.told(f"{path}/booking")
    workshop_id = UUID(path.rpartition("/")[2])
    with app.app_context():
        for one in [*bookings.seated(workshop_id), *bookings.waiting(workshop_id)][:2]:
            with transaction():
                workshops_bookings.withdraw(workshop_id, one.person_id, clock.now())
        db.session.remove()
    assert "You have a seat. If you cannot come, withdraw" in reader.get(path)
    assert "A seat is yours: \u2068A watch at the quay\u2069." in reader.get("/notices")


def test_missing_courses_are_named_with_links(app: Flask, reader: Reader) -> None:
    with app.app_context():
        courses.publish()
    path = an_event(app)
    with app.app_context():
        events.ask_for(UUID(path.rpartition("/")[2]), courses.CODE, "M99")
        db.session.remove()
    page = reader.get(path)
    assert f'href="/courses/{courses.SLUG}"' in page
    assert "This course is not open to you." in page
    assert "Book a seat" not in page
    page = reader.told(f"{path}/booking")
    assert "Before you can book, complete: T10 " in page
    assert "and M99." in page
    assert "Withdraw" not in page


def test_page_shows_that_booking_is_over(app: Flask, reader: Reader) -> None:
    path = an_event(app)
    workshop_id = UUID(path.rpartition("/")[2])
    with app.app_context():
        closes = workshops.get(workshop_id).booking_closes_at
    start = clock.real_now()
    clock.move(lambda: closes - start)
    late = Reader(app)
    assert "Booking is over." in late.get(path)
    assert "Book a seat" not in late.get(path)
    assert "Booking is over." in late.told(f"{path}/booking")
    assert "Booking is over" in late.get("/workshops")


def test_cancelled_event_shows_the_reason(app: Flask, reader: Reader) -> None:
    path = an_event(app)
    reader.post(f"{path}/booking")
    with app.app_context(), transaction():
        lifecycle.cancel(UUID(path.rpartition("/")[2]), reason="The hall is closed.", by=reader.id, now=clock.now())
    page = reader.get(path)
    assert "This event is cancelled" in page
    assert "The hall is closed." in page
    assert "Withdraw" not in page
    assert "Current state" not in page
    assert "It does not take place." in reader.get("/workshops")


def test_closed_event_offers_no_action(app: Flask, reader: Reader) -> None:
    path = an_event(app)
    reader.post(f"{path}/booking")
    hold(app, path, reader.id, [Attendance.PRESENT, Attendance.PRESENT])
    with app.app_context(), transaction():
        closing.close(UUID(path.rpartition("/")[2]), by=reader.id, now=clock.now(), reason="No assessor came.")
    page = reader.get(path)
    assert "It was closed on 1 March 2027." in page
    assert "Withdraw" not in page
    assert "Open my certificate" in page
    assert reader.post(f"{path}/withdrawal").status_code == 409


def test_certificate_names_its_holder_and_proves_presence_only(app: Flask, reader: Reader) -> None:
    path = an_event(app)
    reader.post(f"{path}/booking")
    assert reader.client.get(f"{path}/certificate").status_code == 404
    hold(app, path, reader.id, [Attendance.PRESENT, Attendance.LATE])
    page = reader.get(f"{path}/certificate")
    assert "Rana Khalil" in page
    assert "proves presence, not competence" in page
    assert "A watch at the quay" in page
    assert "15 hours" in page


@pytest.mark.parametrize(
    "marks",
    [
        [],
        [Attendance.PRESENT],
        [Attendance.PRESENT, Attendance.ABSENT],
        [Attendance.ABSENT, Attendance.ABSENT],
        [Attendance.PRESENT, Attendance.EXCUSED],
        [Attendance.EXCUSED, Attendance.EXCUSED],
    ],
)
def test_too_few_sessions_earn_no_certificate(app: Flask, reader: Reader, marks: list[Attendance]) -> None:
    path = an_event(app)
    reader.post(f"{path}/booking")
    hold(app, path, reader.id, marks)
    assert reader.client.get(f"{path}/certificate").status_code == 404
    page = reader.get(path)
    assert "Open my certificate" not in page
    assert ("are needed" if len(marks) == 2 else "When your trainer has recorded attendance") in page


def test_certificate_of_another_person_returns_404(app: Flask, reader: Reader) -> None:
    path = an_event(app)
    reader.post(f"{path}/booking")
    hold(app, path, reader.id, [Attendance.PRESENT, Attendance.PRESENT])
    assert Reader(app).client.get(f"{path}/certificate").status_code == 404


def test_calendar_file_has_times_only(app: Flask, reader: Reader) -> None:
    path = an_event(app)
    assert reader.client.get(f"{path}/calendar.ics").status_code == 404
    reader.post(f"{path}/booking")
    answer = reader.client.get(f"{path}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    assert "no-store" in answer.headers["Cache-Control"]
    entries = Calendar.from_ical(answer.text).walk("VEVENT")
    assert [(one["summary"], one["dtstart"].dt, one["dtend"].dt) for one in entries] == [
        ("Academy", datetime(2027, 5, 4, 6, tzinfo=UTC), datetime(2027, 5, 4, 13, 30, tzinfo=UTC)),
        ("Academy", datetime(2027, 5, 5, 6, tzinfo=UTC), datetime(2027, 5, 5, 13, 30, tzinfo=UTC)),
    ]
    text = answer.text.lower()
    assert [word for word in ("quay", "sofia", "hall", "colep", "police", "ws-", "rana") if word in text] == []


def test_waiting_person_gets_no_calendar_file(app: Flask, reader: Reader) -> None:
    path = an_event(app, capacity=1, people=1)
    reader.post(f"{path}/booking")
    assert reader.client.get(f"{path}/calendar.ics").status_code == 404


def test_draft_is_visible_to_its_staff_only(app: Flask, reader: Reader) -> None:
    with app.app_context():
        workshop_id = made(sensitivity=Sensitivity.UNRESTRICTED)
        db.session.remove()
    path = f"/workshops/{workshop_id}"
    assert reader.client.get(path).status_code == 404
    assert reader.post(f"{path}/booking").status_code == 404
    trainer = Reader(app, roles=(), grants=((Role.TRAINER, Scope.EVENT, str(workshop_id)),))
    assert "Only those who prepare it see this page." in trainer.get(path)
    assert "Book a seat" not in trainer.get(path)


def test_workshop_above_clearance_returns_404(app: Flask) -> None:
    path = an_event(app, sensitivity=Sensitivity.PARTICIPANTS_ONLY)
    law = an_event(app)
    coordinator = Reader(app, roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
    practitioner, outsider = Reader(app), Reader(app, roles=())
    assert [one.client.get(path).status_code for one in (coordinator, practitioner, outsider)] == [200, 404, 404]
    assert [one.client.get(law).status_code for one in (coordinator, practitioner, outsider)] == [200, 200, 404]
    assert outsider.client.get(f"/workshops/{uuid4()}").status_code == 404
    assert coordinator.post(f"{law}/booking").status_code == 403
    assert "A watch at the quay" not in outsider.get("/workshops")
    assert "A watch at the quay" in practitioner.get("/workshops")


def test_list_shows_own_events_before_the_months(app: Flask, reader: Reader) -> None:
    june = (session(date(2027, 6, 8)),)
    mine = an_event(app, title={"en": "Mine in May"}, people=2)
    reader.post(f"{mine}/booking")
    an_event(app, title={"en": "Open in May"})
    an_event(app, title={"en": "Full in June"}, sessions=june, capacity=1, people=1)
    page = reader.get("/workshops")
    order = ["My events", "Mine in May", "Waiting list", "May 2027", "Open in May", "June 2027", "Full in June"]
    places = [page.index(f"{word}<") for word in order]
    assert places == sorted(places)
    assert page.count("Mine in May</a>") == 1
    assert "2 seats are free. Book by 20 April." in page
    assert "You can join the waiting list." in page


@pytest.mark.each_database
def test_filters_narrow_the_list_and_are_shown(app: Flask, reader: Reader) -> None:
    an_event(app, title={"en": "A town"}, languages=("en",))
    an_event(app, title={"en": "A line"}, form=Format.ONLINE, town="", languages=("ar", "fr"))
    an_event(app, title={"en": "A visit"}, kind=WorkshopKind.STUDY_VISIT, languages=("fr",))

    def found(question: str) -> list[str]:
        page = reader.get(f"/workshops{question}")
        return [title for title in ("A town", "A line", "A visit") if f">{title}</a>" in page]

    assert found("") == ["A town", "A line", "A visit"]
    assert found("?kind=study_visit") == ["A visit"]
    assert found("?language=fr") == ["A line", "A visit"]
    assert found("?place=online") == ["A line"]
    assert found("?place=BG") == ["A town", "A visit"]
    assert found("?kind=workshop&language=en&place=BG") == ["A town"]
    assert found("?kind=nothing&language=xx&place=nowhere") == ["A town", "A line", "A visit"]
    page = reader.get("/workshops?kind=study_visit&language=en")
    assert "No event fits this choice" in page
    assert '<a class="chip" href="/workshops?language=en">Study visit' in page
    assert '<a class="chip" href="/workshops?kind=study_visit">English' in page


def test_empty_list_names_the_reason_and_the_next_step(reader: Reader) -> None:
    page = reader.get("/workshops")
    assert "No event is planned yet" in page
    assert "Go to the courses" in page


def test_texts_are_in_the_users_language_with_lang_attributes(app: Flask) -> None:
    arabic = Reader(app, language="ar")
    page = arabic.get(an_event(app))
    assert '<h1 lang="ar" dir="rtl">نوبة على الرصيف</h1>' in page
    assert 'lang="en" dir="ltr">Two days of practice' in page


def test_different_day_in_the_users_zone_is_shown(app: Flask, reader: Reader) -> None:
    night = (session(starts=time(1), ends=time(2, 30)),)
    assert "<bdi>3 May, 22:00 to 23:30 your time</bdi>" in reader.get(an_event(app, sessions=night))


def live(app: Flask, reader: Reader, many: int) -> str:
    """Create events with bookings of a user; return the address of the last one."""
    for _ in range(many):
        reader.post(f"{an_event(app, capacity=1, people=1)}/booking")
        an_event(app, people=many)
    days = tuple(session(date(2027, 5, 4) + timedelta(days=n)) for n in range(many))
    path = an_event(app, capacity=9, people=many, sessions=days)
    reader.post(f"{path}/booking")
    return path


def test_pages_need_as_many_statements_for_three_events_as_for_one(app: Flask) -> None:
    counts = []
    for many in (1, 3):
        reader = Reader(app)
        path = live(app, reader, many)
        counts.append([asked(app, reader.client, where) for where in ("/workshops", path, f"{path}/calendar.ics")])
    assert counts == [[10, 15, 6]] * 2


@pytest.mark.each_database
def test_search_includes_workshops_of_trainers_and_assessors(app: Flask) -> None:
    path = an_event(app)
    other = an_event(app, title={"en": "Another quay"})
    reach = path.rpartition("/")[2]
    coordinator = Reader(app, roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
    trainer = Reader(app, roles=(), grants=((Role.TRAINER, Scope.EVENT, reach),))
    assessor = Reader(app, roles=(), grants=((Role.ASSESSOR, Scope.EVENT, reach),))
    outsider = Reader(app, roles=())
    found = [[f'href="{one}"' in who.get("/search?q=quay") for one in (path, other)]
             for who in (coordinator, trainer, assessor, outsider)]  # fmt: skip
    assert found == [[True, True], [True, False], [True, False], [False, False]]
    for who in (coordinator, trainer, assessor):
        assert who.client.get(path).status_code == 200
    assert trainer.client.get(other).status_code == 404


def test_search_finds_announced_events(app: Flask, reader: Reader) -> None:
    path = an_event(app)
    assert f'href="{path}"' in reader.get("/search?q=quay")
