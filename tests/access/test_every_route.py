"""Security S1: every route and method, asked as everybody about the own and other people's things.

What is expected is worked out from the policy and the facts of `examples`; what is answered comes from the running
application, through everything that a request passes before its view.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from flask import Flask, Response, abort
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.access import guard, table
from app.access.policy import Action, Actor, Role, allows, same_country
from app.db.session import db
from app.factory import create_app
from app.kernel import clock
from app.web import errors
from tests.access import examples
from tests.access.examples import Example, World
from tests.support import databases, factories, routes
from tests.support.settings import LITE, NOW, POSTGRES, settings_for

PLAIN = "plain"  # an address without a thing, or with one that belongs to nobody
# the kind of thing in a route's address: a new route fails here until somebody says whose it is
KINDS: Mapping[str, str] = {
    "access.ask_address": "account to close",
    "access.ask_close": "account to close",
    "access.close": "account to close",
    "access.confirm_address": "account to close",
    "access.end_sessions": "account",
    "access.let_in": "account",
    "access.show": "account",
    "accounts.change_alias": PLAIN,
    "accounts.change_settings": PLAIN,
    "accounts.settings": PLAIN,
    "accounts.sign_out": PLAIN,
    "accounts.time_left": PLAIN,
    "audit.export": PLAIN,
    "audit.show": PLAIN,
    "catalogue.fragment": "course",
    "catalogue.medium": "medium",
    "country.seats": PLAIN,
    "country.show": PLAIN,
    "country_settings.add_agency": PLAIN,
    "country_settings.ask_without_second_step": PLAIN,
    "country_settings.change": PLAIN,
    "country_settings.drop_agency": "service of a country",
    "country_settings.drop_second_step": PLAIN,
    "country_settings.keep_names": PLAIN,
    "country_settings.rename_agency": "service of a country",
    "country_settings.set_help": PLAIN,
    "country_settings.show": PLAIN,
    "country_settings.show_agency": "service of a country",
    "drafting.change": "event",
    "drafting.edit": "event",
    "drafting.make": PLAIN,
    "drafting.new": PLAIN,
    "figures.add_document": "figure",
    "figures.approve": "figure",
    "figures.change": "figure",
    "figures.document": "figure",
    "figures.enter": PLAIN,
    "figures.new": PLAIN,
    "figures.save": "figure",
    "figures.send_back": "figure",
    "figures.show": "figure",
    "figures.show_all": PLAIN,
    "figures.submit": "figure",
    "home.claim_skill": PLAIN,
    "home.competency": PLAIN,
    "home.find": PLAIN,
    "home.notices": PLAIN,
    "home.path": PLAIN,
    "home.read_notices": PLAIN,
    "home.record": PLAIN,
    "home.show": PLAIN,
    "home.show_treaties": PLAIN,
    "home.withdraw_claim": "own claim",
    "incident.begin": PLAIN,
    "incident.end": PLAIN,
    "incident.report": PLAIN,
    "incident.show": PLAIN,
    "intake.ask": PLAIN,
    "intake.batch": "import",
    "intake.carry_out": "sheet",
    "intake.check": PLAIN,
    "intake.drop": "sheet",
    "intake.empty": PLAIN,
    "intake.officers": PLAIN,
    "intake.prove_for_officers": PLAIN,
    "intake.agree": "wish",
    "intake.refuse": "wish",
    "intake.wish": PLAIN,
    "intake.print_letters": "import",
    "intake.show": "sheet",
    "intake.undo": "import",
    "keeping.ask_passkey": PLAIN,
    "keeping.change_address": PLAIN,
    "keeping.change_password": PLAIN,
    "keeping.end_device": PLAIN,
    "keeping.end_others": PLAIN,
    "keeping.prove": PLAIN,
    "keeping.prove_by_passkey": PLAIN,
    "keeping.remove": PLAIN,
    "keeping.show": PLAIN,
    "learning.answer_check": "course",
    "learning.begin": "course",
    "learning.course": "course",
    "learning.courses": PLAIN,
    "learning.done": "course",
    "learning.keep_place": "course",
    "learning.lesson": "course",
    "learning.save_steps": PLAIN,
    "learning.set_aside": "own suggestion",
    "learning.skip": "course",
    "learning.take_version": "course",
    "looks.show": "service",
    "officer.show": "learner",
    "officer.suggest": "learner",
    "officer.take_back": "suggestion",
    "officers.claims": "desk",
    "officers.decide": "claim",
    "officers.drop_need": "officer",
    "officers.name_need": "officer",
    "officers.show": "officer",
    "officers.show_all": PLAIN,
    "operations.show": PLAIN,
    "operations.test_mail": PLAIN,
    "people.ask": PLAIN,
    "people.find": PLAIN,
    "people.invite": PLAIN,
    "people.print_letter": "invitation",
    "people.renew": "invitation",
    "people.renew_expired": PLAIN,
    "people.show_waiting": PLAIN,
    "people.show": "invitation",
    "people.show_all": PLAIN,
    "people.withdraw": "invitation",
    "person.confirm": "person",
    "person.end": "person",
    "person.give": "person",
    "person.refuse": "person",
    "person.roles": "person",
    "person.show": "person",
    "plan.capacity": PLAIN,
    "plan.checks": PLAIN,
    "plan.countries_file": PLAIN,
    "plan.country": "country",
    "plan.indicator": PLAIN,
    "plan.note_outcome": PLAIN,
    "plan.note_output": PLAIN,
    "plan.outcome": PLAIN,
    "plan.output": PLAIN,
    "plan.record": "record",
    "plan.rows": PLAIN,
    "plan.show": PLAIN,
    "privacy.ask_erasure": PLAIN,
    "privacy.my_data": PLAIN,
    "privacy.take_back_erasure": PLAIN,
    "privacy.take_data": PLAIN,
    "privacy.who_looked": PLAIN,
    "quizzes.check": "attempt",
    "quizzes.hand_in": "attempt",
    "quizzes.question": "attempt",
    "quizzes.result": "attempt",
    "quizzes.save": "attempt",
    "quizzes.save_many": "attempt",
    "quizzes.state": "attempt",
    "scenarios.choose": "case",
    "scenarios.debrief": "case",
    "scenarios.show": "case",
    "scoring.ask_about_attendance": "event",
    "scoring.ask_about_scores": "event",
    "scoring.attendance": "event",
    "scoring.keep_attendance": "event",
    "scoring.participants": "event",
    "scoring.rubric": "event",
    "scoring.score": "event",
    "service.erase": "service",
    "service.leave": "service",
    "service.look_at_erasure": "service",
    "service.look_at_leaving": "service",
    "service.look_at_move": "service",
    "service.look_at_protection": "service",
    "service.move": "service",
    "service.protect": "service",
    "service.show": "service",
    "service.stay": "service",
    "sittings.case": "course",
    "sittings.later": "course",
    "sittings.pretest": "course",
    "sittings.start_case": "course",
    "sittings.start_later": "course",
    "sittings.start_pretest": "course",
    "sittings.start_test": "course",
    "sittings.test": "course",
    "supervision.show": PLAIN,
    "extra_time.change": "officer of a contact point",
    "extra_time.show": "officer of a contact point",
    "proposals.agree": "proposal",
    "proposals.show": "proposal",
    "proposals.stop": "proposal",
    "supervisor.assign": "supervised",
    "supervisor.release": "supervised",
    "supervisor.show": "supervised",
    "teaching.appoint": "event that one organises",
    "teaching.capacity": "event",
    "teaching.clear": "event that one clears",
    "teaching.clearing": "event that one clears",
    "teaching.people": "event that one organises",
    "teaching.set_capacity": "event",
    "teaching.show": "event",
    "teaching.show_all": PLAIN,
    "teaching.step": "event",
    "teaching.take_off": "event that one organises",
    "teaching.take_step": "event",
    "welcome.choose_start": "first run",
    "welcome.finish": "first run",
    "welcome.languages": "first run",
    "welcome.mail": "first run",
    "welcome.start": "first run",
    "welcome.test_mail": "first run",
    "workshops.book": "event",
    "workshops.calendar": "event",
    "workshops.certificate": "event",
    "workshops.show": "event",
    "workshops.show_list": PLAIN,
    "workshops.withdraw": "own seat",
}
NO_SECRET = {PLAIN, "desk", "country"}  # which countries take part is public
NOTHING = {"nothing": Example()}
IN, OUT, ASKED = "in", "out", "sign in"


@dataclass(frozen=True, slots=True)
class Site:
    """The application, what it holds, and whether all of its doors are tried."""

    app: Flask
    world: World
    whole: bool


@dataclass(frozen=True, slots=True)
class Door:
    """A method of an address, with the thing behind it."""

    method: str
    address: str
    action: Action
    kind: str
    what: str
    example: Example


@pytest.fixture(scope="module", params=[LITE, POSTGRES])
def site(request: pytest.FixtureRequest, worker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for all: no view is ever reached, so nobody changes anything."""
    name = f"academy_rights_{worker}"
    if request.param == LITE:
        url = databases.sqlite_url(tmp_path_factory.mktemp("rights"))
    elif databases.postgres_is_there():
        url = databases.postgres_url(name)
    else:
        pytest.skip("no PostgreSQL on 127.0.0.1:5432")
    app = create_app(settings_for(url))
    with app.app_context():
        db.create_all()
    start = clock.real_now()
    clock.move(lambda: NOW - start)  # as it will stand in the test
    world = examples.make(app)
    clock.set_right()
    yield Site(app, world, whole=request.param == LITE)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if request.param == POSTGRES:
        databases.drop_postgres(name)


@pytest.fixture
def at_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer whoever the policy lets in, instead of the view."""

    def check(action: Action, of: object = None) -> None:
        if not allows(guard.actor(), action, of):
            abort(403)
        abort(Response(IN, 299))

    monkeypatch.setattr(guard, "check", check)
    monkeypatch.setattr(
        errors, "render_template", lambda *_name, **_values: ""
    )  # what a refusal says is tried elsewhere


def test_every_route_has_its_examples(lite_app: Flask) -> None:
    assert {rule.endpoint for rule in _guarded(lite_app)} == set(KINDS)


def test_what_is_said_to_be_of_the_own_country_opens_nothing_of_another(site: Site) -> None:
    """The table for ministries says where a door is narrower than the policy: the examples agree."""
    actors = {"IQ": site.world.actors["contact point"], "BG": site.world.actors["contact point of BG"]}
    tried = set()
    for door in _doors(site):
        if table.NARROWER.get((Role.CONTACT_POINT, door.action)) is same_country and door.kind != PLAIN:
            found = [code for code, actor in actors.items() if door.example.opens(actor, door.action)]
            assert len(found) < 2, (door.address, found)
            tried.add(door.action)
    assert {Action.SEE_OFFICERS, Action.ENTER_FIGURE, Action.SEE_INVITATION, Action.LET_BACK_IN} <= tried


@pytest.mark.usefixtures("at_the_door")
def test_everybody_at_every_door(site: Site) -> None:
    """All of it on SQLite; on PostgreSQL, where the same statements are asked, one door of each kind of thing."""
    world = site.world
    assert {kind for kind in KINDS.values() if kind != PLAIN} == set(world.kinds)
    doors = list(_doors(site))
    wrong, let_in, opened, told = [], 0, set(), set()
    for name in [*world.people, "stranger"]:
        client = factories.sign_in(site.app, world.people[name]) if name in world.people else site.app.test_client()
        token = factories.token(site.app, client)
        for door in doors:
            expected = _expected(door, world.actors.get(name))
            answer = _ask(client, door, token)
            found, behind = _outcome(answer), (name, door.kind, door.what)
            let_in += expected == IN
            (opened if found == IN else told if answer.status_code == 403 else set()).add(behind)
            if found != expected:
                wrong.append((name, door.method, door.address, door.what, found, expected))
    assert wrong == []
    assert {name for name, found in world.kinds.items() if not found} == set()
    # "not for you" is said of what one sees by another door; else it looks like what is not there
    assert not site.whole or {one for one in told - opened if one[1] not in NO_SECRET} == set()
    assert let_in > len(doors)  # each door lets somebody in, on the whole


def _doors(site: Site) -> Iterator[Door]:
    met = set()
    for rule in _guarded(site.app):
        if rule.endpoint not in KINDS:
            continue  # named by the test above
        kind, action = KINDS[rule.endpoint], _action(site.app, rule)
        assert action is not None
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            if not site.whole and (kind, action) in met:
                continue
            met.add((kind, action))
            for what, example in (NOTHING if kind == PLAIN else site.world.kinds[kind]).items():
                yield Door(method, routes.address(site.app, rule, **example.values), action, kind, what, example)


def _guarded(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if _action(app, rule) is not None]


def _action(app: Flask, rule: Rule) -> Action | None:
    return getattr(app.view_functions[rule.endpoint], "action", None)


def _expected(door: Door, actor: Actor | None) -> str:
    if actor is None:
        return ASKED
    return IN if door.example.opens(actor, door.action) else OUT


def _ask(client: FlaskClient, door: Door, token: str) -> TestResponse:
    return client.open(door.address, method=door.method, data={"csrf_token": token} if door.method == "POST" else None)


def _outcome(answer: TestResponse) -> str:
    if answer.status_code == 299:
        return IN
    if answer.status_code in {403, 404}:
        return OUT
    if answer.status_code == 401 or answer.headers.get("Location", "").startswith("/sign-in"):
        return ASKED
    return answer.status
