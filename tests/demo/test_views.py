from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.demo import demo_folder
from app.demo.views import MODELS, TOUR_ROLES
from app.kernel import clock
from tests.support.factories import token


@pytest.fixture
def client(demo_app: Flask) -> FlaskClient:
    from app.demo import demo_folder

    folder = demo_app.extensions["settings"].demo_path
    demo_folder.set_weeks(folder, 0)
    clock.begin_ahead(lambda: demo_folder.begins_ahead(folder))
    clock.move(lambda: demo_folder.offset(folder))
    return demo_app.test_client()


def _post(app: Flask, client: FlaskClient, path: str, **fields: object) -> object:
    return client.post(path, data={"csrf_token": token(app, client), **fields})


@pytest.mark.parametrize("role", TOUR_ROLES)
def test_role_link_signs_in_and_redirects_to_first_page(client: FlaskClient, role: str) -> None:
    answer = client.get(f"/demo/{role}")
    assert (answer.status_code, answer.location) == (302, TOUR_ROLES[role].begins)
    assert TOUR_ROLES[role].alias in client.get(answer.location).text


def test_roles_page_lists_all_roles(client: FlaskClient) -> None:
    page = client.get("/demo/").text
    assert all(f'href="/demo/{role}"' in page for role in TOUR_ROLES)


def test_roles_page_links_two_officers_for_each_framework_role(client: FlaskClient) -> None:
    page = client.get("/demo/").text
    assert len(MODELS) == 2 * 7
    assert all(f'href="/demo/{slug}"' in page for slug in MODELS)


def test_unknown_role_returns_404(client: FlaskClient) -> None:
    assert client.get("/demo/co-chair").status_code == 404


@pytest.mark.parametrize("address", ["10.0.0.5", "192.168.1.2", "::2", ""])
@pytest.mark.parametrize("path", ["/demo/", "/demo/practitioner"])
def test_request_from_other_machine_returns_404(client: FlaskClient, address: str, path: str) -> None:
    assert client.get(path, environ_overrides={"REMOTE_ADDR": address}).status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
def test_request_through_proxy_returns_404(client: FlaskClient, header: str) -> None:
    assert client.get("/demo/practitioner", headers={header: "for=10.0.0.5"}).status_code == 404


def test_demo_pages_exist_in_demo_mode_only(lite_app: Flask) -> None:
    assert lite_app.test_client().get("/demo/practitioner").status_code == 404
    assert "demo" not in lite_app.blueprints


@pytest.mark.parametrize(
    ("asked", "shown"), [("ar,en;q=0.5", 'lang="ar"'), ("fr-FR,fr", 'lang="fr"'), ("de", 'lang="en"')]
)
def test_role_link_uses_language_of_browser(client: FlaskClient, asked: str, shown: str) -> None:
    client.get("/demo/practitioner", headers={"Accept-Language": asked})
    assert f"<html {shown}" in client.get("/record").text


def test_role_link_preserves_chosen_language(demo_app: Flask, client: FlaskClient) -> None:
    _post(demo_app, client, "/sign-in/language", to="ar", next="/")
    client.get("/demo/trainer", headers={"Accept-Language": "en"})
    assert '<html lang="ar"' in client.get("/record").text


def test_next_address_of_other_site_is_ignored(client: FlaskClient) -> None:
    assert client.get("/demo/trainer?next=/courses").location == "/courses"
    assert client.get("/demo/trainer?next=//example.org").location == TOUR_ROLES["trainer"].begins


def test_bar_switches_role(demo_app: Flask, client: FlaskClient) -> None:
    client.get("/demo/practitioner")
    answer = _post(demo_app, client, "/demo/administrator", next="/record")
    assert answer.location == "/operations"
    assert client.get("/operations").status_code == 200


def test_role_switch_without_token_returns_400(client: FlaskClient) -> None:
    assert client.post("/demo/administrator").status_code == 400


def test_date_can_be_moved_and_reset(demo_app: Flask, client: FlaskClient) -> None:
    client.get("/demo/practitioner")
    before = clock.today()
    _post(demo_app, client, "/demo/date", weeks=2, next="/")
    assert (clock.today() - before).days in {14, 15}
    assert client.get("/record").status_code == 200, "sessions use the time of the machine"
    _post(demo_app, client, "/demo/date", weeks=0, next="/")
    assert (clock.today() - before).days in {0, 1}


def test_sessions_and_academy_start_on_the_same_date(demo_app: Flask, client: FlaskClient) -> None:
    from app.demo import demo_folder

    folder = demo_app.extensions["settings"].demo_path
    first_day = demo_folder.begin(folder, clock.machine_now())
    client.get("/demo/practitioner")
    assert clock.today() == clock.real_now().date()
    assert clock.real_now() - first_day < timedelta(hours=1)
    _post(demo_app, client, "/demo/date", weeks=2, next="/")
    assert clock.now() - clock.real_now() > timedelta(days=13)
    assert client.get("/record").status_code == 200, "a moved date ends no session"


@pytest.mark.parametrize("weeks", ["-1", "1000", "soon", ""])
def test_invalid_weeks_return_422(demo_app: Flask, client: FlaskClient, weeks: str) -> None:
    client.get("/demo/practitioner")
    assert _post(demo_app, client, "/demo/date", weeks=weeks).status_code == 422


def test_cut_connection_returns_503_to_scripts(demo_app: Flask, client: FlaskClient) -> None:
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
    assert send() == 503, "the cut connection belongs to the browser, not to the user"
    _post(demo_app, client, "/demo/line", offline=0, next="/")
    assert send() == 404


def test_sheet_is_offered_once_it_is_stored(demo_app: Flask, client: FlaskClient) -> None:
    folder = demo_app.extensions["settings"].demo_path
    assert client.get("/demo/past-completions.xlsx").status_code == 404
    assert "past-completions.xlsx" not in client.get("/demo/").text
    demo_folder.store_sheet(folder, b"a sheet")
    assert 'href="/demo/past-completions.xlsx"' in client.get("/demo/").text
    with client.get("/demo/past-completions.xlsx") as answer:
        assert answer.data == b"a sheet"
    (folder / demo_folder.SHEET).unlink()
