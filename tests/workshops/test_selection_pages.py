"""The selection of a nominated event: proposal, exceptions, confirmation, offers, admission, observers, decisions."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.identity.models import Person
from app.workshops.domain.allocation import ExceptionCategory, SeatException
from app.workshops.domain.events import WorkshopState
from app.workshops.domain.nominations import NominationState
from app.workshops.forms.selection import read_exceptions
from app.workshops.models import SeatDecision, SeatRound, Workshop
from app.workshops.pages import selection_texts
from app.workshops.queries.selection import ComparedCountry
from tests.support import courses, factories, nominated_events, selection_pages, workshop_events
from tests.support.nominated_events import CLOSED
from tests.support.selection_pages import SelectionSite
from tests.support.sql_statements import asked
from tests.support.workshop_pages import announced, at, client_of, person_with, post, state_of

SEATED = [NominationState.SELECTED, NominationState.SELECTED, NominationState.WAITLISTED]


def states(site: SelectionSite, country: str) -> list[NominationState]:
    with site.app.app_context():
        return site.event.states(site.people[country])


def test_open_nominations_show_nominees_and_days_left_without_a_proposal(app: Flask) -> None:
    site = selection_pages.site(app, is_closed=False, capacity=26, countries=())
    text = site.text()
    assert "Nominations close on 20 March, in" in text
    assert "× 1 seat +" in text
    assert site.alias("IQ", 2) in text
    assert "Confirm selection" not in text


def test_proposal_explains_seats_and_waiting_list(app: Flask) -> None:
    site = selection_pages.site(app)
    text = site.text()
    assert "2 countries × 1 seat + 2 shared = 4" in text
    assert "4 seats of 4 are given." in text
    assert "Rank 1 of its country: a guaranteed seat" in text
    assert "Smallest share of seats used: 0.50, before" in text  # one of one guaranteed seat and one
    assert "share used 1.00" in text
    assert "women first, nominated on" not in text
    assert "Waiting 2" in text


def test_compared_countries_name_women_only_where_they_made_a_difference(lite_app: Flask) -> None:
    iraq = ComparedCountry(
        country="IQ",
        used_rate=0.5,
        has_named_role=True,
        has_done_courses=True,
        women=0,
        nominated_at=CLOSED,
        draw="3d9e40",
    )
    with lite_app.test_request_context():
        equal = selection_texts.compared_lines([iraq, replace(iraq, country="RS")])
        different = selection_texts.compared_lines([iraq, replace(iraq, country="RS", women=1)])
    assert ["women first" in line for line in (*equal, *different)] == [False, False, True, False]


def test_confirmed_selection_stores_a_round_and_offers_are_sent(app: Flask) -> None:
    site = selection_pages.site(app)
    assert "Send" not in site.text()
    assert site.confirm().status_code == 302
    assert states(site, "BG") == states(site, "IQ") == SEATED
    text = site.text()
    assert "Send 4 offers" in text
    assert "Round 1: Selection" in text
    assert site.post("/offers").status_code == 302
    text = site.text()
    assert "0 people confirmed; 4 offers are not answered." in text
    assert "28 March 2027" in text
    assert "Send 4 offers" not in text


def test_exception_needs_a_category_and_a_note_and_changes_the_proposal(app: Flask) -> None:
    site = selection_pages.site(app, capacity=2)
    third = site.nomination_id("IQ", 3)
    wanted = {f"exception-{third}": "in"}
    answer = site.post("/proposal", **wanted)
    assert (answer.status_code, "Say why a nominee is set in or out." in answer.text) == (200, True)
    assert "Choose the reason of the exception." in answer.text
    assert site.post(fingerprint=site.fingerprint(), **wanted).status_code == 422
    wanted |= {f"reason-{third}": "Speaks for the host."}
    assert site.post(fingerprint=site.fingerprint(), **wanted, **{f"category-{third}": "my own"}).status_code == 422
    wanted |= {f"category-{third}": "role_in_event"}
    answer = site.post("/proposal", **wanted)
    assert "Exception: Speaker or other role in the event. Speaks for the host." in answer.text
    assert re.search(r'<option value="role_in_event"\s+selected>', answer.text)
    fingerprint = selection_pages.fingerprint_in(answer.text)
    assert states(site, "IQ") == [NominationState.NOMINATED] * 3
    assert site.post(fingerprint=fingerprint, **wanted).status_code == 302
    assert states(site, "IQ") == [NominationState.WAITLISTED, NominationState.WAITLISTED, NominationState.SELECTED]


NOMINATION, SECRETARIAT = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"category": "host_need", "reason": "asked by the host"}, []),
        ({"category": "", "reason": "asked by the host"}, ["category"]),
        ({"category": "unknown", "reason": "asked by the host"}, ["category"]),
        ({"category": "host_need", "reason": " "}, ["reason"]),
        ({"category": "host_need", "reason": "x" * 301}, ["reason"]),
        ({}, ["category", "reason"]),
    ],
)
def test_exception_in_the_form_needs_a_known_category_and_a_short_note(
    app: Flask, fields: dict[str, str], wrong: list[str]
) -> None:
    sent = {f"{name}-{NOMINATION}": value for name, value in {"exception": "out", **fields}.items()}
    with app.test_request_context():
        rows = read_exceptions(sent, [NOMINATION], by=SECRETARIAT)
    assert [field for field, _text in rows.problems] == [f"{name}-{NOMINATION}" for name in wrong]
    made = SeatException(NOMINATION, False, SECRETARIAT, ExceptionCategory.HOST_NEED, "asked by the host")
    assert rows.exceptions == ([] if wrong else [made])


def test_changed_input_shows_the_new_proposal_and_stores_nothing(app: Flask) -> None:
    site = selection_pages.site(app)
    fingerprint = site.fingerprint()
    with app.app_context(), transaction():
        db.session.get_one(Workshop, site.event.workshop_id).capacity = 3
    answer = site.post(fingerprint=fingerprint)
    assert answer.status_code == 422
    assert "The nominations have changed. Check the new proposal." in answer.text
    assert "3 seats of 3 are given." in answer.text
    assert states(site, "BG") == [NominationState.NOMINATED] * 3
    with app.app_context():
        assert db.session.query(SeatRound).count() == 0
    assert site.confirm().status_code == 302


def test_nominee_without_a_requirement_is_admitted_with_a_reason(app: Flask) -> None:
    site = selection_pages.site(app)
    with app.app_context():
        courses.publish()
        workshop_events.ask_for(site.event.workshop_id, courses.CODE)
    assert site.text().count(f"Course missing: {courses.CODE}") >= 6
    nominee = f"/nominees/{site.nomination_id('BG', 1)}"
    assert "Admit officer" in site.text(nominee)
    assert "Say why the nominee is admitted." in site.post(nominee, reason=" ").text
    assert site.post(nominee, reason="Took the course elsewhere.").status_code == 302
    assert "Admit officer" not in site.text(nominee)
    assert site.confirm().status_code == 302
    assert states(site, "BG") == [NominationState.SELECTED, NominationState.DECLINED, NominationState.DECLINED]
    text = site.text(nominee)
    assert "Took the course elsewhere." in text
    assert "A guaranteed seat of its country" in text


def test_nominee_of_another_event_is_not_found(app: Flask) -> None:
    site = selection_pages.site(app)
    with app.app_context():
        other = nominated_events.nominated_event().workshop_id
    path = f"/nominees/{site.nomination_id('BG', 1)}"
    assert site.client.get(f"/workshops/{other}/selection{path}").status_code == 404
    assert site.client.get(site.path + path).status_code == 200


def test_officer_under_threat_shows_neither_country_nor_role(app: Flask) -> None:
    site = selection_pages.site(app, number=1)
    with app.app_context(), transaction():
        db.session.get_one(Person, site.people["IQ"][0]).protected = True
    text = site.text(f"/nominees/{site.nomination_id('IQ', 1)}")
    assert "Member country" in text
    assert "Iraq" not in text


def test_observer_is_added_by_alias_until_there_are_enough(app: Flask) -> None:
    site = selection_pages.site(app, observers=1)
    assert "No account has this alias." in site.post("/observers", alias="Officer 0").text
    with app.app_context():
        alias = selection_pages.alias_of(factories.person(country="NL"))
    assert site.post("/observers", alias=alias).status_code == 302
    text = site.text()
    assert (alias in text, "1 of 1." in text, "Add observer" in text) == (True, True, False)


def test_event_takes_place_with_a_reason_while_too_few_confirmed(app: Flask) -> None:
    site = selection_pages.site(app, minimum=2)
    site.confirm()
    path = f"/teaching/workshops/{site.event.workshop_id}/steps/confirm-seats"
    assert "0 confirmed, at least 2 are needed." in site.client.get(path).text
    assert post(app, site.client, path).status_code == 422
    assert post(app, site.client, path, reason="The host can run it.").status_code == 302
    assert state_of(app, site.event.workshop_id) is WorkshopState.SEATS_CONFIRMED
    history = site.client.get(f"/teaching/workshops/{site.event.workshop_id}").text
    assert "Decided that it takes place" in history
    assert "The host can run it." in history


def test_postponed_event_is_resumed_with_its_nominations(app: Flask) -> None:
    site = selection_pages.site(app)
    steps = f"/teaching/workshops/{site.event.workshop_id}/steps"
    assert "Participants read this reason." in site.client.get(f"{steps}/postpone").text
    assert post(app, site.client, f"{steps}/postpone").status_code == 422
    assert post(app, site.client, f"{steps}/postpone", reason="The hall is closed.").status_code == 302
    assert state_of(app, site.event.workshop_id) is WorkshopState.POSTPONED
    assert "The event is postponed." in site.text()
    assert "Postponed" in site.client.get(f"/teaching/workshops/{site.event.workshop_id}").text
    assert "Resume it" in site.client.get("/teaching").text
    assert post(app, site.client, f"{steps}/resume").status_code == 302
    assert "Confirm selection" in site.text()


def test_task_of_a_postponed_event_is_to_resume_it_until_its_first_day(app: Flask) -> None:
    site = selection_pages.site(app)
    post(app, site.client, f"/teaching/workshops/{site.event.workshop_id}/steps/postpone", reason="The hall is closed.")
    at(datetime(2027, 5, 1, tzinfo=UTC))  # booking is closed
    assert "Resume it" in site.client.get("/teaching").text
    at(datetime(2027, 5, 4, 12, tzinfo=UTC))
    page = site.client.get("/teaching").text
    assert ("Its dates are over" in page, "Resume it" in page) == (True, False)


def test_open_event_has_neither_selection_nor_its_steps(app: Flask) -> None:
    workshop_id = announced(app)
    client = client_of(app, Role.COORDINATOR)
    assert client.get(f"/workshops/{workshop_id}/selection").status_code == 404
    assert client.get(f"/teaching/workshops/{workshop_id}/steps/postpone").status_code == 404


@pytest.mark.parametrize(
    ("role", "country"), [(Role.CONTACT_POINT, "BG"), (None, "IQ"), (Role.ASSESSOR, ""), (Role.TRAINER, "")]
)
def test_selection_is_not_found_by_others(app: Flask, role: Role | None, country: str) -> None:
    site = selection_pages.site(app, number=1)
    with app.app_context():
        person_id = _other(role, country)
    client = factories.sign_in(app, person_id)
    assert client.get(site.path).status_code == 404
    assert post(app, client, f"{site.path}/offers").status_code == 404


def _other(role: Role | None, country: str) -> UUID:
    if role is None:
        return factories.person(country=country)
    if country:
        return factories.person(country=country, roles=(), grants=((role, Scope.COUNTRY, country),))
    return person_with(role, workshop_events.announced())


def test_dashboard_counts_nominees_and_open_offers(app: Flask) -> None:
    site = selection_pages.site(app)
    path = f"/teaching/workshops/{site.event.workshop_id}"
    assert f'href="{site.path}"' in site.client.get(path).text
    assert "6 nominees and 0 open offers" in site.client.get(path).text
    site.confirm()
    site.post("/offers")
    assert "6 nominees and 4 open offers" in site.client.get(path).text


def test_tasks_name_the_next_step_of_the_selection_with_its_day(app: Flask) -> None:
    site = selection_pages.site(app, decide_by=nominated_events.REALLOCATION)
    trainer = client_of(app, Role.TRAINER, site.event.workshop_id)
    for client in (site.client, trainer):
        text = client.get("/teaching").text
        assert "Select the nominees" in text
        assert "nominations closed on 20 March" in text
    site.confirm()
    assert "Send 4 offers" in trainer.get("/teaching").text
    site.post("/offers")
    text = trainer.get("/teaching").text
    assert "Decide whether the event takes place" in text
    assert "by 14 April" in text
    at(CLOSED + timedelta(days=60))
    assert "Decide whether the event takes place" not in trainer.get("/teaching").text


def test_officer_reads_that_an_exception_took_the_guaranteed_seat(app: Flask) -> None:
    site = selection_pages.site(app, capacity=2)
    third = site.nomination_id("IQ", 3)
    fields = _set_in(third)
    text = "The guaranteed seat of its country went to an officer selected by exception: Speaker or other role"
    proposed = site.post("/proposal", **fields).text
    assert proposed.count(text) == 1
    assert site.post(fingerprint=selection_pages.fingerprint_in(proposed), **fields).status_code == 302
    page = site.text()
    assert page.count(text) == 1
    first, second = (_decision_of(app, site, rank) for rank in (1, 2))
    assert "The seat guaranteed to your country went to an officer whom the secretariat selected by exception." in first
    assert "You got place" in first
    assert "Reason of the exception: Speaker or other role in the event." in first
    assert "Speaks at the event" not in first
    assert site.alias("IQ", 3) not in first
    assert "All seats were taken. You got place" in second
    assert "by exception" not in second
    with app.app_context():
        contact_point = factories.person(roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
    own = factories.sign_in(app, contact_point).get(f"/country/nominations/{site.event.workshop_id}").text
    assert own.count("The guaranteed seat went to an officer selected by exception: Speaker or other role") == 1
    assert "Added by the secretariat, with a reason. Speaker or other role in the event" in own
    assert "Speaks at the event" not in own
    third_page = _decision_of(app, site, 3)
    assert "Reason: Speaker or other role in the event" in third_page
    assert "Speaks at the event" not in third_page


def test_officer_set_out_reads_the_category_and_staff_the_note(app: Flask) -> None:
    site = selection_pages.site(app, capacity=2)
    first = site.nomination_id("IQ", 1)
    fields = {f"exception-{first}": "out", f"category-{first}": "data_error", f"reason-{first}": "Listed twice"}
    fingerprint = selection_pages.fingerprint_in(site.post("/proposal", **fields).text)
    assert site.post(fingerprint=fingerprint, **fields).status_code == 302
    own = factories.sign_in(app, site.people["IQ"][0]).get(f"/workshops/{site.event.workshop_id}").text
    assert "Your request was declined. Reason: Error in the data" in own
    assert "Listed twice" not in own + _decision_of(app, site, 1)
    staff = site.client.get(f"{site.path}/nominees/{first}").text
    assert "Exception: Error in the data. Listed twice" in staff
    assert "exception:data_error" not in own + staff


def test_exception_stored_before_categories_is_shown_as_before(app: Flask) -> None:
    site = selection_pages.site(app, capacity=2)
    fields = _set_in(site.nomination_id("IQ", 3))
    fingerprint = selection_pages.fingerprint_in(site.post("/proposal", **fields).text)
    site.post(fingerprint=fingerprint, **fields)
    with app.app_context(), transaction():
        db.session.execute(update(SeatDecision).values(exception_category=None))
    first, third = (_decision_of(app, site, rank) for rank in (1, 3))
    assert "The reason of the exception is recorded." in first
    assert "Reason: Speaks at the event" in third
    page = site.text()
    assert "The guaranteed seat of its country went to an officer selected by exception<" in page
    assert "Exception: Speaks at the event" in page


def _set_in(nomination_id: UUID) -> dict[str, str]:
    return {
        f"exception-{nomination_id}": "in",
        f"category-{nomination_id}": "role_in_event",
        f"reason-{nomination_id}": "Speaks at the event",
    }


def test_exception_tells_no_country_of_a_person_under_threat(app: Flask) -> None:
    site = selection_pages.site(app, capacity=2)
    with app.app_context(), transaction():
        db.session.get_one(Person, site.people["IQ"][2]).protected = True
    third = site.nomination_id("IQ", 3)
    fields = _set_in(third)
    assert "selected by exception" not in site.post("/proposal", **fields).text


def _decision_of(app: Flask, site: SelectionSite, rank: int) -> str:
    client = factories.sign_in(app, site.people["IQ"][rank - 1])
    return str(client.get(f"/workshops/{site.event.workshop_id}/interest/decision").text)


def test_selection_page_runs_as_many_queries_for_six_nominees_as_for_two(app: Flask) -> None:
    counts = []
    sites = [selection_pages.site(app, number=number, is_closed=False) for number in (1, 3)]
    at(CLOSED)
    for site in sites:
        nominee = f"{site.path}/nominees/{site.nomination_id('BG', 1)}"
        before = asked(app, site.client, site.path)
        site.confirm()
        counts.append((before, asked(app, site.client, site.path), asked(app, site.client, nominee)))
    assert counts[0] == counts[1]
