"""The card of a country, and the list of cards on the page of treaties."""

from datetime import timedelta

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel import clock
from tests.support import country_cards, factories
from tests.support.site_snapshots import kept
from tests.support.sql_statements import asked

BG, IQ = "/treaties/countries/BG", "/treaties/countries/IQ"
NOT_FOUND = "Not found in a source. Ask your contact point."
NO_NUMBER = "No number from the last twelve months. Ask your contact point."


@pytest.fixture
@kept
def site(app: Flask) -> Flask:
    with app.app_context():
        country_cards.load()
    return app


def reader(app: Flask, country: str = "IQ", language: str = "en") -> FlaskClient:
    with app.app_context():
        person = factories.person(country=country, language=language)
    return factories.sign_in(app, person)


def test_card_shows_each_fact_with_its_sources(site: Flask) -> None:
    page = reader(site).get(BG).text
    assert "An act for exploitation; no means are named." in page
    assert "Law: <bdi>Art. 1</bdi>" in page
    assert 'href="https://code.example/art-1"' in page
    assert '<bdi lang="bg" dir="ltr">The code</bdi>' in page
    assert "Copy of November 2022." in page
    for words in ("Old copy", "Copy without a date", "Secondary source", "Read on"):
        assert words in page
    assert page.count(NOT_FOUND) == 6


def test_card_without_read_facts_says_what_was_not_found(site: Flask) -> None:
    page = reader(site).get(IQ).text
    assert page.count(NOT_FOUND) == 8
    assert "does not mean that there is no such rule" in page


def test_number_of_hotline_disappears_when_its_source_is_old(site: Flask) -> None:
    client = reader(site)
    assert 'href="tel:+35900000"' in client.get(BG).text
    before = clock.now() - clock.real_now()
    clock.move(lambda: before + timedelta(days=3))
    page = client.get(BG).text
    assert "+359" not in page
    assert "Line of help" in page
    assert NO_NUMBER in page


def test_treaties_list_the_cards_with_the_own_country_first(site: Flask) -> None:
    page = reader(site, "IQ").get("/treaties").text
    assert page.index(IQ) < page.index(BG)
    page = reader(site, "BG").get("/treaties").text
    assert page.index(BG) < page.index(IQ)


@pytest.mark.parametrize("country", ["AT", "ZZ"])
def test_country_without_card_is_not_found(site: Flask, country: str) -> None:
    assert reader(site).get(f"/treaties/countries/{country}").status_code == 404


def test_card_in_another_language_shows_english_with_its_language(site: Flask) -> None:
    page = reader(site, language="ar").get(BG).text
    assert 'lang="en" dir="ltr">An act for exploitation' in page
    assert "الإنجليزية" in page


def test_cards_take_as_many_queries_for_one_source_as_for_many(site: Flask) -> None:
    client = reader(site)
    assert asked(site, client, BG) == asked(site, client, IQ) == 3


def test_support_names_the_hotline_of_the_own_country(site: Flask) -> None:
    page = reader(site, "BG").get("/about/support").text
    assert "Line of help" in page
    assert 'href="tel:+35900000"' in page
    assert f"{BG}#hotline" in page
    with site.app_context():
        cards = country_cards.sample()
        old = [msgspec.structs.replace(source, copy_as_of="2025-01") for source in cards.sources]
        country_cards.load(msgspec.structs.replace(cards, sources=tuple(old)))
    page = reader(site, "BG").get("/about/support").text
    assert "Line of help" in page
    assert "tel:" not in page
    assert NO_NUMBER in page


def test_support_says_that_no_hotline_was_found(site: Flask) -> None:
    assert NOT_FOUND in reader(site, "IQ").get("/about/support").text


@pytest.mark.parametrize("country", ["CH", ""])
def test_support_without_card_or_user_has_no_hotline(site: Flask, country: str) -> None:
    client = reader(site, country) if country else site.test_client()
    answer = client.get("/about/support")
    assert answer.status_code == 200
    assert "Hotline" not in answer.text
