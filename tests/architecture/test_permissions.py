import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import insert, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, Role, Sensitivity, allows
from app.access.public import PUBLIC
from app.catalogue.models import Course
from app.catalogue.queries import courses as catalogue
from app.db.session import db, transaction
from app.factory import create_app
from app.identity.queries import people as accounts
from app.quizzes import queries as quizzes
from app.scenarios import queries as scenarios
from app.search import queries as search
from app.search.models import SearchBlock
from tests.support import databases, routes, sites
from tests.support.settings import settings_for
from tests.support.sites import Site

EVERYBODY = {"anonymous", *sites.PEOPLE}
SIGNED_IN = set(sites.PEOPLE)
PRACTITIONERS = {"owner", "colleague", "foreigner"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for all routes, on a database of its own: what one principal does must not let another one in."""
    app = create_app(settings_for(databases.sqlite_url(tmp_path_factory.mktemp("site"))))
    with app.app_context():
        db.create_all()
    yield sites.make(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_public_pages_answer_everybody(site: Site, name: str) -> None:
    """The guarded routes are tried in tests/access/test_every_route.py."""
    client = site.client(name)
    wrong = []
    for rule in routes.of_method(site.app, "GET"):
        if rule.endpoint in PUBLIC:
            status = client.get(routes.address(site.app, rule)).status_code
            if status in {401, 403, 405} or status >= 500:
                wrong.append((rule.endpoint, status))
    assert wrong == []


def test_what_is_not_yours_looks_like_what_is_not_there(site: Site) -> None:
    client = site.client("colleague")
    for theirs, nothing in (
        (f"/attempts/{site.done.ended_attempt}/result", f"/attempts/{uuid4()}/result"),
        (f"/cases/{site.done.ended_case}/debrief", f"/cases/{uuid4()}/debrief"),
    ):
        answers = [client.get(path) for path in (theirs, nothing)]
        texts = [
            answer.get_data(as_text=True).replace(path, "")
            for answer, path in zip(answers, (theirs, nothing), strict=True)
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({_without_tokens(text) for text in texts}) == 1


def test_nobody_sees_another_persons_marks(site: Site) -> None:
    with site.app.app_context():
        alias = accounts.names([site.people["owner"]])[site.people["owner"]]
    for name in sorted(EVERYBODY - {"owner"}):
        client = site.client(name)
        pages = [
            client.get(path).get_data(as_text=True) for path in ("/", "/record", "/notices", "/courses", "/operations")
        ]
        assert [page for page in pages if f">{alias}<" in page] == []


def test_search_finds_no_restricted_text_for_others(site: Site) -> None:
    found = {
        name: "berth-list" in site.client(name).get("/search?q=northern").get_data(as_text=True) for name in SIGNED_IN
    }
    assert {name for name, hit in found.items() if hit} == PRACTITIONERS


ROLES = st.frozensets(st.sampled_from(list(Role)), max_size=4)
COUNTRIES = st.sampled_from(["IQ", "BG", "NL", ""])
MARKS = st.lists(st.sampled_from(list(Sensitivity)), min_size=1, max_size=6)
MANY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.each_database
@MANY
@given(ROLES, COUNTRIES, MARKS)
def test_the_courses_in_sql_are_those_of_the_policy(
    context: Flask, roles: frozenset[Role], country: str, marks: list[Sensitivity]
) -> None:
    actor = Actor(uuid4(), country, roles)
    with transaction():
        db.session.query(Course).delete()
        courses = [Course(code=f"C{n}", slug=f"c-{n}", sensitivity=mark) for n, mark in enumerate(marks)]
        db.session.add_all(courses)
    in_sql = set(db.session.scalars(select(Course.code).where(catalogue.scope(actor))))
    by_policy = {f"C{n}" for n, mark in enumerate(marks) if allows(actor, Action.READ_COURSE, _Marked(mark))}
    assert in_sql == by_policy


@pytest.mark.each_database
@MANY
@given(ROLES, COUNTRIES, MARKS)
def test_the_blocks_in_sql_are_those_of_the_policy(
    context: Flask, roles: frozenset[Role], country: str, marks: list[Sensitivity]
) -> None:
    actor = Actor(uuid4(), country, roles)
    with transaction():
        db.session.query(SearchBlock).delete()
        block = {
            "kind": "lesson",
            "language": "en",
            "country": None,
            "title": "t",
            "anchor": "",
            "path": "/",
            "text": "t",
        }
        rows = [block | {"ref": str(n), "sensitivity": mark, "folded": " word"} for n, mark in enumerate(marks)]
        db.session.execute(insert(SearchBlock), rows)
    readable = {str(n) for n, mark in enumerate(marks) if allows(actor, Action.READ_COURSE, _Marked(mark))}
    assert set(db.session.scalars(select(SearchBlock.ref).where(search.readable(actor)))) == readable
    assert {hit.ref for hit in search.find("word", actor=actor, language="en")} == readable
    assert search.count("word", actor=actor) == len(readable)


@pytest.mark.each_database
def test_attempts_and_cases_in_sql_are_those_of_the_policy(app: Flask) -> None:
    site = sites.make(app)
    with app.app_context():
        walks = [UUID(site.done.open_case), UUID(site.done.ended_case)]
        attempts = [UUID(site.done.open_attempt), UUID(site.done.ended_attempt)]
        for name, person_id in site.people.items():
            actor = Actor(person_id, "IQ", frozenset(Role))
            mine = name == "owner"
            assert allows(actor, Action.SIT_TEST, _Owned(site.people["owner"])) == mine
            assert [_finds(quizzes.visible, actor, attempt) for attempt in attempts] == [mine, mine]
            assert [_finds(quizzes.own, actor, attempt) for attempt in attempts] == [mine, mine]
            assert [_finds(scenarios.visible, actor, walk) for walk in walks] == [mine, mine]


def _finds(find: Callable[..., Any], actor: Actor, key: UUID) -> bool:
    try:
        return bool(find(actor, key).person_id == actor.id)
    except NoResultFound:
        return False


class _Marked:
    def __init__(self, sensitivity: Sensitivity) -> None:
        self.sensitivity = sensitivity


class _Owned:
    def __init__(self, person_id: UUID) -> None:
        self.person_id = person_id


def _without_tokens(page: str) -> str:
    return re.sub(r'(name="csrf_token" value|name="csrf" content|name="next" value)="[^"]*"', "", page)
