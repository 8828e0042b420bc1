"""Hostile input: addresses, forms, files, concurrent requests."""

import io
import random
import re
import threading
from collections.abc import Iterator
from datetime import date
from urllib.parse import quote
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.access.policy import Actor, Role, Scope
from app.db.session import db, transaction
from app.identity.models import Country, Person
from app.kernel.errors import InputError
from app.plan.domain.observations import ObservationState
from app.plan.models import Contribution
from app.plan.queries import figures
from app.plan.views import _shared
from tests.support import factories, plan_figures as numbers
from tests.support.plan_figures import Scene
from tests.support.plan_pages import cells_of_sheet, hand_in, send, sheet_of, table, text
from tests.support.settings import NOW

SEED = 20_270_301
ADDRESSES = 1_000
PLACES = [
    "/plan", "/plan.csv", "/plan/countries.csv", "/plan/outcomes/OC1", "/plan/outputs/OP1", "/plan/indicators/OP2.1",
    "/plan/indicators/OC2.1.csv", "/plan/indicators/OP2.4/rows", "/plan/indicators/OC2.1/rows.csv", "/plan/capacity",
    "/plan/countries/IQ", "/plan/figures", "/plan/figures/new", "/plan/checks",
]  # fmt: skip
NAMES = ["on", "country", "agency_kind", "role", "compare", "after", "code", "value", "day", "source", "form", "x[]"]
VALUES = [
    "", "IQ", "DE", "ZZ", "iq", "*", "police", "border", "first_responder", "2026-12-31", "2027-03-01", "2027-03-02",
    "2000-01-01", "1999-12-31", "0001-01-01", "9999-12-31", "2027-02-30", "-1", "0", "1", "9" * 30, "1e9", "nan", "inf",
    "' OR 1=1 --", "%", "\x00", "\ud7ff", "\u202e", "a" * 5000, "../../etc/passwd", "{{7*7}}", "<script>", "=1+1",
]  # fmt: skip


@pytest.fixture
def scene(app: Flask) -> Scene:
    return numbers.make(app)


@pytest.fixture
def lite_scene(lite_app: Flask) -> Scene:
    return numbers.make(lite_app)


def addresses(count: int, *, seed: int = SEED) -> Iterator[str]:
    """Yield query strings of known and unknown names with valid, almost valid and invalid values."""
    chance = random.Random(seed)
    for _ in range(count):
        pairs = [f"{quote(chance.choice(NAMES))}={_value(chance)}" for _ in range(chance.choice((1, 1, 2, 3, 8)))]
        yield chance.choice(("&", ";", "&&", "&=&")).join(pairs)


@pytest.mark.parametrize("name", ["coordinator", "contact point"])
def test_no_query_string_causes_a_server_error(standing: Scene, name: str) -> None:
    client = standing.client(name)
    for number, query in enumerate(addresses(100)):
        place = PLACES[number % len(PLACES)]
        answer = client.get(f"{place}?{query}")
        assert answer.status_code in {200, 400, 403, 404, 409, 414}, (place, query)
        answer.close()


@pytest.mark.parametrize(
    ("name", "role", "mine"), [("coordinator", Role.COORDINATOR, ""), ("contact point", Role.CONTACT_POINT, "IQ")]
)
def test_random_addresses_never_reach_another_country_or_time(
    standing: Scene, monkeypatch: pytest.MonkeyPatch, name: str, role: Role, mine: str
) -> None:
    reader = Actor(standing.people[name], "IQ", frozenset({role}))
    monkeypatch.setattr(_shared, "actor", lambda: reader)
    refused = 0
    for query in addresses(ADDRESSES):
        with standing.app.test_request_context(f"/plan?{query}"):
            try:
                asked = _shared.read_asked()
            except InputError:
                refused += 1
                continue
        assert date(2000, 1, 1) <= asked.on <= NOW.date(), query
        assert asked.own_country == mine, query
        assert asked.country == mine or not mine, query
        assert mine or len(asked.cut) <= 1, query
    assert 0 < refused < ADDRESSES


@pytest.mark.parametrize("text_sent", ["a\x00b", "\x00", "\ud7ff\u202e", "a" * 300])
def test_extreme_values_are_refused_or_saved(scene: Scene, text_sent: str) -> None:
    client = scene.client("coordinator")
    figure = {"code": "OC3.4", "country": "", "day": "2027-02-01", "value": "3", "source": text_sent}
    for path, values in (
        ("/plan/figures/new", figure),
        ("/plan/figures/new", figure | {"source": "s", "value": "nan"}),
        ("/plan/figures/new", figure | {"source": "s", "value": "1e400"}),
        ("/plan/figures/new", figure | {"source": "s", "day": "9999-12-31"}),
        ("/plan/figures/new", figure | {"source": "s", "code": text_sent}),
        ("/plan/outcomes/OC1/notes", {"text": text_sent}),
    ):
        assert send(scene, client, path, **values)[0] in {302, 400, 422}, values


def test_guessed_record_numbers_return_404(lite_app: Flask) -> None:
    scene = numbers.make(lite_app, completed={"BG": 1, "DE": 0, "FR": 2, "IQ": 1})
    with lite_app.app_context():
        query = select(Contribution.id, Contribution.country).where(Contribution.code == "OP2.1")
        found = {country: number for number, country in db.session.execute(query)}
        with transaction():
            db.session.execute(update(Country).values(exact_counts=False))
        shown = db.session.scalars(select(Contribution.id).where(Contribution.code == "OC2.1")).first()
        db.session.remove()
    client = scene.client("coordinator")
    assert {client.get(f"/plan/records/{number}").status_code for number in found.values()} == {404}
    assert client.get(f"/plan/records/{shown}").status_code == 200
    # before it counts it is not there
    assert client.get(f"/plan/records/{shown}?on=2026-12-01").status_code == 404
    assert client.get(f"/plan/records/{shown}?on=2027-01-20").status_code == 200  # it counts at the month's end
    assert scene.client("contact point").get(f"/plan/records/{found['IQ']}").status_code == 200


@pytest.mark.parametrize(
    "alias", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", " -2+3", "\u200e=1", "=HYPERLINK(0)"]
)
def test_file_contains_no_formulas(lite_scene: Scene, alias: str) -> None:
    with lite_scene.app.app_context(), transaction():
        officer = lite_scene.officers["IQ"][0]
        db.session.execute(update(Person).where(Person.id == officer).values(alias=alias))
    client = lite_scene.client("contact point")
    aliases = [row[5] for row in table(client, "/plan/indicators/OP2.1/rows.csv")[1:]]
    [told] = [one for one in aliases if "Secret" not in one]
    assert told.startswith("'")
    [told] = [
        row[5] for row in cells_of_sheet(client, "/plan/indicators/OP2.1/rows.xlsx")[1:] if "Secret" not in row[5]
    ]
    assert not told.startswith("'")
    assert "<f>" not in sheet_of(client, "/plan/indicators/OP2.1/rows.xlsx")


@pytest.mark.each_database
@pytest.mark.parametrize("steps", [("approve", "approve"), ("approve", "return")])
def test_concurrent_decisions_count_once(scene: Scene, steps: tuple[str, str]) -> None:
    clients = [scene.client("second coordinator"), _third(scene)]
    tokens = [factories.token(scene.app, client) for client in clients]
    place, start, answers = _pending(scene), threading.Barrier(2), []

    def press(client: FlaskClient, token: str, step: str) -> None:
        start.wait()
        answers.append(client.post(f"{place}/{step}", data={"csrf_token": token, "reason": "No."}).status_code)

    threads = [threading.Thread(target=press, args=given) for given in zip(clients, tokens, steps, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [302, 409]
    with scene.app.app_context():
        seen = figures.observation(UUID(place.rpartition("/")[2]))
        counted = figures.count_rows("OC3.4", NOW.date())
        db.session.remove()
    assert seen.decided_by not in {None, seen.entered_by}
    assert counted == (seen.state is ObservationState.APPROVED)


def test_figure_changed_after_viewing_is_not_approved(lite_scene: Scene) -> None:
    first, second = lite_scene.client("coordinator"), lite_scene.client("second coordinator")
    place = _pending(lite_scene)
    [seen] = re.findall(r'name="seen" value="([^"]*)"', text(second, place))
    assert send(lite_scene, second, f"{place}/return", reason="Look again.")[0] == 302
    figure = {"code": "OC3.4", "country": "", "day": "2027-02-01", "value": "9", "source": "s"}
    assert send(lite_scene, first, f"{place}/change", **figure)[0] == 302
    assert hand_in(lite_scene, first, place) == 302
    assert send(lite_scene, second, f"{place}/approve", seen=seen)[0] == 409
    [seen] = re.findall(r'name="seen" value="([^"]*)"', text(second, place))
    assert send(lite_scene, second, f"{place}/approve", seen=seen)[0] == 302


def test_author_with_second_role_cannot_approve(lite_scene: Scene) -> None:
    client = lite_scene.client("coordinator")
    place = _pending(lite_scene)
    for step, values in (("approve", {}), ("return", {"reason": "x"})):
        assert send(lite_scene, client, f"{place}/{step}", **values)[0] == 409
    stranger = lite_scene.client("another contact point")
    for step in ("approve", "return", "submit", "change", "document"):
        assert send(lite_scene, stranger, f"{place}/{step}", reason="x")[0] in {403, 404}, step


@pytest.mark.parametrize(
    "content", [b"", b"MZ", b"<html>%PDF-", b" %PDF-1.4", b"PK\x03\x04", b"\x89PNG\r\n", b"GIF89a", b"%PD"]
)
def test_only_pdf_documents_are_saved(lite_scene: Scene, content: bytes) -> None:
    client = lite_scene.client("contact point")
    figure = {"code": "OC2.3", "country": "IQ", "day": "2027-02-01", "value": "17", "source": "s"}
    _status, place = send(lite_scene, client, "/plan/figures/new", **figure)
    assert send(lite_scene, client, f"{place}/document", document=(io.BytesIO(content), "report.pdf"))[0] == 422
    assert client.get(f"{place}/document.pdf").status_code == 404


def test_document_is_only_sent_as_download(lite_scene: Scene) -> None:
    client = lite_scene.client("contact point")
    figure = {"code": "OC2.3", "country": "IQ", "day": "2027-02-01", "value": "17", "source": "s"}
    _status, place = send(lite_scene, client, "/plan/figures/new", **figure)
    content = b"%PDF-1.4 <script>alert(1)</script> /JavaScript /OpenAction"
    name = "../<script>.html; X-Evil: 1"
    sent = send(lite_scene, client, f"{place}/document", document=(io.BytesIO(content), name, "text/html"))
    assert sent[0] == 302
    answer = client.get(f"{place}/document.pdf")
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="figure-{place.rpartition("/")[2]}.pdf"'
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "X-Evil" not in answer.headers


def _pending(scene: Scene) -> str:
    client = scene.client("coordinator")
    figure = {"code": "OC3.4", "country": "", "day": "2027-02-01", "value": "3", "source": "s"}
    _status, place = send(scene, client, "/plan/figures/new", **figure)
    assert hand_in(scene, client, place) == 302
    return place


def _third(scene: Scene) -> FlaskClient:
    with scene.app.app_context():
        person = factories.person(country="DE", roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
        db.session.remove()
    return factories.sign_in(scene.app, person)


def _value(chance: random.Random) -> str:
    made = chance.choice(VALUES)
    if chance.random() < 0.2:
        made = "".join(chr(chance.randrange(1, 0x2FFF)) for _ in range(chance.randrange(12)))
    return chance.choice((quote(made, safe=""), quote(made, safe=""), "%ff%fe", "%", "%zz", "+"))
