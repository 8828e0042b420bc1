"""The page of a supervisor: only the assigned officers."""

import re
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.catalogue.domain.items import Level
from app.competence.views import supervision as competence_supervision
from app.db.session import db, transaction
from app.directory.service import postings
from app.identity.queries import people
from app.kernel import clock
from app.rights.service import supervision
from tests.support import competence_site as scenes, factories
from tests.support.competence_site import Scene
from tests.support.sql_statements import asked

PAGE = 12  # statements; each view is recorded in the access log


@pytest.fixture
def scene(app: Flask) -> Scene:
    with app.app_context():
        return scenes.make()


def assign(app: Flask, officer: UUID, chief: UUID) -> None:
    with app.app_context():
        with transaction():
            assert supervision.assign(officer, chief, clock.today()) is None
        db.session.remove()


def named(alias: str, name: str, **more: str) -> UUID:
    return factories.person(alias=alias, name=name, roles=("investigator",), **more)  # type: ignore[arg-type]


def looks(app: Flask) -> list[tuple[UUID | None, UUID | None, str | None]]:
    with app.app_context():
        query = select(Entry.actor_id, Entry.person_id, Entry.country).where(Entry.name == "SupervisedSeen")
        return [tuple(row) for row in db.session.execute(query.order_by(Entry.id))]


def main(page: str) -> str:
    return page.split("<main", 1)[1].split("</main>", 1)[0]


def test_supervisor_without_officers_sees_an_empty_list(app: Flask, scene: Scene) -> None:
    page = main(factories.sign_in(app, scene.supervisor).get("/supervision").text)
    assert "You supervise no officer" in page
    assert scenes.OFFICER not in page
    assert looks(app) == []


def test_supervisor_sees_verifications_of_assigned_officers(app: Flask, scene: Scene) -> None:
    with app.app_context():
        mine, theirs = named("Watcher 1", "Fictional Person One"), named("Watcher 2", "Fictional Person Two")
        scenes.verify(mine, "VIC-02", Level.PRACTITIONER, ago=3)
        scenes.verify(mine, "VIC-03", Level.PRACTITIONER, ago=300)
        scenes.verify(theirs, "COP-05", Level.PRACTITIONER, ago=3)
        db.session.remove()
    assign(app, mine, scene.supervisor)
    page = main(factories.sign_in(app, scene.supervisor).get("/supervision").text)
    assert "<bdi>Watcher 1</bdi>" in page
    assert "<bdi>Fictional Person One</bdi>" in page
    assert re.findall(r"<bdi>([A-Z]{3}-\d\d)</bdi>", page) == ["VIC-02", "VIC-03"]
    assert "Verified until" in page
    assert "Lapsed on" in page
    assert "1 of 12 competencies verified" in page
    assert "0 courses completed" in page
    assert not re.search(r"Watcher 2|Person Two|COP-05", page)
    assert not re.search(r"\d+ %|\d\d:\d\d|answers right|rubric", page)  # no answers, no times
    assert looks(app) == [(scene.supervisor, mine, "IQ")]


@pytest.mark.each_database
def test_officer_sees_the_view_of_the_supervisor(app: Flask, scene: Scene) -> None:
    assign(app, scene.officer, scene.supervisor)
    factories.sign_in(app, scene.supervisor).get("/supervision")
    page = factories.sign_in(app, scene.officer).get("/settings/who-looked").text
    assert "as your supervisor" in page
    assert "Supervisor IQ" in page
    assert "as your supervisor" not in factories.sign_in(app, scene.colleague).get("/settings/who-looked").text


def test_officer_sees_the_own_supervisors(app: Flask, scene: Scene) -> None:
    assign(app, scene.officer, scene.supervisor)
    page = factories.sign_in(app, scene.officer).get("/settings/who-looked").text
    told = re.search(r"Who supervises you sees(.*?)</p>", page, re.DOTALL)
    assert told is not None
    assert "Supervisor IQ" in told[1]
    assert "You have no supervisor." in factories.sign_in(app, scene.colleague).get("/settings/who-looked").text


def test_what_cannot_be_written_down_is_not_shown(app: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_any: object) -> None:
        raise RuntimeError

    assign(app, scene.officer, scene.supervisor)
    monkeypatch.setattr("app.competence.views.supervision.record", broken)
    with pytest.raises(RuntimeError):
        factories.sign_in(app, scene.supervisor).get("/supervision")


@pytest.mark.parametrize("name", ["officer", "contact_point", "other_contact_point"])
def test_it_is_for_supervisors_alone(app: Flask, scene: Scene, name: str) -> None:
    assert factories.sign_in(app, scene.people[name]).get("/supervision").status_code == 403


def test_supervisor_sees_officers_under_threat_but_not_former_ones(app: Flask, scene: Scene) -> None:
    for one in (scene.officer, scene.colleague):
        assign(app, one, scene.supervisor)
    with app.app_context():
        with transaction():
            postings.protect(scene.officer, protected=True, titles=(), today=clock.today())
        with transaction():
            postings.plan_departure(scene.colleague, clock.today(), today=clock.today())
        db.session.remove()
    page = main(factories.sign_in(app, scene.supervisor).get("/supervision").text)
    with app.app_context():
        assert (people.get(scene.officer).alias in page, "Test Person" in page) == (True, True)
    assert "Border guard 4" not in page


def test_many_officers_stand_in_pages_and_only_those_shown_were_looked_at(
    app: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(competence_supervision, "PAGE", 2)
    with app.app_context():
        found = [named(f"Watcher {number}", "A Person") for number in range(3)]
        db.session.remove()
    for one in found:
        assign(app, one, scene.supervisor)
    client = factories.sign_in(app, scene.supervisor)
    assert re.findall(r"Watcher \d", main(client.get("/supervision?page=2").text)) == ["Watcher 2"]
    assert [one[1] for one in looks(app)] == [found[2]]
    assert re.findall(r"Watcher \d", main(client.get("/supervision").text)) == ["Watcher 0", "Watcher 1"]


def test_the_page_asks_as_much_for_many_as_for_few(app: Flask, scene: Scene) -> None:
    client = factories.sign_in(app, scene.supervisor)
    with app.app_context():
        scenes.verify(scene.officer, "VIC-02", Level.PRACTITIONER, ago=3)
    assign(app, scene.officer, scene.supervisor)
    assert asked(app, client, "/supervision") == PAGE
    with app.app_context():
        more = [factories.person(roles=("investigator",)) for _ in range(3)]
        for one in more:
            scenes.verify(one, "VIC-03", Level.PRACTITIONER, ago=3)
        db.session.remove()
    for one in more:
        assign(app, one, scene.supervisor)
    assert asked(app, client, "/supervision") == PAGE


def test_supervisor_of_another_country_sees_no_officers(app: Flask, scene: Scene) -> None:
    assign(app, scene.officer, scene.supervisor)
    with app.app_context():
        other = factories.person(country="BG", roles=(), grants=((Role.SUPERVISOR, Scope.COUNTRY, "BG"),))
        db.session.remove()
    client = factories.sign_in(app, other)
    assert scenes.OFFICER not in client.get("/supervision").text
    assert looks(app) == []
