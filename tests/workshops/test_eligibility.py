"""Requirements of an event: roles of the framework and courses, at booking, on the waiting list and on pages."""

from uuid import UUID

import pytest
from flask import Flask

from app.access.policy import Role
from app.db.session import db, transaction
from app.identity.models import Posting
from app.kernel.errors import DomainError
from app.workshops.domain.nominations import LanguageLevel
from app.workshops.domain.seats import (
    BookingState,
    CompetenciesMissing,
    LanguageMissing,
    OtherEvent,
    Placement,
    PrerequisitesMissing,
    RoleMismatch,
    Seat,
    Shortfall,
    WaitingListPlace,
    place_booking,
)
from app.workshops.models import Booking
from app.workshops.queries import bookings
from app.workshops.service import admissions, bookings as workshops_bookings, lifecycle
from tests.support import factories, plan_pages, workshop_events as given, workshop_pages
from tests.support.concurrency import at_once
from tests.support.settings import NOW
from tests.support.workshop_events import announced
from tests.support.workshop_reader import Reader, an_event
from tests.support.workshop_seats import room

INVESTIGATORS = ("investigator", "digital_investigator")


def test_role_is_refused_before_missing_courses() -> None:
    lacks = Shortfall(("investigator",), ("M01",))
    assert place_booking(room(), now=NOW, shortfall=lacks) == RoleMismatch(("investigator",))
    assert place_booking(room(), now=NOW, shortfall=Shortfall(courses=("M01",))) == PrerequisitesMissing(("M01",))
    missing = Shortfall(competencies=("ONL-07:foundation",), events=("WS-1",))
    assert place_booking(room(), now=NOW, shortfall=missing) == CompetenciesMissing(("ONL-07:foundation",))
    assert place_booking(room(), now=NOW, shortfall=Shortfall(events=("WS-1",))) == OtherEvent(("WS-1",))
    both = Shortfall(events=("WS-1",), languages=("en",))
    assert place_booking(room(), now=NOW, shortfall=both) == LanguageMissing(("en",))


def _book(workshop_id: UUID, person_id: UUID) -> Placement:
    with transaction():
        placement = workshops_bookings.book(workshop_id, person_id, NOW)
    db.session.rollback()
    return placement


def _serve_as(person_id: UUID, roles: str) -> None:
    """Change the role of a person in the framework."""
    with transaction():
        db.session.query(Posting).filter_by(person_id=person_id).update({"roles": roles})
    db.session.rollback()


def test_first_responder_gets_no_seat_among_investigators(context: Flask) -> None:
    workshop_id = announced(roles=INVESTIGATORS)
    assert _book(workshop_id, factories.person()) == RoleMismatch(INVESTIGATORS)
    assert _book(workshop_id, factories.person(roles=("investigator",))) == Seat(1)
    assert bookings.counts([workshop_id]) == {workshop_id: (1, 0)}


@pytest.mark.each_database
def test_missing_competency_and_other_event_on_the_same_days_are_refused(context: Flask) -> None:
    officer = factories.person()
    needing = announced(competencies=("ONL-07:foundation",))
    assert _book(needing, officer) == CompetenciesMissing(("ONL-07:foundation",))
    assert _book(announced(code="WS-FIRST"), officer) == Seat(1)
    assert _book(announced(), officer) == OtherEvent(("WS-FIRST",))


@pytest.mark.parametrize(
    ("language", "level", "placement"),
    [
        ("fr", LanguageLevel.NONE, LanguageMissing(("en", "ar"))),
        ("fr", LanguageLevel.BASIC, Seat(1)),
        ("ar", LanguageLevel.NONE, Seat(1)),  # it is interpreted: the question is not asked
    ],
)
def test_officer_who_follows_no_language_of_the_event_gets_no_seat(
    context: Flask, language: str, level: LanguageLevel, placement: Placement
) -> None:
    workshop_id, officer = announced(), factories.person(language=language)
    with transaction():
        assert workshops_bookings.book(workshop_id, officer, NOW, level) == placement


def test_waiting_officer_is_not_asked_for_the_language_again(context: Flask) -> None:
    workshop_id, officer = announced(capacity=1), factories.person(language="fr")
    [seated] = given.booked(workshop_id, 1)
    with transaction():
        assert workshops_bookings.book(workshop_id, officer, NOW, LanguageLevel.WORKING) == WaitingListPlace(1)
    with transaction():
        assert workshops_bookings.withdraw(workshop_id, seated, NOW) == officer


def _admit(workshop_id: UUID, person_id: UUID, by: UUID, reason: str = "Asked by the host.") -> BookingState:
    with transaction():
        state = admissions.admit(workshop_id, person_id, by=by, reason=reason, now=NOW)
    db.session.rollback()
    return state


def test_staff_read_why_an_officer_was_admitted(app: Flask) -> None:
    with app.app_context():
        workshop_id, trainer = announced(capacity=1, roles=INVESTIGATORS), factories.person()
        for reason in ("Speaks at the event.", "Asked by the host."):
            _admit(workshop_id, factories.person(), trainer, reason)
    client = workshop_pages.client_of(app, Role.COORDINATOR)
    page = plan_pages.words_of(client.get(f"/teaching/workshops/{workshop_id}").text)
    assert "Admitted: Speaks at the event." in page  # has the seat
    assert "Admitted: Asked by the host." in page  # on the waiting list


@pytest.mark.each_database
def test_admitted_officer_gets_a_seat_in_spite_of_the_role(context: Flask) -> None:
    workshop_id, officer, trainer = announced(roles=INVESTIGATORS, capacity=1), factories.person(), factories.person()
    assert _admit(workshop_id, officer, trainer) is BookingState.SEATED
    row = db.session.query(Booking).filter_by(person_id=officer).one()
    assert (row.admitted_by, row.admission_reason) == (trainer, "Asked by the host.")
    with pytest.raises(DomainError, match="has a seat already"):
        _admit(workshop_id, officer, trainer)
    assert _admit(workshop_id, factories.person(), trainer) is BookingState.WAITING


def test_waiting_officer_who_is_admitted_is_not_skipped(context: Flask) -> None:
    workshop_id, trainer = announced(capacity=1), factories.person()
    seated, changed, _third = given.booked(workshop_id, 3)
    _serve_as(changed, "analyst")
    assert _admit(workshop_id, changed, trainer) is BookingState.WAITING
    with transaction():
        assert workshops_bookings.withdraw(workshop_id, seated, NOW) == changed


@pytest.mark.parametrize(("reason", "own", "says"), [("  ", False, "Say why"), ("Why", True, "Another person decides")])
def test_admission_without_reason_or_of_oneself_is_refused(context: Flask, reason: str, own: bool, says: str) -> None:
    workshop_id, officer, trainer = announced(roles=INVESTIGATORS), factories.person(), factories.person()
    with pytest.raises(DomainError, match=says):
        _admit(workshop_id, officer, officer if own else trainer, reason)
    db.session.rollback()
    assert bookings.counts([workshop_id]) == {workshop_id: (0, 0)}


def test_admission_to_a_restricted_event_needs_a_practitioner(context: Flask) -> None:
    workshop_id, trainer = announced(), factories.person()
    outsider = factories.person(roles=(), grants=())
    with pytest.raises(DomainError, match="Only verified practitioners"):
        _admit(workshop_id, outsider, trainer)


@pytest.mark.each_database
def test_waiting_list_skips_people_without_the_role(context: Flask) -> None:
    workshop_id = announced(capacity=1)
    seated, changed, next_one = given.booked(workshop_id, 3)
    _serve_as(changed, "analyst")
    with transaction():
        assert workshops_bookings.withdraw(workshop_id, seated, NOW) == next_one
    assert [one.person_id for one in bookings.waiting(workshop_id)] == [changed]


def test_free_seat_goes_to_newcomer_when_waiting_people_lack_the_role(context: Flask) -> None:
    workshop_id = announced(capacity=1)
    seated, changed = given.booked(workshop_id, 2)
    _serve_as(changed, "analyst")
    with transaction():
        assert workshops_bookings.withdraw(workshop_id, seated, NOW) is None
    assert _book(workshop_id, factories.person()) == Seat(1)


def test_waiting_person_with_the_role_again_is_seated_first(context: Flask) -> None:
    workshop_id = announced(capacity=1)
    seated, changed = given.booked(workshop_id, 2)
    _serve_as(changed, "analyst")
    with transaction():
        workshops_bookings.withdraw(workshop_id, seated, NOW)
    _serve_as(changed, "first_responder")
    assert _book(workshop_id, factories.person()) == WaitingListPlace(1)
    assert [one.person_id for one in bookings.seated(workshop_id)] == [changed]


def test_added_role_seats_skipped_people(context: Flask) -> None:
    new = given.draft(capacity=1, code="WS-WIDE")
    workshop_id = announced(capacity=1, code="WS-WIDE")
    seated, changed = given.booked(workshop_id, 2)
    _serve_as(changed, "analyst")
    with transaction():
        workshops_bookings.withdraw(workshop_id, seated, NOW)
        lifecycle.update_workshop(workshop_id, given.draft(capacity=1, code=new.code, roles=()), by=seated, now=NOW)
    assert [one.person_id for one in bookings.seated(workshop_id)] == [changed]


@pytest.mark.each_database
def test_seats_taken_at_once_go_to_roles_that_fit(app: Flask) -> None:
    with app.app_context():
        workshop_id = announced(capacity=6, roles=INVESTIGATORS)
        with transaction():
            fitting = [factories.person(roles=("investigator",)) for _ in range(8)]
            others = [factories.person() for _ in range(8)]
        db.session.remove()
    pairs = [one for pair in zip(fitting, others, strict=True) for one in pair]
    at_once(app, [lambda one=one: workshops_bookings.book(workshop_id, one, NOW) for one in pairs * 2])  # type: ignore[misc]
    with app.app_context():
        assert bookings.counts([workshop_id]) == {workshop_id: (6, 2)}
        assert not set(bookings.people_of(workshop_id)) & set(others)
        db.session.remove()


def test_page_shows_role_mismatch_before_booking(app: Flask) -> None:
    reader = Reader(app)
    path = an_event(app, roles=("investigator",))
    page = reader.get(path)
    assert "Not for your role" in page
    assert "This event is for: investigator. If your role is wrong, your contact point can change it." in page
    assert "Book a seat" not in page
    assert "Not for your role" in reader.get("/workshops")
    assert "If your role is wrong, your contact point can change it." in reader.told(f"{path}/booking")


def test_page_shows_matching_role_before_booking(app: Flask) -> None:
    page = Reader(app).get(an_event(app))
    assert "Fits your role" in page
    assert "Book a seat" in page


def test_page_asks_for_the_language_before_booking(app: Flask) -> None:
    reader = Reader(app)  # uses English
    assert "How well do you know the working language?" not in reader.get(an_event(app))
    path = an_event(app, languages=("bg", "mk"), code="WS-BG")
    page = reader.get(path)
    assert "The working language is" in page
    assert page.index("The working language is") < page.index("How well do you know the working language?")
    unanswered = reader.post(f"{path}/booking")
    assert unanswered.status_code == 422
    assert "Choose an answer." in unanswered.text
    assert "You follow none of them." in reader.told(f"{path}/booking", language_level="none")
    assert "You have a seat." in reader.told(f"{path}/booking", language_level="basic")


def test_page_explains_why_a_waiting_person_is_skipped(app: Flask) -> None:
    reader = Reader(app)
    path = an_event(app, capacity=1, people=1)
    reader.post(f"{path}/booking")
    with app.app_context():
        _serve_as(reader.id, "analyst")
        db.session.remove()
    assert "Your position is saved, but you get no seat until then." in reader.get(path)
