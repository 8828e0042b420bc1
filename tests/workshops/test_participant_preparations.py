"""Travel, needs, invitation letters and sheets of participants: who sees and writes what, and what is deleted."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.policy import Actor, Role, Scope, Sensitivity
from app.audit.models import Entry
from app.db.session import db, transaction
from app.identity.models import Person
from app.identity.queries import people as accounts
from app.kernel import pdf_library
from app.workshops import jobs
from app.workshops.domain.travel import Travel, Visa
from app.workshops.models.documents import ParticipantNeeds, ParticipantTravel
from app.workshops.queries import travel as queries, workshops
from app.workshops.service import bookings, invitation_letter, staff
from app.workshops.service.invitation_letter import LetterRequest
from tests.support import event_documents, factories, sql_statements, workshop_events, workshop_pages
from tests.support.settings import NOW

NAME = "Invented Person of Nowhere"
AFTER = datetime.fromisoformat("2027-05-06T08:00:00+00:00")


def _event(app: Flask, seats: int = 1, **values: object) -> tuple[UUID, list[UUID]]:
    with app.app_context():
        workshop_id = workshop_events.announced(capacity=seats, **values)
        people = workshop_events.booked(workshop_id, seats)
        db.session.remove()
        return workshop_id, people


def _contact_point(app: Flask, country: str = "IQ") -> UUID:
    with app.app_context():
        person_id = factories.person(country=country, roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, country),))
        db.session.commit()
        return person_id


def _rows(app: Flask) -> tuple[int, int]:
    with app.app_context():
        return db.session.query(ParticipantTravel).count(), db.session.query(ParticipantNeeds).count()


def test_participant_saves_dates_and_needs(app: Flask) -> None:
    workshop_id, [officer] = _event(app)
    client = factories.sign_in(app, officer)
    dates = {"visa": "needed", "visa_asked_on": "2027-02-20", "arrives_on": "2027-05-03"}
    assert workshop_pages.post(app, client, f"/workshops/{workshop_id}/travel", **dates).status_code == 302
    assert workshop_pages.post(app, client, f"/workshops/{workshop_id}/needs", diet="halal").status_code == 302
    page = client.get(f"/workshops/{workshop_id}/travel").text
    assert 'value="2027-02-20"' in page
    assert page.count("checked") == 2


def test_needs_that_are_taken_back_are_deleted(app: Flask) -> None:
    workshop_id, [officer] = _event(app)
    with app.app_context():
        event_documents.prepare(workshop_id, officer)
    assert _rows(app) == (1, 1)
    workshop_pages.post(app, factories.sign_in(app, officer), f"/workshops/{workshop_id}/needs")
    assert _rows(app) == (1, 0)


def test_person_without_a_seat_has_no_travel_page(app: Flask) -> None:
    workshop_id, _people = _event(app)
    with app.app_context():
        stranger = factories.person()
    assert factories.sign_in(app, stranger).get(f"/workshops/{workshop_id}/travel").status_code == 404


def test_contact_point_enters_dates_for_the_own_country_alone(app: Flask) -> None:
    workshop_id, [officer] = _event(app)
    path = f"/country/participants/{workshop_id}/{officer}/travel"
    own, other = (factories.sign_in(app, _contact_point(app, country)) for country in ("IQ", "BG"))
    assert workshop_pages.post(app, own, path, visa="not_needed").status_code == 302
    assert workshop_pages.post(app, other, path, visa="needed").status_code == 404
    with app.app_context():
        assert db.session.scalar(select(ParticipantTravel.visa)) is Visa.NOT_NEEDED
        alias = accounts.names([officer])[officer]
    assert alias in own.get("/country/participants").text
    assert alias not in other.get("/country/participants").text


def test_organiser_sees_participants_by_days_left_and_needs_as_counts(app: Flask) -> None:
    workshop_id, [ready, waiting] = _event(app, seats=2)
    with app.app_context():
        dates = Travel(visa=Visa.NOT_NEEDED, arrives_on=date(2027, 5, 3), departs_on=date(2027, 5, 6))
        event_documents.prepare(workshop_id, ready, dates)
        aliases = accounts.names([ready, waiting])
    page = workshop_pages.client_of(app, Role.COORDINATOR).get(f"/teaching/workshops/{workshop_id}/travel").text
    assert page.index(aliases[waiting]) < page.index(aliases[ready])
    assert "Halal" in page
    assert f"/teaching/workshops/{workshop_id}/needs" not in page


def test_needs_by_person_are_for_trainers_of_the_event_and_recorded(app: Flask) -> None:
    workshop_id, [officer] = _event(app)
    with app.app_context():
        event_documents.prepare(workshop_id, officer)
        trainer = workshop_pages.person_with(Role.TRAINER)
        with transaction():
            staff.appoint(workshop_id, trainer, Role.TRAINER, NOW)
        alias = accounts.names([officer])[officer]
    path = f"/teaching/workshops/{workshop_id}/needs"
    page = factories.sign_in(app, trainer).get(path)
    assert page.status_code == 200
    assert alias in page.text
    assert workshop_pages.client_of(app, Role.COORDINATOR).get(path).status_code == 403
    with app.app_context():
        assert db.session.query(Entry).filter_by(name="NeedsViewed").count() == 1


def test_needs_are_stored_encrypted(app: Flask) -> None:
    workshop_id, [officer] = _event(app)
    with app.app_context():
        event_documents.prepare(workshop_id, officer)
        stored = db.session.connection().exec_driver_sql("SELECT diet, access FROM participant_needs").one()
    assert not any("halal" in text or "step" in text for text in stored)


def test_withdrawal_deletes_dates_and_needs_at_once(app: Flask) -> None:
    workshop_id, [officer] = _event(app)
    with app.app_context():
        event_documents.prepare(workshop_id, officer)
        with transaction():
            bookings.withdraw(workshop_id, officer, NOW)
    assert _rows(app) == (0, 0)


def test_job_deletes_dates_and_needs_after_the_event_alone(app: Flask) -> None:
    workshop_id, [officer] = _event(app)
    with app.app_context():
        event_documents.prepare(workshop_id, officer)
        assert jobs.delete_preparations() == 0
    workshop_pages.at(AFTER)
    with app.app_context():
        assert jobs.delete_preparations() == 1
        assert jobs.delete_preparations() == 0
    assert _rows(app) == (0, 0)


def test_letter_is_sent_at_once_and_its_name_is_stored_nowhere(app: Flask) -> None:
    if not pdf_library.is_available():
        pytest.skip("no Pango")
    workshop_id, [officer] = _event(app)
    client = factories.sign_in(app, _contact_point(app))
    path = f"/country/participants/{workshop_id}/{officer}/letter"
    answer = workshop_pages.post(app, client, path, name=NAME, language="fr")
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Cache-Control"] == "no-store"
    with app.app_context():
        assert db.session.scalar(select(ParticipantTravel.letter_made_on)) is not None
        connection = db.session.connection()
        tables = [row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            rows = connection.exec_driver_sql(f'SELECT * FROM "{table}"').all()
            assert NAME not in repr(rows)


def test_letter_of_another_country_is_not_found(app: Flask) -> None:
    workshop_id, [officer] = _event(app)
    client = factories.sign_in(app, _contact_point(app, "BG"))
    path = f"/country/participants/{workshop_id}/{officer}/letter"
    assert workshop_pages.post(app, client, path, name=NAME, language="en").status_code == 404


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")])
def test_letter_has_its_direction_and_isolates_the_name(app: Flask, language: str, direction: str) -> None:
    workshop_id, _people = _event(app)
    with app.test_request_context():
        request = LetterRequest(name=NAME, country="IQ", language=language, sender="Academy")
        letter = invitation_letter.letter_texts(workshops.get(workshop_id), request, date(2027, 3, 1))
    assert letter.direction == direction
    assert f"\u2068{NAME}\u2069" in letter.invitation
    assert letter.facts[0][1] == NAME


@pytest.mark.parametrize(("level", "titles"), [(Sensitivity.UNRESTRICTED, 1), (Sensitivity.LAW_ENFORCEMENT_ONLY, 0)])
def test_letter_has_the_title_of_an_unrestricted_event_alone(app: Flask, level: Sensitivity, titles: int) -> None:
    workshop_id, _people = _event(app, sensitivity=level)
    with app.test_request_context():
        request = LetterRequest(name=NAME, country="IQ", language="en", sender="Academy")
        letter = invitation_letter.letter_texts(workshops.get(workshop_id), request, date(2027, 3, 1))
    values = [value for _term, value in letter.facts]
    assert values.count("A watch at the quay") == titles
    assert "COLEP" not in repr(letter)


def _sheets(app: Flask, workshop_id: UUID) -> Mapping[str, str]:
    client = workshop_pages.client_of(app, Role.COORDINATOR)
    return {name: client.get(f"/teaching/workshops/{workshop_id}/{name}").text for name in ("sign-in-sheet", "badges")}


def test_sheets_have_aliases_and_blanks_and_no_hidden_country(app: Flask) -> None:
    workshop_id, [officer] = _event(app)
    with app.app_context():
        db.session.get_one(Person, officer).protected = True
        db.session.commit()
        alias = accounts.names([officer])[officer]
    for page in _sheets(app, workshop_id).values():
        assert alias in page
        assert "blank" in page
        assert "Iraq" not in page.partition("<main")[2]


def test_list_of_a_country_takes_as_many_statements_for_three_officers_as_for_one(app: Flask) -> None:
    _first, _people = _event(app)
    client = factories.sign_in(app, _contact_point(app))
    client.get("/country/participants")
    before = sql_statements.asked(app, client, "/country/participants")
    _event(app, seats=2)
    assert sql_statements.asked(app, client, "/country/participants") == before


def test_officer_of_another_country_is_no_participant_of_the_country(app: Flask) -> None:
    _event(app)
    with app.app_context():
        stranger = Actor(factories.person(country="BG"), "BG", frozenset({Role.CONTACT_POINT}))
        assert queries.of_country(stranger, NOW.date()) == []
