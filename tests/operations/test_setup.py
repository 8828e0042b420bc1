import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from uuid import UUID

import pyotp
import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.catalogue.queries import courses as catalogue
from app.db.session import db, transaction
from app.identity.models import Identity, Person
from app.identity.queries import people, postings, roles
from app.kernel import clock
from app.messages.models import OutgoingMail
from app.operations import jobs
from app.operations.models import FirstRun
from app.operations.service import setup
from app.sign_in.models import Passkey
from app.sign_in.queries import factors, sessions
from app.sign_in.service import passwords
from config import Mode
from tests.support import factories, sites
from tests.support.courses import CODE

PASSWORD = "five plain words in a row"
WHO = {
    "name": "كريم حسن", "latin_name": "Karim Hassan", "alias": "Keeper 1", "mail": "keeper@example.org",
    "country": "BG", "agency": "Secretariat", "new": PASSWORD,
}  # fmt: skip


def console(app: Flask) -> Result:
    return app.test_cli_runner().invoke(args=["first-admin"])


def code(app: Flask) -> str:
    found = re.search(r"/welcome .*type: (\d{6} \d{6})", console(app).output)
    assert found is not None
    return found[1]


def type_code(app: Flask, client: FlaskClient, text: str) -> TestResponse:
    return sites.post(app, client, "/welcome", {"code": text})


def become(app: Flask, client: FlaskClient, **fields: str) -> TestResponse:
    return sites.post(app, client, "/welcome/administrator", WHO | fields)


def set_up(app: Flask, onward: str = "/welcome/languages") -> tuple[FlaskClient, UUID]:
    """Go through the first two steps and the second factor; return the visit."""
    client = app.test_client()
    type_code(app, client, code(app))
    assert become(app, client).status_code == 302
    with app.app_context():
        person_id = sessions.credentials_by_name(WHO["mail"])[0]  # type: ignore[index]
    sites.post(app, client, "/sign-in/factors/app")
    with app.app_context():
        seed = factors.app_seed(person_id, confirmed=False)[1]  # type: ignore[index]
    digits = {"code": pyotp.TOTP(seed).now(), "next": "/welcome/languages"}
    assert f'href="{onward}"' in sites.post(app, client, "/sign-in/factors/app/code", digits).text
    return client, person_id


def test_pages_do_not_exist_without_a_setup_code(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/welcome").status_code == 404
    assert type_code(app, client, "1" * 12).status_code == 404
    assert client.get("/welcome/administrator").status_code == 404
    assert become(app, client).status_code == 404
    code(app)
    assert client.get("/welcome").status_code == 200
    assert client.get("/welcome/administrator").status_code == 404
    assert become(app, client).status_code == 404


def test_setup_leads_from_code_to_operations_page(app: Flask) -> None:
    client, person_id = set_up(app)
    for page in ("languages", "mail", "start"):
        assert client.get(f"/welcome/{page}").status_code == 200
    with app.app_context():
        assert roles.roles_of(person_id, clock.today()) == {Role.ADMINISTRATOR}
        assert passwords.matches(people.get(person_id).password_hash, PASSWORD)
        assert [one.country for one in postings.postings([person_id])[person_id]] == ["BG"]
        hashes = db.session.get_one(FirstRun, 1)
        assert re.fullmatch(r"[0-9a-f]{64}", hashes.code_hash)
    finished = sites.post(app, client, "/welcome/finish")
    assert finished.headers["Location"] == "/welcome/next"
    steps = client.get("/welcome/next").text
    first, second = steps.index("Find a second person who publishes"), steps.index("Invite a coordinator")
    assert first < second < steps.index("Set up backups")
    assert 'href="/people/invite"' in steps
    assert client.get("/operations").status_code == 200
    for page in ("", "/administrator", "/languages", "/mail", "/start"):
        assert client.get(f"/welcome{page}").status_code == 404
    refused = console(app)
    assert (refused.exit_code, "has an administrator already" in refused.output) == (1, True)
    with app.app_context():
        facts = " ".join(db.session.scalars(select(Entry.facts)))
    assert not any(word in facts for word in (*WHO.values(),) if word not in {"BG"})


def test_live_site_asks_for_a_passkey_after_an_app(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], mode=Mode.LIVE))
    client, person_id = set_up(app, onward="/sign-in/factors?next=/welcome/languages")
    page = client.get("/sign-in/factors?next=/welcome/languages").text
    assert page.index("Add a passkey") < page.index("Set up an app")
    assert 'name="next" value="/welcome/languages"' in page
    assert client.get("/welcome/languages").status_code == 403
    with app.app_context(), transaction():
        key = {"credential_id": "x", "public_key": "x", "sign_count": 0, "made_at": clock.real_now()}
        db.session.add(Passkey(person_id=person_id, **key))
    assert client.get("/welcome/languages").status_code == 200


def test_setup_code_works_once_in_one_browser(app: Flask) -> None:
    shown = code(app)
    first, second = app.test_client(), app.test_client()
    assert type_code(app, first, shown.replace(" ", "")).status_code == 302
    assert type_code(app, second, shown).status_code == 422
    assert second.get("/welcome/administrator").status_code == 404
    again = code(app)  # a lost browser: the console makes a new one, and the old browser is out
    assert first.get("/welcome/administrator").status_code == 404
    assert type_code(app, second, again).status_code == 302
    assert become(app, second).status_code == 302


def test_setup_code_expires_after_a_day(app: Flask) -> None:
    shown = code(app)
    with app.app_context(), transaction():
        db.session.get_one(FirstRun, 1).ends_at = clock.real_now() - timedelta(seconds=1)
    assert type_code(app, app.test_client(), shown).status_code == 422


def test_rate_limit_applies_to_the_right_code(app: Flask) -> None:
    shown, client = code(app), app.test_client()
    assert [type_code(app, client, "1" * 12).status_code for _ in range(6)] == [422] * 5 + [429]
    assert type_code(app, client, shown).status_code == 429


@pytest.mark.parametrize(
    "fields",
    [
        {"new": "too short"},
        {"new": "password" * 3},
        {"mail": "not-an-address"},
        {"country": "XX"},
        {"country": ""},
        {"agency": ""},
        {"name": " "},
    ],
    ids="-".join,
)
def test_invalid_form_creates_no_administrator(lite_app: Flask, fields: dict[str, str]) -> None:
    client = lite_app.test_client()
    type_code(lite_app, client, code(lite_app))
    answer = become(lite_app, client, **fields)
    assert answer.status_code == 422
    assert PASSWORD not in answer.text
    with lite_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Person)) == 0


@pytest.mark.each_database
def test_concurrent_requests_create_one_administrator(app: Flask) -> None:
    with app.app_context():
        with transaction():
            secret_code = setup.make_code(clock.real_now())
        with transaction():
            secret = setup.take_code(secret_code, address="1", real_now=clock.real_now())
        db.session.remove()
    assert isinstance(secret, str)
    start, made = Barrier(2), list[UUID | None]()

    def one(number: int) -> None:
        with app.app_context():
            who = setup.Administrator(
                name="A Person", latin_name=None, alias=f"Keeper {number}", mail=f"k{number}@example.org",
                password_hash=factories.PASSWORD_HASH, country="BG", agency="Secretariat", language="en",
            )  # fmt: skip
            start.wait()
            with transaction():
                made.append(setup.make_administrator(secret, who, clock.now()))
            db.session.remove()

    threads = [Thread(target=one, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found is None for found in made) == [False, True]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Identity)) == 1


def test_site_with_administrator_gets_no_setup_code(lite_app: Flask) -> None:
    with lite_app.app_context():
        factories.person(roles=(), grants=((Role.ADMINISTRATOR, Scope.ALL, ""),))
    assert console(lite_app).exit_code == 1
    assert lite_app.test_client().get("/welcome").status_code == 404


def test_other_administrators_cannot_continue_setup(lite_app: Flask) -> None:
    set_up(lite_app)
    with lite_app.app_context():
        other = factories.person(roles=(), grants=((Role.ADMINISTRATOR, Scope.ALL, ""),))
        officer = factories.person()
    for person in (other, officer):
        assert factories.sign_in(lite_app, person).get("/welcome/start").status_code == 404


def test_test_mail_goes_to_the_user_and_shows_its_state(app: Flask) -> None:
    client, person_id = set_up(app)
    assert sites.post(app, client, "/welcome/mail").status_code == 302
    with app.app_context():
        mails = db.session.scalars(select(OutgoingMail).where(OutgoingMail.kind == "test"))
        assert [mail.recipient_id for mail in mails] == [person_id]
    page = client.get("/welcome/mail").text
    assert "Test mail of" in page
    assert "Waiting" in page
    assert "No mail server is set" in page


@pytest.mark.each_database
def test_starter_content_job_can_run_again(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    client, _person = set_up(app)
    with app.app_context():
        assert jobs.load_starter() == 0  # not requested
    assert sites.post(app, client, "/welcome/start").status_code == 302
    assert "are being loaded" in client.get("/welcome/start").text
    from tests.support import courses

    ready, references = courses.ready()
    monkeypatch.setattr(jobs, "files_on_disk", lambda _folder: {})
    library = type("Library", (), {"courses": {CODE: ready.folder}, "references": references})
    monkeypatch.setattr(jobs, "read_folder", lambda _files: (library, []))
    monkeypatch.setattr(jobs, "prepare", lambda *_given: ready)
    with app.app_context():
        assert jobs.load_starter() == 1
        assert jobs.load_starter() == 0
        assert catalogue.competencies() is not None
        assert len(people.countries()) == 13
        assert people.agency("IQ", setup.OFFICE) is not None
        db.session.remove()
    assert "are loaded" in client.get("/welcome/start").text


def test_course_folder_error_is_shown_and_can_be_retried(lite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client, _person = set_up(lite_app)
    sites.post(lite_app, client, "/welcome/start")

    def broken(_folder: Path) -> list[str]:
        raise jobs.InputError("The courses cannot be loaded. plan.toml:3")

    monkeypatch.setattr(jobs, "_load", broken)
    with lite_app.app_context():
        assert jobs.load_starter() == 0
    assert "plan.toml:3" in client.get("/welcome/start").text
    sites.post(lite_app, client, "/welcome/start")
    assert "plan.toml:3" not in client.get("/welcome/start").text


def test_setup_code_is_void_when_console_added_administrator(app: Flask) -> None:
    client = app.test_client()
    assert type_code(app, client, code(app)).status_code == 302
    with app.app_context():
        factories.person(roles=(), grants=((Role.ADMINISTRATOR, Scope.ALL, ""),))
        db.session.remove()
    assert become(app, client).status_code == 404
    assert client.get("/welcome").status_code == 404
    with app.app_context():
        assert sessions.credentials_by_name(WHO["mail"]) is None


def test_browser_secret_expires(app: Flask) -> None:
    client = app.test_client()
    assert type_code(app, client, code(app)).status_code == 302
    with app.app_context(), transaction():
        db.session.get_one(FirstRun, 1).ends_at = clock.real_now() - timedelta(seconds=1)
    assert client.get("/welcome/administrator").status_code == 404
    assert become(app, client).status_code == 404
