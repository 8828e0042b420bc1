"""The page /endorsements: which requests a supervisor or contact point sees, the answers, two people at once."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.access.policy import Actor
from app.db.session import db, transaction
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from app.rights.service import supervision
from app.workshops.domain.nominations import NominationState
from app.workshops.models import NominationChange
from app.workshops.service import nominations
from tests.support import courses, factories, sites, workshop_events
from tests.support.concurrency import at_once
from tests.support.nominated_events import CLOSED, INTEREST, NominatedEvent, nominated_event, supervisor_of
from tests.support.settings import NOW
from tests.support.sql_statements import asked
from tests.support.workshop_pages import at

PATH = "/endorsements"
DAY = timedelta(days=1)


@dataclass
class Desk:
    """An event, an officer with a supervisor, and an officer without one; both asked."""

    app: Flask
    event: NominatedEvent
    supervised: UUID
    unsupervised: UUID
    chief: Actor

    def get(self, person_id: UUID, path: str = PATH) -> str:
        answer = factories.sign_in(self.app, person_id).get(path)
        assert answer.status_code == 200, answer.status
        return answer.text

    def answer(self, person_id: UUID, officer: UUID, **fields: str) -> TestResponse:
        with self.app.app_context():
            nomination_id = self.event.row(officer).id
            db.session.remove()
        client = factories.sign_in(self.app, person_id)
        return sites.post(self.app, client, f"{PATH}/{nomination_id}/decision", fields)

    def state(self, officer: UUID) -> NominationState:
        with self.app.app_context():
            [state] = self.event.states([officer])
            db.session.remove()
        return state

    @property
    def contact_point(self) -> UUID:
        return self.event.contact_points["IQ"].id


def ask(event: NominatedEvent, *officers: UUID) -> None:
    with transaction():
        for officer in officers:
            nominations.express_interest(event.workshop_id, officer, INTEREST, NOW)
    db.session.rollback()


@pytest.fixture
def desk(app: Flask) -> Desk:
    with app.app_context():
        event = nominated_event()
        people = [factories.person(country="IQ", alias=alias) for alias in ("Night watch", "Day watch")]
        chief = supervisor_of(people[0], "IQ")
        ask(event, *people)
        db.session.remove()
    return Desk(app, event, *people, chief)


def test_supervisor_reads_days_place_aim_and_needed_courses(app: Flask, desk: Desk) -> None:
    with app.app_context():
        courses.publish()
        workshop_events.ask_for(desk.event.workshop_id, courses.CODE)
    page = desk.get(desk.chief.id)
    for text in (
        "Night watch",
        "A watch at the quay",
        "4 to 5 May 2027",
        "2 days away, without travel",
        "Sofia, Bulgaria",
        "train my shift",
        f"Not done yet: {courses.CODE} Night at the harbour",
        "20 March",
    ):
        assert text in page
    assert "Day watch" not in page


def test_contact_point_sees_officers_without_supervisor_only(desk: Desk) -> None:
    page = desk.get(desk.contact_point)
    assert "Day watch" in page
    assert "Night watch" not in page
    assert desk.answer(desk.contact_point, desk.supervised, answer="endorse").status_code == 404
    assert "Day watch" not in desk.get(desk.event.contact_points["BG"].id)


def test_task_and_notice_lead_to_the_request_and_one_press_endorses(desk: Desk) -> None:
    assert "Endorse 1 officer for an event, or say why not" in desk.get(desk.chief.id, "/")
    assert f'href="{PATH}"' in desk.get(desk.chief.id, "/")
    assert "Endorse 1 officer for an event, or say why not" in desk.get(desk.contact_point, "/country")
    with desk.app.app_context():
        notices = db.session.query(Notice).filter_by(kind=NoticeKind.ENDORSEMENT_ASKED).all()
        assert [(notice.person_id, notice.path) for notice in notices] == [(desk.chief.id, PATH)]
        db.session.remove()
    assert desk.answer(desk.chief.id, desk.supervised, answer="endorse").status_code == 302
    assert desk.state(desk.supervised) is NominationState.ENDORSED
    page = desk.get(desk.chief.id)
    assert "No requests to answer" in page
    assert "Answered on 1 March." in page
    assert "Endorse 1 officer" not in desk.get(desk.chief.id, "/")


def test_not_now_needs_a_reason_that_the_officer_reads(desk: Desk) -> None:
    refused = desk.answer(desk.chief.id, desk.supervised, answer="decline", reason="  ")
    assert refused.status_code == 422
    assert refused.text.count("Enter the reason. The officer reads it.") == 2
    assert "<details" in refused.text
    assert desk.state(desk.supervised) is NominationState.INTERESTED
    assert desk.answer(desk.chief.id, desk.supervised, answer="decline", reason="On duty").status_code == 302
    assert desk.state(desk.supervised) is NominationState.DECLINED
    assert "Reason: On duty" in desk.get(desk.supervised, f"/workshops/{desk.event.workshop_id}")
    assert "Reason: On duty" in desk.get(desk.chief.id)


def test_repeated_and_contrary_answers_change_nothing(desk: Desk) -> None:
    desk.answer(desk.chief.id, desk.supervised, answer="endorse")
    for fields in ({"answer": "endorse"}, {"answer": "decline", "reason": "On duty"}):
        assert desk.answer(desk.chief.id, desk.supervised, **fields).status_code == 302
    assert desk.state(desk.supervised) is NominationState.ENDORSED


@pytest.mark.each_database
def test_two_supervisors_at_once_give_one_answer(app: Flask, desk: Desk) -> None:
    with app.app_context():
        second = supervisor_of(desk.supervised, "IQ")
        nomination_id = desk.event.row(desk.supervised).id
        db.session.remove()
    steps = [lambda chief=chief: nominations.endorse(nomination_id, chief, NOW) for chief in (desk.chief, second)] * 5
    at_once(app, steps)
    with app.app_context():
        changes = db.session.query(NominationChange).filter_by(nomination_id=nomination_id)
        assert changes.filter_by(to_state=NominationState.ENDORSED).count() == 1
        db.session.remove()


def test_answer_after_the_deadline_is_refused(desk: Desk) -> None:
    at(CLOSED)
    assert "Night watch" not in desk.get(desk.chief.id)
    assert desk.answer(desk.chief.id, desk.supervised, answer="endorse").status_code == 409


def test_answered_requests_come_in_pages(app: Flask, desk: Desk) -> None:
    with app.app_context():
        for number in range(22):
            officer = factories.person(country="IQ", alias=f"Officer of page {number:02}")
            with transaction():
                supervision.assign(officer, desk.chief.id, NOW.date())
            ask(desk.event, officer)
            with transaction():
                nominations.endorse(desk.event.row(officer).id, desk.chief, NOW)
        db.session.remove()
    first, second = desk.get(desk.chief.id), desk.get(desk.chief.id, f"{PATH}?page=2")
    assert "Officer of page 21" in first
    assert "Officer of page 01" not in first
    assert "Officer of page 01" in second


def test_page_takes_as_many_statements_for_many_requests(app: Flask, desk: Desk) -> None:
    client = factories.sign_in(app, desk.chief.id)
    before = [asked(app, client, path) for path in (PATH, "/")]
    with app.app_context():
        for _ in range(10):
            officer = factories.person(country="IQ")
            with transaction():
                supervision.assign(officer, desk.chief.id, NOW.date())
            ask(desk.event, officer)
        db.session.remove()
    assert [asked(app, client, path) for path in (PATH, "/")] == before
