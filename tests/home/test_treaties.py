"""The page of treaties: status of countries, links between two countries, and unknown cells."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from html import unescape
from pathlib import Path

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.library import References
from app.catalogue.queries import courses as catalogue_courses
from app.catalogue.service import publication
from app.db.session import db, transaction
from app.kernel import clock
from tests.support import courses, factories, sites
from tests.support.site_snapshots import kept

COURSES = Path(__file__).resolve().parent.parent.parent / "courses"
ROW = re.compile(r'<tr><th scope="row"[^>]*><a href="#([\w-]+)".*?</tr>')
TAG = re.compile(r"<[^>]*>")


@cache
def house() -> References:
    files = {path: raw for path, raw in files_on_disk(COURSES).items() if "/" not in path}  # without courses
    return read_folder(files)[0].references


@pytest.fixture
@kept
def site(app: Flask) -> Flask:
    with app.app_context():
        with transaction():
            publication.store_references(house(), clock.now())
        db.session.remove()
    return app


def reader(app: Flask, country: str = "IQ", language: str = "en") -> FlaskClient:
    with app.app_context():
        person = factories.person(country=country, language=language)
        db.session.remove()
    return factories.sign_in(app, person)


def rows(html: str) -> dict[str, str]:
    """Return the text of the row of each instrument, without tags."""
    return {found[1]: " ".join(unescape(TAG.sub(" ", found[0])).split()) for found in ROW.finditer(html)}


@contextmanager
def drafts_shown(app: Flask) -> Iterator[None]:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, show_drafts=True)
    try:
        yield
    finally:
        app.extensions["settings"] = settings


def test_treaties_show_own_country_or_country_of_address(site: Flask) -> None:
    client = reader(site)
    own = client.get("/treaties").text
    assert '<option value="IQ" selected>Iraq</option>' in own
    found = rows(own)
    assert len(found) == 22
    assert "Party 17 March 2008 Accession March 2015" in found["UNTOC"]
    assert "Not a party No day 2019 or later Not named in a list of all who take part" in found["REF51"]
    other = client.get("/treaties?country=MK").text
    assert '<option value="MK" selected>North Macedonia</option>' in other
    assert "Protocol of 1967: 18 January 1994" in rows(other)["REF51"]
    assert "The day is from memory" in rows(other)["CETS197"]


def test_unknown_status_differs_from_not_a_party(site: Flask) -> None:
    html = reader(site, "BD").get("/treaties").text
    row = next(found[0] for found in ROW.finditer(html) if found[1] == "SOM")
    assert "Not known: check it" in row
    assert "Not a party" not in row
    assert 'stroke-dasharray="2.5 2.6"' in row
    assert "status bad" not in row
    assert "Check before use" in row
    assert "No later accession was found" in row


def test_overdue_and_changing_treaties_are_marked_for_check(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client, table = reader(site), house().treaties
    soon = {one.id for one in table.instruments if one.cells["AT"].recheck_soon}
    assert soon == {"CETS224", "UNCC", "EU-THB"}
    assert to_check(client) == soon | {one.id for one in table.instruments if one.check_by < clock.today()}
    for day, also in ((date(2099, 1, 1), set()), (date(2020, 1, 1), {one.id for one in table.instruments})):
        again = [msgspec.structs.replace(one, check_by=day) for one in table.instruments]
        moved = msgspec.structs.replace(table, instruments=tuple(again))
        monkeypatch.setattr(catalogue_courses, "treaties", lambda moved=moved: moved)
        assert to_check(client) == soon | also


def to_check(client: FlaskClient) -> set[str]:
    """Return the instruments of Austria that are to be checked before use."""
    found = rows(client.get("/treaties?country=AT").text)
    return {name for name, row in found.items() if "Check before use" in row}


def test_two_countries_show_links_between_them(site: Flask) -> None:
    html = reader(site).get("/treaties?country=IQ&with=BG").text
    assert "5 treaties link both: each is party, and they are in force." in TAG.sub("", html)
    assert "For 1 treaty this is not known." in TAG.sub("", html)
    found = rows(html)
    assert "Links both Party Party" in found["UNTOC"]
    assert "Does not link both" in found["CETS185"]
    assert "Not a party" in found["CETS185"]
    assert "From memory, without a source" in found["CETS185"]
    assert "Not known: check it" in found["P029"]
    assert "Links both Member Member" in found["INTERPOL"]
    agreed = rows(reader(site).get("/treaties?country=RS&with=BG").text)
    assert "By an agreement Check before use Operational agreement Member" in agreed["EUROPOL"]
    assert "Does not link both" in agreed["CETS224"]  # not in force
    assert rows(reader(site).get("/treaties?with=IQ").text) == rows(reader(site).get("/treaties").text)


def test_treaties_page_names_depositaries_and_disclaimer(site: Flask) -> None:
    html = reader(site).get("/treaties").text
    for said in (
        "official, a second-hand copy; copy: March 2015",
        "Not legal advice",
        "EUR-Lex",
        "Reservations, declarations",
        "25 November 2026",
    ):
        assert said in html


@pytest.mark.parametrize("asked", ["country=XX", "with=XX", "country=iq", "country=IQ&with=IQ%20"])
def test_unknown_country_shows_error(site: Flask, asked: str) -> None:
    answer = reader(site).get(f"/treaties?{asked}")
    assert answer.status_code == 422
    assert "Choose a country from the list." in answer.text


def test_user_from_other_country_must_choose_country(site: Flask) -> None:
    html = reader(site, "CH").get("/treaties").text
    assert "No country chosen" in html
    assert rows(html) == {}


def test_treaties_page_without_table_is_empty(app: Flask) -> None:
    assert "No table yet" in reader(app).get("/treaties").text


def test_draft_translation_is_shown_only_if_drafts_are_shown(site: Flask) -> None:
    client = reader(site, language="ar")
    assert '<a href="#UNTOC" lang="en" dir="ltr">' in client.get("/treaties").text
    with drafts_shown(site):
        html = client.get("/treaties").text
    assert '<a href="#UNTOC" lang="ar" dir="rtl">اتفاقية الأمم المتحدة' in html


@pytest.mark.each_database
def test_treaties_are_found_by_search_and_linked_from_courses(site: Flask) -> None:
    client = reader(site)
    for words in ("budapest convention", "CETS185"):
        assert 'href="/treaties#CETS185"' in client.get("/search", query_string={"q": words}).text
    assert 'href="/treaties#CETS185"' not in client.get("/search", query_string={"q": "Budapest cybercriminalité"}).text
    with drafts_shown(site):
        assert "/treaties#CETS185" in client.get("/search", query_string={"q": "Budapest cybercriminalité"}).text
    assert 'href="/treaties"' in client.get("/courses").text


def test_lesson_with_country_notes_links_to_treaties(app: Flask) -> None:
    with app.app_context():
        courses.publish()
        sites.publish_restricted()
        db.session.remove()
    client = reader(app)
    link = 'href="/treaties"'
    assert link in client.get(f"/courses/{sites.RESTRICTED}/lessons/the-berth-list").text
    assert link not in client.get(f"/courses/{courses.SLUG}/lessons/the-quay").text
