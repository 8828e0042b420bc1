"""What ASVS asks of the web and no other test shows; `tests/architecture/asvs.toml` names each by its requirement."""

import base64
import io
import logging
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import msgspec
import pytest
from flask import Flask, Request, request
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, TestResponse

from app.db.session import transaction
from app.factory import create_app
from app.kernel import clock
from app.sign_in.service import passwords, sessions
from app.web.assets import STATIC
from app.web.http.csrf import FIELD
from app.web.http.logs import JsonLines, log
from config import Mode
from tests.support import databases, factories, routes, sites
from tests.support.settings import KEYS, NOW, settings_for

ELSEWHERE = "https://evil.example"
TEMPLATES = sorted((STATIC.parent).rglob("templates/**/*.html"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
# what turns text into markup or code, opens a way in from other pages, or a line that is no request
DANGERS = (
    "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "setHTML", "srcdoc",
    "postMessage", "onmessage", '"message"', "BroadcastChannel", "WebSocket", "EventSource", "RTCPeerConnection",
    "importScripts", "__proto__", ".prototype", "document.cookie", "document.domain", "sessionStorage", "indexedDB",
    "onpaste", '"paste"',
)  # fmt: skip


@pytest.fixture(scope="module")
def live() -> Flask:
    """A site as it runs for real: nothing of tests or the demonstration in it."""
    return create_app(replace(settings_for("sqlite://"), mode=Mode.LIVE))


@contextmanager
def _logged(level: int = logging.INFO) -> Iterator[io.StringIO]:
    """Yield the lines of the log as they are written."""
    written, before = io.StringIO(), log.level
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    log.addHandler(handler)
    log.setLevel(level)
    try:
        yield written
    finally:
        log.setLevel(before)
        log.removeHandler(handler)


@pytest.mark.parametrize("danger", DANGERS)
def test_scripts_insert_text_and_never_markup(danger: str) -> None:
    assert len(SCRIPTS) >= 5
    allowed = {"pictures.js"} if danger == '"paste"' else set()  # adds a pasted picture, prevents no pasted text
    assert {path.name for path in SCRIPTS if danger in path.read_text("utf-8")} == allowed


@pytest.mark.parametrize("element", ["<iframe", "<object", "<embed", "<applet", "<frame", "<base", "http-equiv"])
def test_pages_contain_no_embedding_elements(element: str) -> None:
    assert len(TEMPLATES) > 100
    # the pages of a package are opened from a disk, where a policy has no header; the code of a room is renewed
    allowed = ["package_parts.html", "room.html"] if element == "http-equiv" else []
    assert [path.name for path in TEMPLATES if element in path.read_text("utf-8")] == allowed


def test_password_fields_are_hidden_and_fit_password_managers() -> None:
    fields = [
        field
        for path in TEMPLATES
        for field in re.findall(r"\{\{ field\(.*?\) \}\}|<input .*?>", " ".join(path.read_text("utf-8").split()))
        if '"password", hint=' in field or '"password", error=' in field or 'type="password"' in field
    ]
    assert len(fields) >= 9
    told = ('autocomplete="current-password"', '"autocomplete": "current-password"', '"autocomplete": "new-password"')
    assert [field for field in fields if not any(word in field for word in told)] == []


@dataclass(frozen=True, slots=True)
class Opened:
    """What a page answered to a reader, and the secrets that the reader's browser held then."""

    endpoint: str
    reader: str
    answer: TestResponse
    secrets: tuple[str, str]  # of the session; the whole cookie


@pytest.fixture(scope="module")
def opened(sqlite_app: Flask) -> list[Opened]:
    """Every page, opened by the first reader who may, on a request from another site.

    The first reader changes from page to page; refusals of readers without permission are included.
    """
    start = clock.real_now()
    clock.move(lambda: NOW - start)
    site = sites.make(sqlite_app)
    readers = [(name, site.client(name)) for name in ("owner", "contact_point", "coordinator", "administrator")]
    pages: list[Opened] = []
    for place, (endpoint, path) in enumerate(routes.pages(sqlite_app)):
        pages += _opened(endpoint, path, readers[place % 4 :] + readers[: place % 4])
    clock.set_right()
    databases.empty(sqlite_app)
    return pages


def _opened(endpoint: str, path: str, readers: Sequence[tuple[str, FlaskClient]]) -> Iterator[Opened]:
    for name, client in readers:
        with client.session_transaction() as kept:
            secret = kept["sid"]
        answer = client.get(path, headers={"Origin": ELSEWHERE})
        yield Opened(endpoint, name, answer, (secret, _cookie(client)))
        if answer.status_code == 200:
            return


def test_responses_are_not_readable_by_other_sites(lite_app: Flask, opened: list[Opened]) -> None:
    readable = [
        (page.endpoint, name)
        for page in opened
        for name, _value in page.answer.headers
        if name.casefold().startswith("access-control-")
    ]
    client = lite_app.test_client()
    asked = client.options("/settings", headers={"Origin": ELSEWHERE, "Access-Control-Request-Method": "POST"})
    assert readable == []
    assert not [name for name, _value in asked.headers if name.casefold().startswith("access-control-")]


def test_session_secret_is_in_the_cookie_only(opened: list[Opened]) -> None:
    for page in opened:
        sent = page.answer.get_data(as_text=True) + page.answer.headers.get("Location", "")
        assert [secret for secret in page.secrets if secret in sent] == [], page.endpoint
    assert sum(page.answer.status_code == 200 for page in opened) > 20


def test_session_secret_has_192_random_bits(app: Flask) -> None:
    with app.app_context():
        person_id = factories.person()
        with transaction():
            made = {sessions.open_session(person_id, shared=False, real_now=clock.real_now()) for _number in range(50)}
    assert len(made) == 50
    assert {len(base64.urlsafe_b64decode(secret)) for secret in made} == {24}


WITHOUT_FRAME = {"catalogue.fragment", "offline.page"}  # a part of a page; a page for every visitor, without an account


def test_signed_in_pages_have_a_sign_out_button(opened: list[Opened]) -> None:
    framed = [
        page
        for page in opened
        if page.answer.status_code == 200 and page.answer.mimetype == "text/html" and page.endpoint not in WITHOUT_FRAME
    ]
    assert len(framed) > 20
    without = [page for page in framed if 'action="/sign-out"' not in page.answer.get_data(as_text=True)]
    assert [(page.reader, page.endpoint) for page in without] == []


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config", "/.git/", "/.env", "/.svn/entries", "/wsgi.py", "/config.py", "/requirements.txt", "/instance/",
        "/instance/secrets/cookie.key", "/static/", "/static/js/", "/static/a/", "/media/", "/console", "/debug",
        "/metrics", "/server-status", "/openapi.json", "/docs", "/admin", "/phpmyadmin/", "/_components", "/demo",
    ],
)  # fmt: skip
def test_a_live_site_shows_no_file_list_or_tool(live: Flask, path: str) -> None:
    assert live.test_client().get(path).status_code == 404


def test_live_site_has_no_test_or_demonstration_pages(live: Flask) -> None:
    endpoints = {rule.endpoint for rule in live.url_map.iter_rules()}
    assert not [name for name in endpoints if name.startswith(("demo", "components"))]
    assert not live.debug
    assert not live.testing


def _with_password(password: str) -> None:
    with transaction():
        person_id = factories.person(mail="exact@example.org")
        passwords.set_password(person_id, passwords.make_password_hash(password))


@pytest.mark.parametrize(
    ("password", "others"),
    [
        (
            "  Ünder the bridge, 7 ☂  ",
            ("Ünder the bridge, 7 ☂", "  ünder the bridge, 7 ☂  ", "  U\u0308nder the bridge, 7 ☂  "),
        ),
        ("x" * 127 + "y", ("x" * 127 + "z", "x" * 127)),
        ("onlysmallletters", ("Onlysmallletters",)),
    ],
)
def test_password_is_compared_exactly(lite_app: Flask, password: str, others: tuple[str, ...]) -> None:
    with lite_app.app_context():
        _with_password(password)
    for given, status in (*((other, 422) for other in others), (password, 302)):
        client = lite_app.test_client()
        fields = {"name": "exact@example.org", "password": given, FIELD: factories.token(lite_app, client)}
        assert client.post("/sign-in", data=fields).status_code == status, given


def test_query_parameters_are_not_form_fields(lite_app: Flask) -> None:
    with lite_app.app_context():
        _with_password(factories.PASSWORD)
    client = lite_app.test_client()
    asked = {"name": "exact@example.org", "password": factories.PASSWORD}
    fields = {FIELD: factories.token(lite_app, client)}
    assert client.post("/sign-in", query_string=asked, data=fields).status_code == 422
    assert client.post("/sign-in", query_string=fields | {"name": "x"}, data=asked).status_code == 400
    # of two fields of one name the first counts for the check and for the work alike
    twice = {"name": ["unknown@example.org", "exact@example.org"], "password": factories.PASSWORD} | fields
    assert client.post("/sign-in", data=twice).status_code == 422


@pytest.mark.parametrize(
    ("forwarded", "seen"),
    [("203.0.113.9", "203.0.113.9"), ("198.51.100.1, 203.0.113.9", "203.0.113.9"), ("", "127.0.0.1")],
)
def test_client_address_comes_from_the_trusted_proxy(forwarded: str, seen: str) -> None:
    https = {"site_url": "https://academy.example.org", "proxies": 1}
    app = create_app(replace(settings_for("sqlite://"), mode=Mode.LIVE, **https))  # type: ignore[arg-type]
    app.add_url_rule("/who", view_func=lambda: f"{request.remote_addr} {request.host}")
    headers = {"X-Forwarded-Host": "evil.example", "X-Real-IP": "192.0.2.1"}
    if forwarded:
        headers["X-Forwarded-For"] = forwarded
    answer = app.test_client().get("/who", base_url="https://academy.example.org", headers=headers)
    assert answer.get_data(as_text=True) == f"{seen} academy.example.org"


def _refused(app: Flask, client: FlaskClient) -> list[int]:
    token = factories.token(app, client)
    return [
        client.post("/sign-in/language", data={FIELD: token}, headers={"Origin": ELSEWHERE}).status_code,
        client.post("/sign-in/language", data={"to": "fr"}).status_code,
        client.get("/operations").status_code,
        client.get("/plan/countries/BG?looked-for=secret-word").status_code,
        client.get("/notices?page=%00").status_code,
    ]


def test_refusals_are_logged_by_view_and_status(lite_app: Flask) -> None:
    site = sites.make(lite_app)
    client = site.client("owner")
    with _logged() as written:
        found = _refused(lite_app, client)
    lines = [msgspec.json.decode(line) for line in written.getvalue().splitlines()]
    answers = [line for line in lines if line["what"] == "answer"]
    assert [line["status"] for line in answers] == found == [403, 400, 403, 403, 400]
    assert all(len(line["request"]) == 16 and "ms" in line for line in answers)
    # a request refused before its view has no user yet
    assert [line["who"] for line in answers] == ["", "", str(site.people["owner"]), str(site.people["owner"]), ""]
    assert {datetime.fromisoformat(line["at"]).tzinfo for line in answers} == {UTC}
    assert "secret-word" not in written.getvalue()
    assert "BG" not in written.getvalue()


def test_log_entry_is_one_line_for_any_text() -> None:
    with _logged() as written:
        log.warning('x"\r\n{"at":"2027-01-01","what":"forged"}\x1b[31m\u2028', extra={"kind": "a\nb", "password": "y"})
    lines = written.getvalue().split("\n")
    assert lines[1:] == [""]
    assert msgspec.json.decode(lines[0])["kind"] == "a\nb"
    assert "\x1b" not in lines[0]
    assert "password" not in lines[0]


def _cookie(client: FlaskClient) -> str:
    cookie = client.get_cookie("academy")
    assert cookie is not None
    return cookie.value


def _opens(app: Flask, value: str) -> int:
    client = app.test_client()
    client.set_cookie("academy", value)
    return client.get("/settings").status_code


def test_cookie_is_valid_as_signed_and_for_31_days(lite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with lite_app.app_context():
        person_id = factories.person()
    value = _cookie(factories.sign_in(lite_app, person_id))
    facts, at, seal = value.rsplit(".", 2)
    other = create_app(replace(settings_for("sqlite://"), keys=replace(KEYS, cookie=(("2", b"z" * 32),))))
    with other.test_client() as stranger, stranger.session_transaction() as kept:
        kept["sid"] = "x"
    forged = [
        facts,
        f"{facts}.{at}.",
        f"{facts}.{at}.{seal[:-1]}",
        f"{facts}.{at}.{seal[:-2]}{'A' if seal[-2] != 'A' else 'B'}{seal[-1]}",
        f"{facts[:-1]}.{at}.{seal}",
        f"{facts}.{at[:-1]}{'A' if at[-1] != 'A' else 'B'}.{seal}",
        _cookie(stranger),
    ]
    assert len(base64.urlsafe_b64decode(f"{seal}=")) == 32
    assert _opens(lite_app, value) == 200
    assert [_opens(lite_app, each) for each in forged] == [302] * len(forged)
    now = time.time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + 32 * 86400)
    assert lite_app.session_interface.open_session(lite_app, _request(lite_app, value)) == {}
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + 30 * 86400)
    assert "sid" in (lite_app.session_interface.open_session(lite_app, _request(lite_app, value)) or {})


def _request(app: Flask, value: str) -> Request:
    return app.request_class(EnvironBuilder(headers={"Cookie": f"academy={value}"}).get_environ())


@pytest.mark.usefixtures("real_hasher")
def test_passwords_are_stored_with_the_agreed_hash() -> None:
    first, second = (passwords.make_password_hash(factories.PASSWORD) for _ in range(2))
    for stored in (first, second, passwords._dummy):
        assert re.fullmatch(r"\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}", stored, re.ASCII)
    assert first.split("$")[4] != second.split("$")[4]  # each has its own salt


def test_only_the_outbox_script_uses_browser_storage() -> None:
    texts = {path.name: path.read_text("utf-8") for path in SCRIPTS}
    assert [name for name, text in texts.items() if "localStorage" in text or "caches." in text] == ["outbox.js"]
    # an answer under the attempt's random id, a step of a lesson or a check-in under a random key, an author's text
    keys = {"key(attempt", "STEPS + key", "POSTS + key", "DRAFTS + page"}
    assert set(re.findall(r"store\.set\((.*?),", texts["outbox.js"] + texts["drafts.js"])) == keys
    kept = [set(found.split(", ")) for found in re.findall(r"keep\(attempt, \{ (.*?) \}\)", texts["quiz.js"])]
    assert kept
    assert {name.split(":")[0] for each in kept for name in each} <= {
        "question",
        "sequence",
        "...read(forms.get(question))",
        "...read(form)",
    }


def test_cookie_contains_no_personal_data(lite_app: Flask) -> None:
    with lite_app.app_context():
        person_id = factories.person(alias="Officer of the cookie", mail="cookie@example.org")
    client = factories.sign_in(lite_app, person_id)
    for path in ("/", "/settings", "/settings/sign-in", "/record"):
        client.get(path)
    with client.session_transaction() as kept:
        told = dict(kept)
    assert set(told) <= {"sid", "csrf", "mark", "lang", "_permanent", "_flashes"}
    assert not [word for word in ("Officer", "cookie@", str(person_id)) if word in str(told)]
