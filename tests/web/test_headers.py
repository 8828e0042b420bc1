import gzip
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import Actor, Role
from app.catalogue.queries import courses as catalogue_courses
from app.factory import create_app
from app.web import assets
from app.web.http.headers import HEADERS, POLICY
from app.web.public import offline
from config import Mode
from tests.support import courses, factories, routes, sites
from tests.support.settings import settings_for

EXACTLY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; media-src 'self';"
    " worker-src 'self'; img-src 'self' data: blob:; manifest-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
# pages without personal data, which set their own caching
KEPT = {"assets.send", "catalogue.fragment", "offline.page", "offline.worker"}
OWN_POLICY = {
    "catalogue.medium": "default-src 'none'; sandbox",
    "assets.send": "default-src 'none'; sandbox",
    "offline.page": offline.policy(),
}


def test_content_security_policy_is_exact() -> None:
    assert POLICY == EXACTLY
    assert not any(word in POLICY for word in ("unsafe", "*", "http:", "https:"))


def test_every_page_carries_the_headers(lite_app: Flask) -> None:
    site = sites.make(lite_app)
    client = site.client("owner")
    wrong = [
        (rule.endpoint, found)
        for rule in routes.of_method(lite_app, "GET")
        for path in [_path(lite_app, site, rule)]
        if (found := _wrong(client, rule.endpoint, path))
    ]
    assert wrong == []


def _path(app: Flask, site: sites.Site, rule: object) -> str:
    values = {"attempt": site.done.open_attempt, "playthrough": site.done.ended_case, "digest": site.picture}
    if rule.endpoint == "assets.send":  # type: ignore[attr-defined]
        return assets.address(app, "academy.css")
    if rule.endpoint == "catalogue.medium":  # type: ignore[attr-defined]
        values["course"] = sites.RESTRICTED
    return routes.address(app, rule, **values)  # type: ignore[arg-type]


def _wrong(client: FlaskClient, endpoint: str, path: str) -> list[str]:
    answer = client.get(path, headers={"Accept-Encoding": "gzip"})
    wanted = HEADERS | {"Content-Security-Policy": OWN_POLICY.get(endpoint, EXACTLY)}
    found = [name for name, value in wanted.items() if answer.headers.getlist(name) != [value]]
    if endpoint not in KEPT and answer.headers["Cache-Control"] != "no-store":
        found.append("Cache-Control")
    if answer.mimetype.startswith("text/") and "charset=utf-8" not in answer.headers["Content-Type"]:
        found.append("charset")
    if answer.status_code not in {200, 302, 403, 404, 410}:
        found.append(answer.status)
    if answer.headers.get("Content-Encoding") == "gzip" and "Accept-Encoding" not in answer.headers["Vary"]:
        found.append("Vary")
    return found


@pytest.mark.parametrize("path", ["/sign-in", "/about/privacy", "/no-such-page"])
def test_page_is_compressed_when_accepted(lite_app: Flask, path: str) -> None:
    client = lite_app.test_client()
    packed = client.get(path, headers={"Accept-Encoding": "deflate, gzip;q=1.0"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert b"<!DOCTYPE html>" in gzip.decompress(packed.data)
    assert "Content-Encoding" not in client.get(path).headers


def test_pages_of_users_are_not_cached(lite_app: Flask) -> None:
    with lite_app.app_context():
        courses.publish()
        person_id = factories.person()
    client = factories.sign_in(lite_app, person_id)
    answers = [client.get(path) for path in ("/", "/record", "/settings", "/notices", "/search?q=list", "/courses")]
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
    assert {answer.status_code for answer in answers} == {200}


def test_restricted_course_is_stored_by_no_browser(lite_app: Flask) -> None:
    site = sites.make(lite_app)
    client = site.client("owner")
    with lite_app.app_context():
        actor = Actor(site.people["owner"], "IQ", frozenset({Role.PRACTITIONER}))
        lesson = next(iter(catalogue_courses.visible(actor, sites.RESTRICTED).lessons))
    page = f"/courses/{sites.RESTRICTED}/lessons/{lesson}"
    paths = (
        page,
        f"/courses/{sites.RESTRICTED}",
        f"/courses/{sites.RESTRICTED}/v1/{lesson}/en",
        f"/media/{site.picture}",
        f"/attempts/{site.done.open_attempt}/1",
        f"/attempts/{site.done.open_attempt}/state",
        "/search?q=berth",
    )
    answers = [client.get(path) for path in paths] + [client.get(page, headers={"X-Part": "main"})]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
    assert [answer.headers.get("ETag") for answer in answers] == [None] * len(answers)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "PUT"])
@pytest.mark.parametrize("path", ["/", "/no-such-page", "/sign-in", "/settings"])
def test_refusals_and_redirects_carry_the_headers(lite_app: Flask, method: str, path: str) -> None:
    answer = lite_app.test_client().open(path, method=method)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert answer.headers["Cache-Control"] == "no-store"


def test_https_sites_send_strict_transport_security(lite_app: Flask) -> None:
    secure = create_app(replace(settings_for("sqlite://"), mode=Mode.LIVE, site_url="https://academy.example.org"))
    answer = secure.test_client().get("/sign-in", base_url="https://academy.example.org")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-academy=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
    assert "Domain" not in cookie
    assert "Strict-Transport-Security" not in lite_app.test_client().get("/sign-in").headers


def test_another_host_is_refused(lite_app: Flask) -> None:
    answer = lite_app.test_client().get("/sign-in", base_url="http://evil.example")
    assert answer.status_code == 400
    assert "evil" not in answer.get_data(as_text=True)


def test_forwarded_headers_are_ignored_without_a_proxy(lite_app: Flask) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Original-URL": "/about"}
    answer = lite_app.test_client().get("/", headers=headers)
    assert answer.headers["Location"] == "/sign-in"
