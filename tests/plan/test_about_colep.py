"""The public page about COLEP: members and plan without figures, also before a plan was loaded."""

import re

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder
from app.catalogue.service import publication
from app.db.session import db, transaction
from tests.support import courses as course
from tests.support.settings import NOW, REPOSITORY
from tests.support.site_snapshots import kept


@pytest.fixture
@kept
def site(app: Flask) -> Flask:
    files = {path: raw for path, raw in files_on_disk(REPOSITORY / "courses").items() if path.startswith("plan.")}
    plan = read_folder(files)[0].references.plan
    with app.app_context():
        with transaction():
            publication.store_references(msgspec.structs.replace(course.ready()[1], plan=plan), NOW)
        db.session.remove()
    return app


def main_text(client: FlaskClient) -> str:
    page = client.get("/about/colep").text
    return page[page.index("<main") : page.index("</main>")]


def test_page_names_members_co_chairs_mailbox_and_plan(site: Flask) -> None:
    page = main_text(site.test_client())
    assert page.count("(co-chair)") == 2
    assert "Iraq (co-chair)" in page
    assert "They have met since 2022." in page
    assert "secretariat@colep.example" in page
    assert "mailto:" not in page  # a shared computer has no mail program, and the address can be copied
    assert "Officers trained online" in page
    assert "Plan 2027 to 2029" in page


def test_page_has_no_figure_of_the_plan(site: Flask) -> None:
    text = re.sub(r"<[^>]*>", " ", main_text(site.test_client()))
    numbers = set(re.findall(r"(?<![A-Z\d.])\d+", text))
    assert numbers <= {"2022", "2027", "2029"}


def test_page_works_without_a_plan(app: Flask) -> None:
    page = main_text(app.test_client())
    assert "Community of Law Enforcement Practitioners" in page
    assert "Members" not in page


def test_footer_links_to_the_page(app: Flask) -> None:
    assert 'href="/about/colep"' in app.test_client().get("/about").text
