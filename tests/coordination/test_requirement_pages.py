"""Pages of required courses: who drafts, who agrees, what a draft would do, another date, the end."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import Role, Scope
from app.catalogue.queries import versions
from app.db.session import transaction
from app.kernel import clock
from app.learning.domain.requirements import RequirementState
from app.learning.queries import requirements
from tests.support import courses, factories, plan_figures, plans
from tests.support.plan_figures import Scene
from tests.support.plan_pages import send, text, words_of
from tests.support.site_snapshots import kept
from tests.support.sql_statements import counted

LIST = "/plan/required"


@pytest.fixture
@kept
def scene(app: Flask) -> Scene:
    scene = plan_figures.make(app)
    with app.app_context():
        courses.publish()
        plans.load()
        for country in ("BG", "BG", "BG", "BG", "IQ"):  # Iraq has two more officers, who published the course
            factories.person(country=country)
    return scene


def _fields(**changed: object) -> dict[str, object]:
    return {"due_days": 60, "starts": clock.today().isoformat(), "reason": "Asked for by OC2."} | changed


def _course_id(scene: Scene) -> str:
    with scene.app.app_context():
        return str(versions.course_record(courses.SLUG).id)


def _draft(scene: Scene, *, by: str = "coordinator", **changed: object) -> str:
    """Save a draft and return its address."""
    fields = {"course": _course_id(scene)} | _fields(**changed)
    status, path = send(scene, scene.client(by), f"{LIST}/new", **fields)
    assert status == 302
    return path


def _agreed(scene: Scene, **changed: object) -> str:
    path = _draft(scene, by="coordinator", **changed)
    assert send(scene, scene.client("second coordinator"), f"{path}/agree")[0] == 302
    return path


def _client(scene: Scene, role: Role, country: str) -> FlaskClient:
    with scene.app.app_context():
        person_id = factories.person(country=country, roles=(), grants=((role, Scope.COUNTRY, country),))
    return factories.sign_in(scene.app, person_id)


def _supervisor(scene: Scene, country: str) -> FlaskClient:
    return _client(scene, Role.SUPERVISOR, country)


def _contact_point(scene: Scene, country: str) -> FlaskClient:
    return _client(scene, Role.CONTACT_POINT, country)


def _state(scene: Scene, path: str) -> RequirementState:
    with scene.app.app_context():
        return requirements.line(UUID(path.rpartition("/")[2])).state


def test_draft_says_what_it_does_until_a_second_coordinator_agrees(scene: Scene) -> None:
    path = _draft(scene)
    author = words_of(text(scene.client("coordinator"), path))
    assert "Makes 7 officers in 2 countries due 60 days after joining." in author
    assert "A second coordinator must agree." in author
    assert "Agree to the requirement" not in author
    assert send(scene, scene.client("coordinator"), f"{path}/agree")[0] == 422
    second = scene.client("second coordinator")
    assert "Agree to the requirement" in text(second, path)
    assert send(scene, second, f"{path}/agree")[0] == 302
    page = words_of(text(second, path))
    assert "Makes 7 officers" not in page
    assert "Agreed by Second Coordinator" in page


def test_draft_with_a_near_date_says_who_gets_thirty_days(scene: Scene) -> None:
    due_on = clock.today() + timedelta(days=20)
    page = words_of(text(scene.client("coordinator"), _draft(scene, due_days="", due_on=due_on.isoformat())))
    assert "due by" in page
    assert "7 get 30 days: the date is near, or they joined late." in page


def test_second_agreement_is_an_error(scene: Scene) -> None:
    path = _agreed(scene)
    response = scene.client("coordinator").get(path)
    assert response.status_code == 200
    with scene.app.app_context():
        third = factories.person(country="FR", roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
    client = factories.sign_in(scene.app, third)
    answer = client.post(f"{path}/agree", data={"csrf_token": factories.token(scene.app, client)})
    assert answer.status_code == 422
    assert "This requirement is agreed or dropped already." in answer.get_data(as_text=True)


def test_same_form_sent_twice_saves_one_draft(scene: Scene) -> None:
    assert _draft(scene) == _draft(scene)


def test_withdrawn_draft_cannot_be_agreed(scene: Scene) -> None:
    path = _draft(scene)
    assert send(scene, scene.client("coordinator"), f"{path}/drop")[0] == 302
    assert _state(scene, path) is RequirementState.DROPPED
    assert send(scene, scene.client("second coordinator"), f"{path}/agree")[0] == 422


def test_contact_point_requires_a_course_in_the_own_country_only(scene: Scene) -> None:
    path = _draft(scene, by="contact point", countries="BG")
    page = words_of(text(scene.client("contact point"), path))
    assert "Makes 3 officers in 1 country" in page
    assert "A coordinator or a supervisor of the country must agree." in page
    assert send(scene, scene.client("contact point"), f"{path}/agree")[0] == 403
    assert text(_contact_point(scene, "BG"), path, 404)
    assert send(scene, _supervisor(scene, "BG"), f"{path}/agree")[0] == 404
    supervisor = _supervisor(scene, "IQ")
    assert "Agree to 1 required course" in words_of(text(supervisor, "/"))
    assert send(scene, supervisor, f"{path}/agree")[0] == 302
    assert _state(scene, path) is RequirementState.AGREED


def test_contact_point_reads_but_does_not_change_a_requirement_of_all(scene: Scene) -> None:
    path = _agreed(scene)
    contact_point = scene.client("contact point")
    assert "Change the date" not in text(contact_point, path)
    for step in ("date", "end", "drop", "agree"):
        assert send(scene, contact_point, f"{path}/{step}")[0] == 403
    assert "All countries" in text(contact_point, LIST)


def test_list_leaves_out_requirements_of_other_countries(scene: Scene) -> None:
    _agreed(scene, countries="BG")
    assert "No course is required yet" in text(scene.client("contact point"), LIST)
    assert "Bulgaria" in text(_contact_point(scene, "BG"), LIST)
    assert "Bulgaria" in text(scene.client("coordinator"), LIST)


def test_other_people_see_no_requirements(scene: Scene) -> None:
    path = _agreed(scene)
    for name in ("practitioner", "co-chair", "administrator"):
        assert text(scene.client(name), LIST, 403)
        assert text(scene.client(name), path, 404)


def test_changed_date_is_a_draft_that_ends_the_earlier_one(scene: Scene) -> None:
    earlier = _agreed(scene)
    starts = clock.today() + timedelta(days=5)
    status, path = send(scene, scene.client("coordinator"), f"{earlier}/date", due_days=90, starts=starts.isoformat())
    assert status == 302
    assert "Before: 60 days after joining" in words_of(text(scene.client("coordinator"), path))
    assert send(scene, scene.client("second coordinator"), f"{path}/agree")[0] == 302
    with scene.app.app_context():
        old, new = (requirements.line(UUID(address.rpartition("/")[2])) for address in (earlier, path))
    assert (old.ends, new.starts, new.due_days) == (starts - timedelta(days=1), starts, 90)
    assert new.reason == old.reason


def test_requirement_ends_on_its_last_day(scene: Scene) -> None:
    path, coordinator = _agreed(scene), scene.client("coordinator")
    last_day = clock.today() + timedelta(days=3)
    assert send(scene, coordinator, f"{path}/end", last_day=last_day.isoformat())[0] == 302
    with scene.app.app_context():
        assert requirements.line(UUID(path.rpartition("/")[2])).ends == last_day


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"due_days": ""}, "Enter a date, or a number of days after joining."),
        ({"due_on": "2028-01-01"}, "Enter a date, or a number of days after joining."),
        ({"starts": "2020-01-01"}, "Choose today or a later day: past days do not change."),
        ({"renew_months": 300}, "Enter 1 to 120 months."),
        ({"reason": " "}, "Enter the reason."),
        ({"role": "pirate"}, "Choose a role from the list."),
        ({"countries": "US"}, "Choose countries from the list."),
    ],
)
def test_form_is_shown_again_with_a_message(scene: Scene, changed: dict[str, object], message: str) -> None:
    client = scene.client("coordinator")
    fields = {"course": _course_id(scene)} | _fields(**changed)
    response = client.post(f"{LIST}/new", data={"csrf_token": factories.token(scene.app, client), **fields})
    assert response.status_code == 422
    assert message in response.get_data(as_text=True)


@pytest.mark.parametrize(("step", "field"), [("date", "starts"), ("end", "last_day")])
def test_step_with_a_past_day_changes_nothing(scene: Scene, step: str, field: str) -> None:
    path, client = _agreed(scene), scene.client("coordinator")
    before = text(client, LIST)
    sent = {"due_days": 90, field: "2020-01-01"}
    assert send(scene, client, f"{path}/{step}", **sent)[0] == 422
    assert re.findall(r"<tr\b", text(client, LIST)) == re.findall(r"<tr\b", before)


def test_waiting_draft_is_a_task_of_other_coordinators(scene: Scene) -> None:
    path = _draft(scene)
    task = "Agree to 1 required course"
    assert task in words_of(text(scene.client("second coordinator"), "/"))
    assert task not in words_of(text(scene.client("coordinator"), "/"))
    assert task not in words_of(text(scene.client("contact point"), "/country"))
    send(scene, scene.client("second coordinator"), f"{path}/agree")
    assert task not in words_of(text(scene.client("second coordinator"), "/"))


def test_exceptions_say_how_many_officers_and_who_acts(scene: Scene) -> None:
    due_on = clock.today() + timedelta(days=400)
    _agreed(scene, due_days="", due_on=due_on.isoformat())
    with scene.app.app_context(), transaction():
        factories.person(country="IQ", roles=(), grants=((Role.PRACTITIONER, Scope.COUNTRY, "IQ"),))
    for name in ("coordinator", "contact point"):
        page = words_of(text(scene.client(name), LIST))
        assert "The officer has no role in the agency." in page
        assert "Contact point: enter the role." in page
    assert "No exceptions" in text(_contact_point(scene, "BG"), LIST)


def test_list_takes_as_many_queries_for_three_requirements_as_for_one(scene: Scene) -> None:
    _agreed(scene)
    client = scene.client("coordinator")
    text(client, LIST)
    with counted(scene.app) as for_one:
        text(client, LIST)
    for days in (70, 80):
        _agreed(scene, due_days=days, countries="BG")
    with counted(scene.app) as for_three:
        text(client, LIST)
    assert len(for_three) == len(for_one)
