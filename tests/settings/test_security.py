import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from app.access.policy import Role, Scope
from app.db import blind_index
from app.db.session import db, transaction
from app.factory import create_app
from app.identity import service
from app.identity.models import Country
from app.identity.queries import people
from app.kernel import clock
from app.messages.domain import MailKind
from app.messages.models import OutgoingMail
from app.recovery.models import AddressChange
from app.rights.service import roles
from app.sign_in.domain import BrowserInfo, CodeKind, Factor, browser_families
from app.sign_in.models import AuthenticatorApp, FailedSignIn, KnownBrowser, Passkey, SignInSession
from app.sign_in.queries import factors
from app.sign_in.service import passwords, second_factor, sessions
from config import Mode
from tests.support import factories, sites
from tests.support.site_snapshots import kept

NEW = "another long passphrase"
MAIL = "one@example.org"
DEVICES = "/settings/sign-in/devices"
AGAIN = "/settings/sign-in/again"


@pytest.fixture
@kept
def one(app: Flask) -> UUID:
    with app.app_context():
        return factories.person(mail=MAIL)


def _elsewhere(client: FlaskClient, worker: Flask) -> FlaskClient:
    """Return the same cookie at another worker."""
    other = worker.test_client()
    with client.session_transaction() as mine, other.session_transaction() as theirs:
        theirs.update(mine)
    return other


def _is_in(client: FlaskClient) -> bool:
    return client.get("/settings").status_code == 200


def _app(app: Flask, person_id: UUID) -> str:
    now, seed = clock.real_now(), pyotp.random_base32()
    with app.app_context(), transaction():
        db.session.add(AuthenticatorApp(person_id=person_id, seed=seed, made_at=now, confirmed_at=now))
    return seed


def _change(app: Flask, client: FlaskClient, new: str = NEW, password: str = factories.PASSWORD) -> TestResponse:
    return sites.post(app, client, "/settings/sign-in/password", {"password": password, "new": new})


def _remove(app: Flask, client: FlaskClient, **fields: str) -> TestResponse:
    return sites.post(app, client, "/settings/sign-in/remove", fields)


def _again(app: Flask, client: FlaskClient, password: str = factories.PASSWORD, code: str = "") -> int:
    return sites.post(app, client, AGAIN, {"password": password, "code": code}).status_code


def _wait(app: Flask, minutes: int = 11) -> None:
    """Let it be a while since anybody proved who they are."""
    at = clock.real_now() - timedelta(minutes=minutes)
    with app.app_context(), transaction():
        db.session.execute(update(SignInSession).values(proved_at=at, fully_proved_at=at))


def _is_open(client: FlaskClient) -> bool:
    return 'name="new"' in client.get("/settings/sign-in").text


def test_new_password_ends_all_other_sessions(app: Flask, one: UUID, other_worker: Flask) -> None:
    here, there = factories.sign_in(app, one), factories.sign_in(app, one)
    old = _elsewhere(here, other_worker)
    assert _is_in(there)
    assert _change(app, here).status_code == 302
    assert (_is_in(here), _is_in(there), _is_in(old)) == (True, False, False)
    visit = app.test_client()
    for password, status in ((factories.PASSWORD, 422), (NEW, 302)):
        assert sites.post(app, visit, "/sign-in", {"name": MAIL, "password": password}).status_code == status


@pytest.mark.parametrize(
    ("new", "password"),
    [("x" * 14, None), ("x" * 129, None), ("", None), ("1qaz2wsx3edc4rfv", None), ("passwordpassword", None),
     ("1234567812345678", None), ("aaaaaaaaaaaaaaaaaaaa", None), (NEW, "wrong"), (NEW, "")],
)  # fmt: skip
def test_invalid_new_password_changes_nothing(app: Flask, one: UUID, new: str, password: str | None) -> None:
    here, there = factories.sign_in(app, one), factories.sign_in(app, one)
    answer = _change(app, here, new, factories.PASSWORD if password is None else password)
    assert answer.status_code == 422
    assert new == "" or new not in answer.text
    assert (_is_in(here), _is_in(there)) == (True, True)
    with app.app_context():
        assert passwords.matches(people.get(one).password_hash, factories.PASSWORD)


def test_reauthentication_has_the_rate_limit_of_sign_in(app: Flask, one: UUID) -> None:
    client = factories.sign_in(app, one)
    answers = [_change(app, client, password="wrong").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert _change(app, client).status_code == 429


def test_removing_a_factor_ends_all_sessions(app: Flask, one: UUID, other_worker: Flask) -> None:
    _app(app, one)
    here, there = factories.sign_in(app, one), factories.sign_in(app, one)
    old = _elsewhere(here, other_worker)
    assert _remove(app, here, factor="app").status_code == 302
    assert (_is_in(here), _is_in(there), _is_in(old)) == (True, False, False)
    with app.app_context():
        assert factors.factors(one).count == 0
        assert factors.factors(one).recovery == 0


def test_last_required_factor_is_not_removed(app: Flask) -> None:
    with app.app_context():
        boss = factories.person(roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
    _app(app, boss)
    client = factories.sign_in(app, boss)
    answer = _remove(app, client, factor="app")
    assert answer.status_code == 422
    assert "last one" in answer.text
    with app.app_context():
        assert factors.factors(boss).app


def test_passkey_of_another_person_is_not_removed(app: Flask, one: UUID) -> None:
    with app.app_context():
        other = factories.person()
        with transaction():
            now = clock.real_now()
            keys = [
                Passkey(person_id=who, credential_id=uuid4().hex, public_key="x", sign_count=0, made_at=now)
                for who in (one, other)
            ]
            db.session.add_all(keys)
        theirs = factors.factors(other).passkeys[0].id
    _remove(app, factories.sign_in(app, one), factor="passkey", key=str(theirs))
    with app.app_context():
        assert [len(factors.factors(who).passkeys) for who in (one, other)] == [1, 1]


@pytest.mark.parametrize("fields", [{"factor": "recovery"}, {"factor": ""}, {}, {"factor": "passkey", "key": "x"}])
def test_unknown_factor_is_not_removed(app: Flask, one: UUID, fields: dict[str, str]) -> None:
    _app(app, one)
    client = factories.sign_in(app, one)
    assert _remove(app, client, **fields).status_code in {302, 422}
    with app.app_context():
        assert factors.factors(one).app


def test_how_one_signs_in_is_changed_shortly_after_a_proof_alone(app: Flask, one: UUID) -> None:
    client = factories.sign_in(app, one)
    assert client.get("/sign-in/factors").status_code == 200
    assert _is_open(client)
    _wait(app)
    for path in ("app", "passkey", "passkey-options", "printed", "recovery", "app/code"):
        sent = sites.post(app, client, f"/sign-in/factors/{path}", {"code": "000000"})
        assert sent.headers["Location"] == "/settings/sign-in"
    _app(app, one)
    for answer in (
        _change(app, client),
        _remove(app, client, factor="app"),
        sites.post(app, client, "/settings/sign-in/address", {"mail": "x@example.org"}),
    ):
        assert answer.status_code == 403
        assert "Nothing was changed" in answer.text
    with app.app_context():
        assert passwords.matches(people.get(one).password_hash, factories.PASSWORD)
        assert factors.factors(one).app
        assert db.session.scalars(select(AddressChange)).all() == []


def test_without_a_second_step_the_password_proves_everything(app: Flask, one: UUID) -> None:
    client = factories.sign_in(app, one)
    _wait(app)
    assert not _is_open(client)
    assert (_again(app, client, "wrong"), _is_open(client)) == (422, False)
    assert (_again(app, client), _is_open(client)) == (302, True)
    assert client.get("/sign-in/factors").status_code == 200


def test_with_a_second_step_the_password_alone_proves_too_little(app: Flask, one: UUID) -> None:
    seed, client = _app(app, one), factories.sign_in(app, one)
    _wait(app)
    right = pyotp.TOTP(seed).at(clock.real_now())
    for password, code in ((factories.PASSWORD, ""), (factories.PASSWORD, "000 000"), ("wrong", right)):
        assert (_again(app, client, password, code), _is_open(client)) == (422, False)
    # the password by itself, as other pages ask for it, opens other pages
    assert sites.post(app, client, f"{DEVICES}/end-others", {"password": factories.PASSWORD}).status_code == 302
    assert (_is_open(client), client.get("/sign-in/factors").status_code) == (False, 302)
    # beside a wrong password the code was not even looked at
    assert (_again(app, client, code=right), _is_open(client)) == (302, True)
    _wait(app)
    assert (_again(app, client, code=right), _is_open(client)) == (422, False)


@pytest.mark.parametrize(
    ("kind", "status"), [(CodeKind.RECOVERY, 302), (CodeKind.PRINTED, 302), (CodeKind.READMISSION, 422)]
)
def test_codes_on_paper_prove_once_those_of_a_helper_never(app: Flask, one: UUID, kind: CodeKind, status: int) -> None:
    _app(app, one)
    client = factories.sign_in(app, one)
    with app.app_context(), transaction():
        db.session.execute(update(Country).values(printed_codes=True))
        code = second_factor.make_codes(one, kind, clock.real_now(), clock.real_now() + timedelta(hours=1))[0]
    for expected in (status, 422):
        _wait(app)
        assert (_again(app, client, code=code), _is_open(client)) == (expected, expected == 302)


def test_codes_are_guessed_in_an_open_session_no_faster_than_outside(app: Flask, one: UUID) -> None:
    seed, client = _app(app, one), factories.sign_in(app, one)
    _wait(app)
    assert [_again(app, client, code="000000") for _ in range(6)] == [422] * 5 + [429]
    assert _again(app, client, code=pyotp.TOTP(seed).at(clock.real_now())) == 429


def test_lost_response_keeps_the_session(app: Flask, one: UUID, other_worker: Flask) -> None:
    client = factories.sign_in(app, one)
    _wait(app)
    before = client.get_cookie("academy")
    assert before is not None
    assert _again(app, client) == 302
    client.set_cookie("academy", before.value)  # the answer never came
    assert (_is_in(client), _is_in(_elsewhere(client, other_worker)), _is_open(client)) == (True, True, False)
    assert (_again(app, client), _is_open(client)) == (302, True)  # the second press
    after = client.get_cookie("academy")
    assert after is not None
    client.set_cookie("academy", before.value)
    assert not _is_in(client)  # the new secret came back: the old one opens nothing more
    client.set_cookie("academy", after.value)
    assert _is_in(client)


def test_session_continues_when_the_disk_is_full(app: Flask, one: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    client = factories.sign_in(app, one)
    assert _again(app, client) == 302

    def full(_session_id: int) -> None:
        raise OperationalError("update", {}, Exception("disk full"))

    monkeypatch.setattr(sessions, "confirm_secret", full)
    assert _is_in(client)


def test_devices_are_listed_and_ended(app: Flask, one: UUID, other_worker: Flask) -> None:
    agents = {
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0": "Firefox on Linux",
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 (KHTML, like Gecko) Chrome/120 Edg/120": "Edge on Windows",
        "curl/8": "Unknown browser",
    }
    visits = []
    for agent in agents:
        visit = app.test_client()
        with visit.session_transaction() as session:
            session["csrf"] = "test-seed"
        fields = {"name": MAIL, "password": factories.PASSWORD, "csrf_token": factories.token(app, visit)}
        visit.post("/sign-in", data=fields, headers={"User-Agent": agent})
        visits.append(visit)
    page = visits[0].get("/settings/sign-in").text
    assert all(words in page for words in agents.values())
    assert page.count("This device") == 1
    ids = re.findall(r'name="device" value="([^"]+)"', page)
    assert len(ids) == 2
    with app.app_context():
        numbers = {str(number) for number in db.session.scalars(select(SignInSession.id))}
    assert numbers.isdisjoint(ids)
    sites.post(app, visits[0], "/settings/sign-in/devices/end", {"device": ids[0]})
    assert [_is_in(_elsewhere(visit, other_worker)) for visit in visits] == [True, True, False]
    sites.post(app, visits[0], "/settings/sign-in/devices/end-others")
    assert [_is_in(_elsewhere(visit, other_worker)) for visit in visits] == [True, False, False]


@pytest.mark.parametrize("device", ["", "x", "0" * 40, "70c563b9-dda6-471e-9d38-36fed31bae6c"])
def test_session_of_another_person_is_not_ended(app: Flask, one: UUID, device: str) -> None:
    with app.app_context():
        other = factories.person()
    theirs, client = factories.sign_in(app, other), factories.sign_in(app, one)
    with app.app_context():
        found = str(factors.devices(other, clock.real_now())[0].id)
    for each in (device, found):
        sites.post(app, client, "/settings/sign-in/devices/end", {"device": each})
    assert (_is_in(theirs), _is_in(client)) == (True, True)


def test_a_new_role_and_a_closed_account_end_sessions_at_once(app: Flask, one: UUID, other_worker: Flask) -> None:
    client = factories.sign_in(app, one)
    with other_worker.app_context(), transaction():
        roles.add_role(one, Role.TRAINER, scope=Scope.COURSE, reach="M01", since=clock.today())
    assert not _is_in(client)
    client = factories.sign_in(app, one)
    with other_worker.app_context(), transaction():
        service.deactivate(one, clock.today())
    assert not _is_in(client)


def test_half_a_session_ends_with_the_password_too(app: Flask, one: UUID) -> None:
    _app(app, one)
    client = app.test_client()
    sites.post(app, client, "/sign-in", {"name": MAIL, "password": factories.PASSWORD})
    assert client.get("/sign-in/second-step").status_code == 200
    with app.app_context(), transaction():
        passwords.set_password(one, factories.PASSWORD_HASH)
    assert client.get("/sign-in/second-step").status_code == 302


@pytest.mark.each_database
def test_sign_in_from_new_browser_sends_one_notice(app: Flask, one: UUID) -> None:
    visit, fields = app.test_client(), {"name": MAIL, "password": factories.PASSWORD}
    for _ in range(2):
        sites.post(app, visit, "/sign-in", fields)
        sites.post(app, visit, "/sign-out")
    assert _mails(app) == [MailKind.NEW_SIGN_IN]
    sites.post(app, app.test_client(), "/sign-in", fields)
    assert _mails(app) == [MailKind.NEW_SIGN_IN] * 2
    with app.app_context():
        known = list(db.session.scalars(select(KnownBrowser.mark_hash)))
    with visit.session_transaction() as session:
        assert session["mark"] not in known


def test_changed_factor_sends_a_notice(app: Flask, one: UUID) -> None:
    _app(app, one)
    client = factories.sign_in(app, one)
    _change(app, client)
    _remove(app, client, factor="app")
    assert _mails(app) == [MailKind.ACCOUNT_CHANGED] * 2


def _mails(app: Flask) -> list[MailKind]:
    with app.app_context():
        return list(db.session.scalars(select(OutgoingMail.kind).order_by(OutgoingMail.id)))


def _passkey(person_id: UUID) -> UUID:
    with transaction():
        now = clock.real_now()
        key = Passkey(person_id=person_id, credential_id=uuid4().hex, public_key="x", sign_count=0, made_at=now)
        db.session.add(key)
    return factors.factors(person_id).passkeys[0].id


def test_last_passkey_of_administrator_is_not_removed(app: Flask) -> None:
    with app.app_context():
        boss = factories.person(roles=(), grants=((Role.ADMINISTRATOR, Scope.ALL, ""),))
        key = _passkey(boss)
        _app(app, boss)
        with transaction():
            assert not second_factor.remove_factor(boss, Factor.PASSKEY, key)
        with transaction():
            assert second_factor.remove_factor(boss, Factor.APP, None)


def test_administrator_role_is_inactive_on_live_site_without_passkey(app: Flask) -> None:
    live = create_app(replace(app.extensions["settings"], mode=Mode.LIVE))
    words = "Administrators need"
    with app.app_context():
        boss = factories.person(mail=MAIL, roles=(), grants=((Role.ADMINISTRATOR, Scope.ALL, ""),))
        with transaction():
            db.session.execute(update(Country).values(printed_codes=True))
            code = second_factor.make_codes(boss, CodeKind.PRINTED, clock.real_now())[0]
        db.session.remove()
    client = live.test_client()
    sites.post(live, client, "/sign-in", {"name": MAIL, "password": factories.PASSWORD})
    sites.post(live, client, "/sign-in/second-step", {"code": code})
    assert words in client.get("/notices").text
    assert words in client.get("/settings/sign-in").text
    assert words not in factories.sign_in(app, boss).get("/settings/sign-in").text
    assert client.get("/operations").status_code == 403
    with app.app_context():
        _passkey(boss)
    assert words not in client.get("/settings/sign-in").text
    assert client.get("/operations").status_code == 200
    with live.app_context():
        db.session.remove()
        db.engine.dispose()


def test_with_a_passkey_no_app_or_printed_list_opens_the_account_of_an_administrator(app: Flask) -> None:
    live = create_app(replace(app.extensions["settings"], mode=Mode.LIVE))
    with app.app_context():
        boss = factories.person(mail=MAIL, roles=(), grants=((Role.ADMINISTRATOR, Scope.ALL, ""),))
        seed = _app(app, boss)
        _passkey(boss)
        with transaction():
            spare = second_factor.make_codes(boss, CodeKind.RECOVERY, clock.real_now())[0]
            db.session.execute(update(Country).values(printed_codes=True))
            printed = second_factor.make_codes(boss, CodeKind.PRINTED, clock.real_now())[0]
        db.session.remove()
    client = live.test_client()
    sites.post(live, client, "/sign-in", {"name": MAIL, "password": factories.PASSWORD})
    for code in (pyotp.TOTP(seed).at(clock.real_now()), printed):
        refused = sites.post(live, client, "/sign-in/second-step", {"code": code})
        assert refused.status_code == 422
        assert "Use your passkey" in refused.text
    assert sites.post(live, client, "/sign-in/second-step", {"code": spare}).status_code == 302
    with live.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17) AppleWebKit/605 Version/17.0 Safari/604.1", ("Safari", "iPhone")),
        ("Mozilla/5.0 (Linux; Android 13) AppleWebKit/537 SamsungBrowser/23 Chrome/115 Safari/537",
         ("Samsung Internet", "Android")),
        ("", ("", "")),
        ("<script>alert(1)</script>", ("", "")),
    ],
)  # fmt: skip
def test_browsers_are_told_by_their_families(agent: str, words: tuple[str, str]) -> None:
    assert browser_families(agent) == words
    assert BrowserInfo(*words).browser == words[0]


def test_reauthentication_renews_the_session_secret(app: Flask, one: UUID) -> None:
    client, thief = factories.sign_in(app, one), app.test_client()
    cookie = client.get_cookie("academy")
    assert cookie is not None
    thief.set_cookie("academy", cookie.value)
    assert _is_in(thief)
    fields = {"password": factories.PASSWORD, "csrf_token": factories.token(app, client)}
    assert client.post(AGAIN, data=fields).status_code == 302
    assert (_is_in(client), _is_in(thief)) == (True, False)


def test_strangers_who_guess_keep_nobody_from_giving_the_password_again(app: Flask, one: UUID) -> None:
    client, now = factories.sign_in(app, one), clock.real_now()
    with app.app_context(), transaction():
        db.session.add_all(
            FailedSignIn(account=f"stranger {n % 300}", address=blind_index.index("address", "127.0.0.1"), at=now)
            for n in range(1000)
        )
    assert sites.post(app, app.test_client(), "/sign-in", {"name": MAIL, "password": NEW}).status_code == 429
    wrong = [_again(app, client, "wrong") for _ in range(6)]
    assert wrong == [422] * 5 + [429]
    with app.app_context(), transaction():
        db.session.execute(delete(FailedSignIn).where(FailedSignIn.account.not_like("stranger%")))
    assert _again(app, client) == 302


def test_devices_are_ended_shortly_after_the_password_alone(app: Flask, one: UUID) -> None:
    here, there = factories.sign_in(app, one), factories.sign_in(app, one)
    _wait(app)
    page = here.get("/settings/sign-in").text
    device = re.search(r'name="device" value="([^"]+)"', page)
    assert device is not None
    assert page.count('id="password-devices"') == 1
    for path, fields in ((f"{DEVICES}/end", {"device": device[1]}), (f"{DEVICES}/end-others", {})):
        assert sites.post(app, here, path, fields).status_code == 422
        assert sites.post(app, here, path, fields | {"password": "wrong"}).status_code == 422
    assert _is_in(there)
    assert sites.post(app, here, f"{DEVICES}/end-others", {"password": factories.PASSWORD}).status_code == 302
    assert (_is_in(here), _is_in(there)) == (True, False)
