"""Collections of desk tasks in the pages of their authors, which alone show them outside of sittings."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import Actor, Role, Scope
from app.catalogue.queries import versions
from app.studio.queries import checked, workspaces
from app.workshops.queries.role_scopes import reaches
from tests.support import desk_tasks, factories, sites
from tests.support.form_fields import form_fields
from tests.support.studio_site import make_author

TASKS = f"/teaching/courses/{desk_tasks.SLUG}"
TRAINER_OF_EVENT = ((Role.TRAINER, Scope.EVENT, "00000000-0000-0000-0000-000000000001"),)


@pytest.fixture
def trainer(context: Flask) -> UUID:
    desk_tasks.publish()
    person_id = factories.person()
    make_author(person_id, versions.course_record(desk_tasks.SLUG).id)
    return person_id


@pytest.fixture
def client(lite_app: Flask, trainer: UUID) -> FlaskClient:
    return factories.sign_in(lite_app, trainer)


def test_trainer_lists_and_opens_the_collection(client: FlaskClient) -> None:
    assert desk_tasks.SLUG in client.get("/teaching/courses").text
    html = client.get(f"{TASKS}/papers").text
    assert "T90-T01" in html
    assert "New paper" not in html
    assert client.get(f"{TASKS}/documents").status_code == 200


def test_outline_of_a_collection_has_tasks_and_no_lessons(client: FlaskClient) -> None:
    html = client.get(TASKS).text
    assert "1 desk task" in html
    assert "Add lesson" not in html


def test_draft_of_a_collection_is_checked_as_one(trainer: UUID) -> None:
    workspace = workspaces.workspace(Actor(trainer, "IQ", frozenset({Role.TRAINER})), desk_tasks.SLUG)
    folder = checked.checked(workspace).folder
    assert folder is not None
    assert folder.course.collection


@pytest.mark.parametrize("path", ["", "/test", "/lessons/first"])
def test_trainer_cannot_open_the_collection_as_a_course(client: FlaskClient, path: str) -> None:
    assert client.get(f"/courses/{desk_tasks.SLUG}{path}").status_code == 404


@pytest.mark.parametrize("path", [TASKS, f"{TASKS}/papers", f"{TASKS}/documents", f"/courses/{desk_tasks.SLUG}"])
def test_others_cannot_open_the_collection(lite_app: Flask, trainer: UUID, path: str) -> None:
    assert factories.sign_in(lite_app, factories.person()).get(path).status_code in (403, 404)
    other_trainer = factories.person(grants=TRAINER_OF_EVENT)
    assert factories.sign_in(lite_app, other_trainer).get(path).status_code in (403, 404)


def test_collection_is_in_no_page_of_learners_and_coordinators(lite_app: Flask, trainer: UUID) -> None:
    learner = factories.sign_in(lite_app, factories.person())
    coordinator = factories.sign_in(lite_app, factories.person(grants=((Role.COORDINATOR, Scope.ALL, ""),), roles=()))
    pages = [learner.get(path).text for path in ("/", "/courses", "/path", "/search?q=desk")]
    pages += [coordinator.get(path).text for path in ("/plan/completion", "/plan/required", "/plan/late")]
    assert not [html for html in pages if desk_tasks.CODE in html or desk_tasks.SLUG in html]


def test_collection_can_be_named_as_the_scope_of_a_trainer(trainer: UUID, context: Flask) -> None:
    coordinator = Actor(trainer, "IQ", frozenset({Role.COORDINATOR}))
    with context.test_request_context():
        named = dict(reaches(coordinator)[Scope.COURSE])
    assert "Desk tasks of the night" in named.values()


def test_saved_settings_leave_a_collection_without_test(lite_app: Flask, client: FlaskClient, trainer: UUID) -> None:
    url = f"{TASKS}/settings"
    fields = form_fields(client.get(url).text, "settings")
    fields["title"], fields["action"] = "Desk tasks of the day", "save"
    assert sites.post(lite_app, client, url, fields).status_code == 302
    workspace = workspaces.workspace(Actor(trainer, "IQ", frozenset({Role.TRAINER})), desk_tasks.SLUG)
    folder = checked.folder(workspace)
    assert folder.texts["en"].title == "Desk tasks of the day"
    assert folder.course.collection
    assert folder.course.test is None
