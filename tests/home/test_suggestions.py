"""Suggestions of courses: on the page of an officer, on the officer's start page, and their states."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from app.access.policy import Role, Scope, Sensitivity
from app.catalogue.models import Course
from app.db.session import db, transaction
from app.identity.models import RoleGrant
from app.kernel import clock
from app.learning.domain import Suggester, SuggestionState
from app.learning.models import CourseSuggestion
from app.learning.queries import suggestions
from app.rights.service import supervision
from tests.support import courses, factories, sites
from tests.support.data_archive import archive_rows, take_archive
from tests.support.settings import NOW
from tests.support.sites import Site

NAME = "Night at the harbour"
BY_CONTACT_POINT = f"Suggested by your contact point: {NAME}"
BY_SUPERVISOR = f"Suggested by your supervisor: {NAME}"


@pytest.fixture
def site(app: Flask) -> Site:
    return sites.make(app)


@pytest.fixture
def boss(site: Site) -> FlaskClient:
    return site.client("contact_point")


@pytest.fixture
def colleague(site: Site) -> FlaskClient:
    return site.client("colleague")


def chief(site: Site, alias: str = "Chief IQ") -> FlaskClient:
    """Return a supervisor of the colleague."""
    with site.app.app_context():
        person_id = factories.person(alias=alias, roles=(), grants=((Role.SUPERVISOR, Scope.COUNTRY, "IQ"),))
        with transaction():
            assert supervision.assign(site.people["colleague"], person_id, clock.today()) is None
        db.session.remove()
    return factories.sign_in(site.app, person_id)


def course_id(site: Site, slug: str = courses.SLUG) -> str:
    with site.app.app_context():
        return str(db.session.scalars(select(Course.id).where(Course.slug == slug)).one())


def suggest(
    site: Site, client: FlaskClient, slug: str = courses.SLUG, *, to: str = "colleague", **fields: str
) -> TestResponse:
    sent = {"course": course_id(site, slug), **fields}
    return sites.post(site.app, client, f"/people/{site.people[to]}/learning/suggestions", sent)


def page(site: Site, client: FlaskClient) -> str:
    answer = client.get(f"/people/{site.people['colleague']}/learning")
    assert answer.status_code == 200
    return answer.text.split("<main", 1)[1]


def options(text: str) -> list[str]:
    return re.findall(r"<option[^>]*>([^<]+)<", text)


def state(text: str) -> str:
    """Return the state of the newest suggestion."""
    row = text.split('id="suggested"', 1)[1].split("</li>", 1)[0]
    return re.findall(r"</svg>([^<]+)</span>", row)[-1]


def test_officer_sees_course_suggested_by_contact_point(site: Site, boss: FlaskClient, colleague: FlaskClient) -> None:
    answer = suggest(site, boss, due_on="2027-03-20", reason="  Before the   <autumn> ")
    assert answer.status_code == 302
    text = page(site, boss)
    assert "Suggested. The officer sees it today." in text
    assert (state(text), "by <time" in text, "Before the &lt;autumn&gt;" in text) == ("Open", True, True)
    home = colleague.get("/").text
    assert BY_CONTACT_POINT in home
    assert "by 20 March 2027" in home
    assert "<bdi>Before the &lt;autumn&gt;</bdi>" in home
    assert "A course is suggested to you: " in colleague.get("/notices").text
    assert "Contact" not in re.sub(r"contact point", "", home)  # as what, never who


def test_supervisor_sees_own_suggestions_only(site: Site, boss: FlaskClient) -> None:
    mine, other = chief(site), chief(site, "Chief 2")
    suggest(site, boss, sites.RESTRICTED, reason="Words of the contact point")
    assert suggest(site, mine).status_code == 302
    assert BY_SUPERVISOR in site.client("colleague").get("/").text
    assert (state(page(site, mine)), "T01" in page(site, mine)) == ("Open", False)
    assert 'id="suggested"' not in page(site, other)
    assert "Words of the contact point" not in page(site, mine)
    assert "Suggested by Chief IQ on" in page(site, boss)


def test_supervisor_sees_own_suggestion_after_many_others(site: Site, boss: FlaskClient) -> None:
    mine = chief(site)
    suggest(site, mine, due_on="2027-03-20")
    fields = {"person_id": site.people["colleague"], "country": "IQ", "suggested_by": site.people["contact_point"]}
    with site.app.app_context(), transaction():
        other = db.session.scalars(select(Course.id).where(Course.slug == sites.RESTRICTED)).one()
        for minute in range(1, suggestions.MOST + 1):
            at = clock.now() + timedelta(minutes=minute)
            row = CourseSuggestion(
                **fields, course_id=other, suggested_as=Suggester.CONTACT_POINT, state=SuggestionState.TAKEN_BACK,
                suggested_at=at, changed_at=at,
            )  # fmt: skip
            db.session.add(row)
    assert (state(page(site, mine)), page(site, mine).count("taking-back")) == ("Open", 1)
    text = page(site, boss)
    assert (state(text), text.count("taking-back")) == ("Open", 1)  # an open suggestion stands first
    assert options(text) == ["T01"]
    [path] = re.findall(r'action="([^"]+taking-back)"', text)
    sites.post(site.app, mine, path)
    assert state(page(site, mine)) == "Taken back"


def test_finished_and_suggested_courses_are_not_offered(site: Site, boss: FlaskClient) -> None:
    assert options(page(site, boss)) == ["T01", f"T10 {NAME}"]  # one of a higher mark by its code
    suggest(site, boss)
    assert options(page(site, boss)) == ["T01"]
    again = suggest(site, boss)
    assert again.status_code == 302
    assert "This course is already suggested or finished." in page(site, boss)
    suggest(site, boss, sites.RESTRICTED)
    assert "There is no further course for this officer" in page(site, boss)


def test_course_above_clearance_of_officer_is_not_suggested(site: Site, boss: FlaskClient) -> None:
    """An officer may be without the role that opens restricted courses."""
    with site.app.app_context(), transaction():
        mine = (RoleGrant.person_id == site.people["colleague"], RoleGrant.role == Role.PRACTITIONER)
        db.session.execute(delete(RoleGrant).where(*mine))
    assert options(page(site, boss)) == [f"T10 {NAME}"]
    assert suggest(site, boss, sites.RESTRICTED).status_code == 422
    assert suggest(site, boss).status_code == 302


def test_suggestion_is_in_progress_after_officer_begins_course(
    site: Site, boss: FlaskClient, colleague: FlaskClient
) -> None:
    suggest(site, boss)
    sites.post(site.app, colleague, f"/courses/{courses.SLUG}/enrolment")
    assert BY_CONTACT_POINT not in colleague.get("/").text
    assert state(page(site, boss)) == "In progress"


def test_supervisor_does_not_see_that_course_was_begun(site: Site, boss: FlaskClient, colleague: FlaskClient) -> None:
    """A suggestion does not reveal to a supervisor that a course was begun."""
    sites.post(site.app, colleague, f"/courses/{courses.SLUG}/enrolment")
    mine = chief(site)
    suggest(site, mine)
    assert (state(page(site, mine)), state(page(site, boss))) == ("Open", "In progress")
    assert "taking-back" in page(site, mine)


@pytest.mark.parametrize("by", ["contact point", "supervisor"])
def test_course_page_shows_suggestion_with_begin_and_set_aside(
    site: Site, boss: FlaskClient, colleague: FlaskClient, by: str
) -> None:
    """The start page shows five tasks at most."""
    address, said = f"/courses/{courses.SLUG}", f"Your {by} suggests this course."
    assert "suggests this course" not in colleague.get(address).text
    who = boss if by == "contact point" else chief(site)
    suggest(site, who, due_on="2027-03-20", reason="Before the <autumn>")
    text = colleague.get(address).text
    assert said in text
    assert ">20 March 2027</time>" in text
    assert "<bdi>Before the &lt;autumn&gt;</bdi>" in text
    assert f'action="{address}/enrolment"' in text
    [aside] = re.findall(r'action="(/suggestions/[^"]+)"', text)
    assert "suggests this course" not in site.client("owner").get(address).text
    assert sites.post(site.app, colleague, aside).status_code == 302
    assert said not in colleague.get(address).text
    assert state(page(site, boss)) == "Set aside"
    suggest(site, who)
    assert said in colleague.get(address).text
    sites.post(site.app, colleague, f"{address}/enrolment")
    assert said not in colleague.get(address).text


def test_officer_sets_suggestion_aside(site: Site, boss: FlaskClient, colleague: FlaskClient) -> None:
    suggest(site, boss)
    home = colleague.get("/").text
    [path] = re.findall(r'action="(/suggestions/[^"]+)"', home)
    for said in ("Set aside. The author of the suggestion is informed.", "This was answered already."):
        assert sites.post(site.app, colleague, path).headers["Location"] == "/"
        assert said in colleague.get("/").text
    assert BY_CONTACT_POINT not in colleague.get("/").text
    text = page(site, boss)
    assert (state(text), "taking-back" in text) == ("Set aside", False)
    assert f"T10 {NAME}" in options(text)  # it may be suggested again


def test_other_users_cannot_set_suggestion_aside(site: Site, boss: FlaskClient) -> None:
    suggest(site, boss)
    [path] = re.findall(r'action="(/suggestions/[^"]+)"', site.client("colleague").get("/").text)
    for name in ("owner", "contact_point", "administrator"):
        assert sites.post(site.app, site.client(name), path).status_code == 404
    assert state(page(site, boss)) == "Open"


def test_suggestion_is_withdrawn(site: Site, boss: FlaskClient, colleague: FlaskClient) -> None:
    suggest(site, boss)
    [path] = re.findall(r'action="([^"]+taking-back)"', page(site, boss))
    for said in ("Taken back. The officer sees it no longer.", "This was answered already."):
        assert sites.post(site.app, boss, path).status_code == 302
        assert said in page(site, boss)
    assert BY_CONTACT_POINT not in colleague.get("/").text
    assert state(page(site, boss)) == "Taken back"


def test_supervisor_withdraws_own_and_contact_point_any_suggestion(site: Site, boss: FlaskClient) -> None:
    mine, other = chief(site), chief(site, "Chief 2")
    suggest(site, mine)
    [path] = re.findall(r'action="([^"]+taking-back)"', page(site, mine))
    elsewhere = path.replace(str(site.people["colleague"]), str(site.people["owner"]))
    assert [sites.post(site.app, one, path).status_code for one in (other, site.client("owner"))] == [404, 404]
    assert sites.post(site.app, boss, elsewhere).status_code == 404  # of another officer
    assert sites.post(site.app, boss, path).status_code == 302
    assert state(page(site, mine)) == "Taken back"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"course": "no-such-course"}, "Choose a course from the list."),
        ({"due_on": "2027-02-28"}, "Choose today or a later day."),
        ({"due_on": "soon"}, "Enter a date."),
        ({"due_on": "2027-02-31"}, "Enter a date."),
        ({"reason": "x" * 201}, "Enter at most 200 characters."),
    ],
)
def test_invalid_suggestion_shows_error_and_keeps_input(
    site: Site, boss: FlaskClient, fields: dict[str, str], said: str
) -> None:
    sent = {"course": course_id(site), "reason": "Kept words", **fields}
    answer = sites.post(site.app, boss, f"/people/{site.people['colleague']}/learning/suggestions", sent)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert answer.text.count('href="#') > 1  # the summary leads to the field
    assert sent["reason"][:10] in answer.text
    assert 'id="suggested"' not in page(site, boss)


def test_suggestion_accepts_today_and_200_characters(site: Site, boss: FlaskClient) -> None:
    assert suggest(site, boss, due_on=str(NOW.date()), reason="x" * 200).status_code == 302
    assert "Due" in site.client("colleague").get("/").text


def test_suggestion_to_officer_abroad_or_oneself_returns_404(site: Site, boss: FlaskClient) -> None:
    assert [suggest(site, boss, to=name).status_code for name in ("foreigner", "contact_point")] == [404, 404]
    assert [suggest(site, site.client(name)).status_code for name in ("owner", "trainer", "coordinator")] == [404] * 3


def test_suggestion_with_deadline_comes_first(site: Site, boss: FlaskClient) -> None:
    suggest(site, boss)
    suggest(site, boss, sites.RESTRICTED, due_on=str(NOW.date() + timedelta(days=2)))
    home = site.client("colleague").get("/").text
    found = re.findall(r"Suggested by your contact point: ([^<]+)</a>", home)
    assert (len(found), found[1]) == (2, NAME)
    assert home.index("by 3 March 2027") < home.index(NAME)


def test_suggested_course_that_became_unreadable_is_left_out(site: Site, boss: FlaskClient) -> None:
    suggest(site, boss, sites.RESTRICTED)
    with site.app.app_context(), transaction():
        db.session.scalars(
            select(Course).where(Course.slug == sites.RESTRICTED)
        ).one().sensitivity = Sensitivity.PARTICIPANTS_ONLY
    assert "Suggested by" not in site.client("colleague").get("/").text
    assert "A course" in page(site, boss)


def test_reasons_are_not_in_audit_log(site: Site, boss: FlaskClient) -> None:
    suggest(site, boss, reason="Planted reason")
    assert "Planted reason" not in boss.get("/audit").text


def test_archive_contains_suggestions_of_both_people(site: Site, boss: FlaskClient) -> None:
    suggest(site, boss, reason="Planted reason")
    own = take_archive(site.app, site.people["colleague"])
    assert [row["reason"] for row in archive_rows(own, "suggestions")] == ["Planted reason"]
    assert str(site.people["contact_point"]).encode() not in own["data.json"]
    made = take_archive(site.app, site.people["contact_point"])
    assert len(archive_rows(made, "suggestions_made")) == 1
    assert b"Planted reason" not in made["data.json"]
    assert str(site.people["colleague"]).encode() not in made["data.json"]


def test_suggestions_do_not_follow_officer_to_another_country(site: Site, boss: FlaskClient) -> None:
    """The contact point of the new country does not see earlier suggestions."""
    suggest(site, boss, reason="Words of the old country")
    [path] = re.findall(r'action="([^"]+taking-back)"', page(site, boss))
    with site.app.app_context(), transaction():
        db.session.scalars(select(CourseSuggestion)).one().country = "BG"
    assert "Words of the old country" not in page(site, boss)
    assert sites.post(site.app, boss, path).status_code == 404
