"""The learning page and the access log of an officer, for the contact point and the supervisors only."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.catalogue.domain.items import Level
from app.catalogue.models import Course
from app.competence.domain.claims import ClaimState
from app.competence.models import Claim
from app.db.session import db, transaction
from app.directory.service import postings
from app.identity.models import Posting
from app.identity.queries import people
from app.kernel import clock
from app.learning.domain import EnrolmentState
from app.learning.models import Enrolment
from app.rights.service import supervision
from tests.support import factories, sites, workshop_events
from tests.support.courses import LESSONS, SLUG
from tests.support.settings import NOW
from tests.support.site_snapshots import kept
from tests.support.sites import Site
from tests.support.sql_statements import asked

ALIAS = "Watcher 7"
OFFICERS = ("owner", "colleague", "foreigner", "trainer", "coordinator", "administrator")
STATEMENTS = 15  # three tell the trail of it


@pytest.fixture
@kept
def site(app: Flask) -> Site:
    made = sites.make(app)
    with app.app_context(), transaction():
        people.get(made.people["owner"]).alias = ALIAS
    return made


def chief(site: Site, country: str = "IQ", *, of: UUID | None = None) -> FlaskClient:
    """Return a supervisor of a country with an assigned officer."""
    with site.app.app_context():
        person_id = factories.person(
            alias=f"Chief {country}", country=country, roles=(), grants=((Role.SUPERVISOR, Scope.COUNTRY, country),)
        )
        if of is not None:
            with transaction():
                assert supervision.assign(of, person_id, clock.today()) is None
        db.session.remove()
    return factories.sign_in(site.app, person_id)


def address(site: Site, end: str = "learning") -> str:
    return f"/people/{site.people['owner']}/{end}"


def main(page: str) -> str:
    return page.split("<main", 1)[1].split("</main>", 1)[0]


def done(page: str) -> str:
    """Return a page without the courses that may be suggested."""
    return page.split('aria-labelledby="suggest"', 1)[0]


def entries(site: Site, name: str) -> list[tuple[UUID | None, UUID | None, str | None]]:
    with site.app.app_context():
        query = select(Entry.actor_id, Entry.person_id, Entry.country).where(Entry.name == name).order_by(Entry.id)
        return [tuple(row) for row in db.session.execute(query)]


def finish(site: Site) -> None:
    """Complete the open course as the owner."""
    with site.app.app_context(), transaction():
        mine = select(Enrolment).join(Course, Course.id == Enrolment.course_id)
        found = db.session.scalars(mine.where(Enrolment.person_id == site.people["owner"], Course.slug == SLUG)).one()
        found.state, found.completed_at = EnrolmentState.COMPLETED, clock.now()


def claim(site: Site, name: str) -> None:
    """Claim an earlier skill as the owner, before any evidence."""
    with site.app.app_context(), transaction():
        new = Claim(
            person_id=site.people["owner"], competency=name, level=Level.FOUNDATION, state=ClaimState.WAITING,
            claimed_at=clock.now(),
        )  # fmt: skip
        db.session.add(new)


@pytest.mark.each_database
def test_contact_point_sees_courses_seats_and_claims(site: Site) -> None:
    claim(site, "PRT-01")
    page = main(site.client("contact_point").get(address(site)).text)
    assert f"Courses and workshops of {ALIAS}" in page
    assert "T10 Night at the harbour" in page
    assert "In progress" in page
    assert "1 March 2027" in page
    assert page.count("Has a seat") == 2
    assert "Read a berth list" in page
    assert "Waiting" in page
    assert not re.search(r"\d+ %|\d\d:\d\d|answers right|lessons", page)  # no answers, no times
    real = clock.real_now()
    clock.move(lambda: NOW + timedelta(days=90) - real)
    page = main(site.client("contact_point").get(address(site)).text)
    assert (page.count("Certificate of attendance"), page.count("Past"), page.count("Has a seat")) == (1, 1, 0)


def test_course_above_clearance_is_shown_by_its_code(site: Site) -> None:
    sites.post(site.app, site.client("owner"), f"/courses/{sites.RESTRICTED}/enrolment")
    page = main(site.client("contact_point").get(address(site)).text)
    assert "The harbour watch" not in page
    assert ">T01</th>" in page
    assert f"/workshops/{site.workshops['seat']}" not in page  # the event is restricted, too


def test_supervisor_sees_finished_courses_only(site: Site) -> None:
    client = chief(site, of=site.people["owner"])
    page = main(client.get(address(site)).text)
    assert f"Courses of {ALIAS}" in page
    assert "No course done yet" in page
    assert not re.search(r"T10|Has a seat|Certificate|who-looked|Earlier skill", done(page))
    finish(site)
    page = done(main(client.get(address(site)).text))
    assert "T10 Night at the harbour" in page
    assert "1 March 2027" in page
    assert not re.search(r"Begun|T01|\d\d:\d\d", page)


def test_list_of_supervisor_links_to_learning_page(site: Site) -> None:
    assert f'href="{address(site)}"' in chief(site, of=site.people["owner"]).get("/supervision").text


@pytest.mark.parametrize("end", ["learning", "who-looked"])
def test_learning_page_returns_404_for_other_users(site: Site, end: str) -> None:
    assert [site.client(name).get(address(site, end)).status_code for name in OFFICERS] == [404] * len(OFFICERS)
    with site.app.app_context():
        other = factories.person(country="BG", roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "BG"),))
        db.session.remove()
    assert factories.sign_in(site.app, other).get(address(site, end)).status_code == 404
    assert [chief(site, code).get(address(site, end)).status_code for code in ("IQ", "BG")] == [404, 404]
    assert entries(site, "LearningSeen") == entries(site, "LooksSeen") == []


def test_learning_page_returns_404_for_departed_officer(site: Site) -> None:
    client = site.client("contact_point")
    with site.app.app_context(), transaction():
        postings.plan_departure(site.people["owner"], clock.today(), today=clock.today())
    assert client.get(address(site)).status_code == 404
    assert address(site) not in client.get(f"/people/{site.people['owner']}").text


def test_person_page_links_to_learning_page(site: Site) -> None:
    page = site.client("contact_point").get(f"/people/{site.people['owner']}").text
    assert f'href="{address(site)}"' in page
    assert f'href="{address(site, "who-looked")}"' in page
    own = site.client("contact_point").get(f"/people/{site.people['contact_point']}").text
    assert "/learning" not in own
    assert "who-looked" not in own
    assert "/learning" not in site.client("administrator").get(f"/people/{site.people['owner']}").text


def test_person_page_opens_for_supervising_coordinator(site: Site) -> None:
    """The links of the page check the policy on a person without supervisors."""
    with site.app.app_context():
        both = factories.person(
            roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""), (Role.SUPERVISOR, Scope.COUNTRY, "IQ"))
        )
        db.session.remove()
    answer = factories.sign_in(site.app, both).get(f"/people/{site.people['owner']}")
    assert (answer.status_code, "/learning" in answer.text) == (200, False)


def test_each_view_is_recorded_and_shown_to_officer(site: Site) -> None:
    boss, owner = site.people["contact_point"], site.people["owner"]
    client = site.client("contact_point")
    client.get(address(site))
    assert entries(site, "LearningSeen") == [(boss, owner, "IQ")]
    client.get(address(site, "who-looked"))
    assert entries(site, "LooksSeen") == [(boss, owner, "IQ")]
    page = main(site.client("owner").get("/settings/who-looked").text)
    assert "Your courses and workshops" in page
    assert "Who viewed your record" in page


@pytest.mark.parametrize(
    ("end", "module"), [("learning", "app.home.views.learning"), ("who-looked", "app.privacy.service.erasure")]
)
def test_page_is_not_shown_when_view_cannot_be_recorded(
    site: Site, monkeypatch: pytest.MonkeyPatch, end: str, module: str
) -> None:
    def broken(*_any: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(f"{module}.record", broken)
    client = site.client("contact_point")
    with pytest.raises(RuntimeError):
        client.get(address(site, end))


def test_contact_point_sees_access_log(site: Site) -> None:
    chief(site, of=site.people["owner"]).get("/supervision")
    client = site.client("contact_point")
    client.get(f"/people/{site.people['owner']}")
    client.get("/country/officers")
    page = main(client.get(address(site, "who-looked")).text)
    assert f"Who viewed {ALIAS}" in page
    assert "Name, courses done and competencies, as the supervisor" in page
    assert "Chief IQ" in page
    assert "The name and how the officer is reached" in page
    assert "A list of all officers of your country" in page
    assert "Contact point" in page
    assert "Supervisor" in page
    assert "1 March 2027" in page
    assert not re.search(r"Your name|Your competencies|Test Person|\d\d:\d\d", page)


@pytest.mark.each_database
def test_access_log_excludes_views_from_former_country(site: Site) -> None:
    with site.app.app_context():
        with transaction():
            span = db.session.scalars(select(Posting).where(Posting.person_id == site.people["owner"])).one()
            span.since = clock.today() + timedelta(days=1)
            db.session.add(
                Posting(
                    person_id=span.person_id, country="BG", agency_id=factories.agency("BG"), roles="first_responder",
                    since=clock.today(), until=clock.today(),
                )
            )  # fmt: skip
        other = factories.person(
            alias="Abroad 1", country="BG", roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "BG"),)
        )
        db.session.remove()
    factories.sign_in(site.app, other).get(f"/people/{site.people['owner']}")
    assert entries(site, "IdentitySeen") == [(other, site.people["owner"], "BG")]
    real = clock.real_now()
    clock.move(lambda: NOW + timedelta(days=1) - real)
    assert "Abroad 1" not in site.client("contact_point").get(address(site, "who-looked")).text
    assert "Abroad 1" in site.client("owner").get("/settings/who-looked").text


def test_access_log_rejects_invalid_position(site: Site) -> None:
    client = site.client("contact_point")
    assert client.get(address(site, "who-looked") + "?before=x").status_code == 422
    client.get(address(site))
    assert client.get(address(site, "who-looked") + "?before=0-1").status_code == 200


def test_learning_page_has_constant_query_count(site: Site) -> None:
    client = site.client("contact_point")
    assert asked(site.app, client, address(site)) == STATEMENTS
    sites.post(site.app, site.client("owner"), f"/courses/{sites.RESTRICTED}/enrolment")
    for lesson in LESSONS:
        sites.post(site.app, site.client("owner"), f"/courses/{SLUG}/lessons/{lesson}/done")
    with site.app.app_context():
        for _number in range(3):
            workshop_events.seat(workshop_events.announced(), site.people["owner"])
        db.session.remove()
    for name in ("PRT-01", "PRT-02"):
        claim(site, name)
    assert asked(site.app, client, address(site)) == STATEMENTS
