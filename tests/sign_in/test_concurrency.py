"""Values read before a transaction are read again inside it, as they may have changed."""

import functools
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.identity import service
from app.identity.queries import people
from app.kernel import clock
from app.recovery.models import AddressChange
from app.recovery.service import password_reset
from app.rights.service import roles
from app.sign_in.domain import BrowserInfo, CodeKind, Factor, IncidentReason, Stage
from app.sign_in.models import AuthenticatorApp, OneTimeCode, Passkey, SignInSession
from app.sign_in.queries import factors, sessions
from app.sign_in.queries.factors import PendingSession
from app.sign_in.service import incident, passwords, second_factor, sessions as sign_in_sessions
from app.sign_in.service.second_factor import OpenSession
from app.sign_in.service.sessions import SessionOpened, WrongCredentials
from tests.support import factories, sites
from tests.support.concurrency import WAIT, both_at_once
from tests.support.site_snapshots import kept

MAIL = "one@example.org"


@pytest.fixture
@kept
def one(app: Flask) -> UUID:
    with app.app_context(), transaction():
        factories.agency("IQ", second_factor=True)
        return factories.person(mail=MAIL)


def _half(person_id: UUID) -> PendingSession:
    with transaction():
        secret = sign_in_sessions.open_session(person_id, shared=False, real_now=clock.real_now(), stage=Stage.HALF)
    half = factors.pending_session(sign_in_sessions.hash_secret(secret), clock.real_now())
    assert half is not None
    return half


def _sign_in(person_id: UUID, against: str = factories.PASSWORD_HASH) -> object:
    """Sign in as the page does: the password was right for the hash of then."""
    return sign_in_sessions.sign_in(
        (person_id, True), name=MAIL, address="192.0.2.1", shared=False, real_now=clock.real_now(), against=against
    )


def _stages(app: Flask) -> list[Stage]:
    with app.app_context():
        return list(db.session.scalars(select(SignInSession.stage)))


def _change(person_id: UUID) -> Callable[[], None]:
    return lambda: passwords.set_password(person_id, "another hash")


def test_the_password_of_before_opens_nothing_once_it_was_changed(context: Flask, one: UUID) -> None:
    found = sessions.credentials_by_name(MAIL)
    assert found is not None
    with transaction():
        passwords.set_password(one, "another hash")
    with transaction():
        assert isinstance(_sign_in(one, found[1]), WrongCredentials)
    assert db.session.scalars(select(SignInSession)).all() == []


@pytest.mark.each_database
def test_password_changed_during_sign_in_opens_no_session(app: Flask, one: UUID) -> None:
    _none, answer = both_at_once(app, _change(one), lambda: _sign_in(one))
    assert isinstance(answer, WrongCredentials)
    assert _stages(app) == []


@pytest.mark.each_database
def test_a_session_that_opens_while_the_password_is_changed_is_ended(app: Flask, one: UUID) -> None:
    answer, _none = both_at_once(app, lambda: _sign_in(one), _change(one))
    assert not isinstance(answer, WrongCredentials)
    assert _stages(app) == []


@pytest.mark.each_database
def test_sign_in_while_the_account_is_closed_is_refused(app: Flask, one: UUID) -> None:
    _none, answer = both_at_once(app, lambda: service.deactivate(one, clock.today()), lambda: _sign_in(one))
    assert isinstance(answer, WrongCredentials)


def test_half_a_session_that_has_ended_does_not_rise(app: Flask, one: UUID) -> None:
    with app.app_context():
        with transaction():
            codes = second_factor.make_codes(one, CodeKind.RECOVERY, clock.real_now())
        half = _half(one)
        with transaction():
            passwords.set_password(one, "another hash")
        with transaction():
            assert second_factor.check_code(half, codes[0], browser=BrowserInfo(), real_now=clock.real_now()) is None
        assert db.session.scalar(select(func.count()).where(OneTimeCode.used_at.is_not(None))) == 0
    assert _stages(app) == []


@pytest.mark.each_database
@pytest.mark.parametrize("ends", ["password", "everywhere"])
@pytest.mark.parametrize("ends_first", [True, False])
def test_ended_pending_session_is_not_upgraded(app: Flask, one: UUID, ends: str, *, ends_first: bool) -> None:
    with app.app_context():
        with transaction():
            codes = second_factor.make_codes(one, CodeKind.RECOVERY, clock.real_now())
        half = _half(one)
        db.session.remove()
    end = _change(one) if ends == "password" else lambda: second_factor.end_sessions(one)

    def rise() -> object:
        return second_factor.check_code(half, codes[0], browser=BrowserInfo(), real_now=clock.real_now())

    if ends_first:
        assert both_at_once(app, end, rise)[1] is None
    else:
        assert isinstance(both_at_once(app, rise, end)[0], SessionOpened)
    assert _stages(app) == []


@pytest.mark.each_database
def test_the_page_of_the_second_step_begins_again_when_half_a_session_has_ended(
    app: Flask, one: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), transaction():
        codes = second_factor.make_codes(one, CodeKind.RECOVERY, clock.real_now())
        db.session.add(_confirmed(one))
    client = app.test_client()
    sites.post(app, client, "/sign-in", {"name": MAIL, "password": factories.PASSWORD})
    _meanwhile(monkeypatch, lambda: second_factor.end_sessions(one))
    answer = sites.post(app, client, "/sign-in/second-step", {"code": codes[0]})
    assert answer.status_code == 401
    assert _stages(app) == []


@pytest.mark.parametrize("path", ["app/code", "printed"])
@pytest.mark.parametrize("what", ["ended", "factor", "incident"])
def test_first_factor_setup_uses_the_current_state(
    app: Flask, one: UUID, monkeypatch: pytest.MonkeyPatch, path: str, what: str
) -> None:
    """Of two who know the password one may set up the first factor; the other, a moment later, is asked for it."""
    from app.identity.models import Country, Person

    with app.app_context(), transaction():
        db.session.get_one(Country, "IQ").printed_codes = True
    client = app.test_client()
    sites.post(app, client, "/sign-in", {"name": MAIL, "password": factories.PASSWORD})
    sites.post(app, client, "/sign-in/factors/app")
    with app.app_context():
        shown = factors.app_seed(one, confirmed=False)
        assert shown is not None
    code = pyotp.TOTP(shown[1]).at(clock.real_now())

    def change() -> None:
        if what == "ended":
            second_factor.end_sessions(one)
        elif what == "factor":
            db.session.add(_confirmed(one))
        else:
            db.session.get_one(Person, one).factors_void = True

    _meanwhile(monkeypatch, change)
    answer = sites.post(app, client, f"/sign-in/factors/{path}", {"code": code})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/factors")
    assert Stage.WHOLE not in _stages(app)
    with app.app_context():
        assert factors.factors(one).count == (what == "factor")


@pytest.mark.each_database
def test_a_session_that_has_ended_sets_up_nothing(app: Flask, one: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context(), transaction():
        db.session.add(_confirmed(one))
    client = factories.sign_in(app, one)
    _meanwhile(monkeypatch, lambda: second_factor.end_sessions(one))
    assert sites.post(app, client, "/sign-in/factors/recovery").status_code == 302
    with app.app_context():
        assert factors.factors(one).recovery == 0


ENDS = ["ended", "incident", "served again"]


def _end(person_id: UUID, how: str) -> None:
    if how == "incident":
        incident.begin(IncidentReason.STOLEN_PASSWORD, [], clock.real_now())
        return
    second_factor.end_sessions(person_id)
    if how == "served again":  # on SQLite the number of a row that went is given to the next one
        other = factories.person()
        sign_in_sessions.open_session(other, shared=False, real_now=clock.real_now())


def _settings(one: UUID) -> dict[str, dict[str, str]]:
    return {
        "password": {"password": factories.PASSWORD, "new": "another long passphrase"},
        "address": {"mail": "new@example.org"},
        "remove": {"factor": "app"},
        "devices/end": {"device": str(one)},
        "devices/end-others": {},
    }


@pytest.mark.parametrize("path", list(_settings(uuid4())))
@pytest.mark.parametrize("how", ENDS)
def test_a_session_that_has_ended_changes_no_settings(
    app: Flask, one: UUID, monkeypatch: pytest.MonkeyPatch, path: str, how: str
) -> None:
    with app.app_context(), transaction():
        db.session.add(_confirmed(one))
    client = factories.sign_in(app, one)
    _meanwhile(monkeypatch, lambda: _end(one, how))
    answer = sites.post(app, client, f"/settings/sign-in/{path}", _settings(one)[path])
    assert (answer.status_code, 'name="name"' in answer.text) == (401, True)
    assert client.get("/settings").status_code == 302
    with app.app_context():
        assert db.session.scalars(select(SignInSession).where(SignInSession.person_id == one)).all() == []
        assert db.session.scalars(select(AddressChange)).all() == []
        assert factors.factors(one).count == 1
        assert people.get(one).password_hash == factories.PASSWORD_HASH


@pytest.mark.parametrize(
    ("path", "fields"), [("again", {"code": ""}), ("password", {"new": "another long passphrase"})]
)
@pytest.mark.parametrize("how", ENDS)
def test_a_session_that_ends_while_the_password_is_looked_at_is_not_proved(
    app: Flask, one: UUID, monkeypatch: pytest.MonkeyPatch, path: str, fields: dict[str, str], how: str
) -> None:
    client = factories.sign_in(app, one)

    def matches(_stored: str, _password: str) -> bool:
        with transaction():
            _end(one, how)
        return True

    monkeypatch.setattr("app.sign_in.service.passwords.matches", matches)
    sent = {"password": factories.PASSWORD} | fields
    assert sites.post(app, client, f"/settings/sign-in/{path}", sent).status_code == 401
    assert client.get("/settings").status_code == 302


@pytest.mark.each_database
def test_an_incident_at_the_same_moment_ends_the_session_that_a_new_password_opens(app: Flask, one: UUID) -> None:
    with app.app_context():
        with transaction():
            secret = sign_in_sessions.open_session(one, shared=False, real_now=clock.real_now())
        number = db.session.scalars(select(SignInSession.id)).one()
        db.session.remove()
    opened = OpenSession(one, number, sign_in_sessions.hash_secret(secret))

    def change() -> bool:
        if not second_factor.lock_open_session(opened, clock.real_now()):
            return False
        second_factor.end_sessions(one)
        sign_in_sessions.open_session(one, shared=False, real_now=clock.real_now())
        return True

    begin = functools.partial(incident.begin, IncidentReason.LEAK, [], clock.real_now())
    assert both_at_once(app, begin, change)[1] is False
    assert _stages(app) == []


@pytest.mark.each_database
def test_incident_and_reauthentication_lock_people_before_sessions(
    app: Flask, one: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        with transaction():
            secret = sign_in_sessions.open_session(one, shared=False, real_now=clock.real_now())
        number = db.session.scalars(select(SignInSession.id)).one()
        db.session.remove()
    opened, met = OpenSession(one, number, sign_in_sessions.hash_secret(secret)), threading.Event()
    # the first handler of the event: sessions are deleted, and the transaction has not ended yet
    monkeypatch.setattr(password_reset, "delete_all_links", lambda: (met.set(), time.sleep(WAIT)))
    begin = functools.partial(incident.begin, IncidentReason.LEAK, None, clock.real_now())

    def work() -> None:
        with app.app_context():
            with transaction():
                assert begin() == 1
            db.session.remove()

    with ThreadPoolExecutor(1) as pool, app.app_context():
        begun = pool.submit(work)
        assert met.wait(5)
        with transaction():
            assert not second_factor.lock_open_session(opened, clock.real_now())
        begun.result()
        db.session.remove()


@pytest.mark.each_database
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COORDINATOR])
def test_one_of_two_factors_removed_at_once_remains(app: Flask, role: Role) -> None:
    with app.app_context():
        boss = factories.person(roles=(), grants=((role, Scope.ALL, ""),))
        with transaction():
            now = clock.real_now()
            keys = [
                Passkey(person_id=boss, credential_id=uuid4().hex, public_key="x", sign_count=0, made_at=now)
                for _ in range(2)
            ]
            db.session.add_all(keys)
        ids = [key.id for key in keys]
        db.session.remove()
    remove = [lambda key=key: second_factor.remove_factor(boss, Factor.PASSKEY, key) for key in ids]
    assert both_at_once(app, *remove) == [True, False]
    with app.app_context():
        assert len(factors.factors(boss).passkeys) == 1


@pytest.mark.each_database
@pytest.mark.parametrize(("path", "sent"), [("", {"how": "known", "confirmed": "y"}), ("/closing", {"sure": "y"})])
def test_new_coordinator_gets_access_only_from_coordinators(
    app: Flask, one: UUID, path: str, sent: dict[str, str]
) -> None:
    with app.app_context():
        chief = factories.person(roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
        db.session.remove()
    client, answers = factories.sign_in(app, chief), []

    def give() -> None:
        roles.add_role(one, Role.COORDINATOR, scope=Scope.ALL, since=clock.today())
        db.session.flush()

    holding, together = threading.Event(), threading.Thread(target=lambda: _hold_open(app, give, holding))
    together.start()
    holding.wait(10)
    answers.append(sites.post(app, client, f"/people/{one}/access{path}", sent).status_code)
    together.join()
    assert answers == [404]
    with app.app_context():
        assert db.session.scalars(select(OneTimeCode)).all() == []
        assert sessions.credentials_by_name(MAIL) is not None
        db.session.remove()
    assert sites.post(app, client, f"/people/{one}/access/sessions").status_code == 404


def _hold_open(app: Flask, work: Callable[[], None], holding: threading.Event) -> None:
    """Do something in a transaction that does not end at once."""
    with app.app_context():
        with transaction():
            work()
            holding.set()
            time.sleep(1)
        db.session.remove()


def _confirmed(person_id: UUID) -> AuthenticatorApp:
    now = clock.real_now()
    return AuthenticatorApp(id=uuid4(), person_id=person_id, seed=pyotp.random_base32(), made_at=now, confirmed_at=now)


def _meanwhile(monkeypatch: pytest.MonkeyPatch, work: Callable[[], None]) -> None:
    """Let something happen right before the transaction of the next request begins."""
    from app.settings.views import security
    from app.sign_in.views import factor_setup, second_factor as sign_in_second_factor

    left = [work]

    def between() -> Any:
        if left:
            change = left.pop()
            with transaction():
                change()
        return transaction()

    for room in (factor_setup, security, sign_in_second_factor):
        monkeypatch.setattr(room, "transaction", between)
