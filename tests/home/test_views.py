from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.catalogue.domain.items import Level
from app.db.session import transaction
from app.kernel import clock
from app.learning.service import lesson_progress as learning
from app.messages import queries as messages
from app.messages.domain import NoticeKind
from app.messages.service import outbox as tell
from app.workshops.domain.attendance import Attendance
from tests.support import competence_site as scenes, courses as course, factories, workshop_events
from tests.support.settings import NOW
from tests.support.site_snapshots import kept


@pytest.fixture
@kept
def person(app: Flask) -> UUID:
    with app.app_context():
        published = course.publish()
        found = factories.person(alias="Rana")
        with transaction():
            learning.begin(found, published.outline, clock.now())
            learning.save_place(found, published.outline, "the-list", element=2, now=clock.now())
    return found


@pytest.fixture
def reader(app: Flask, person: UUID) -> FlaskClient:
    return factories.sign_in(app, person)


def test_start_page_links_to_last_paragraph(reader: FlaskClient) -> None:
    page = reader.get("/").text
    assert f'href="/courses/{course.SLUG}/lessons/the-list#h-2"' in page
    assert "Good morning, <bdi>Rana</bdi>" in page


def test_start_page_without_course_names_next_step(app: Flask) -> None:
    with app.app_context():
        client = factories.sign_in(app, factories.person())
    assert "Choose a course" in client.get("/").text


def test_record_lists_courses_under_way_without_competence_claim(reader: FlaskClient) -> None:
    page = reader.get("/record").text
    assert "Under way" in page
    assert "verified" not in page.lower()


def test_search_highlights_word_and_links_to_paragraph(reader: FlaskClient) -> None:
    page = reader.get("/search?q=officer").text
    assert "<mark>officer</mark>" in page
    assert f"/courses/{course.SLUG}/lessons/the-quay#h-" in page


@pytest.mark.parametrize("words", ["", "   ", "%", '"', "zzzz", "* OR NEAR(", "\u202e<script>"])
def test_search_accepts_any_text(reader: FlaskClient, words: str) -> None:
    assert reader.get("/search", query_string={"q": words}).status_code == 200


def test_search_text_over_200_characters_shows_error(reader: FlaskClient) -> None:
    answer = reader.get("/search", query_string={"q": "a" * 201})
    assert answer.status_code == 422
    assert "Enter at most 200 characters." in answer.text


def test_all_notices_are_marked_as_read(app: Flask, reader: FlaskClient) -> None:
    with app.app_context():
        newcomer = factories.person()
    client = factories.sign_in(app, newcomer)
    assert "Notices" in client.get("/notices").text
    answer = client.post("/notices/read", data={"csrf_token": factories.token(app, client)})
    assert (answer.status_code, answer.location) == (302, "/notices")


def test_older_notices_are_on_next_page(app: Flask) -> None:
    with app.app_context():
        person_id = factories.person()
        with transaction():
            for number in range(messages.PAGE + 1):
                tell.notify(
                    person_id,
                    NoticeKind.COURSE_COMPLETED,
                    occasion=f"course {number}",
                    facts={"course": f"Course {number}."},
                    path="/",
                    now=NOW + timedelta(minutes=number),
                )
    client = factories.sign_in(app, person_id)
    page = client.get("/notices").text
    assert 'href="/notices?page=2"' in page
    assert "Course 0." not in page
    assert "Course 0." in client.get("/notices?page=2").text


def _verified(app: Flask, ago: dict[str, int]) -> FlaskClient:
    """Return the client of an investigator with these verified competencies; the values are days ago."""
    with app.app_context():
        scene = scenes.make()
        for competency, days in ago.items():
            scenes.verify(scene.officer, competency, Level.PRACTITIONER, ago=days)
    return factories.sign_in(app, scene.officer)


def test_start_page_shows_due_and_lapsed_competencies(app: Flask) -> None:
    page = _verified(app, {"VIC-02": 80, "VIC-03": 300}).get("/").text
    assert "Practise again: Make first contact and screen safely" in page
    assert "Due: until" in page
    assert "Practise again: Conduct an investigative interview" in page
    assert "Lapsed on" in page
    assert 'href="/practice?competency=VIC-02"' in page
    assert 'href="/path/VIC-03"' in page
    assert "1 of 12 competencies verified" in page


def test_start_page_sums_up_many_due_competencies(app: Flask) -> None:
    page = _verified(app, {"VIC-02": 150, "VIC-03": 300, "VIC-04": 300}).get("/").text
    assert "Practise again: 3 competencies" in page
    assert 'href="/path/VIC-02"' not in page


def test_start_page_omits_verified_competencies(app: Flask) -> None:
    page = _verified(app, {"VIC-02": 3}).get("/").text
    assert "Practise again" not in page
    assert "Nothing is due soon." in page


def test_record_lists_verified_competencies_with_last_day(app: Flask) -> None:
    page = _verified(app, {"VIC-02": 3, "VIC-03": 300}).get("/record").text
    assert "Verified competencies" in page
    assert "Practitioner level" in page
    assert page.count("<time") >= 4
    assert ("Verified</span>" in page, "Lapsed</span>" in page) == (True, True)


def test_record_lists_lapsed_competencies_separately(app: Flask) -> None:
    page = _verified(app, {"VIC-02": 3, "VIC-03": 300}).get("/record").text
    verified, _heading, lapsed = page.partition("<h2>Lapsed competencies</h2>")
    assert ("/path/VIC-02" in verified, "/path/VIC-03" in verified) == (True, False)
    assert ("/path/VIC-02" in lapsed, "/path/VIC-03" in lapsed) == (False, True)
    assert "Valid until" in lapsed


def test_notice_names_competency_by_title(app: Flask) -> None:
    page = _verified(app, {"VIC-02": 3}).get("/notices").text
    assert "Verified: \u2068Make first contact and screen safely\u2069." in page
    assert 'href="/path/VIC-02"' in page


def test_start_page_shows_coming_workshop_and_waiting_list(app: Flask) -> None:
    with app.app_context():
        seat, full = workshop_events.announced(), workshop_events.announced(capacity=1)
        person, other = factories.person(), factories.person()
        for workshop_id, attendee in ((seat, person), (full, other), (full, person)):
            workshop_events.seat(workshop_id, attendee)
    page = factories.sign_in(app, person).get("/").text
    assert f'href="/workshops/{seat}"' in page.partition("Coming")[2]
    assert "You are on the waiting list, place 1." in page.partition("Coming")[0]


@pytest.mark.each_database
@pytest.mark.parametrize(
    ("second", "earned"), [(Attendance.PRESENT, 1), (Attendance.ABSENT, 0), (Attendance.EXCUSED, 0)]
)
def test_record_lists_earned_certificates(app: Flask, second: Attendance, earned: int) -> None:
    with app.app_context():
        workshop_id, person = workshop_events.announced(), factories.person()
        workshop_events.seat(workshop_id, person)
        workshop_events.hold(workshop_id, person, [Attendance.PRESENT, second])
    later = NOW.replace(month=6) - clock.real_now()
    clock.move(lambda: later)
    client = factories.sign_in(app, person)
    page = client.get("/record").text
    assert page.count(f'href="/workshops/{workshop_id}/certificate"') == earned
    assert client.get(f"/workshops/{workshop_id}/certificate").status_code == (200 if earned else 404)
