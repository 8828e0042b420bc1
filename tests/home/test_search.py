"""The page /search: corrections, groups by course; terms, indicators, actions and other entries by right."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import Role, Scope
from app.catalogue.queries import versions
from app.coordination.domain.actions import Office, Owner
from app.coordination.service import actions
from app.coordination.service.actions import NewAction
from app.db.session import db, transaction
from app.kernel import clock
from app.learning.domain.requirements import NewRequirement
from app.learning.service import requirements
from app.search import service
from tests.support import courses as course, factories, plans, sql_statements, studio_site, workshop_events
from tests.support.site_snapshots import kept


@pytest.fixture
@kept
def site(app: Flask) -> Flask:
    with app.app_context():
        course.publish()
        plans.load()
        with transaction():
            service.add_words(["completers"])
        db.session.remove()
    return app


def client(app: Flask, *roles: tuple[Role, Scope, str], country: str = "IQ") -> FlaskClient:
    with app.app_context():
        person = factories.person(country=country, roles=(), grants=roles) if roles else factories.person()
    return factories.sign_in(app, person)


@pytest.fixture
def reader(site: Flask) -> FlaskClient:
    return client(site)


def coordinator(app: Flask) -> FlaskClient:
    return client(app, (Role.COORDINATOR, Scope.ALL, ""), country="BG")


def test_misspelt_word_shows_results_of_the_similar_word(reader: FlaskClient) -> None:
    page = reader.get("/search?q=oficer").text
    assert "Showing results for <b><bdi>officer</bdi></b>" in " ".join(page.split())
    assert "<mark>officer</mark>" in page
    assert 'href="/search?q=oficer&amp;exact=1"' in page


def test_exact_search_is_not_corrected(reader: FlaskClient) -> None:
    page = reader.get("/search?q=oficer&exact=1").text
    assert "Nothing found" in page
    assert "Showing results for" not in page


def test_results_are_grouped_by_course_with_one_result_for_each_lesson(reader: FlaskClient) -> None:
    page = reader.get("/search?q=berth").text
    assert page.count(f'href="/courses/{course.SLUG}"') == 1
    lessons = [part.partition('"')[0].partition("#")[0] for part in page.split('href="/courses/')[1:]]
    named = [lesson for lesson in lessons if "/lessons/" in lesson]
    assert named
    assert len(named) == len(set(named))


def test_code_of_an_indicator_opens_its_page_for_those_who_see_the_plan(site: Flask) -> None:
    answer = coordinator(site).get("/search?q=op2.1")
    assert (answer.status_code, answer.location) == (302, "/plan/indicators/OP2.1")
    assert client(site).get("/search?q=op2.1").status_code == 200


def test_country_is_found_by_those_who_may_open_its_page(site: Flask) -> None:
    assert 'href="/plan/countries/BG"' in coordinator(site).get("/search?q=bulgaria").text
    own = client(site, (Role.CONTACT_POINT, Scope.COUNTRY, "IQ"))
    assert 'href="/plan/countries/IQ"' in own.get("/search?q=iraq").text
    assert "/plan/countries/BG" not in own.get("/search?q=bulgaria").text
    assert "/plan/countries" not in client(site).get("/search?q=iraq").text


def test_event_is_found_by_its_town(site: Flask) -> None:
    with site.app_context():
        workshop_id = workshop_events.announced(town="Belgrove")
        db.session.remove()
    assert f'href="/workshops/{workshop_id}"' in client(site).get("/search?q=belgrove").text
    assert f'href="/workshops/{workshop_id}"' in client(site).get("/search?q=belgrov").text
    assert "Showing results for <b><bdi>belgrove" in client(site).get("/search?q=begrove").text


def _agreed(app: Flask, country: str) -> UUID:
    new = NewAction(
        text=f"Ask for a second vénue in {country}",
        owner=Owner(office=Office.CONTACT_POINT, country=country),
        due_on=clock.today(),
    )
    with app.app_context(), transaction():
        return actions.create(new, members=frozenset({country}), by=factories.person(), now=clock.now())


def test_actions_are_found_by_those_who_may_read_them(site: Flask) -> None:
    own, other = (f'href="/plan/actions/{_agreed(site, country)}"' for country in ("IQ", "BG"))
    page = coordinator(site).get("/search?q=second+VENUE").text
    assert own in page
    assert other in page
    contact_point = client(site, (Role.CONTACT_POINT, Scope.COUNTRY, "IQ")).get("/search?q=second+venue").text
    assert own in contact_point
    assert other not in contact_point
    for grants in ((), ((Role.CO_CHAIR, Scope.ALL, ""),), ((Role.TRAINER, Scope.ALL, ""),)):
        assert "/plan/actions/" not in client(site, *grants).get("/search?q=second+venue").text


def _requirement(app: Flask, countries: tuple[str, ...]) -> UUID:
    with app.app_context(), transaction():
        course_id = versions.course_record(course.SLUG).id
        new = NewRequirement(countries=countries, due_days=60, starts=clock.today(), reason="Agreed in Belgrove")
        by = factories.person(roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
        return requirements.draft(course_id, new, by=studio_site.actor(by), now=clock.now())


def test_required_courses_are_found_by_right(site: Flask) -> None:
    own, other = (f'href="/plan/required/{_requirement(site, (country,))}"' for country in ("IQ", "BG"))
    for words in (course.CODE, "belgrove"):
        page = coordinator(site).get(f"/search?q={words}").text
        assert own in page
        assert other in page
        contact_point = client(site, (Role.CONTACT_POINT, Scope.COUNTRY, "IQ")).get(f"/search?q={words}").text
        assert own in contact_point
        assert other not in contact_point
        assert "/plan/required/" not in client(site).get(f"/search?q={words}").text


def test_search_of_a_coordinator_takes_as_many_statements_for_more_actions(site: Flask) -> None:
    reader = coordinator(site)
    _agreed(site, "IQ")
    before = sql_statements.asked(site, reader, "/search?q=venue")
    for _number in range(3):
        _agreed(site, "BG")
    assert sql_statements.asked(site, reader, "/search?q=venue") == before
