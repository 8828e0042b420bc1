from random import Random

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.support import factories, routes, sites
from tests.support.cpu_time import HEAVY, spent
from tests.support.hostile_input import HEADERS, KINDS, PIECES
from tests.support.sites import Site

INPUTS = 600  # few, so that the test is fast
NAMES = [
    "to",
    "next",
    "name",
    "password",
    "shared",
    "language",
    "content_language",
    "appearance",
    "mail_rhythm",
    "place",
    "press",
    "choice",
    "choices",
    "place-0",
    "place-1",
    "match-0",
    "group-0",
    "answer",
    "gap-0",
    "certainty",
    "marked",
    "step",
    "move",
    "q",
    "page",
    "kept_to",
    "kept-a",
    "kept-csrf_token",
    "csrf_token",
    "weeks",
    "offline",
    "\x00",
    "é" * 50,
    "",
]
# they would end what the others need
ENDS = {"sign_in.sign_out", "quizzes.submit"}


@pytest.fixture
def site(app: Flask) -> Site:
    return sites.make(app)


@pytest.mark.each_database
@pytest.mark.parametrize("seed", range(3))
def test_malformed_input_causes_no_server_error(site: Site, seed: int) -> None:
    random = Random(seed)
    rules = sorted(
        (rule for rule in site.app.url_map.iter_rules() if rule.endpoint not in ENDS), key=lambda rule: rule.rule
    )
    rules += [rule for rule in rules if rule.endpoint in {"quizzes.save", "quizzes.save_many"}] * 4
    client = site.client("owner")
    token = factories.token(site.app, client)
    faults = []
    for number in range(INPUTS // 3):
        rule = rules[(number + seed) % len(rules)]
        method = random.choice(sorted((rule.methods or set()) - {"OPTIONS"} | {"POST"}))
        path, body = _path(site, rule, random), _body(random)
        kind, headers = random.choice(KINDS), random.sample(HEADERS, random.randrange(3))
        if rule.endpoint == "quizzes.save_many" and random.random() < 0.8:
            kind, body = (
                "application/json",
                random.choice([piece for piece in PIECES if piece.startswith((b"[", b"{"))]),
            )
        if rule.endpoint == "quizzes.save" and random.random() < 0.8:
            kind = KINDS[0]
        headers = [(name, value) for name, value in headers if name != "Cookie"] if random.random() < 0.7 else headers
        answer, took = spent(_send, client, method, path, body, kind, [*headers, ("X-CSRF-Token", token)])
        if answer is None or answer.status_code >= 500 or took > HEAVY:
            faults.append((method, path, kind, body, headers, answer and answer.status, took))
    assert faults == []


def _send(client, method, path, body, kind, headers) -> TestResponse | None:  # type: ignore[no-untyped-def]
    query = path.partition("?")[2]
    environ = {"REQUEST_URI": path, "QUERY_STRING": query.encode("utf-8", "surrogatepass").decode("latin-1")}
    return client.open(
        path.partition("?")[0], method=method, data=body, content_type=kind, headers=headers, environ_overrides=environ
    )


def _path(site: Site, rule: object, random: Random) -> str:
    values = {"attempt": site.done.open_attempt, "playthrough": site.done.open_case, "digest": site.picture}
    path = routes.address(site.app, rule, **values)  # type: ignore[arg-type]
    if random.random() < 0.3:
        parts = path.split("/")
        parts[random.randrange(len(parts))] = _text(random)
        path = "/" + "/".join(parts).lstrip("/")
    if random.random() < 0.5:
        path += f"?{random.choice(NAMES)}={_text(random)}&{random.choice(NAMES)}={_text(random)}"
    return path


def _text(random: Random) -> str:
    piece = random.choice(PIECES) if random.random() < 0.8 else random.randbytes(random.randrange(30))
    return piece.decode("utf-8", "replace")


def _body(random: Random) -> bytes:
    if random.random() < 0.2:
        return random.randbytes(random.randrange(400))
    if random.random() < 0.4:
        return random.choice(PIECES)
    fields = [random.choice(NAMES).encode() + b"=" + random.choice(PIECES) for _ in range(random.randrange(1, 6))]
    if random.random() < 0.3:
        parts = [
            b'--b\r\nContent-Disposition: form-data; name="' + field.replace(b"=", b'"\r\n\r\n', 1) for field in fields
        ]
        return b"\r\n".join(parts) + b"\r\n--b--\r\n"
    return b"&".join(fields)
