import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.exc import NoResultFound
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.access.policy import Action, Actor, Role, Sensitivity, allows
from app.accounts import queries as accounts
from app.catalogue import queries as catalogue
from app.catalogue.models import Course
from app.db.session import db, transaction
from app.factory import create_app
from app.quizzes import queries as quizzes
from app.scenarios import queries as scenarios
from app.search import queries as search
from app.search.models import SearchBlock
from app.web import assets
from tests.support import courses as course
from tests.support import databases, routes, sites
from tests.support.settings import settings_for
from tests.support.sites import Site

EVERYBODY = {"anonymous", *sites.PEOPLE}
SIGNED_IN = set(sites.PEOPLE)
PRACTITIONERS = {"owner", "colleague", "foreigner"}
# who gets in, by what is asked for; whoever else is signed in gets the status beside it
OPEN, RESTRICTED, ABSENT = "open", "restricted", "absent"
COURSE = {OPEN: (SIGNED_IN, 404), RESTRICTED: (PRACTITIONERS, 404), ABSENT: (set(), 404)}
# nobody here has passed a test half a year ago
LATER: dict[str, tuple[set[str], int]] = {OPEN: (set(), 404), RESTRICTED: (set(), 404), ABSENT: (set(), 404)}
OWN = {"own": ({"owner"}, 404), ABSENT: (set(), 404)}
EVENT = {OPEN: (SIGNED_IN, 404), RESTRICTED: (PRACTITIONERS | {"coordinator"}, 404), ABSENT: (set(), 404)}
SEAT = {OPEN: (PRACTITIONERS, 403), ABSENT: (set(), 404)}
RUN = {OPEN: ({"coordinator"}, 404), ABSENT: (set(), 404)}  # the trainer of these people runs a course, no event
ASSESSED: dict[str, tuple[set[str], int]] = {OPEN: (set(), 404), ABSENT: (set(), 404)}
TEACH = {"": ({"trainer", "coordinator"}, 403)}
OFFICER = {"own": ({"contact_point"}, 404), ABSENT: (set(), 404)}
COUNTRY = {"": ({"contact_point"}, 403)}
PLAN = {"": ({"coordinator", "contact_point"}, 403)}
DESK = {"": ({"coordinator"}, 403)}
TRAIL = {"": ({"administrator", "contact_point"}, 403)}
NOBODY_HERE: dict[str, tuple[set[str], int]] = {"": (set(), 403)}  # none of these people has the role
NOBODY: dict[str, tuple[set[str], int]] = {ABSENT: (set(), 404)}  # who may is tried beside the pages
RUNS = {"": ({"administrator"}, 403)}
GONE: dict[str, tuple[set[str], int]] = {"gone": (set(), 404)}  # public once, and nowhere on a site that is set up
MINE = {"": (SIGNED_IN, 403)}
INVITES = {"": ({"contact_point", "coordinator", "administrator"}, 403)}
PERSON = {"own": ({"contact_point", "coordinator", "administrator"}, 404), ABSENT: (set(), 404)}
PROPOSAL: dict[str, tuple[set[str], int]] = {ABSENT: (set(), 404)}  # one that exists: tests/access
PUBLIC = {"": (EVERYBODY, 403)}
# written by hand: a new route fails here until somebody says who may use it
EXPECTED: dict[str, dict[str, tuple[set[str], int]]] = {
    "about.accessibility": PUBLIC,
    "access.ask_address": OFFICER,
    "access.ask_close": OFFICER,
    "access.close": OFFICER,
    "access.confirm_address": OFFICER,
    "access.end_sessions": OFFICER,
    "access.let_in": OFFICER,
    "access.show": OFFICER,
    "about.health": PUBLIC,
    "about.help": PUBLIC,
    "about.support": PUBLIC,
    "offline.page": PUBLIC,
    "offline.worker": PUBLIC,
    "about.privacy": PUBLIC,
    "about.show": PUBLIC,
    "accounts.change_alias": MINE,
    "accounts.change_settings": MINE,
    "accounts.choose_language": PUBLIC,
    "accounts.send_sign_in": PUBLIC,
    "accounts.settings": MINE,
    "accounts.sign_in": PUBLIC,
    "accounts.sign_out": MINE,
    "accounts.time_left": MINE,
    "assets.send": PUBLIC,
    "audit.export": TRAIL,
    "audit.show": TRAIL,
    "catalogue.fragment": COURSE,
    "catalogue.medium": {RESTRICTED: (PRACTITIONERS, 404), ABSENT: (set(), 404)},
    "components.show_components": PUBLIC,
    "country.seats": COUNTRY,
    "country.show": COUNTRY,
    "country_settings.add_agency": COUNTRY,
    "country_settings.ask_without_second_step": COUNTRY,
    "country_settings.change": COUNTRY,
    "country_settings.drop_agency": NOBODY,
    "country_settings.drop_second_step": COUNTRY,
    "country_settings.keep_names": COUNTRY,
    "country_settings.rename_agency": NOBODY,
    "country_settings.set_help": COUNTRY,
    "country_settings.show": COUNTRY,
    "country_settings.show_agency": NOBODY,
    "drafting.change": RUN,
    "drafting.edit": RUN,
    "drafting.make": TEACH,
    "drafting.new": TEACH,
    "factors.add_passkey": MINE,
    "factors.app": MINE,
    "factors.ask_passkey": MINE,
    "factors.begin_app": MINE,
    "factors.confirm_app": MINE,
    "factors.make_list": {"": (set(), 403)},  # no country of these people takes paper
    "factors.make_recovery": MINE,
    "factors.show": MINE,
    "figures.add_document": NOBODY,
    "figures.approve": NOBODY,
    "figures.change": NOBODY,
    "figures.document": NOBODY,
    "figures.enter": PLAN,
    "figures.new": PLAN,
    "figures.save": NOBODY,
    "figures.send_back": NOBODY,
    "figures.show": NOBODY,
    "figures.show_all": PLAN,
    "figures.submit": NOBODY,
    "home.claim_skill": {"": (PRACTITIONERS, 403)},
    "home.competency": MINE,
    "home.find": MINE,
    "home.notices": MINE,
    "home.path": MINE,
    "home.read_notices": MINE,
    "home.record": MINE,
    "home.show": MINE,
    "home.show_treaties": MINE,
    "home.withdraw_claim": NOBODY,
    "keeping.change_address": MINE,
    "intake.agree": NOBODY,
    "intake.ask": INVITES,
    "intake.batch": NOBODY,
    "intake.carry_out": NOBODY,
    "intake.check": INVITES,
    "intake.drop": NOBODY,
    "intake.empty": INVITES,
    "intake.officers": COUNTRY,
    "intake.print_letters": NOBODY,
    "intake.prove_for_officers": COUNTRY,
    "intake.refuse": NOBODY,
    "intake.show": NOBODY,
    "intake.undo": NOBODY,
    "intake.wish": COUNTRY,
    "keeping.change_password": MINE,
    "keeping.end_device": MINE,
    "keeping.end_others": MINE,
    "keeping.ask_passkey": MINE,
    "keeping.prove": MINE,
    "keeping.prove_by_passkey": MINE,
    "keeping.remove": MINE,
    "keeping.show": MINE,
    "learning.answer_check": COURSE,
    "learning.begin": COURSE,
    "learning.course": COURSE,
    "learning.courses": MINE,
    "learning.done": COURSE,
    "learning.keep_place": COURSE,
    "learning.lesson": COURSE,
    "learning.save_steps": MINE,
    "learning.set_aside": NOBODY,
    "learning.skip": COURSE,
    "learning.take_version": COURSE,
    "looks.show": OFFICER,
    "officer.show": OFFICER,
    "officer.suggest": OFFICER,
    "officer.take_back": NOBODY,
    "officers.claims": COUNTRY,
    "officers.decide": NOBODY,
    "officers.drop_need": OFFICER,
    "officers.name_need": OFFICER,
    "officers.show": OFFICER,
    "officers.show_all": COUNTRY,
    "incident.begin": RUNS,
    "incident.end": RUNS,
    "incident.report": RUNS,
    "incident.show": RUNS,
    "operations.show": RUNS,
    "operations.test_mail": RUNS,
    "welcome.ask_administrator": GONE,
    "welcome.choose_start": NOBODY,
    "welcome.finish": NOBODY,
    "welcome.languages": NOBODY,
    "welcome.mail": NOBODY,
    "welcome.make_administrator": GONE,
    "welcome.show": GONE,
    "welcome.start": NOBODY,
    "welcome.take_code": GONE,
    "welcome.test_mail": NOBODY,
    "plan.capacity": PLAN,
    "plan.checks": {"": ({"coordinator", "administrator"}, 403)},
    "plan.countries_file": PLAN,
    "plan.country": PLAN,
    "plan.indicator": PLAN,
    "plan.note_outcome": DESK,
    "plan.note_output": DESK,
    "plan.outcome": PLAN,
    "plan.output": PLAN,
    "plan.record": NOBODY,
    "plan.rows": PLAN,
    "plan.show": PLAN,
    "privacy.ask_erasure": MINE,
    "privacy.my_data": MINE,
    "privacy.take_back_erasure": MINE,
    "privacy.take_data": MINE,
    "privacy.who_looked": MINE,
    "service.erase": OFFICER,
    "service.leave": OFFICER,
    "service.look_at_erasure": OFFICER,
    "service.look_at_leaving": OFFICER,
    "service.look_at_move": OFFICER,
    "service.look_at_protection": OFFICER,
    "service.move": OFFICER,
    "service.protect": OFFICER,
    "service.show": OFFICER,
    "service.stay": OFFICER,
    "quizzes.check": OWN,
    "quizzes.hand_in": OWN,
    "quizzes.question": OWN,
    "invitation.accept": PUBLIC,
    "invitation.ask_anew": PUBLIC,
    "invitation.ask_code": PUBLIC,
    "invitation.ask_name": PUBLIC,
    "invitation.ask_password": PUBLIC,
    "invitation.ask_start": PUBLIC,
    "invitation.keep_name": PUBLIC,
    "invitation.keep_password": PUBLIC,
    "invitation.show": PUBLIC,
    "invitation.take_code": PUBLIC,
    "rights.send": PUBLIC,
    "rights.show": PUBLIC,
    "person.confirm": NOBODY,
    "person.end": PERSON,
    "person.give": PERSON,
    "person.refuse": NOBODY,
    "person.roles": PERSON,
    "person.show": PERSON,
    "people.ask": INVITES,
    "people.find": COUNTRY,
    "people.invite": INVITES,
    "people.print_letter": NOBODY,
    "people.renew": NOBODY,
    "people.renew_expired": INVITES,
    "people.show_waiting": INVITES,
    "people.show": NOBODY,
    "people.show_all": INVITES,
    "people.withdraw": NOBODY,
    "recovery.ask": PUBLIC,
    "recovery.ask_address": PUBLIC,
    "recovery.ask_password": PUBLIC,
    "recovery.confirm_address": PUBLIC,
    "recovery.set_password": PUBLIC,
    "recovery.show": PUBLIC,
    "quizzes.result": OWN,
    "quizzes.save": OWN,
    "quizzes.save_many": OWN,
    "quizzes.state": OWN,
    "scenarios.choose": OWN,
    "scenarios.debrief": OWN,
    "scenarios.show": OWN,
    "scoring.ask_about_attendance": RUN,
    "scoring.ask_about_scores": ASSESSED,
    "scoring.attendance": RUN,
    "scoring.keep_attendance": RUN,
    "scoring.participants": ASSESSED,
    "scoring.rubric": ASSESSED,
    "scoring.score": ASSESSED,
    "second_step.ask_any_passkey": PUBLIC,
    "second_step.ask_passkey": MINE,
    "second_step.show": MINE,
    "second_step.sign_in_by_passkey": PUBLIC,
    "second_step.start_again": MINE,
    "second_step.take_code": MINE,
    "second_step.take_passkey": MINE,
    "supervision.show": NOBODY_HERE,
    "extra_time.change": OFFICER,
    "extra_time.show": OFFICER,
    "proposals.agree": PROPOSAL,
    "proposals.show": PROPOSAL,
    "proposals.stop": PROPOSAL,
    "supervisor.assign": OFFICER,
    "supervisor.release": OFFICER,
    "supervisor.show": OFFICER,
    "sittings.case": COURSE,
    "sittings.later": LATER,
    "sittings.pretest": {RESTRICTED: (PRACTITIONERS, 404), ABSENT: (set(), 404)},
    "sittings.start_case": COURSE,
    "sittings.start_later": LATER,
    "sittings.start_pretest": {RESTRICTED: (PRACTITIONERS, 404), ABSENT: (set(), 404)},
    "sittings.start_test": COURSE,
    "sittings.test": COURSE,
    "teaching.appoint": RUN,
    "teaching.capacity": RUN,
    "teaching.clear": RUN,
    "teaching.clearing": RUN,
    "teaching.people": RUN,
    "teaching.set_capacity": RUN,
    "teaching.show": RUN,
    "teaching.show_all": TEACH,
    "teaching.step": RUN,
    "teaching.take_off": RUN,
    "teaching.take_step": RUN,
    "workshops.book": SEAT,
    "workshops.calendar": OWN,
    "workshops.certificate": OWN,
    "workshops.show": EVENT,
    "workshops.show_list": MINE,
    "workshops.withdraw": OWN,
}
SLUGS = {OPEN: course.SLUG, RESTRICTED: sites.RESTRICTED, ABSENT: "no-such-course"}
# what a course of each kind has
LESSON = {OPEN: "the-list", RESTRICTED: "the-berth-list", ABSENT: "the-list"}
CHECK = {OPEN: course.CHECK, RESTRICTED: "T01-Q01", ABSENT: "T01-Q01"}


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


def test_every_route_says_who_may_use_it(lite_app: Flask) -> None:
    assert {rule.endpoint for rule in lite_app.url_map.iter_rules()} == set(EXPECTED)


@pytest.mark.parametrize("endpoint", sorted(EXPECTED))
def test_who_gets_in(site: Site, endpoint: str) -> None:
    wrong = []
    for rule in site.app.url_map.iter_rules(endpoint):
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            for kind, (welcome, refused) in EXPECTED[endpoint].items():
                for name in sorted(EVERYBODY):
                    answer = _ask(site, rule, method, kind, name)
                    expected = "in" if name in welcome else _refusal(name, refused, public=kind == "gone")
                    if _outcome(answer) != expected:
                        wrong.append((method, kind, name, answer.status, answer.headers.get("Location"), expected))
    assert wrong == []


def _refusal(name: str, refused: int, *, public: bool) -> str:
    if name == "anonymous" and not public:
        return "sign in"
    return str(refused)


def _outcome(answer: TestResponse) -> str:
    onward = answer.headers.get("Location", "")
    if answer.status_code == 401 or onward.partition("?")[0] == "/sign-in":
        return "in" if onward == "/sign-in?out=1" else "sign in"
    return str(answer.status_code) if answer.status_code in {403, 404, 405} or answer.status_code >= 500 else "in"


def _ask(site: Site, rule: Rule, method: str, kind: str, name: str) -> TestResponse:
    client = site.client(name)
    path = _path(site, rule, kind)
    if method != "POST":
        return client.open(path, method=method)
    if rule.endpoint == "quizzes.save_many":
        return sites.post_json(site.app, client, path, {"saves": []})
    return sites.post(site.app, client, path, {"to": "en", "language": "en"})


def _path(site: Site, rule: Rule, kind: str) -> str:
    values: dict[str, object] = {}
    if kind in SLUGS:
        values = {"course": SLUGS[kind], "lesson": LESSON[kind], "item": CHECK[kind]}
        values["workshop_id"] = site.workshops.get(kind, routes.NOBODYS)
        if rule.endpoint == "catalogue.medium" and kind == RESTRICTED:
            values["digest"] = site.picture
    if kind == "own":
        ended = rule.endpoint in {"quizzes.result", "scenarios.debrief"}
        values = {
            "attempt": site.done.ended_attempt if ended else site.done.open_attempt,
            "playthrough": site.done.ended_case if ended else site.done.open_case,
            "person_id": site.people["owner"],
            "workshop_id": site.workshops["held" if rule.endpoint == "workshops.certificate" else "seat"],
        }
    if rule.endpoint == "plan.record":
        values["number"] = 999_999_999
    if rule.endpoint == "assets.send":
        return assets.address(site.app, "academy.css")
    return routes.address(site.app, rule, **values)


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
