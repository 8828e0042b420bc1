"""Malformed requests at the pages of workshops, competence and the plan, with every method, as everybody."""

from collections.abc import Iterator
from random import Random
from urllib.parse import quote, urlencode
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.access.policy import Role, Scope
from app.db.session import db
from app.workshops.queries import bookings
from tests.support import factories, routes, sites
from tests.support.cpu_time import HEAVY, spent
from tests.support.hostile_input import HEADERS, HOSTILE, KINDS
from tests.support.sites import Site

ROOMS = {
    "intake",
    "person",
    "workshops",
    "teaching",
    "scoring",
    "drafting",
    "officers",
    "home",
    "plan",
    "figures",
    "recovery",
    "access",
    "supervision",
    "supervisor",
}
REQUESTS = {"sqlite": 600, "postgresql": 1_200}  # PostgreSQL refuses more values
METHODS = ("GET", "HEAD", "POST", "POST", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")
# what the others need stays: these three take no field that could be malformed
ENDS = {"workshops.book", "workshops.withdraw", "home.read_notices"}
# written by reading, by signing in, or by who may say anything in free words
GROWING = {"officers_taken", "audit_entry", "sign_in_session", "note"}
FIELDS = [
    "title", "summary", "practise", "code", "kind", "sensitivity", "form", "host_country", "town", "venue", "seen",
    "time_zone", "booking_until", "capacity", "language", "interpreted", "prerequisites", "roles", "activity",
    "percent", "session-0-title", "session-0-day", "session-0-starts", "session-0-ends", "session-59-day",
    "session-99999-day", "session-²-day", "outcome-0-competency", "outcome-0-level", "title-ar", "title-xx",
    "reason", "alias", "role", "state", "after", "competency", "level", "answer", "score-list", "score-quay",
    "place", "page", "q", "on", "country", "by", "agency_kind", "compare", "value", "day", "source", "note", "text",
    "until", "since", "from", "document", "csrf_token",
]  # fmt: skip
STAFF: dict[str, Role] = {
    "co_chair": Role.CO_CHAIR, "supervisor": Role.SUPERVISOR, "host": Role.HOST, "invigilator": Role.INVIGILATOR,
}  # fmt: skip


@pytest.fixture
def site(app: Flask) -> Site:
    return sites.make(app)


@pytest.mark.each_database
def test_malformed_input_causes_no_error_and_no_row(site: Site) -> None:
    """No answer of 5xx, none heavy; and without a token, or without the right, nothing is written."""
    with site.app.app_context():
        dialect = db.engine.dialect.name
    random = Random(dialect)
    rules = sorted((rule for rule in site.app.url_map.iter_rules() if _is_new(rule)), key=lambda rule: rule.rule)
    visits = dict(_everybody(site))
    booking = _booking(site)
    before, faults = _rows(site.app), []
    assert len(rules) < REQUESTS["postgresql"] / 5
    for number in range(REQUESTS[dialect]):
        rule, method, name = rules[number % len(rules)], random.choice(METHODS), random.choice(list(visits))
        client, token = visits[name]
        allowed = name in {"coordinator", "trainer", "contact_point", "owner", "leads", "assesses", "supervisor"}
        with_token = rule.endpoint not in ENDS and (not allowed or _is_checked(rule)) and random.random() < 0.7
        path = _path(site, rule, booking, random)
        body, kind = _body(random, token if with_token else "")
        headers = [(key, value) for key, value in random.sample(HEADERS, random.randrange(2)) if key != "Cookie"]
        answer, took = spent(_send, client, method, path, body, kind, headers)
        if answer is None or answer.status_code >= 500 or took > HEAVY:
            faults.append((name, method, path, body[:300], kind, headers, answer and answer.status, took))
    assert faults == []
    assert _rows(site.app) == before


def _is_new(rule: Rule) -> bool:
    return rule.endpoint.split(".")[0] in ROOMS


def _is_checked(rule: Rule) -> bool:
    """Return whether a route accepts no malformed input from a user with the right: its form needs a value."""
    return rule.endpoint in {
        "workshops.score", "workshops.appoint", "competence.decide_claim", "workshops.create_workshop",
        "workshops.update_workshop", "plan.enter_figure",
        "rights.assign_role",
    }  # fmt: skip


def _everybody(site: Site) -> Iterator[tuple[str, tuple[FlaskClient, str]]]:
    held = str(site.workshops["held"])
    with site.app.app_context():
        people = dict(site.people)
        for name, role in STAFF.items():
            people[name] = factories.person(country="BG", roles=(), grants=((role, Scope.ALL, ""),))
        for name, role in (("leads", Role.TRAINER), ("assesses", Role.ASSESSOR)):
            people[name] = factories.person(country="BG", roles=(), grants=((role, Scope.EVENT, held),))
        db.session.remove()
    for name, person_id in people.items():
        client = factories.sign_in(site.app, person_id)
        yield name, (client, factories.token(site.app, client))
    client = site.app.test_client()
    yield "anonymous", (client, factories.token(site.app, client))


def _booking(site: Site) -> UUID:
    with site.app.app_context():
        return bookings.seated(site.workshops["held"])[0].id


def _rows(app: Flask) -> dict[str, int]:
    with app.app_context():
        return {
            table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
            for table in db.metadata.sorted_tables
            if table.name not in GROWING
        }


def _path(site: Site, rule: Rule, booking: UUID, random: Random) -> str:
    known = random.random() < 0.8
    values = {
        "workshop_id": random.choice(list(site.workshops.values())) if known else uuid4(),
        "booking_id": booking if known else uuid4(),
        "person_id": random.choice(list(site.people.values())) if known else uuid4(),
        "number": random.choice([0, 1, 2, 3, 999_999_999]),
        "step": random.choice(["announce", "cancel", "close", "clear", "revise", "draft"]),
    }
    path = routes.address(site.app, rule, **values)
    if random.random() < 0.25:
        parts = path.split("/")
        parts[random.randrange(len(parts))] = quote(random.choice(HOSTILE)[:400], safe="%")
        path = "/" + "/".join(parts).lstrip("/")
    if random.random() < 0.6:
        asked = [(random.choice(FIELDS), random.choice(HOSTILE)[:300]) for _ in range(random.randrange(1, 4))]
        path += "?" + urlencode(asked, errors="surrogatepass")
    return path


def _body(random: Random, token: str) -> tuple[bytes, str]:
    if not token and random.random() < 0.3:
        return random.randbytes(random.randrange(400)), random.choice(KINDS)
    fields = [(random.choice(FIELDS), random.choice(HOSTILE)) for _ in range(random.randrange(1, 9))]
    fields = [(name, text) for name, text in fields if name != "csrf_token"]
    return urlencode([("csrf_token", token), *fields], errors="surrogatepass").encode(), KINDS[0]


def _send(
    client: FlaskClient, method: str, path: str, body: bytes, kind: str, headers: list[tuple[str, str]]
) -> TestResponse | None:
    plain, _, query = path.partition("?")
    environ = {"REQUEST_URI": path, "QUERY_STRING": query}
    return client.open(
        plain, method=method, data=body, content_type=kind, headers=headers, environ_overrides=environ
    )  # fmt: skip
