"""The page /search: corrections, groups by course, terms, indicators and countries by right, events by town."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.search import service
from tests.support import courses as course, factories, plans, workshop_events
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
