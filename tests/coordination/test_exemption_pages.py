"""Pages of exemptions: who sets and agrees, second person, notice to the officer, what the officer sees."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.db.session import db, transaction
from app.i18n import babel
from app.kernel import clock
from app.learning.domain.completion import CompletionState
from app.learning.queries import completion
from app.messages import queries as messages
from app.messages.domain import NoticeKind
from app.rights.service import supervision
from tests.support import completion_site, courses, factories
from tests.support.completion_site import CompletionSite
from tests.support.plan_pages import text, words_of
from tests.support.site_snapshots import kept
from tests.support.sql_statements import counted

LIST = "/country/exemptions"
WHO = {
    "contact point": (Role.CONTACT_POINT, "IQ"),
    "second contact point": (Role.CONTACT_POINT, "IQ"),
    "contact point of BG": (Role.CONTACT_POINT, "BG"),
    "supervisor": (Role.SUPERVISOR, "IQ"),
    "other supervisor": (Role.SUPERVISOR, "IQ"),
}


@dataclass(frozen=True)
class Scene:
    app: Flask
    site: CompletionSite
    people: dict[str, UUID]

    def client(self, name: str) -> FlaskClient:
        return factories.sign_in(self.app, self.people[name])

    @property
    def form(self) -> str:
        """Return the address of the form for the officer."""
        return f"{LIST}/officers/{self.people['officer']}"

    def send(self, name: str, path: str, **fields: object) -> TestResponse:
        client = self.client(name)
        return client.post(path, data={"csrf_token": factories.token(self.app, client), **fields})

    def exempt(self, name: str = "contact point", *, days: int = 30, **changed: object) -> TestResponse:
        until = clock.today() + timedelta(days=days)
        fields = {"course": self.site.course_id, "kind": "exempt", "until": until.isoformat()}
        return self.send(name, self.form, **fields | {"reason": "long_absence"} | changed)

    def state(self) -> CompletionState | None:
        """Return the officer's state in the course."""
        with self.app.app_context():
            return completion.course_states(self.people["officer"], clock.today())[self.site.course_id].state

    def step(self, name: str) -> str:
        """Return the address of a step with the only exemption."""
        page = text(self.client("supervisor"), LIST)
        return next(part for part in page.split('"') if part.endswith(f"/{name}"))


@pytest.fixture
@kept
def scene(app: Flask) -> Scene:
    with app.app_context():
        site = completion_site.make()
        people = {
            name: factories.person(
                country=country, roles=(), alias=name.title(), grants=((role, Scope.COUNTRY, country),)
            )
            for name, (role, country) in WHO.items()
        }
        people["officer"] = factories.person(country="IQ", alias="Border officer 1")
        with transaction():
            assert supervision.assign(people["officer"], people["supervisor"], clock.today()) is None
        completion_site.require(site, due_days=60)
        db.session.remove()
    return Scene(app, site, people)


def _notices(scene: Scene) -> int:
    with scene.app.app_context():
        kinds = [notice.kind for notice in messages.notices(scene.people["officer"], 1)]
    return kinds.count(NoticeKind.EXEMPTION_CHANGED)


def test_page_of_the_officer_links_to_the_form(scene: Scene) -> None:
    for name in ("contact point", "supervisor"):
        client = scene.client(name)
        assert scene.form in text(client, f"/people/{scene.people['officer']}/learning")
        assert "due on" in text(client, scene.form)


@pytest.mark.parametrize("name", ["contact point", "supervisor"])
def test_short_exemption_is_valid_at_once_and_the_officer_is_notified(scene: Scene, name: str) -> None:
    assert scene.exempt(name, note="Course abroad in May.").status_code == 302
    assert scene.state() is CompletionState.EXEMPT
    page = words_of(text(scene.client(name), LIST))
    assert "Border officer 1" in page
    assert "Course abroad in May." in page
    assert _notices(scene) == 1


def test_long_exemption_waits_for_a_second_person(scene: Scene) -> None:
    assert scene.exempt(days=200).status_code == 302
    assert scene.state() is CompletionState.NOT_STARTED
    assert _notices(scene) == 0
    agree = scene.step("agree")
    assert "Agree to the exemption" not in text(scene.client("contact point"), LIST)
    assert scene.send("contact point", agree).status_code == 422
    assert "Agree to 1 exemption" in words_of(text(scene.client("second contact point"), "/country"))
    assert "Agree to 1 exemption" in words_of(text(scene.client("supervisor"), "/"))
    for name in ("contact point", "other supervisor", "contact point of BG"):
        assert "Agree to 1 exemption" not in words_of(text(scene.client(name), "/"))
    assert scene.send("supervisor", agree).status_code == 302
    assert scene.state() is CompletionState.EXEMPT
    assert _notices(scene) == 1
    answer = scene.send("second contact point", agree)
    assert answer.status_code == 422
    assert "This exemption is agreed or dropped already." in answer.get_data(as_text=True)


def test_other_users_find_neither_officer_nor_exemption(scene: Scene) -> None:
    scene.exempt(days=200)
    agree, end = scene.step("agree"), scene.step("end")
    for name in ("contact point of BG", "other supervisor"):
        assert scene.client(name).get(scene.form).status_code == 404
        assert {scene.send(name, path).status_code for path in (scene.form, agree, end)} == {404}
        assert "Border officer 1" not in text(scene.client(name), LIST)
    assert scene.client("officer").get(LIST).status_code == 403


def test_user_sets_no_exemption_for_themselves(scene: Scene) -> None:
    for name in ("contact point", "supervisor"):
        own = f"{LIST}/officers/{scene.people[name]}"
        assert scene.client(name).get(own).status_code == 404


def test_same_form_sent_twice_sets_one_exemption(scene: Scene) -> None:
    assert [scene.exempt().status_code for _ in range(2)] == [302, 302]
    assert _notices(scene) == 1
    answer = scene.exempt("supervisor", days=40)
    assert answer.status_code == 422
    assert "The officer has an exemption from this course already." in answer.get_data(as_text=True)


def test_exemption_ends_early(scene: Scene) -> None:
    scene.exempt()
    end = scene.step("end")
    assert scene.send("supervisor", end).status_code == 302
    assert scene.state() is CompletionState.NOT_STARTED
    assert _notices(scene) == 2
    assert scene.send("supervisor", end).status_code == 422
    assert "No exemption" in text(scene.client("supervisor"), LIST)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"days": -1}, "Choose today or a later day: past days do not change."),
        ({"days": 400}, "Choose a day within 12 months."),
        ({"until": ""}, "Enter the last day."),
        ({"note": "x" * 201}, "Write at most 200 characters."),
        ({"course": "no course"}, "Choose a course from the list."),
        ({"reason": "illness"}, "Correct the form"),
    ],
)
def test_form_is_shown_again_with_a_message(scene: Scene, changed: dict[str, object], message: str) -> None:
    answer = scene.exempt(**changed)  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert message in answer.get_data(as_text=True)
    assert scene.state() is CompletionState.NOT_STARTED


def test_officer_sees_date_and_exemption_on_the_course_page(scene: Scene) -> None:
    path, today = f"/courses/{courses.SLUG}", clock.today()
    with scene.app.test_request_context():
        due, until, later = (babel.words(today + timedelta(days=days)) for days in (60, 30, 80))
    for address in (path, "/"):
        assert f"Required by {due}" in words_of(text(scene.client("officer"), address))
    scene.exempt()
    page = words_of(text(scene.client("officer"), path))
    assert f"You are exempt until {until}" in page
    assert "Required by" not in page
    assert "Required by" not in text(scene.client("officer"), "/")
    scene.send("supervisor", scene.step("end"))
    scene.exempt(kind="later", days=80)
    assert f"Required by {later}" in words_of(text(scene.client("officer"), path))


def test_start_page_says_when_a_required_course_is_overdue(scene: Scene) -> None:
    before = clock.now() - clock.real_now()
    for days, word in ((0, "Not due"), (55, "Due"), (61, "Overdue")):
        clock.move(partial(timedelta, before.days + days, before.seconds, before.microseconds))
        page = words_of(text(scene.client("officer"), "/"))
        assert "Complete the course: Night at the harbour" in page
        assert word in page


def test_course_page_takes_as_many_queries_for_an_exempt_officer(scene: Scene) -> None:
    path, client = f"/courses/{courses.SLUG}", scene.client("officer")
    text(client, path)
    with counted(scene.app) as required:
        text(client, path)
    scene.exempt()
    with counted(scene.app) as exempt:
        text(client, path)
    assert len(exempt) == len(required)


def test_views_of_the_list_are_recorded(scene: Scene) -> None:
    scene.exempt()
    for name, kind in (("contact point", "OfficersSeen"), ("supervisor", "LearningSeen")):
        text(scene.client(name), LIST)
        with scene.app.app_context():
            entry = db.session.scalars(select(Entry).order_by(Entry.id.desc()).limit(1)).one()
        assert entry.name == kind


def test_list_takes_as_many_queries_for_three_exemptions_as_for_one(scene: Scene) -> None:
    scene.exempt()
    client = scene.client("contact point")
    text(client, LIST)
    with counted(scene.app) as for_one:
        text(client, LIST)
    for _ in range(2):
        with scene.app.app_context():
            scene.people["officer"] = factories.person(country="IQ")
        assert scene.exempt().status_code == 302
    with counted(scene.app) as for_three:
        text(client, LIST)
    assert len(for_three) == len(for_one)
