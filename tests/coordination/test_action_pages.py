"""Pages of agreed actions: the list by office, the steps of an owner, other dates, files."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import Role, Scope
from app.coordination.domain.actions import Office, Owner
from app.coordination.service import actions as service
from app.coordination.service.actions import NewAction
from app.db.session import transaction
from app.kernel import clock
from tests.support import factories, plan_figures
from tests.support.plan_figures import Scene
from tests.support.plan_pages import send, table, text
from tests.support.site_snapshots import kept
from tests.support.sql_statements import counted

NEW = {"text": "Plan a refresher", "owner": "contact_point:IQ", "due_on": "2027-12-01"}


@pytest.fixture
@kept
def scene(app: Flask) -> Scene:
    return plan_figures.make(app)


def _create(scene: Scene, count: int = 1, **owner: str) -> list[UUID]:
    new = NewAction(
        text="Plan a refresher",
        owner=Owner(office=Office(owner.get("office", "contact_point")), country=owner.get("country", "IQ")),
        due_on=clock.today() + timedelta(days=9),
    )
    with scene.app.app_context(), transaction():
        by = scene.people["coordinator"]
        return [service.create(new, members=frozenset({"IQ"}), by=by, now=clock.now()) for _ in range(count)]


def _trainer(scene: Scene) -> FlaskClient:
    with scene.app.app_context():
        person_id = factories.person(country="DE", roles=(), grants=((Role.TRAINER, Scope.ALL, ""),))
    return factories.sign_in(scene.app, person_id)


def test_coordinator_creates_action_that_its_owner_finishes(scene: Scene) -> None:
    status, path = send(scene, scene.client("coordinator"), "/plan/actions/new", **NEW)
    assert status == 302
    owner = scene.client("contact point")
    assert "1 action of the plan is yours" in text(owner, "/country")
    assert "Contact point of Iraq" in text(owner, path)
    assert send(scene, owner, f"{path}/start")[0] == 302
    assert send(scene, owner, f"{path}/finish", explanation="Planned for May.")[0] == 302
    page = text(scene.client("coordinator"), path)
    assert "Planned for May." in page
    assert "action of the plan is yours" not in text(owner, "/country")


def test_same_form_sent_twice_creates_one_action(scene: Scene) -> None:
    client = scene.client("coordinator")
    paths = {send(scene, client, "/plan/actions/new", submission="a form", **NEW)[1] for _ in range(2)}
    assert len(paths) == 1
    assert len(table(client, "/plan/actions.csv")) == 2


def test_action_of_another_country_returns_404(scene: Scene) -> None:
    [action_id] = _create(scene)
    other = scene.client("another contact point")
    assert text(other, f"/plan/actions/{action_id}", 404)
    assert send(scene, other, f"/plan/actions/{action_id}/start")[0] == 404
    assert len(table(other, "/plan/actions.csv")) == 1


def test_trainers_see_and_change_actions_of_their_office_only(scene: Scene) -> None:
    [theirs] = _create(scene, office="trainers", country="")
    [other] = _create(scene, office="secretariat", country="")
    trainer = _trainer(scene)
    assert len(table(trainer, "/plan/actions.csv")) == 2
    assert send(scene, trainer, f"/plan/actions/{theirs}/start")[0] == 302
    assert text(trainer, f"/plan/actions/{other}", 404)


def test_owner_neither_drops_nor_reopens_an_action(scene: Scene) -> None:
    [action_id] = _create(scene)
    owner = scene.client("contact point")
    for step in ("drop", "reopen"):
        assert send(scene, owner, f"/plan/actions/{action_id}/{step}", explanation="No.")[0] == 403
    assert "Drop the action" not in text(owner, f"/plan/actions/{action_id}")


def test_new_date_leaves_the_earlier_one_visible(scene: Scene) -> None:
    [action_id] = _create(scene)
    client, path = scene.client("contact point"), f"/plan/actions/{action_id}"
    for day in ("2027-11-01", "2027-12-01"):
        assert send(scene, client, f"{path}/date", due_on=day)[0] == 302
    page = text(client, path)
    assert "Moved 2 times" in page
    assert "1 November 2027" in page


@pytest.mark.parametrize(
    ("step", "fields", "message"),
    [
        ("finish", {}, "Describe the result in one sentence."),
        ("drop", {"explanation": " "}, "Enter why the action is dropped."),
        ("date", {"due_on": "2020-01-01"}, "Choose today or a later date."),
        ("reopen", {}, "An action can be reopened for 14 days."),
    ],
)
def test_step_is_refused_with_a_message(scene: Scene, step: str, fields: dict[str, str], message: str) -> None:
    [action_id] = _create(scene)
    client = scene.client("coordinator")
    response = client.post(
        f"/plan/actions/{action_id}/{step}", data={"csrf_token": factories.token(scene.app, client), **fields}
    )
    assert response.status_code == 422
    assert message in response.get_data(as_text=True)


def test_list_filters_by_state_office_and_country(scene: Scene) -> None:
    [done] = _create(scene)
    _create(scene, office="secretariat", country="")
    client = scene.client("coordinator")
    send(scene, client, f"/plan/actions/{done}/finish", explanation="Done.")
    counts = {
        query: len(table(client, f"/plan/actions.csv?{query}")) - 1
        for query in ("", "state=all", "state=done", "office=secretariat", "country=IQ&state=all", "state=overdue")
    }
    assert counts == {
        "": 1, "state=all": 2, "state=done": 1, "office=secretariat": 1, "country=IQ&state=all": 1, "state=overdue": 0
    }  # fmt: skip


def test_list_takes_as_many_queries_for_three_actions_as_for_one(scene: Scene) -> None:
    _create(scene)
    client = scene.client("coordinator")
    text(client, "/plan/actions")
    with counted(scene.app) as for_one:
        text(client, "/plan/actions")
    _create(scene, 2)
    with counted(scene.app) as for_three:
        text(client, "/plan/actions")
    assert len(for_three) == len(for_one)
