"""Facts on the user's own country in a lesson that asks for them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.catalogue.domain.folder import read_folder
from app.catalogue.service.preparation import prepare
from app.db.session import db
from tests.support import country_cards, courses, factories
from tests.support.site_snapshots import kept
from tests.support.sql_statements import asked

LESSON, PLAIN = (f"/courses/{courses.SLUG}/lessons/{name}" for name in ("the-quay", "after-the-watch"))
NOT_FOUND = "Not found in a source. Ask your contact point."


@pytest.fixture
@kept
def site(app: Flask) -> Flask:
    folder = courses.files()
    path = f"{courses.SLUG}/lessons/the-quay.en.md"
    folder[path] += b"\n/// country-facts | offence, child\n///\n"
    library, _problems = read_folder(folder)
    with app.app_context():
        courses.publish_ready(prepare(library.courses[courses.SLUG], library.references, folder), library.references)
        country_cards.load()
        db.session.remove()
    return app


def reader(app: Flask, country: str, language: str = "en") -> FlaskClient:
    with app.app_context():
        person = factories.person(country=country, language=language)
    return factories.sign_in(app, person)


def test_lesson_shows_the_facts_it_names_on_the_own_country(site: Flask) -> None:
    page = reader(site, "BG").get(LESSON).text
    assert "Your country: Bulgaria" in page
    assert "An act for exploitation; no means are named." in page
    assert page.count(NOT_FOUND) == 1  # the fact on children
    assert "Line of help" not in page
    assert 'href="/treaties/countries/BG"' in page
    assert 'href="/treaties"' in page


def test_lesson_says_which_facts_were_not_found(site: Flask) -> None:
    page = reader(site, "IQ").get(LESSON).text
    assert "Your country: Iraq" in page
    assert page.count(NOT_FOUND) == 2


def test_lesson_has_no_block_for_a_country_without_card(site: Flask) -> None:
    page = reader(site, "AT").get(LESSON).text
    assert "Your country" not in page
    assert "Facts on your country" not in page


def test_facts_take_one_query_and_none_in_other_lessons(site: Flask) -> None:
    client = reader(site, "BG")
    assert asked(site, client, LESSON) == asked(site, client, PLAIN) + 1
