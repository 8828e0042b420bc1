"""Every route and method, asked as everybody about the own and other people's things.

What is expected is worked out from the policy and the facts of `examples`; what is answered comes from the running
application, through everything that a request passes before its view.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest
from flask import Flask, Response, abort
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.access import access_table, guard
from app.access.policy import Action, Actor, Role, allows, same_country
from app.db.session import db
from app.factory import create_app
from app.kernel import clock
from app.web import errors
from tests.access import examples
from tests.access.examples import ABSENT, KINDS, PLAIN, Example, Examples, World
from tests.support import databases, factories, routes
from tests.support.settings import NOW, settings_for

NO_SECRET = {PLAIN, "own scope", "country"}  # which countries take part is public
NOTHING = {"nothing": Example()}
IN, OUT, ASKED = "in", "out", "sign in"
TURNS = 20  # of this many people one tries a further door of a kind


@dataclass(frozen=True, slots=True)
class Site:
    """The application and its example rows."""

    app: Flask
    world: World


@dataclass(frozen=True, slots=True)
class Door:
    """A method of an address, with the thing behind it."""

    method: str
    address: str
    action: Action
    kind: str
    what: str
    example: Example
    find: Callable[..., object] | None  # loads the thing


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return one site for all tests: no view is reached, so nothing changes."""
    app = create_app(settings_for(databases.sqlite_url(tmp_path_factory.mktemp("rights"))))
    with app.app_context():
        db.create_all()
    start = clock.real_now()
    clock.move(lambda: NOW - start)  # the time of the tests
    world = examples.make(app)
    clock.set_right()
    yield Site(app, world)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def at_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    """Respond in place of the view to each request that the policy allows."""

    def check(action: Action, of: object = None) -> None:
        if not allows(guard.actor(), action, of):
            abort(403)
        abort(Response(IN, 299))

    monkeypatch.setattr(guard, "check", check)
    monkeypatch.setattr(errors, "render", lambda _page: "")  # what a refusal says is tried elsewhere


def test_every_route_loads_a_thing_with_an_example(lite_app: Flask) -> None:
    views = {rule.endpoint: lite_app.view_functions[rule.endpoint] for rule in _guarded(lite_app)}
    assert {endpoint for endpoint, view in views.items() if examples.kind_of(view) is None} == set()
    assert set(KINDS.values()) <= {examples.kind_of(view) for view in views.values()}


def test_what_is_said_to_be_of_the_own_country_opens_nothing_of_another(site: Site) -> None:
    """A contact point finds things of the own country alone where the policy says so: the examples agree."""
    actors = {"IQ": site.world.actors["contact point"], "BG": site.world.actors["contact point of BG"]}
    tried = set()
    for door in _doors(site):
        own_country = access_table.conditions(Role.CONTACT_POINT, door.action) == (frozenset({same_country}),)
        if own_country and door.kind not in {PLAIN, "own scope", "kind of sheet"}:  # each reader's own
            found = [code for code, actor in actors.items() if door.example.opens(actor, door.action)]
            assert len(found) < 2, (door.address, found)
            tried.add(door.action)
    assert {Action.SEE_OFFICERS, Action.ENTER_FIGURE, Action.SEE_INVITATION, Action.LET_BACK_IN} <= tried


@pytest.mark.usefixtures("at_the_door")
def test_everybody_at_every_door(site: Site) -> None:
    """Each kind of door is tried by all people, each further door of its kind by visitors and some people in turn."""
    world = site.world
    assert set(KINDS.values()) - {PLAIN} == set(world.kinds)
    doors = list(_doors(site))
    wrong, opened, told = [], set(), set()
    for place, name in enumerate([*world.people, "stranger"]):
        client = factories.sign_in(site.app, world.people[name]) if name in world.people else site.app.test_client()
        token = factories.token(site.app, client)
        for door in _doors_of_visit(doors, place, everything=name == "stranger"):
            expected = _expected(door, world.actors.get(name))
            answer = _ask(client, door, token)
            found, behind = _outcome(answer), (name, door.kind, door.what)
            (opened if found == IN else told if answer.status_code == 403 else set()).add(behind)
            if found != expected or (door.what == "absent" and expected == OUT and answer.status_code != 404):
                wrong.append((name, door.method, door.address, door.what, found, expected))
    assert wrong == []
    assert {name for name, found in world.kinds.items() if not found} == set()
    # "not for you" is said of what one sees by another door; else it looks like what is not there
    assert {one for one in told - opened if one[1] not in NO_SECRET} == set()
    let_in = [door for door in doors for actor in world.actors.values() if _expected(door, actor) == IN]
    assert len(let_in) > len(doors)  # on average, each view allows at least one actor


def _doors_of_visit(doors: Sequence[Door], place: int, *, everything: bool) -> Iterator[Door]:
    """Yield the first door of each kind, and the others where it is the turn of the person at this place.

    The same function finds the thing at all doors of a kind, and the policy is asked for the same action: the guard
    then answers the same to a person. Of what is absent the policy is not asked.
    """
    seen = set()
    for number, door in enumerate(doors):
        kind = (door.find, None if door.what == "absent" else door.action, door.what)
        if everything or kind not in seen or (number + place) % TURNS == 0:
            yield door
        seen.add(kind)


def _doors(site: Site) -> Iterator[Door]:
    for rule in _guarded(site.app):
        view = site.app.view_functions[rule.endpoint]
        kind, action = examples.kind_of(view), _action(site.app, rule)
        assert kind is not None
        assert action is not None
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            for what, example in _examples(site.world, kind).items():
                address = routes.address(site.app, rule, **example.values)
                yield Door(method, address, action, kind, what, example, view.__dict__["find"])


def _examples(world: World, kind: str) -> Examples:
    """Return the things of a kind, and one that does not exist."""
    if kind == PLAIN:
        return NOTHING
    names = {name for example in world.kinds[kind].values() for name in example.values}
    absent = Example({name: ABSENT.get(name, routes.NOBODYS) for name in names}, finds=lambda _actor: False)
    return {**world.kinds[kind], **({"absent": absent} if names else {})}


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
