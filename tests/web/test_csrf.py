import base64

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.http.csrf import HEADER
from tests.support import factories

FORM = {"to": "fr", "next": "/about"}


@pytest.fixture
def visitor(lite_app: Flask) -> FlaskClient:
    return lite_app.test_client()


def _send(app: Flask, client: FlaskClient, token: str | None = None, **headers: str) -> int:
    fields = FORM | ({} if token is None else {"csrf_token": token})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/sign-in/language", data=fields, headers=named).status_code


def test_session_token_is_accepted(lite_app: Flask, visitor: FlaskClient) -> None:
    assert _send(lite_app, visitor, factories.token(lite_app, visitor)) == 302


def test_token_is_accepted_in_the_header(lite_app: Flask, visitor: FlaskClient) -> None:
    assert _send(lite_app, visitor, **{HEADER: factories.token(lite_app, visitor)}) == 302


def test_no_token_and_no_session_is_refused(lite_app: Flask, visitor: FlaskClient) -> None:
    answer = visitor.post("/sign-in/language", data=FORM)
    assert answer.status_code == 400
    assert "form is too old" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "=",
        "====",
        "a" * 43,
        "\u0661" * 40,
        "%00",
        "ü",
        "-_" * 30,
        base64.urlsafe_b64encode(bytes(18)).decode(),
    ],
)
def test_a_made_up_token_is_refused(lite_app: Flask, visitor: FlaskClient, token: str) -> None:
    factories.token(lite_app, visitor)
    assert _send(lite_app, visitor, token) == 400


def test_the_token_of_another_session_is_refused(lite_app: Flask, visitor: FlaskClient) -> None:
    visitor.get("/sign-in")
    other = lite_app.test_client()
    other.get("/sign-in")
    assert _send(lite_app, visitor, factories.token(lite_app, other)) == 400


def test_every_page_carries_a_new_mask_over_the_same_seed(lite_app: Flask, visitor: FlaskClient) -> None:
    one, other = (factories.token(lite_app, visitor) for _ in range(2))
    assert one != other
    assert [_send(lite_app, visitor, token) for token in (one, other, one)] == [302] * 3


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost", 302),
        ("https://localhost", 403),
        ("http://localhost:81", 403),
        ("http://evil.example", 403),
        ("http://localhost.evil.example", 403),
        ("null", 403),
        ("http://[", 403),
        ("", 403),
    ],
)
def test_origin_header_is_checked(lite_app: Flask, visitor: FlaskClient, origin: str, status: int) -> None:
    assert _send(lite_app, visitor, factories.token(lite_app, visitor), Origin=origin) == status


@pytest.mark.parametrize(
    ("site", "status"), [("same-origin", 302), ("none", 302), ("same-site", 403), ("cross-site", 403), ("x", 403)]
)
def test_fetch_metadata_is_checked(lite_app: Flask, visitor: FlaskClient, site: str, status: int) -> None:
    assert _send(lite_app, visitor, factories.token(lite_app, visitor), Sec_Fetch_Site=site) == status


def test_every_change_requires_a_token(lite_app: Flask, visitor: FlaskClient) -> None:
    from tests.support.routes import changes

    factories.token(lite_app, visitor)
    open_doors = [path for _endpoint, path in changes(lite_app) if visitor.post(path).status_code != 400]
    assert open_doors == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "FOO"])
def test_other_methods_are_refused(lite_app: Flask, visitor: FlaskClient, method: str) -> None:
    assert visitor.open("/settings", method=method).status_code in {400, 405}
    headers = {"X-HTTP-Method-Override": "POST"}
    assert visitor.get("/sign-out", headers=headers).status_code == 405
