"""What an assessor must never learn, and what no user may do with a desk task of another."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.access.policy import Actor, Role, Scope
from app.checks.domain.marking import NotTaken
from app.checks.domain.products import ProductState
from app.checks.jobs import marking as jobs
from app.checks.models import Calibration, Marking, MarkingComment, Product, SittingSeat
from app.checks.queries import marking as queries
from app.checks.service import marking
from app.db.session import db, transaction
from app.directory.service import erasure
from app.identity.models import Agency, Posting
from app.messages.models import Notice
from app.quizzes.models import AnswerSave
from tests.support import concurrency, factories, marking_scenes as scenes
from tests.support.marking_scenes import ALL_ALONE, TEXT, MarkingDesk, scored
from tests.support.settings import NOW

WAITING, MARKING, _DIFFERENT, MARKED, WITHDRAWN = ProductState
ALIAS = "Heron of the delta"


@pytest.fixture
def desk(lite_app: Flask) -> MarkingDesk:
    return MarkingDesk(lite_app)


def hints(desk: MarkingDesk, officer: UUID, number: int) -> list[str]:
    """Return what would tell whose product it is."""
    with desk.app.app_context():
        product = db.session.scalars(select(Product).where(Product.number == number)).one()
        seat = db.session.get_one(SittingSeat, product.seat_id)
        agency = db.session.get_one(Agency, product.agency_id)
        ids = (officer, product.id, seat.id, seat.sitting_id, seat.confirmed_by, product.attempt_id, agency.id)
        secrets = [ALIAS, "Test Person", "Iraq", agency.name, "CODE", *map(str, ids)]
        db.session.remove()
    return secrets


def read_all(client: FlaskClient, *paths: str) -> str:
    answers = [client.get(path) for path in paths]
    return "\n".join(answer.text for answer in answers if answer.status_code == 200)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CONTACT_POINT, None])
def test_assessor_never_learns_whose_product_it_is(desk: MarkingDesk, role: Role | None) -> None:
    """Neither pages, addresses, notices nor the audit log connect a number with an officer, whatever else they are."""
    scope = (Scope.COUNTRY, "BG") if role is Role.CONTACT_POINT else (Scope.ALL, "")
    officer = desk.officer(alias=ALIAS)
    number = desk.product(officer)
    marker_id = desk.assessor("BG", *([(role, *scope)] if role else []))
    marker = desk.client(marker_id)
    secrets = hints(desk, officer, number)
    seen = read_all(marker, "/teaching", "/teaching/marking")
    location = desk.take(marker, number).location
    seen += location + read_all(marker, location)
    seen += desk.submit(marker, number, scored(1) | {"comment": "x" * 1001}).text
    seen += desk.submit(marker, number, ALL_ALONE | {"second": "y"}).location
    seen += read_all(marker, location, "/teaching/marking", "/notices", "/record", "/settings/my-data")
    assert str(number) in seen
    assert [secret for secret in secrets if secret in seen] == []
    with desk.app.app_context():
        jobs.remind_assessors()
        facts = [f"{notice.facts}{notice.path}" for notice in db.session.scalars(select(Notice))]
        db.session.remove()
    assert [secret for secret in secrets if any(secret in text for text in facts)] == []
    log = read_all(marker, "/audit", f"/audit?who={marker_id}", f"/audit?about={marker_id}")
    rows = re.findall(r"<tr.*?</tr>|<li.*?</li>", log, re.DOTALL)
    assert (str(number) in log) is (role is not None)  # who reads the log finds the own steps
    joined = [row for row in rows if str(number) in row and any(secret in row for secret in secrets)]
    assert joined == []


def test_audit_log_never_names_assessor_and_officer_together(desk: MarkingDesk) -> None:
    officer, marker_id = desk.officer(), desk.assessor()
    number = desk.product(officer)
    desk.mark(desk.client(marker_id), number)
    with desk.app.app_context():
        jobs.record_results()
        from app.audit.models import Entry

        entries = list(db.session.scalars(select(Entry)))
        names = {entry.name for entry in entries}
        assert {"ProductTaken", "ProductMarked", "ProductSettled", "EvidenceRecorded"} <= names
        product_id = str(db.session.scalar(select(Product.id)))
        for entry in entries:
            text = f"{entry.person_id} {entry.facts}"
            assert not (entry.actor_id == marker_id and (str(officer) in text or product_id in text)), entry.name
            assert not (str(number) in str(entry.facts) and str(officer) in text), entry.name


def test_assessor_of_the_same_agency_is_not_offered_it(desk: MarkingDesk) -> None:
    number = desk.product()
    colleague = desk.assessor("IQ")
    with desk.app.app_context(), transaction():
        agency_id = db.session.scalar(select(Product.agency_id))
        posting = db.session.scalars(select(Posting).where(Posting.person_id == colleague)).one()
        posting.agency_id = agency_id
    client = desk.client(colleague)
    assert str(number) not in client.get("/teaching/marking").text
    assert desk.take(client, number).location == "/teaching/marking"
    assert desk.post(client, "/teaching/marking/next").location == "/teaching/marking"
    assert desk.facts(number) == (WAITING, None)
    other = desk.marker("IQ")  # another agency of the same country
    assert desk.take(other, number).location.endswith(str(number))


def test_officer_never_marks_the_own_product(desk: MarkingDesk) -> None:
    officer = desk.assessor("BG")
    number = desk.product(officer)
    with desk.app.app_context(), transaction():  # moved to another agency since
        posting = db.session.scalars(select(Posting).where(Posting.person_id == officer)).one()
        posting.agency_id = factories.agency("BG")
    client = desk.client(officer)
    assert str(number) not in client.get("/teaching/marking").text
    assert desk.take(client, number).location == "/teaching/marking"
    assert desk.facts(number) == (WAITING, None)


def test_invigilator_and_contact_point_never_mark_those_they_know(desk: MarkingDesk) -> None:
    invigilator = desk.assessor("BG")
    number = desk.product(invigilator=invigilator)
    contact = desk.assessor("IQ", (Role.CONTACT_POINT, Scope.COUNTRY, "IQ"))
    for person_id in (invigilator, contact):
        assert desk.take(desk.client(person_id), number).location == "/teaching/marking"
    assert desk.facts(number) == (WAITING, None)


def test_product_of_another_assessor_looks_as_if_it_did_not_exist(desk: MarkingDesk) -> None:
    number = desk.product()
    desk.take(desk.marker(), number)
    other = desk.marker("TR")
    path = f"/teaching/marking/{number}"
    assert other.get(path).status_code == 404
    assert other.get("/teaching/marking/999999999").status_code == 404
    for step in ("draft", "submission", "comments", "return"):
        assert desk.post(other, f"{path}/{step}", ALL_ALONE).status_code == 404, step
    assert desk.facts(number) == (MARKING, None)


def test_others_than_assessors_are_refused(desk: MarkingDesk) -> None:
    officer = desk.officer()
    number = desk.product(officer)
    client = desk.client(officer)
    for path in ("/teaching/marking", "/teaching/marking/calibration/VIC-02/foundation"):
        assert client.get(path).status_code == 403, path
    assert desk.take(client, number).status_code == 403
    assert client.get(f"/teaching/marking/{number}").status_code == 404


def test_result_page_is_for_the_officer_alone(desk: MarkingDesk) -> None:
    number = desk.product()
    marker = desk.marker()
    desk.mark(marker, number)
    path = f"/sittings/results/{desk.product_id(number)}"
    for reader in (marker, desk.client(desk.officer()), desk.client(desk.assessor("IQ"))):
        assert reader.get(path).status_code == 404
    assert marker.get(f"/sittings/results/{uuid4()}").status_code == 404


@pytest.mark.parametrize("value", ["4", "-1", "2.5", "", "two", "²"])
def test_scores_outside_0_to_3_are_refused(desk: MarkingDesk, value: str) -> None:
    number = desk.product()
    marker = desk.marker()
    desk.take(marker, number)
    answer = desk.submit(marker, number, ALL_ALONE | {"score-plan": value})
    assert answer.status_code == 422
    assert "Choose one of the four." in answer.text
    assert desk.facts(number) == (MARKING, None)
    assert desk.markings(number)[0].submitted_at is None


def test_submission_twice_counts_once(desk: MarkingDesk) -> None:
    officer = desk.officer()
    number = desk.product(officer)
    marker = desk.marker()
    desk.mark(marker, number)
    assert desk.submit(marker, number, scored(0)).status_code == 302
    assert "These scores were submitted before." in marker.get("/teaching/marking").text
    assert desk.facts(number) == (MARKED, pytest.approx(2 / 3))
    for step in ("draft", "return"):
        assert desk.post(marker, f"/teaching/marking/{number}/{step}", scored(0)).status_code == 409, step
    assert [line.scores for line in desk.markings(number)] == [desk.markings(number)[0].scores]


def test_erased_account_leaves_no_answers_and_no_product(desk: MarkingDesk) -> None:
    officer = desk.officer()
    marked, waiting, opened = (desk.product(officer) for _ in range(3))
    marker = desk.marker()
    desk.mark(marker, marked, ALL_ALONE | {"comment": "About you."})
    desk.take(marker, opened)
    with desk.app.app_context():
        jobs.record_results()
        with transaction():
            erasure.erase_account(officer, NOW + timedelta(hours=1))
        assert db.session.scalar(select(func.count()).select_from(AnswerSave)) == 0
        assert set(db.session.scalars(select(Marking.comment))) == {""}
        db.session.remove()
    assert desk.facts(marked)[0] is MARKED
    assert {desk.facts(number)[0] for number in (waiting, opened)} == {WITHDRAWN}
    assert marker.get(f"/teaching/marking/{opened}").status_code == 404
    assert str(waiting) not in marker.get("/teaching/marking").text
    page = marker.get(f"/teaching/marking/{marked}").text
    assert TEXT not in page
    assert "The answers are no longer stored." in page


def test_personal_data_of_an_assessor_names_no_product(desk: MarkingDesk) -> None:
    from app.checks.personal_data import PERSONAL_DATA
    from app.db.personal_data import rows

    officer, marker_id = desk.officer(), desk.assessor()
    number = desk.product(officer)
    desk.mark(desk.client(marker_id), number)
    secrets = hints(desk, officer, number)
    with desk.app.app_context():
        jobs.record_results()
        archive = str([row for part in PERSONAL_DATA for row in rows(part, marker_id)])
        own = str([row for part in PERSONAL_DATA for row in rows(part, officer)])
    assert "first" in archive
    assert [secret for secret in secrets if secret in archive] == []
    assert str(number) not in own


def actor_of(person_id: UUID, country: str) -> Actor:
    return Actor(id=person_id, roles=frozenset({Role.ASSESSOR}), country=country)


@pytest.mark.each_database
def test_two_assessors_at_once_get_different_products(app: Flask) -> None:
    desk = MarkingDesk(app)
    number = desk.product()
    first, second = desk.assessor("BG"), desk.assessor("TR")
    results = concurrency.both_at_once(
        app,
        lambda: marking.take(actor_of(first, "BG"), number, NOW),
        lambda: marking.take(actor_of(second, "TR"), number, NOW),
    )
    assert results == [number, NotTaken.GONE]
    assert len(desk.markings(number)) == 1


@pytest.mark.each_database
def test_submission_twice_at_once_counts_once(app: Flask) -> None:
    desk = MarkingDesk(app)
    number = desk.product()
    marker_id = desk.assessor("BG")
    with app.app_context():
        with transaction():
            marking.take(actor_of(marker_id, "BG"), number, NOW)
        own = queries.own_marking(actor_of(marker_id, "BG"), number)
        db.session.remove()
    new = marking.NewScores(dict.fromkeys(scenes.CRITERIA, 2), "")
    results = concurrency.both_at_once(
        app, lambda: marking.submit(own, new, NOW), lambda: marking.submit(own, new, NOW)
    )
    assert results == [marking.Submitted.MARKED, marking.Submitted.REPEATED]
    assert desk.facts(number)[0] is MARKED


@pytest.mark.each_database
def test_queue_and_results_work_on_each_database(app: Flask) -> None:
    desk = MarkingDesk(app)
    officer = desk.officer()
    number = desk.product(officer)
    desk.product(competency="VIC-01")
    marker = desk.marker()
    desk.take(marker, number)
    assert "You are marking" in marker.get("/teaching/marking").text
    desk.submit(marker, number)
    with app.app_context():
        assert jobs.record_results() == 1
        assert jobs.remind_assessors() == 1
        assert db.session.scalar(select(func.count()).select_from(Calibration)) == 0
        assert db.session.scalar(select(func.count()).select_from(MarkingComment)) == 0
