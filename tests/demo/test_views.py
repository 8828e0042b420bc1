from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.demo.views import PARTS
from app.kernel import clock
from tests.support.factories import token


@pytest.fixture
def client(demo_app: Flask) -> FlaskClient:
    from app.demo import site_folder

    folder = demo_app.extensions["settings"].demo_path
    site_folder.set_weeks(folder, 0)
    clock.begin_ahead(lambda: site_folder.begins_ahead(folder))
    clock.move(lambda: site_folder.offset(folder))
    return demo_app.test_client()


def _post(app: Flask, client: FlaskClient, path: str, **fields: object) -> object:
    return client.post(path, data={"csrf_token": token(app, client), **fields})


@pytest.mark.parametrize("role", PARTS)
def test_a_link_makes_one_somebody(client: FlaskClient, role: str) -> None:
    answer = client.get(f"/demo/{role}")
    assert (answer.status_code, answer.location) == (302, PARTS[role].begins)
    assert PARTS[role].alias in client.get(answer.location).text


def test_the_roles_are_listed(client: FlaskClient) -> None:
    page = client.get("/demo/").text
    assert all(f'href="/demo/{role}"' in page for role in PARTS)


def test_an_unknown_role_is_not_found(client: FlaskClient) -> None:
    assert client.get("/demo/co-chair").status_code == 404


@pytest.mark.parametrize("address", ["10.0.0.5", "192.168.1.2", "::2", ""])
@pytest.mark.parametrize("path", ["/demo/", "/demo/practitioner"])
def test_other_machines_find_nothing(client: FlaskClient, address: str, path: str) -> None:
    assert client.get(path, environ_overrides={"REMOTE_ADDR": address}).status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
def test_somebody_behind_a_proxy_finds_nothing(client: FlaskClient, header: str) -> None:
    assert client.get("/demo/practitioner", headers={header: "for=10.0.0.5"}).status_code == 404


def test_the_pages_exist_in_this_mode_alone(lite_app: Flask) -> None:
    assert lite_app.test_client().get("/demo/practitioner").status_code == 404
    assert "demo" not in lite_app.blueprints


@pytest.mark.parametrize(
    ("asked", "shown"), [("ar,en;q=0.5", 'lang="ar"'), ("fr-FR,fr", 'lang="fr"'), ("de", 'lang="en"')]
)
def test_a_tour_begins_in_the_language_of_the_browser(client: FlaskClient, asked: str, shown: str) -> None:
    client.get("/demo/practitioner", headers={"Accept-Language": asked})
    assert f"<html {shown}" in client.get("/record").text


def test_a_language_chosen_before_stays(demo_app: Flask, client: FlaskClient) -> None:
    _post(demo_app, client, "/sign-in/language", to="ar", next="/")
    client.get("/demo/trainer", headers={"Accept-Language": "en"})
    assert '<html lang="ar"' in client.get("/record").text


def test_only_own_paths_lead_on(client: FlaskClient) -> None:
    assert client.get("/demo/trainer?next=/courses").location == "/courses"
    assert client.get("/demo/trainer?next=//example.org").location == PARTS["trainer"].begins


def test_the_bar_switches_the_role(demo_app: Flask, client: FlaskClient) -> None:
    client.get("/demo/practitioner")
    answer = _post(demo_app, client, "/demo/administrator", next="/record")
    assert answer.location == "/operations"
    assert client.get("/operations").status_code == 200


def test_a_switch_needs_the_token(client: FlaskClient) -> None:
    assert client.post("/demo/administrator").status_code == 400


def test_the_date_moves_and_comes_back(demo_app: Flask, client: FlaskClient) -> None:
    client.get("/demo/practitioner")
    before = clock.today()
    _post(demo_app, client, "/demo/date", weeks=2, next="/")
    assert (clock.today() - before).days in {14, 15}
    assert client.get("/record").status_code == 200, "sessions live by the machine's own time"
    _post(demo_app, client, "/demo/date", weeks=0, next="/")
    assert (clock.today() - before).days in {0, 1}


def test_sessions_and_stories_have_one_date(demo_app: Flask, client: FlaskClient) -> None:
    from app.demo import site_folder

    folder = demo_app.extensions["settings"].demo_path
    first_day = site_folder.begin(folder, clock.machine_now())
    client.get("/demo/practitioner")
    assert clock.today() == clock.real_now().date()
    assert clock.real_now() - first_day < timedelta(hours=1)
    _post(demo_app, client, "/demo/date", weeks=2, next="/")
    assert clock.now() - clock.real_now() > timedelta(days=13)
    assert client.get("/record").status_code == 200, "no session ends by a moved date"


@pytest.mark.parametrize("weeks", ["-1", "1000", "soon", ""])
def test_a_date_that_is_none_is_refused(demo_app: Flask, client: FlaskClient, weeks: str) -> None:
    client.get("/demo/practitioner")
    assert _post(demo_app, client, "/demo/date", weeks=weeks).status_code == 422


def test_with_the_line_down_nothing_that_scripts_send_arrives(demo_app: Flask, client: FlaskClient) -> None:
    client.get("/demo/practitioner")
    path = "/attempts/00000000-0000-4000-8000-000000000000/saves"

    def send() -> int:
        headers = {"X-CSRF-Token": token(demo_app, client)}
        return int(client.post(path, json={"saves": []}, headers=headers).status_code)

    assert send() == 404
    _post(demo_app, client, "/demo/line", offline=1, next="/")
    assert send() == 503
    page = client.get("/record")
    assert page.status_code == 200
    assert 'name="offline" value="0" aria-pressed="true"' in page.text
    client.get("/demo/trainer")
    assert send() == 503, "the line is the browser's, whoever sits there"
    _post(demo_app, client, "/demo/line", offline=0, next="/")
    assert send() == 404
