"""Extra time is set by the contact point, and seen by the officer and the contact point of the country alone."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.db.session import db
from app.quizzes.domain import rules
from app.quizzes.models import Attempt
from tests.support import courses, factories, sites
from tests.support.sites import Site


@pytest.fixture
def site(app: Flask) -> Site:
    return sites.make(app)


def _path(site: Site) -> str:
    return f"/people/{site.people['owner']}/extra-time"


def _set(site: Site, percent: str) -> int:
    return sites.post(site.app, site.client("contact_point"), _path(site), {"percent": percent}).status_code


def test_contact_point_sets_it_and_the_officer_reads_it(site: Site) -> None:
    before = site.client("owner").get("/settings").text
    assert "Extra time in tests" not in before
    assert (_set(site, "25"), _set(site, "26"), _set(site, "-1")) == (302, 422, 422)
    assert "25 % more time" in site.client("owner").get("/settings").text
    page = site.client("contact_point").get(_path(site)).text
    assert 'value="25" selected' in page
    assert "reason" not in page.split("<main", 1)[1].split("</main>")[0].replace("No reason is asked for or saved.", "")


@pytest.mark.parametrize("reader", ["owner", "colleague", "coordinator", "administrator", "trainer", "foreigner"])
def test_extra_time_is_forbidden_for_other_roles(site: Site, reader: str) -> None:
    assert _set(site, "50") == 302
    client = site.client(reader)
    assert client.get(_path(site)).status_code in {403, 404}
    assert sites.post(site.app, client, _path(site), {"percent": "0"}).status_code in {403, 404}
    assert "50 % more time" in site.client("owner").get("/settings").text


def test_contact_point_of_another_country_finds_no_such_page(site: Site) -> None:
    with site.app.app_context():
        abroad = factories.person(country="BG", roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "BG"),))
    assert factories.sign_in(site.app, abroad).get(_path(site)).status_code == 404


def test_it_moves_the_end_of_a_test_that_starts_later(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "minutes", lambda *_values: 30)
    with site.app.app_context():
        officers = [factories.person(country="IQ") for _ in range(2)]
        db.session.remove()
    path, lengths = f"/people/{officers[0]}/extra-time", []
    assert sites.post(site.app, site.client("contact_point"), path, {"percent": "100"}).status_code == 302
    for officer in officers:  # with and without it
        client = factories.sign_in(site.app, officer)
        place = sites.post(site.app, client, f"/courses/{courses.SLUG}/test").headers["Location"]
        with site.app.app_context():
            of_attempt = Attempt.public_id == UUID(place.split("/")[2])
            attempt = db.session.scalars(select(Attempt).where(of_attempt)).one()
            assert attempt.deadline_at is not None
            lengths.append(attempt.deadline_at - attempt.started_at)
    assert lengths == [timedelta(minutes=60), timedelta(minutes=30)]


def test_audit_log_shows_no_extra_time_and_the_access_log_each_view(site: Site) -> None:
    assert _set(site, "25") == 302
    site.client("contact_point").get(_path(site))
    with site.app.app_context():
        rows = db.session.scalars(select(Entry).where(Entry.name.startswith("ExtraTime")).order_by(Entry.id)).all()
        assert [row.name for row in rows] == ["ExtraTimeChanged", "ExtraTimeSeen"]
        assert {tuple(json.loads(row.facts)) for row in rows} == {("person_id",)}
    assert "Your extra time in tests" in site.client("owner").get("/settings/who-looked").text
    for reader in ("administrator", "contact_point"):
        assert "Extra time" not in site.client(reader).get("/audit").text
