import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.policy import Role, Scope, Sensitivity
from app.audit.models import Entry
from app.catalogue.domain.items import Level
from app.competence.service import claims, needs
from app.db.session import db, transaction
from app.invitations.models import Invitation
from app.kernel import clock
from tests.support import competence_site as scenes, factories, workshop_events
from tests.support.competence_site import Scene
from tests.support.invitations import invited
from tests.support.sql_statements import asked

STATEMENTS = 11


@pytest.fixture
def scene(app: Flask) -> Scene:
    with app.app_context():
        return scenes.make()


def announced(**more: object) -> UUID:
    """Announce an event on a competency of the framework, by default with the sensitivity for practitioners."""
    return workshop_events.announced(outcomes=(("VIC-02", Level.FOUNDATION),), **more)


def numbers(client: FlaskClient) -> dict[str, int]:
    """Return the numbers of the page by the addresses of their lists."""
    page = client.get("/country").text
    rows = re.findall(r'<p class="tile"><a href="([^"]+)"><span class="figure">(\d+)</span>', page)
    return {href: int(number) for href, number in rows}


def listed(client: FlaskClient, href: str) -> int:
    body = client.get(href.replace("&amp;", "&")).text.partition("<tbody>")[2].partition("</tbody>")[0]
    return body.count("<tr>")


@pytest.mark.each_database
def test_each_number_equals_the_rows_of_its_list(app: Flask, scene: Scene) -> None:
    with app.app_context():
        officer = factories.person()
        scenes.verify(scene.officer, "COP-05", Level.PRACTITIONER, ago=300)  # has ended
        with transaction():
            needs.name_need(scene.officer, "COP-05", Level.PRACTITIONER, by=scene.contact_point, now=clock.now())
        scenes.verify(scene.colleague, "LRE-01", ago=60)  # ends soon
        for mark in (Sensitivity.UNRESTRICTED, Sensitivity.LAW_ENFORCEMENT_ONLY):
            workshop_events.seat(announced(sensitivity=mark), officer)
        workshop_events.seat(announced(), factories.person(country="BG"))
        db.session.remove()
    client = factories.sign_in(app, scene.contact_point)
    found = numbers(client)
    assert list(found) == [
        "/country/officers", "/country/officers?state=soon", "/country/officers?state=lapsed", "/country/seats",
    ]  # fmt: skip
    assert list(found.values()) == [3, 1, 1, 2]
    assert {href: listed(client, href) for href in found} == found


def test_country_tasks_link_to_their_pages(app: Flask, scene: Scene) -> None:
    client = factories.sign_in(app, scene.contact_point)
    with app.app_context():
        officer = factories.person()
        with transaction():
            claims.claim_skill(officer, "VIC-02", Level.PRACTITIONER, clock.now())
        made = invited(scene.contact_point, clock.real_now() - timedelta(days=10))
        invited(scene.contact_point, clock.real_now(), mail="fresh@example.org")
        assert db.session.get_one(Invitation, made).ends_at < clock.real_now()
        db.session.remove()
    page = client.get("/country").text
    assert "Decide 1 claim of earlier skill" in page
    assert "1 invitation has expired" in page
    assert "Review the help contact" in page


def test_seats_show_the_own_country_and_are_audited(app: Flask, scene: Scene) -> None:
    with app.app_context():
        mine, theirs = factories.person(alias="Heron 7"), factories.person(alias="Egret 3", country="BG")
        held = announced()
        for one in (mine, theirs):
            workshop_events.seat(held, one)
        db.session.remove()
    client = factories.sign_in(app, scene.contact_point)
    page = client.get("/country/seats").text
    assert "Heron 7" in page
    assert "Egret 3" not in page
    assert f"/workshops/{held}" not in page  # an event that a contact point may not read stands by its code
    with app.app_context():
        assert "OfficersSeen" in set(db.session.scalars(select(Entry.name)))


def test_country_page_is_for_contact_points_only(lite_app: Flask) -> None:
    for role in (Role.SUPERVISOR, Role.COORDINATOR, Role.ADMINISTRATOR, Role.TRAINER):
        with lite_app.app_context():
            client = factories.sign_in(lite_app, factories.person(grants=((role, Scope.ALL, ""),)))
        assert [client.get(path).status_code for path in ("/country", "/country/seats")] == [403, 403]


def test_country_page_has_constant_query_count(app: Flask, scene: Scene) -> None:
    client = factories.sign_in(app, scene.contact_point)
    few = asked(app, client, "/country")
    with app.app_context():
        for _ in range(5):
            factories.person()
        db.session.remove()
    assert asked(app, client, "/country") == few == STATEMENTS
