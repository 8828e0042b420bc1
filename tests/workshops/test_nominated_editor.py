"""The form of nominated events, copies of events, and staff from a list."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from flask import Flask

from app.access.policy import Role, Scope
from app.catalogue.domain.items import Level
from app.db.session import db
from app.i18n import stored_translations
from app.kernel import clock
from app.workshops.domain.events import EnrolmentMode, Unanswered, WorkshopKind, WorkshopState
from app.workshops.domain.phases import NominationRules
from app.workshops.queries import workshops
from app.workshops.service import copies
from app.workshops.shapes import WorkshopFacts
from tests.support import factories, nominated_events, workshop_events
from tests.support.workshop_events import doing
from tests.support.workshop_pages import announced, client_of, fields, post

NEW = "/teaching/workshops/new"


def rules_fields(**values: str) -> dict[str, str]:
    return {
        "enrolment": "nominated",
        "opens": "2027-03-10",
        "deadline": "2027-04-01",
        "guaranteed": "1",
        "offer_days": "5",
        "unanswered": "keep_asking",
        "reallocation": "2027-04-20",
        "minimum": "8",
        "decide_by": "2027-04-15",
        "withdraw_by": "2027-04-25",
        "observers": "2",
        "needed_0": "",
        "needed_1": "",
        "needed_2": "",
        **values,
    }


def nominated_fields(**values: str) -> dict[str, str]:
    return {**fields(booking_until=""), **rules_fields(), **values}


def created(app: Flask, sent: Mapping[str, str]) -> WorkshopFacts:
    client = client_of(app, Role.COORDINATOR)
    answer = post(app, client, NEW, **sent)
    assert answer.status_code == 302, answer.text
    with app.app_context():
        return workshops.get(UUID(answer.headers["Location"].rsplit("/", 1)[1]))


def test_fields_of_nomination_appear_only_for_nominated_events(lite_app: Flask) -> None:
    client = client_of(lite_app, Role.COORDINATOR)
    to_seats = {"step": "2", "go": "next"}
    plain = post(lite_app, client, NEW, **fields(**to_seats)).text
    nominated = post(lite_app, client, NEW, **nominated_fields(**to_seats)).text
    assert ("Guaranteed seats" in plain, "Booking until" in plain) == (False, True)
    assert ("Guaranteed seats" in nominated, "Booking until" in nominated) == (True, False)
    assert "COLEP meeting" in client.get(NEW).text
    assert "× 1 seat +" in nominated


def test_nominated_event_is_created_with_its_rules(lite_app: Flask) -> None:
    workshop = created(lite_app, nominated_fields(countries="BG", kind="colep_meeting"))
    assert (workshop.kind, workshop.enrolment) == (WorkshopKind.COLEP_MEETING, EnrolmentMode.NOMINATED)
    assert workshop.booking_until == date(2027, 4, 1)  # booking ends with the nominations
    assert workshop.nomination == NominationRules(
        opens=date(2027, 3, 10),
        deadline=date(2027, 4, 1),
        reallocation=date(2027, 4, 20),
        guaranteed=1,
        countries=("BG",),
        offer_days=5,
        unanswered=Unanswered.KEEP_ASKING,
        minimum=8,
        decide_by=date(2027, 4, 15),
        withdraw_by=date(2027, 4, 25),
        observers=2,
    )


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"opens": ""}, "Enter the day on which nominations open."),
        ({"observers": "4"}, "Enter a number from 0 to 3."),
        ({"guaranteed": "30"}, "More seats are guaranteed than the event has."),
        ({"deadline": "2027-05-04"}, "Nominations open before they close, and close before the first session."),
        ({"minimum": "40"}, "The minimum of participants is at most the number of seats."),
        ({"countries": "XX"}, "XX"),
    ],
)
def test_invalid_rules_return_with_an_error_in_words(lite_app: Flask, wrong: dict[str, str], says: str) -> None:
    answer = post(lite_app, client_of(lite_app, Role.COORDINATOR), NEW, **nominated_fields(**wrong))
    assert answer.status_code == 422
    assert says in answer.text


def test_saved_rules_return_unchanged_from_the_form(lite_app: Flask) -> None:
    workshop = created(lite_app, nominated_fields(minimum="0"))
    client = client_of(lite_app, Role.COORDINATOR)
    path = f"/teaching/workshops/{workshop.id}/edit"
    assert 'name="minimum" type="number" dir="auto" value="0"' in client.get(f"{path}?step=3").text
    assert post(lite_app, client, path, **nominated_fields(minimum="0")).status_code == 302
    with lite_app.app_context():
        assert replace(workshops.get(workshop.id), sessions=()) == replace(workshop, sessions=())


def test_enrolment_of_a_draft_changes_and_that_of_an_announced_event_does_not(lite_app: Flask) -> None:
    workshop = created(lite_app, nominated_fields())
    client = client_of(lite_app, Role.COORDINATOR)
    path = f"/teaching/workshops/{workshop.id}/edit"
    assert post(lite_app, client, path, **fields(enrolment="open")).status_code == 302
    with lite_app.app_context():
        facts = workshops.get(workshop.id)
        assert (facts.enrolment, facts.nomination) == (EnrolmentMode.OPEN, None)
        event = nominated_events.nominated_event().workshop_id
        db.session.remove()
    text = client.get(f"/teaching/workshops/{event}/edit?enrolment=open&step=3").text
    assert 'name="guaranteed"' in text
    assert "Choose this first." not in text


def test_copy_has_facts_texts_and_moved_days(context: Flask) -> None:
    rules = nominated_events.rules(decide_by=date(2027, 4, 2))
    workshop_id = workshop_events.announced(nomination=rules, outcomes=(("PRT-01", Level.FOUNDATION),))
    first, _second = workshop_events.staff()
    copy_id, recorded = doing(
        copies.copy_workshop, workshop_id, code="WS-COPY", first_day=date(2027, 5, 11), by=first, now=clock.now()
    )
    original, copy = workshops.get(workshop_id), workshops.get(copy_id)
    assert [type(event).__name__ for event in recorded] == ["WorkshopCreated"]
    assert (copy.state, copy.code, copy.first_day) == (WorkshopState.DRAFT, "WS-COPY", date(2027, 5, 11))
    assert [session.day for session in copy.sessions] == [date(2027, 5, 11), date(2027, 5, 12)]
    assert (copy.capacity, copy.outcomes, copy.roles, copy.venue) == (
        original.capacity,
        original.outcomes,
        original.roles,
        original.venue,
    )
    assert stored_translations.all_of(copy_id) == stored_translations.all_of(workshop_id)
    assert copy.nomination is not None
    assert (copy.nomination.deadline, copy.nomination.decide_by) == (date(2027, 3, 27), date(2027, 4, 9))


def test_copied_event_opens_in_the_form_and_is_run_by_its_author(lite_app: Flask) -> None:
    workshop_id = announced(lite_app)
    client = client_of(lite_app, Role.TRAINER, workshop_id)
    path = f"/teaching/workshops/{workshop_id}/copy"
    assert "The copied event: 4 to 5 May 2027." in client.get(path).text
    assert "Enter the first day." in post(lite_app, client, path, code="WS-COPY").text
    with lite_app.app_context():
        code = workshops.get(workshop_id).code
    taken = post(lite_app, client, path, code=code, first_day="2027-06-01")
    assert (taken.status_code, f"Another event has the code {code}." in taken.text) == (422, True)
    answer = post(lite_app, client, path, code="WS-COPY", first_day="2027-06-01")
    assert answer.status_code == 302
    assert "A watch at the quay" in client.get(answer.headers["Location"]).text


def test_staff_is_picked_from_the_people_who_train_or_assess(lite_app: Flask) -> None:
    workshop_id = announced(lite_app)
    with lite_app.app_context():
        other = workshop_events.announced()
        factories.person(alias="Trainer 12", roles=(), grants=((Role.TRAINER, Scope.EVENT, str(other)),))
        factories.person(alias="Officer 77")
        db.session.remove()
    client = client_of(lite_app, Role.COORDINATOR)
    path = f"/teaching/workshops/{workshop_id}/people"
    text = client.get(path).text
    assert ('<option value="Trainer 12"' in text, "Officer 77" in text) == (True, False)
    assert "Choose a person." in post(lite_app, client, path, listed="", alias="", role="trainer").text
    assert post(lite_app, client, path, listed="Trainer 12", alias="", role="assessor").status_code == 302
    with lite_app.app_context():
        assert len(workshops.get(workshop_id).assessors) == 1
