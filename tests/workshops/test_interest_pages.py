"""Pages of an officer about an event with nominations: eligibility, interest, withdrawal, offer, decision, history."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.session import db, transaction
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from app.workshops.domain.allocation import CountedAs
from app.workshops.domain.nominations import NominationState, UseTime
from app.workshops.models import Booking, Nomination
from app.workshops.service import nominations
from tests.support import courses, factories, nominated_events, sites, workshop_events
from tests.support.concurrent_posts import post_twice
from tests.support.nominated_events import CLOSED, INTEREST, NominatedEvent, nominated_event, rules
from tests.support.settings import NOW
from tests.support.sql_statements import asked
from tests.support.workshop_pages import ANSWERS, at

DAY = timedelta(days=1)


@pytest.fixture
def event(app: Flask) -> NominatedEvent:
    with app.app_context():
        made = nominated_event(capacity=3)
        db.session.remove()
    return made


class Officer:
    """A signed-in officer of Iraq, and an event."""

    def __init__(self, app: Flask, event: NominatedEvent, **facts: object) -> None:
        self.app, self.event = app, event
        with app.app_context():
            self.id = factories.person(**{"country": "IQ", **facts})  # type: ignore[arg-type]
            db.session.remove()
        self.path = f"/workshops/{event.workshop_id}"

    @property
    def client(self) -> FlaskClient:
        return factories.sign_in(self.app, self.id)

    def get(self, path: str = "") -> str:
        answer = self.client.get(path if path.startswith("/") else self.path + ("/" + path if path else ""))
        assert answer.status_code == 200, answer.status
        return answer.text

    def post(self, path: str, **fields: str) -> int:
        return sites.post(self.app, self.client, f"{self.path}/{path}", fields).status_code

    def row(self) -> Nomination:
        with self.app.app_context():
            row = self.event.row(self.id)
            db.session.expunge_all()
            return row

    def state(self) -> NominationState:
        return self.row().state


@pytest.fixture
def officer(app: Flask, event: NominatedEvent) -> Officer:
    return Officer(app, event)


def nominated(app: Flask, event: NominatedEvent, *officers: Officer) -> None:
    """Nominate the officers, share the seats and send the offers."""
    with app.app_context():
        event.nominate("IQ", [officer.id for officer in officers])
        event.select()
        db.session.remove()


def test_event_shows_steps_seats_and_dates_before_interest(officer: Officer) -> None:
    page = officer.get()
    for text in ("Interest", "Endorsed", "Nominated", "Selected", "Offered", "Confirmed"):
        assert f"<b>{text}" in page
    assert "You, by 20 March" in page
    assert "You can express interest until 20 March." in page
    assert "3 seats: 1 for each country, 1 shared" in page
    assert "1 February to 20 March 2027" in page
    assert "Book a seat" not in page


def test_first_responder_is_refused_at_an_event_for_investigators(app: Flask) -> None:
    with app.app_context():
        event = nominated_event(roles=("investigator",))
        db.session.remove()
    officer = Officer(app, event, roles=("first_responder",))
    page = officer.get()
    assert "You cannot ask for a seat in this event." in page
    assert "This event is for: investigator. Your role: first_responder." in page
    assert "your contact point can change it" in page
    assert 'href="/path"' in page
    assert "/interest" not in page
    assert officer.post("interest", **ANSWERS) == 302
    with app.app_context():
        assert db.session.query(Nomination).count() == 0


def test_missing_course_is_named_with_its_page_before_interest(app: Flask, officer: Officer) -> None:
    with app.app_context():
        courses.publish()
        workshop_events.ask_for(officer.event.workshop_id, courses.CODE)
    page = officer.get()
    assert f"You have not completed: {courses.CODE} Night at the harbour." in page
    assert f'<a href="/courses/{courses.SLUG}">Complete {courses.CODE} Night at the harbour</a>' in page
    assert "Express interest" in page


def test_officer_of_a_country_that_is_not_invited_cannot_ask(app: Flask, event: NominatedEvent) -> None:
    officer = Officer(app, event, country="NL")
    assert "Your country is not invited to this event." in officer.get()
    assert officer.post("interest", **ANSWERS) == 409


def test_interest_is_sent_changed_and_withdrawn(officer: Officer) -> None:
    assert "Express interest" in officer.get("interest")
    assert officer.post("interest", **ANSWERS) == 302
    page = officer.get()
    assert "Your interest is sent." in page
    assert "Next: your contact point answers, by 20 March." in page
    assert "Change my answers" in page
    assert officer.post("interest", **{**ANSWERS, "aim": "lead the night team", "counted_as": "woman"}) == 302
    row = officer.row()
    assert (row.aim, row.counted_as, row.use_time) == ("lead the night team", CountedAs.WOMAN, UseTime.NOW)
    assert "lead the night team" in officer.get("interest")
    assert officer.post("interest/withdrawal") == 302
    assert officer.state() is NominationState.WITHDRAWN
    assert "Express interest again" in officer.get()


def test_form_without_answers_names_each_missing_one(officer: Officer) -> None:
    answer = sites.post(officer.app, officer.client, f"{officer.path}/interest", {})
    assert answer.status_code == 422
    assert "Write one or two sentences." in answer.text
    assert answer.text.count("Choose an answer.") == 6  # three fields, each also in the summary
    with officer.app.app_context():
        assert db.session.query(Nomination).count() == 0


def test_answers_are_closed_after_the_deadline(officer: Officer) -> None:
    officer.post("interest", **ANSWERS)
    at(CLOSED)
    page = officer.get("interest")
    assert "They can no longer be changed." in page
    assert "Save my answers" not in page
    assert officer.post("interest", **ANSWERS) == 409


def test_offer_shows_time_left_and_is_confirmed_once(app: Flask, officer: Officer) -> None:
    nominated(app, officer.event, officer)
    at(CLOSED + DAY)
    page = officer.get()
    assert "Answer the offer by 28 March." in page
    assert "6 days left." in page
    assert "Confirm my seat" in page
    assert "Decline the offer" in page
    assert officer.post("interest/confirmation") == 302
    assert officer.post("interest/confirmation") == 302
    page = officer.get()
    assert "Add to calendar" in page
    assert "Confirm my seat" not in page
    with app.app_context():
        assert db.session.query(Booking).filter_by(person_id=officer.id).count() == 1


def test_confirmation_twice_at_once_is_one_seat(app: Flask, officer: Officer) -> None:
    nominated(app, officer.event, officer)
    at(CLOSED + DAY)
    answers = post_twice(app, officer.client, f"{officer.path}/interest/confirmation")
    assert [answer.status_code for answer in answers] == [302, 302]
    with app.app_context():
        assert db.session.query(Booking).filter_by(person_id=officer.id).count() == 1


def test_interest_twice_at_once_is_one_nomination(app: Flask, officer: Officer) -> None:
    answers = post_twice(app, officer.client, f"{officer.path}/interest", ANSWERS)
    assert [answer.status_code for answer in answers] == [302, 302]
    with app.app_context():
        assert db.session.query(Nomination).filter_by(person_id=officer.id).count() == 1


def test_declined_offer_ends_the_request_with_its_reason(app: Flask, officer: Officer) -> None:
    nominated(app, officer.event, officer)
    at(CLOSED + DAY)
    assert officer.post("interest/withdrawal", reason="On duty that week") == 302
    assert officer.state() is NominationState.WITHDRAWN
    assert "On duty that week" in officer.get()


def test_expired_offer_is_said_and_cannot_be_confirmed(app: Flask, officer: Officer) -> None:
    nominated(app, officer.event, officer)
    with app.app_context():
        officer.event.settle(CLOSED + 10 * DAY)
        db.session.remove()
    at(CLOSED + 10 * DAY)
    assert "The offer was not answered in time." in officer.get()
    assert officer.post("interest/confirmation") == 409


def test_seat_given_back_after_the_cut_off_day_needs_a_reason(app: Flask) -> None:
    with app.app_context():
        event = nominated_event(nomination=rules(withdraw_by=date(2027, 4, 10)))
        db.session.remove()
    officer = Officer(app, event)
    nominated(app, event, officer)
    at(CLOSED + DAY)
    officer.post("interest/confirmation")
    at(datetime.fromisoformat("2027-04-11T08:00:00+00:00"))
    answer = sites.post(app, officer.client, f"{officer.path}/interest/withdrawal", {})
    assert answer.status_code == 422
    assert "Say why. The last day to withdraw without a reason has passed." in answer.text
    assert officer.state() is NominationState.CONFIRMED
    assert officer.post("interest/withdrawal", reason="Ill") == 302
    assert officer.state() is NominationState.WITHDRAWN


def test_waiting_officers_read_their_places_which_move_up(app: Flask) -> None:
    with app.app_context():
        event = nominated_event(capacity=2)
        db.session.remove()
    officers = [Officer(app, event) for _ in range(4)]
    nominated(app, event, *officers)
    at(CLOSED + DAY)
    for place, officer in enumerate(officers[2:], 1):
        for path in ("", "/workshops", "/"):
            assert f"You are on the waiting list, place {place}." in officer.get(path)
    officers[2].post("interest/withdrawal")
    assert "You are on the waiting list, place 1." in officers[3].get()


def test_decision_shows_own_numbers_and_no_other_country(app: Flask) -> None:
    with app.app_context():
        event = nominated_event(capacity=3)
        others = event.officers("BG", 3)
        db.session.remove()
    first, second = Officer(app, event), Officer(app, event)
    with app.app_context():
        event.nominate("BG", others)
        db.session.remove()
    nominated(app, event, first, second)
    at(CLOSED + DAY)
    assert "You got a seat guaranteed to your country" in first.get("interest/decision")
    page = second.get("interest/decision")
    assert "You were compared with the first nominee of 1 other country." in page
    assert "Seats used this year for each guaranteed seat" in page
    assert "<bdi>0.5</bdi>" in page
    assert "Bulgaria" not in page.replace("Sofia, Bulgaria", "")
    assert "How the seats were shared" in second.get()


def test_history_names_offices_and_no_person(app: Flask, officer: Officer) -> None:
    with app.app_context():
        chief = nominated_events.supervisor_of(officer.id, "IQ")
        with transaction():
            nominations.express_interest(officer.event.workshop_id, officer.id, INTEREST, NOW)
        with transaction():
            nominations.decline(officer.event.row(officer.id).id, chief, reason="A later date is better", now=NOW + DAY)
        db.session.remove()
    at(NOW + DAY)
    page = officer.get()
    history = page[page.index("What happened") :]
    assert "You</span>" in history
    assert "Your supervisor. Reason: A later date is better" in " ".join(history.split())
    assert "Your request was declined. Reason: A later date is better" in page


def test_other_officer_finds_no_request_of_a_colleague(app: Flask, officer: Officer, event: NominatedEvent) -> None:
    nominated(app, event, officer)
    at(CLOSED + DAY)
    colleague = Officer(app, event)
    assert colleague.post("interest/confirmation") == 404
    assert colleague.post("interest/withdrawal") == 404
    assert colleague.client.get(f"{colleague.path}/interest/decision").status_code == 404
    assert officer.state() is NominationState.OFFERED


def test_open_event_has_no_page_of_interest(app: Flask, officer: Officer) -> None:
    with app.app_context():
        workshop_id = workshop_events.announced()
        db.session.remove()
    assert officer.client.get(f"/workshops/{workshop_id}/interest").status_code == 404
    assert officer.client.get(f"/workshops/{uuid4()}/interest").status_code == 404


def test_start_page_and_list_show_the_request_and_the_offer_as_a_task(app: Flask, officer: Officer) -> None:
    assert "Open for interest" in officer.get("/workshops")
    officer.post("interest", **ANSWERS)
    for path in ("/", "/workshops"):
        assert "Next: your contact point answers, by 20 March." in officer.get(path)
    nominated(app, officer.event, officer)
    at(CLOSED + DAY)
    page = officer.get("/")
    assert "Answer the offer of a seat: A watch at the quay" in page
    assert "Answer the offer by 28 March." in page
    assert "Answer the offer by 28 March." in officer.get("/workshops")


def test_notice_of_the_offer_leads_to_its_button(app: Flask, officer: Officer) -> None:
    nominated(app, officer.event, officer)
    at(CLOSED + DAY)
    with app.app_context():
        notice = db.session.query(Notice).filter_by(person_id=officer.id, kind=NoticeKind.SEAT_OFFERED).one()
        path = notice.path
    assert "Confirm my seat" in officer.get(path)


def test_sex_told_by_the_officer_survives_the_nomination(app: Flask, officer: Officer) -> None:
    officer.post("interest", **{**ANSWERS, "counted_as": "woman"})
    with app.app_context():
        officer.event.nominate("IQ", [officer.id])
        officer.event.nominate("IQ", [])
        db.session.remove()
    assert officer.row().counted_as is CountedAs.WOMAN


def test_pages_take_as_many_statements_for_many_nominees(app: Flask, officer: Officer) -> None:
    officer.post("interest", **ANSWERS)

    def statements() -> list[int]:
        client = officer.client
        return [asked(app, client, path) for path in (officer.path, f"{officer.path}/interest", "/workshops", "/")]

    before = statements()
    with app.app_context():
        others = officer.event.officers("IQ", 20)
        with transaction():
            for person_id in others:
                nominations.express_interest(officer.event.workshop_id, person_id, INTEREST, NOW)
        more = nominated_event()
        with transaction():
            nominations.express_interest(more.workshop_id, officer.id, INTEREST, NOW)
        db.session.remove()
    assert statements() == before
