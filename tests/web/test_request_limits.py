import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.errors import InputError, TooLargeError
from app.web.http import request_limits
from app.web.http.request_limits import read_json
from tests.support import factories
from tests.support.cpu_time import counting

DEEP, TOO_DEEP = "[" * 32 + "]" * 32, "[" * 33 + "]" * 33


def _read(app: Flask, raw: bytes | str, kind: str = "application/json") -> object:
    with app.test_request_context("/", method="POST", data=raw, content_type=kind):
        return read_json(object)


@pytest.mark.parametrize(
    "raw",
    [
        "{}",
        "[]",
        "1",
        '"a"',
        "null",
        DEEP,
        '"' + "[" * 99 + '"',
        "9223372036854775807",
        "-9223372036854775808",
        "1.5e300",
        '"\\\\u0000"',
        '"9999999999999999999999"',
        '{"a": "\\ud83d\\ude00"}',
        "0." + "1" * 40,
    ],
)
def test_allowed_json_is_accepted(lite_app: Flask, raw: str) -> None:
    assert _read(lite_app, raw) == json.loads(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{",
        "[1,]",
        "{'a': 1}",
        "NaN",
        "[NaN]",
        "Infinity",
        "-Infinity",
        "1e999",
        "-1e999",
        TOO_DEEP,
        "[" * 100_000,
        '{"a":' * 40 + "1" + "}" * 40,
        "9223372036854775808",
        "-9223372036854775809",
        "[" + "9" * 5000 + "]",
        '"\\u0000"',
        '{"a\\u0000": 1}',
        '"\\\\\\u0000"',
        '"\\ud800"',
        '"\\udc00\\ud800"',
        b'"\xff"',
        b'"\x00"',
        b"\x00",
        '"a',
        '"\\',
        b"\xef\xbb\xbf{}",
    ],
    ids=range(27),
)
def test_forbidden_json_is_refused(lite_app: Flask, raw: str | bytes) -> None:
    with pytest.raises(InputError):
        _read(lite_app, raw)


def test_json_over_a_quarter_of_a_mebibyte_is_too_large(lite_app: Flask) -> None:
    _read(lite_app, b'"' + b"a" * (request_limits.JSON_BYTES - 2) + b'"')
    with pytest.raises(TooLargeError):
        _read(lite_app, b'"' + b"a" * (request_limits.JSON_BYTES - 1) + b'"')


@pytest.mark.parametrize(
    "raw",
    [b'"' + b'\\"' * 130_000, b'"' * 260_000, b"\\" * 260_000, b"[" * 260_000, b"9" * 260_000, b'"' + b"\\" * 260_000],
)
def test_hostile_json_is_checked_in_time(lite_app: Flask, raw: bytes) -> None:
    with counting() as took, pytest.raises(InputError):
        _read(lite_app, raw)
    assert took.seconds < 2


@pytest.fixture
def client(lite_app: Flask) -> FlaskClient:
    with lite_app.app_context():
        person_id = factories.person()
    return factories.sign_in(lite_app, person_id)


def _post(app: Flask, client: FlaskClient, **fields: object) -> int:
    return client.post(
        "/settings", data={**fields, "csrf_token": factories.token(app, client)}, follow_redirects=False
    ).status_code


def test_a_form_in_place_of_json_is_another_type(lite_app: Flask, client: FlaskClient) -> None:
    token = factories.token(lite_app, client)
    address = _own_attempt(lite_app, client)
    answers = [
        client.post(address, data=raw, content_type=kind, headers={"X-CSRF-Token": token}).status_code
        for raw, kind in (
            ("saves=1", "application/x-www-form-urlencoded"),
            ("{}", "text/plain"),
            ("{}", "application/json"),
            (b"[" * 300_000, "application/json"),
            (b"a" * 1_100_000, "application/json"),
        )
    ]
    assert answers == [415, 415, 400, 413, 413]


def _own_attempt(app: Flask, client: FlaskClient) -> str:
    from tests.support import courses, sites

    with app.app_context():
        courses.publish()
    start = sites.post(app, client, f"/courses/{courses.SLUG}/test")
    return start.headers["Location"].removesuffix("/1") + "/saves"


def test_a_field_and_a_form_have_a_largest_size(lite_app: Flask, client: FlaskClient) -> None:
    assert _post(lite_app, client, language="a" * 60_000) == 422
    assert _post(lite_app, client, language="a" * 66_000) == 413
    assert _post(lite_app, client, language="a" * 1_100_000) == 413


def test_a_form_of_very_many_parts_is_refused(lite_app: Flask, client: FlaskClient) -> None:
    token = factories.token(lite_app, client)
    parts = {f"p{n}": (None, "x") for n in range(600)}
    body = "".join(f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\nx\r\n' for name in parts) + "--b--\r\n"
    answer = client.post(
        "/settings", data=body, content_type="multipart/form-data; boundary=b", headers={"X-CSRF-Token": token}
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=", "", "text/plain", "x"])
def test_form_of_unknown_type_is_empty(lite_app: Flask, client: FlaskClient, kind: str) -> None:
    token = factories.token(lite_app, client)
    answer = client.post("/settings", data=b"\x00\xff--", content_type=kind, headers={"X-CSRF-Token": token})
    assert answer.status_code in {400, 415, 422}


def test_a_very_long_address_is_refused(client: FlaskClient) -> None:
    assert client.get("/search?q=" + "a" * 150).status_code == 200
    assert client.get("/search?q=" + "a" * 2000).status_code == 414
    assert client.get("/" + "a" * 3000).status_code == 414


@pytest.mark.parametrize("path", ["/search?q=%00", "/search?a%00=1", "/courses/%00", "/%00", "/search?q=a&q=%00"])
def test_nul_in_an_address_is_refused(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 400


@pytest.mark.parametrize(
    "path", ["/search?q=%ff%fe", "/search?q=%ed%a0%80", "/courses/%ff", "/search?q=%", "/search?q=%zz"]
)
def test_invalid_utf8_is_harmless(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in {200, 400, 404}


@pytest.mark.parametrize("field", ["language", "next", "odd\0name"])
def test_nul_in_a_form_is_refused(lite_app: Flask, client: FlaskClient, field: str) -> None:
    assert _post(lite_app, client, **{field: "a\0b"}) == 400


@pytest.mark.parametrize("number", ["0", "1", "999999999", "1000000000", "9" * 30, "-1", "1.5", "%D9%A1", "1e5"])
def test_too_large_number_in_an_address_returns_404(client: FlaskClient, number: str) -> None:
    assert client.get(f"/attempts/00000000-0000-4000-8000-000000000000/{number}").status_code == 404
    assert client.get(f"/courses/a/v{number}/b/en").status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "1" * 40, "1e9", "", "%00x", "1.5", "\u0663"])
def test_an_odd_page_number_shows_a_page(client: FlaskClient, page: str) -> None:
    assert client.get(f"/notices?page={page}").status_code in {200, 400}
    assert client.get(f"/search?q=a&page={page}").status_code in {200, 400}
