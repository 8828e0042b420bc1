"""Pages of what follows an event: what participants, supervisors, contact points and staff read."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.kernel import clock
from app.rights.service import supervision
from app.workshops.domain.evaluation import EvaluationStatement
from app.workshops.domain.events import WorkshopKind
from app.workshops.queries import afterwards
from app.workshops.service import evaluations, visit_reports
from tests.support import after_events, factories, sites, sql_statements
from tests.support.after_events import FOLLOW_UP_FIELDS
from tests.support.sites import Site

SCORES = {str(statement): "4" for statement in EvaluationStatement}


def _owners_event(site: Site, **more: object) -> UUID:
    with site.app.app_context():
        workshop_id = after_events.took_place([site.people["owner"]], **more)
        after_events.open_evaluation(workshop_id)
        db.session.remove()
    return workshop_id


def _visit(site: Site, days_ago: int = 1) -> UUID:
    return _owners_event(site, days_ago=days_ago, kind=WorkshopKind.STUDY_VISIT, outcomes=())


def test_event_page_leads_a_participant_to_the_evaluation(site: Site) -> None:
    workshop_id = _owners_event(site)
    page = site.client("owner").get(f"/workshops/{workshop_id}").text
    assert f"/workshops/{workshop_id}/evaluation" in page
    assert "/evaluation" not in site.client("colleague").get(f"/workshops/{workshop_id}").text


def test_incomplete_evaluation_is_returned_with_its_answers(site: Site) -> None:
    workshop_id, client = _owners_event(site), site.client("owner")
    sent = SCORES | {"felt_safe": "9", "to_keep": "The practice"}
    answer = sites.post(site.app, client, f"/workshops/{workshop_id}/evaluation", sent)
    assert (answer.status_code, "The practice" in answer.text) == (422, True)
    assert "Choose an answer: I felt safe to say what I do not know." in answer.text
    with site.app.app_context():
        assert afterwards.answers(workshop_id) == []


def test_sent_evaluation_says_that_it_carries_no_name(site: Site) -> None:
    workshop_id, client = _owners_event(site), site.client("owner")
    assert sites.post(site.app, client, f"/workshops/{workshop_id}/evaluation", SCORES).status_code == 302
    assert "no name" in client.get(f"/workshops/{workshop_id}/evaluation").text


@pytest.mark.parametrize("path", ["evaluation", "follow-up", "commitments", "report"])
def test_pages_are_closed_to_people_without_a_seat(site: Site, path: str) -> None:
    workshop_id = _visit(site)
    assert site.client("colleague").get(f"/workshops/{workshop_id}/{path}").status_code == 404


def test_follow_up_before_its_day_cannot_be_sent(site: Site) -> None:
    workshop_id = _owners_event(site)
    address = f"/workshops/{workshop_id}/follow-up"
    assert sites.post(site.app, site.client("owner"), address, FOLLOW_UP_FIELDS).status_code == 404


def test_staff_read_counts_and_no_text_before_the_evaluation_is_closed(site: Site) -> None:
    with site.app.app_context():
        people = [factories.person() for _ in range(6)]
        workshop_id = after_events.took_place(people, days_ago=13)
        after_events.open_evaluation(workshop_id)
        for person_id in people[:5]:
            after_events.evaluate(workshop_id, person_id, keep="Pairs at the quay")
        db.session.remove()
    client, address = site.client("coordinator"), f"/teaching/workshops/{workshop_id}/afterwards"
    before = client.get(address).text
    with site.app.app_context():
        with transaction():
            evaluations.close_evaluation(workshop_id, clock.now() + timedelta(days=2))
        db.session.remove()
    after = client.get(address).text
    assert ["5 of 6" in text for text in (before, after)] == [True, True]
    assert ["Pairs at the quay" in text for text in (before, after)] == [False, True]


def test_supervisor_answers_about_own_officers_alone(site: Site) -> None:
    workshop_id = _owners_event(site, days_ago=100)
    with site.app.app_context():
        after_events.open_follow_up(workshop_id)
        first, second = after_events.supervisor(), after_events.supervisor()
        with transaction():
            assert supervision.assign(site.people["owner"], first, clock.today()) is None
        clients = [factories.sign_in(site.app, person_id) for person_id in (first, second)]
        db.session.remove()
    shown = ["I saw a change in practice" in client.get("/supervision/events").text for client in clients]
    assert shown == [True, False]


def test_contact_point_reads_commitments_of_the_own_country(site: Site) -> None:
    workshop_id = _visit(site)
    with site.app.app_context():
        after_events.undertake(workshop_id, site.people["owner"])
        grants = ((Role.CONTACT_POINT, Scope.COUNTRY, "BG"),)
        other = factories.sign_in(site.app, factories.person(country="BG", roles=(), grants=grants))
        db.session.remove()
    pages = [client.get("/country/commitments").text for client in (site.client("contact_point"), other)]
    assert ["A card" in page for page in pages] == [True, False]
    assert re.search(r"</bdi>\.\s+<bdi lang", pages[0])  # a space between the alias and the event


def test_summary_is_on_the_event_page_once_approved(site: Site) -> None:
    workshop_id = _visit(site)
    with site.app.app_context():
        with transaction():
            visit_reports.save_report(
                workshop_id, report="Long", summary="In short", by=site.people["owner"], now=clock.now()
            )
        db.session.remove()
    reader, address = site.client("colleague"), f"/workshops/{workshop_id}"
    before = "In short" in reader.get(address).text
    sites.post(site.app, site.client("coordinator"), f"{address}/report/approval", {"summary": "In short"})
    page = reader.get(address).text
    assert (before, "In short" in page, "Long" in page) == (False, True, False)


def test_commitments_of_a_country_take_as_many_statements_for_two_as_for_one(site: Site) -> None:
    workshop_id = _visit(site)
    with site.app.app_context():
        after_events.undertake(workshop_id, site.people["owner"])
        db.session.remove()
    client = site.client("contact_point")
    before = sql_statements.asked(site.app, client, "/country/commitments")
    with site.app.app_context():
        officer = factories.person()
        after_events.undertake(after_events.took_place([officer], kind=WorkshopKind.STUDY_VISIT, outcomes=()), officer)
        db.session.remove()
    assert sql_statements.asked(site.app, client, "/country/commitments") == before


def test_follow_up_day_outside_three_to_six_months_is_refused(site: Site) -> None:
    workshop_id = _owners_event(site)
    answer = sites.post(
        site.app, site.client("coordinator"), f"/teaching/workshops/{workshop_id}/afterwards", {"day": "2029-01-01"}
    )
    assert (answer.status_code, "three to six months" in answer.text) == (422, True)


def test_unfinished_event_leads_nowhere(site: Site) -> None:
    page = site.client("coordinator").get(f"/teaching/workshops/{site.workshops['seat']}").text
    assert "/afterwards" not in page
