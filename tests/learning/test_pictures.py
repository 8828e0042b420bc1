"""Pictures of lessons load only on request if the user saves data."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.session import db, transaction
from app.identity.models import Person
from app.learning.pages import pictures
from tests.support import sites
from tests.support.sites import Site

LESSON = f"/courses/{sites.RESTRICTED}/lessons/the-berth-list"


@pytest.fixture
def site(app: Flask) -> Site:
    return sites.make(app)


def _reader(site: Site, *, saves_data: bool) -> FlaskClient:
    with site.app.app_context(), transaction():
        db.session.get_one(Person, site.people["owner"]).data_saver = saves_data
    return site.client("owner")


@pytest.mark.each_database
def test_lesson_loads_no_picture_when_data_is_saved(site: Site) -> None:
    page = _reader(site, saves_data=True).get(LESSON).text
    assert "<img" not in page
    assert "/media/" not in page
    link = re.search(r'<a class="button" href="([^"]+)">Load picture \((\d+) kB\)</a>', page)
    assert link is not None
    assert link[1] == "?pictures=1#picture-1"
    assert int(link[2]) >= 1
    assert "A quay with three berths, numbered from the left" in page
    assert 'id="picture-1"' in page


def test_lesson_loads_pictures_on_request(site: Site) -> None:
    page = _reader(site, saves_data=True).get(f"{LESSON}?pictures=1").text
    assert '<img id="picture-1"' in page
    assert f"/media/{site.picture}" in page
    assert "Load picture" not in page


def test_lesson_loads_pictures_when_data_is_not_saved(site: Site) -> None:
    page = _reader(site, saves_data=False).get(LESSON).text
    assert f"/media/{site.picture}" in page
    assert "Load picture" not in page


def test_other_pictures_and_texts_are_unchanged(context: Flask) -> None:
    page = '<p>a &gt; b</p><img src="/static/a/1/logo.svg" alt="x > y"><p>&lt;img src="/media/' + "0" * 64 + '"&gt;</p>'
    assert pictures.with_anchors(page) == page
