from random import Random

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests import factories, routes, sites
from tests.sites import Site
from tests.spending import HEAVY, spent

INPUTS = 600  # security R14, in small
PIECES = [
    b"",
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"%00",
    b"%",
    b"%zz",
    b"'",
    b'"',
    b"--",
    b";",
    b"../",
    b"..%2f",
    b"<script>",
    b"{{7*7}}",
    b"{% x %}",
    b"${x}",
    b"%s%n",
    b"\r\nX-A: b",
    "\u202e".encode(),
    "\U0001f600".encode(),
    "ة".encode(),
    b"-1",
    b"0",
    b"1e999",
    b"NaN",
    b"9" * 40,
    b"2147483648",
    b"9223372036854775808",
    b"[" * 60,
    b'{"a":' * 40,
    b"null",
    b"true",
    b"A" * 3000,
    b"=",
    b"&",
    b"a=b&a=c",
    b"[]",
    b"{}",
    b'{"saves":[{}]}',
    b'{"saves":[{"question":1,"sequence":99999999999999999999}]}',
    b'{"saves":[{"question":1,"sequence":1,"body":{"place":1e5}}]}',
    b'{"saves":[{"question":1,"sequence":1,"body":[[[[]]]]}]}',
    b'{"saves":[{"question":1,"sequence":1,"body":"\\ud800"}]}',
    b'{"saves":[{"question":999,"sequence":1,"body":{}}]}',
    b'{"saves":[{"question":1,"sequence":1,"body":{"place":"x","places":[-1]}}]}',
    b'{"saves":[{"question":1,"sequence":2,"body":{"places":[9,9,9]},"certainty":3}]}',
    b"2026-13-45",
    b"00000000-0000-0000-0000-000000000000",
]
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
KINDS = [
    "application/x-www-form-urlencoded",
    "application/json",
    "application/json; charset=utf-16",
    "multipart/form-data",
    "multipart/form-data; boundary=b",
    "multipart/form-data; boundary=" + "b" * 300,
    "text/plain",
    "",
    "x",
    "application/xml",
    "*/*",
]
HEADERS = [
    ("Accept-Language", "ar;q=x, *;q=,, en-\xff"),
    ("Accept-Language", "," * 500),
    ("Accept-Encoding", "gzip;q=banana"),
    ("Cookie", "academy=x; academy=y"),
    ("Cookie", "academy=.eJx.\xff"),
    ("Cookie", "=;;=="),
    ("If-None-Match", '"\xff", W/,*'),
    ("If-Modified-Since", "never"),
    ("Range", "bytes=9-1,-,x"),
    ("Content-Length", "5"),
    ("Origin", "null"),
    ("Sec-Fetch-Site", "\xff"),
    ("X-Forwarded-For", "x, y"),
    ("X-CSRF-Token", "\xff" * 40),
    ("X-HTTP-Method-Override", "DELETE"),
    ("Host", "localhost:99999"),
    ("Referer", "::"),
    ("Accept", "x/"),
    ("Authorization", "Basic \xff"),
    ("Transfer-Encoding", "chunked"),
    ("Date", "0"),
]
# they would end what the others need
ENDS = {"accounts.sign_out", "quizzes.hand_in"}


@pytest.fixture
def site(app: Flask) -> Site:
    return sites.make(app)


@pytest.mark.each_database
@pytest.mark.parametrize("seed", range(3))
def test_no_malformed_input_is_a_fault_of_ours(site: Site, seed: int) -> None:
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
