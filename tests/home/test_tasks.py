"""The start page lists tasks for other people with links to their pages."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import Role, Scope
from app.catalogue.domain.items import Level
from app.competence.service import claims as competence
from app.db.session import db, transaction
from app.identity.models import Country
from app.intake.models import ExportWish
from app.invitations.models import Invitation
from app.kernel import clock
from app.privacy.service import erasure as privacy
from app.rights.models import AdministratorRequest
from app.rights.service import roles
from tests.support import competence_site as scenes, factories
from tests.support.invitations import invited
from tests.support.sql_statements import asked

MOST = 13  # statements, four of them to see who may answer a wish that waits
CONTACT_POINT = ((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),)
COORDINATOR = ((Role.COORDINATOR, Scope.ALL, ""),)
ADMINISTRATOR = ((Role.ADMINISTRATOR, Scope.ALL, ""),)


def staff(grants: tuple[tuple[Role, Scope, str], ...], country: str = "IQ") -> UUID:
    return factories.person(country=country, roles=(), grants=grants)


def tasks(client: FlaskClient) -> dict[str, str]:
    """Return the tasks by address."""
    part = client.get("/").text.partition('<h2 id="todo">')[2].partition("</section>")[0]
    return dict(re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', part))


def wish(person_id: UUID, country: str) -> None:
    now = clock.real_now()
    made = ExportWish(person_id=person_id, country=country, asked_at=now, ends_at=now + timedelta(hours=1))
    with transaction():
        db.session.add(made)


@pytest.mark.parametrize(
    ("grants", "href", "text"),
    [
        (CONTACT_POINT, "/country", "My country"),
        (COORDINATOR, "/plan", "Plan"),
        (ADMINISTRATOR, "/people", "People"),
    ],
)
def test_staff_without_tasks_see_link_to_their_area(
    app: Flask, grants: tuple[tuple[Role, Scope, str], ...], href: str, text: str
) -> None:
    with app.app_context():
        me = staff(grants)
        db.session.remove()
    page = factories.sign_in(app, me).get("/").text
    main = page.partition("<main")[2]
    assert "You have no open course" not in main
    assert "No open tasks" in main
    assert re.search(rf'class="button primary" href="{href}"><span>{text}', main)
    assert 'href="/people/invite"' in main


def test_staff_with_tasks_see_link_to_their_area_below_them(lite_app: Flask) -> None:
    with lite_app.app_context():
        me = staff(CONTACT_POINT)
        wish(factories.person(country="IQ"), "IQ")
        db.session.remove()
    _before, todo, after = factories.sign_in(lite_app, me).get("/").text.partition('<h2 id="todo">')
    assert todo
    assert 'class="button primary" href="/country"><span>My country' in after


def test_officer_without_course_sees_link_to_courses(lite_app: Flask) -> None:
    with lite_app.app_context():
        me = factories.person(grants=CONTACT_POINT)  # practises, too
        db.session.remove()
    assert "You have no open course" in factories.sign_in(lite_app, me).get("/").text


def test_tasks_for_others_replace_the_offer_of_courses(lite_app: Flask) -> None:
    with lite_app.app_context():
        me = factories.person(grants=CONTACT_POINT)  # practises, too
        wish(factories.person(country="IQ"), "IQ")
        db.session.remove()
    page = factories.sign_in(lite_app, me).get("/").text
    assert "You have no open course" not in page
    assert '<h2 id="todo">' in page


@pytest.mark.each_database
def test_contact_point_sees_tasks_of_own_country_only(app: Flask) -> None:
    with app.app_context():
        scene = scenes.make()
        officer, abroad = factories.person(), factories.person(country="BG")
        other, theirs = staff(CONTACT_POINT), staff(((Role.CONTACT_POINT, Scope.COUNTRY, "BG"),), "BG")
        late = clock.real_now() - timedelta(days=10)
        with transaction():
            competence.claim_skill(officer, "VIC-02", Level.PRACTITIONER, clock.now())
            for each in (officer, abroad):
                privacy.ask_erasure(each, clock.now())
        wish(other, "IQ")
        wish(theirs, "BG")
        invited(scene.contact_point, late)
        bounced = invited(scene.contact_point, clock.real_now(), mail="fresh@example.org")
        with transaction():
            db.session.get_one(Invitation, bounced).bounced_at = clock.real_now()
        db.session.remove()
    client = factories.sign_in(app, scene.contact_point)
    assert tasks(client) == {
        f"/people/{officer}/service": "1 officer asks to be erased",
        "/country/claims": "Decide 1 claim of earlier skill",
        "/people/sheet": "Answer 1 export request",
        "/people/invitations?which=bounced": "The mail of 1 invitation came back",
        "/people/invitations?which=expired": "1 invitation has expired",
    }
    assert all(client.get(href).status_code == 200 for href in tasks(client))
    assert asked(app, client, "/") <= MOST


def test_own_and_foreign_requests_are_not_tasks(app: Flask) -> None:
    with app.app_context():
        me = staff(CONTACT_POINT)
        with transaction():
            privacy.ask_erasure(me, clock.now())
        wish(me, "IQ")
        db.session.remove()
    assert tasks(factories.sign_in(app, me)) == {}


@pytest.mark.each_database
def test_administrators_and_coordinators_see_their_tasks(app: Flask) -> None:
    with app.app_context():
        first, second, chosen = staff(ADMINISTRATOR), staff(ADMINISTRATOR), factories.person()
        coordinator = staff(COORDINATOR, "BG")
        wish(staff(CONTACT_POINT), "IQ")
        now = clock.real_now()
        request = AdministratorRequest(
            person_id=chosen, asked_by=first, since=clock.today(), asked_at=now, ends_at=now + timedelta(hours=1)
        )
        with transaction():
            db.session.add(request)
        db.session.remove()
    assert tasks(factories.sign_in(app, first)) == {}
    assert tasks(factories.sign_in(app, second)) == {"/people": "Decide 1 request for the administrator role"}
    client = factories.sign_in(app, coordinator)
    assert tasks(client) == {"/people/sheet": "Answer 1 export request"}
    assert asked(app, client, "/") <= MOST


@pytest.mark.each_database
@pytest.mark.parametrize(("answer", "is_asked"), [(None, True), (True, False), (False, False)])
def test_exact_counts_are_asked_until_answered(app: Flask, answer: bool | None, is_asked: bool) -> None:
    with app.app_context():
        me, deputy = staff(CONTACT_POINT), factories.person(roles=())
        with transaction():
            db.session.get_one(Country, "IQ").exact_counts = answer
            roles.add_role(
                deputy,
                Role.CONTACT_POINT,
                scope=Scope.COUNTRY,
                reach="IQ",
                since=clock.today(),
                until=clock.today() + timedelta(days=9),
                deputy=True,
            )
        db.session.remove()
    expected = {"/country/settings#exact-counts": "Decide on exact counts for coordinators"} if is_asked else {}
    client = factories.sign_in(app, me)
    assert tasks(client) == expected
    assert ("Decide on exact counts" in client.get("/country").text) == is_asked
    assert tasks(factories.sign_in(app, deputy)) == {}
