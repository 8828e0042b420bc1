import logging
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask, Response, abort
from sqlalchemy.exc import (
    InterfaceError,
    InternalError,
    NoResultFound,
    OperationalError,
    TimeoutError as PoolTimeoutError,
)

from app.factory import create_app
from app.i18n import catalogues
from app.i18n.babel import TRANSLATIONS
from app.kernel.errors import DomainError, InputError, SeveralError, TooLargeError, Word
from app.web import errors, layout
from app.web.errors import KNOWN
from config import Mode
from tests.support import factories
from tests.support.settings import settings_for

SECRET = "someone@example.org"
TITLES = {
    400: "This request could not be read",
    403: "This is not part of your role",
    404: "This page is not here or not for you",
    405: "This address cannot be opened like this",
    409: "Something changed in the meantime",
    413: "This is too large",
    414: "This address is too long",
    415: "This kind of content is not accepted here",
    422: "Correct the form",
    429: "Too many attempts in a short time",
    500: "Error on our side",
    503: "The academy cannot save just now",
}
TITLE = re.compile(r"<h1>(.*?)</h1>", re.S)


def _said(sentence: str, language: str) -> str:
    """Return a sentence as the catalogue has it; whether the catalogue is whole is another check."""
    po = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    found = catalogues.read(po).get(sentence) if po.exists() else None
    return str(found.string) if found and found.string else sentence


def _raise(error: Exception) -> Callable[[], str]:
    def view() -> str:
        raise error

    return view


def _ask(app: Flask, language: str = "en", **headers: str) -> Response:
    return app.test_client().get("/about", headers={"Accept-Language": language, **headers})


@pytest.fixture(scope="module")
def live() -> Flask:
    """An application that hides its faults."""
    return create_app(replace(settings_for("sqlite://"), mode=Mode.LIVE))


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
@pytest.mark.parametrize("status", sorted(KNOWN))
def test_every_error_has_a_page_in_the_readers_language(
    lite_app: Flask, monkeypatch: pytest.MonkeyPatch, status: int, language: str
) -> None:
    monkeypatch.setitem(lite_app.view_functions, "about.show", lambda: errors.page(status))
    answer = _ask(lite_app, language)
    text = answer.get_data(as_text=True)
    title = TITLE.search(text)
    assert answer.status_code == status
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in text
    assert title is not None
    assert unescape(title[1]) == _said(TITLES[status], language)
    assert "Traceback" not in text
    assert f"<span>{status}</span>" in text
    assert set(TITLES) == KNOWN


def test_refused_step_shows_its_reason_alone(lite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(lite_app.view_functions, "about.show", _raise(DomainError("A reason.")))
    answer = _ask(lite_app)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "<h1>This step is not possible</h1>" in text
    assert "A reason. Nothing was changed." in text
    assert "Reload the page" not in text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NoResultFound(SECRET), 404),
        (InputError("The message does not have the agreed shape."), 400),
        (TooLargeError("The message is too large."), 413),
        (DomainError("This step is not open."), 409),
        (OperationalError(f"SELECT {SECRET}", {}, Exception(SECRET)), 503),
        (InternalError(f"UPDATE {SECRET}", {}, Exception(SECRET)), 503),
        (InterfaceError(f"SELECT {SECRET}", {}, Exception(SECRET)), 503),
        (PoolTimeoutError(SECRET), 503),
        (ValueError(SECRET), 500),
        (RecursionError(SECRET), 500),
    ],
)
def test_server_error_page_reveals_no_details(
    live: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception, status: int
) -> None:
    monkeypatch.setitem(live.view_functions, "about.show", _raise(error))
    caplog.set_level(logging.INFO, "academy")
    answer = _ask(live)
    text = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert SECRET not in text + caplog.text
    assert type(error).__name__ not in text
    assert answer.headers["Content-Security-Policy"]


def test_domain_errors_are_translated_with_their_values() -> None:
    french = {
        "%(what)s: at most %(most)s characters.": "%(what)s : au plus %(most)s signes.",
        "Title": "Titre",
        "The host is a member country.": "L'hôte est un pays membre.",
    }
    long = DomainError("%(what)s: at most %(most)s characters.", what=Word("Title"), most=200)
    both = SeveralError([long, DomainError("The host is a member country.")])
    assert str(both) == "Title: at most 200 characters. The host is a member country."
    assert both.translated(french.__getitem__) == "Titre : au plus 200 signes. L'hôte est un pays membre."
    assert DomainError("100% of it").translated(str) == str(DomainError("100% of it")) == "100% of it"


def test_error_number_is_in_the_log(
    live: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from app.web.http.logs import JsonLines, log

    monkeypatch.setitem(live.view_functions, "about.show", _raise(ValueError(SECRET)))
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(JsonLines().format(record))

    handler = Kept()
    log.addHandler(handler)
    try:
        text = _ask(live).get_data(as_text=True)
    finally:
        log.removeHandler(handler)
    number = re.search(r"<code>([0-9a-f]{16})</code>", text)
    assert number is not None
    bug = [line for line in lines if '"bug"' in line]
    assert len(bug) == 1
    assert number[1] in bug[0]
    assert '"kind":"ValueError"' in bug[0]
    assert SECRET not in bug[0]


def test_broken_error_page_falls_back_to_plain_text(live: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(live.view_functions, "about.show", _raise(ValueError(SECRET)))
    monkeypatch.setattr(errors, "render", lambda *_a, **_k: 1 / 0)
    answer = _ask(live)
    assert (answer.status_code, answer.mimetype) == (500, "text/plain")
    assert re.fullmatch(r"Error on our side\. .* Number: [0-9a-f]{16}\n", answer.get_data(as_text=True))
    assert answer.headers["Content-Security-Policy"]


def test_a_script_gets_json(lite_app: Flask) -> None:
    client = lite_app.test_client()
    token = factories.token(lite_app, client)
    answer = client.post("/no-such-page", json={}, headers={"X-CSRF-Token": token})
    assert answer.status_code == 404
    assert answer.json is not None
    assert set(answer.json) == {"error", "request_id"}


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/sign-out", {"POST", "OPTIONS"}), ("PUT", "/settings", {"GET", "HEAD", "POST", "OPTIONS"})],
)
def test_method_not_allowed_lists_the_allowed_methods(
    lite_app: Flask, method: str, path: str, allowed: set[str]
) -> None:
    client = lite_app.test_client()
    answer = client.open(path, method=method, headers={"X-CSRF-Token": factories.token(lite_app, client)})
    assert answer.status_code == 405
    assert {word.strip() for word in answer.headers["Allow"].split(",")} == allowed
    assert "cannot be opened like this" in answer.get_data(as_text=True)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("path", ["/", "/settings", "/courses", "/sign-out", "/no-such-page"])
def test_signed_in_user_gets_503_without_a_database(live_without_database: Flask, path: str, language: str) -> None:
    client = live_without_database.test_client()
    with client.session_transaction() as session:
        session["sid"] = "x" * 32
    answer = client.get(path, headers={"Accept-Language": language})
    text = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert f'<html lang="{language}"' in text
    assert "<h1>" in text
    with client.session_transaction() as session:
        assert session["sid"] == "x" * 32


def test_static_pages_work_without_a_database(live_without_database: Flask) -> None:
    client = live_without_database.test_client()
    assert [client.get(path).status_code for path in ("/about", "/sign-in", "/health")] == [200, 200, 503]
    fields = {
        "name": "a@example.org",
        "password": "x" * 20,
        "csrf_token": factories.token(live_without_database, client),
    }
    assert client.post("/sign-in", data=fields).status_code == 503


@pytest.fixture(scope="module")
def live_without_database() -> Flask:
    url = "postgresql+psycopg://postgres@127.0.0.1:1/none?connect_timeout=1"
    return create_app(replace(settings_for(url), mode=Mode.LIVE))


def test_lost_connection_within_a_page_returns_503(lite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from app import navigation

    with lite_app.app_context():
        person_id = factories.person()
    client = factories.sign_in(lite_app, person_id)

    def away(*_: object) -> int:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(navigation.messages, "unread", away)
    answer = client.get("/record")
    assert answer.status_code == 503
    assert "The academy cannot save just now" in answer.get_data(as_text=True)
    monkeypatch.undo()
    assert client.get("/record").status_code == 200


def test_default_reader_is_empty() -> None:
    assert (layout.Reader().me, layout.Reader().menu, layout.Reader().notices) == (None, (), 0)


def test_abort_status_is_preserved(lite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(lite_app.view_functions, "about.show", lambda: abort(418))
    assert _ask(lite_app).status_code == 418
