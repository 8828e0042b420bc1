"""Trainers and assessors of an event: naming, removal, and the work that stays."""

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
from tests.support import factories, workshop_events as given, workshop_rubrics
from tests.support.workshop_pages import BEGUN, announced, at, client_of, person_with, post
from tests.support.workshop_rubrics import CRITERIA

AIM = (("VIC-02", Level.PRACTITIONER),)


def take_off(workshop_id: UUID, person_id: UUID, role: Role = Role.TRAINER) -> None:
    with transaction():
        staff.take_off(workshop_id, person_id, role, clock.now())


def test_removed_trainer_no_longer_runs_the_event(context: Flask) -> None:
    workshop_id = given.announced()
    first, second = (person_with(Role.TRAINER, workshop_id) for _ in range(2))
    for _ in range(2):  # a repeated request changes nothing
        take_off(workshop_id, first)
    take_off(workshop_id, factories.person())
    assert workshops.get(workshop_id).trainers == {second}
    [told] = db.session.scalars(select(Entry.facts).where(Entry.name == "RoleEnded"))
    assert f'"person_id":"{first}","reach":"{workshop_id}","role":"trainer","scope":"event"' in told


def test_last_trainer_cannot_be_removed_but_an_assessor_can(context: Flask) -> None:
    workshop_id = given.announced()
    trainer, assessor = person_with(Role.TRAINER, workshop_id), person_with(Role.ASSESSOR, workshop_id)
    with pytest.raises(DomainError, match="at least one trainer"):
        take_off(workshop_id, trainer)
    take_off(workshop_id, assessor, Role.ASSESSOR)
    found = workshops.get(workshop_id)
    assert (found.trainers, found.assessors) == ({trainer}, frozenset())


def test_staff_of_a_past_event_cannot_be_changed(context: Flask) -> None:
    workshop_id = given.announced()
    assessor = person_with(Role.ASSESSOR, workshop_id)
    with transaction():
        lifecycle.cancel(workshop_id, reason="No hall.", by=given.staff()[0], now=clock.now())
    with pytest.raises(DomainError, match="over"):
        take_off(workshop_id, assessor, Role.ASSESSOR)
    assert workshops.get(workshop_id).assessors == {assessor}


def test_scores_of_a_removed_assessor_stay(context: Flask) -> None:
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
    assert kept.assessor_id == assessor
    assert [(line.share, line.voided) for line in competence.evidence_of(officer, "VIC-02")] == [(1.0, False)]
    scores["plan"] = 0
    with pytest.raises(DomainError, match="Only an assessor"):
        score()


def test_staff_page_removes_and_names_the_remaining_trainer(app: Flask) -> None:
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
    assert "The last trainer cannot be removed. Add another one first." in page
    refused = post(app, client, second, role="trainer")
    assert refused.status_code == 422
    assert "An event needs at least one trainer. Assign another one first." in refused.text
    assert post(app, client, second, role="coordinator").status_code == 422


def test_staff_is_removed_only_by_users_who_may_name_it(app: Flask) -> None:
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
def test_user_who_removes_themselves_is_redirected_to_a_visible_page(app: Flask) -> None:
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
