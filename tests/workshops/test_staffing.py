"""Who runs an event and assesses in it: named, taken off, and what of their work stays."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.catalogue.domain.items import Level
from app.competence.queries import competencies as competence
from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.rights.service import roles as accounts
from app.workshops.queries import bookings, participants, workshops
from app.workshops.service import lifecycle, results, staff
from tests.support import factories, workshop_rubrics
from tests.support import workshop_events as given
from tests.support.workshop_pages import BEGUN, announced, at, client_of, person_with, post
from tests.support.workshop_rubrics import CRITERIA

AIM = (("VIC-02", Level.PRACTITIONER),)


def take_off(workshop_id: UUID, person_id: UUID, role: Role = Role.TRAINER) -> None:
    with transaction():
        staff.take_off(workshop_id, person_id, role, clock.now())


def test_who_is_taken_off_runs_the_event_no_more_and_the_others_do(context: Flask) -> None:
    workshop_id = given.announced()
    first, second = (person_with(Role.TRAINER, workshop_id) for _ in range(2))
    for _ in range(2):  # a second press changes nothing
        take_off(workshop_id, first)
    take_off(workshop_id, factories.person())
    assert workshops.get(workshop_id).trainers == {second}
    [told] = db.session.scalars(select(Entry.facts).where(Entry.name == "RoleEnded"))
    assert f'"person_id":"{first}","reach":"{workshop_id}","role":"trainer","scope":"event"' in told


def test_the_last_trainer_stays_and_an_assessor_may_go(context: Flask) -> None:
    workshop_id = given.announced()
    trainer, assessor = person_with(Role.TRAINER, workshop_id), person_with(Role.ASSESSOR, workshop_id)
    with pytest.raises(DomainError, match="at least one trainer"):
        take_off(workshop_id, trainer)
    take_off(workshop_id, assessor, Role.ASSESSOR)
    found = workshops.get(workshop_id)
    assert (found.trainers, found.assessors) == ({trainer}, frozenset())


def test_the_staff_of_an_event_that_is_over_stays_as_it_was(context: Flask) -> None:
    workshop_id = given.announced()
    assessor = person_with(Role.ASSESSOR, workshop_id)
    with transaction():
        lifecycle.cancel(workshop_id, reason="No hall.", by=given.staff()[0], now=clock.now())
    with pytest.raises(DomainError, match="over"):
        take_off(workshop_id, assessor, Role.ASSESSOR)
    assert workshops.get(workshop_id).assessors == {assessor}


def test_what_an_assessor_scored_stays_and_nothing_more_is_scored(context: Flask) -> None:
    workshop_rubrics.load()
    workshop_id = given.announced(outcomes=AIM)
    [officer] = given.booked(workshop_id, 1)
    assessor = person_with(Role.ASSESSOR, workshop_id, country="NL")
    at(BEGUN)
    booking = bookings.seated(workshop_id)[0].id
    scores = dict.fromkeys(CRITERIA, 3)

    def score() -> None:
        with transaction():
            results.score(workshop_id, booking, competency="VIC-02", scores=scores, by=assessor, now=clock.now())

    score()
    take_off(workshop_id, assessor, Role.ASSESSOR)
    [kept] = participants.assessments(workshop_id)
    assert (kept.assessor_id, kept.share) == (assessor, 1.0)
    assert [line.voided for line in competence.evidence_of(officer, "VIC-02")] == [False]
    scores["plan"] = 0
    with pytest.raises(DomainError, match="Only an assessor"):
        score()


def test_the_page_takes_off_and_says_who_stays(app: Flask) -> None:
    workshop_id = announced(app)
    with app.app_context():
        for alias, role in (("Trainer 1", Role.TRAINER), ("Trainer 2", Role.TRAINER), ("Assessor 1", Role.ASSESSOR)):
            factories.person(alias=alias, roles=(), grants=((role, Scope.EVENT, str(workshop_id)),))
        db.session.remove()
    client = client_of(app, Role.COORDINATOR)
    path = f"/teaching/workshops/{workshop_id}/people"
    page = client.get(path).text
    assert page.count("taking-off") == 3
    assert "The last trainer stays" not in page
    urls = {one.partition('"')[0] for one in page.split('action="')[1:] if "taking-off" in one.partition('"')[0]}
    with app.app_context():
        trainers = sorted(str(one) for one in workshops.get(workshop_id).trainers)
    first, second = (next(url for url in urls if one in url) for one in trainers)
    assert post(app, client, first, role="trainer").status_code == 302
    page = client.get(path).text
    assert page.count("taking-off") == 1  # the assessor's
    assert "The last trainer stays. Name another one first." in page
    refused = post(app, client, second, role="trainer")
    assert refused.status_code == 422
    assert "An event needs at least one trainer. Assign another one first." in refused.text
    assert post(app, client, second, role="coordinator").status_code == 422


def test_only_who_may_name_takes_off(app: Flask) -> None:
    workshop_id = announced(app)
    with app.app_context():
        assessor = person_with(Role.ASSESSOR, workshop_id)
        db.session.remove()
    url = f"/teaching/workshops/{workshop_id}/people/{assessor}/taking-off"
    for role, reach in ((Role.TRAINER, workshop_id), (Role.ASSESSOR, workshop_id), (Role.TRAINER, None)):
        assert post(app, client_of(app, role, reach), url, role="assessor").status_code == 404
    with app.app_context():
        assert assessor in workshops.get(workshop_id).assessors


@pytest.mark.each_database
def test_who_takes_themselves_off_is_sent_where_they_may_be(app: Flask) -> None:
    with app.app_context():
        workshop_id = given.made()
        maker = workshops.get(workshop_id).made_by
        with transaction():
            for one in (maker, person_with(Role.TRAINER)):
                staff.appoint(workshop_id, one, Role.TRAINER, clock.now())
            accounts.revoke_role(maker, Role.COORDINATOR, scope=Scope.ALL, today=clock.today())
        db.session.remove()
    client = factories.sign_in(app, maker)
    answer = post(app, client, f"/teaching/workshops/{workshop_id}/people/{maker}/taking-off", role="trainer")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/workshops")
    assert client.get("/workshops").status_code == 200
