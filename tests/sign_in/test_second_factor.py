import json
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from webauthn.helpers import bytes_to_base64url
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.identity.models import Country, Person
from app.kernel import clock
from app.sign_in.domain import ACCOUNT_LIMITS, CODE_SECONDS, CodeKind, Stage
from app.sign_in.models import AuthenticatorApp, Challenge, FailedSignIn, OneTimeCode, Passkey, SignInSession, UsedStep
from app.sign_in.queries import factors
from app.sign_in.service import passkeys, passwords, second_factor, sessions
from app.sign_in.service.sessions import (
    UNKNOWN_BROWSER,
    RateLimited,
    SecondFactorRequired,
    SessionOpened,
    WrongCredentials,
)
from tests.support import factories, routes, sites
from tests.support.site_snapshots import kept

MAIL = "one@example.org"


@pytest.fixture
@kept
def one(app: Flask) -> UUID:
    """A practitioner of a country that asks for a second factor, as countries do unless they say otherwise."""
    with app.app_context(), transaction():
        factories.agency("IQ", second_factor=True)
        return factories.person(mail=MAIL)


@pytest.fixture
def coded(app: Flask, one: UUID) -> Callable[[], str]:
    """Give the person an app; the function tells its code, each time of a step that was not used."""
    with app.app_context():
        seed = _confirmed(one)
        db.session.remove()

    def code() -> str:
        with app.app_context():
            at = int(clock.real_now().timestamp()) // CODE_SECONDS
            used = set(db.session.scalars(select(UsedStep.step).where(UsedStep.person_id == one)))
            step = next(step for step in (at, at + 1, at - 1) if step not in used)
            db.session.remove()
        return pyotp.TOTP(seed).generate_otp(step)

    return code


def _confirmed(person_id: UUID) -> str:
    with transaction():
        seed = pyotp.random_base32()
        now = clock.real_now()
        db.session.add(AuthenticatorApp(person_id=person_id, seed=seed, made_at=now, confirmed_at=now))
    return seed


def _codes(app: Flask, person_id: UUID, kind: CodeKind = CodeKind.RECOVERY, **more: Any) -> list[str]:
    with app.app_context(), transaction():
        return second_factor.make_codes(person_id, kind, clock.real_now(), **more)


def _first(app: Flask, client: FlaskClient, **more: str) -> TestResponse:
    return sites.post(app, client, "/sign-in", {"name": MAIL, "password": factories.PASSWORD, **more})


def _second(app: Flask, client: FlaskClient, code: str, **more: str) -> TestResponse:
    return sites.post(app, client, "/sign-in/second-step", {"code": code, **more})


def _cookie(client: FlaskClient, name: str) -> str | None:
    with client.session_transaction() as session:
        return session.get(name)


def _is_in(client: FlaskClient) -> bool:
    return client.get("/settings").status_code == 200


def _sessions(app: Flask) -> list[tuple[Stage, UUID]]:
    with app.app_context():
        return [(row.stage, row.person_id) for row in db.session.scalars(select(SignInSession))]


def test_two_steps_and_a_new_secret(app: Flask, client: FlaskClient, one: UUID, coded: Callable[[], str]) -> None:
    answer = _first(app, client, next="/record")
    assert answer.headers["Location"] == "/sign-in/second-step?next=/record"
    half = _cookie(client, "half")
    assert (_cookie(client, "sid"), _is_in(client)) == (None, False)
    page = unescape(client.get(answer.headers["Location"]).text)
    assert 'name="next" value="/record"' in page
    assert "ask your national contact point. Staff ask the secretariat." in page
    token = factories.token(app, client)
    done = _second(app, client, f" {coded()[:3]} {coded()[3:]} ", next="/record")
    assert (done.status_code, done.headers["Location"]) == (302, "/record")
    assert _is_in(client)
    assert _cookie(client, "half") is None
    assert _cookie(client, "sid") not in {None, half}
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 400
    assert _sessions(app) == [(Stage.WHOLE, one)]


SIGNED_OUT = r'<div class="notice is-warning">.*?You were signed out.*?</div>'


def test_nothing_opens_between_the_steps(app: Flask, client: FlaskClient, one: UUID, coded: Callable[[], str]) -> None:
    """Wherever its secret is put, half a session is answered as a stranger is, on every route."""
    _first(app, client)
    secret, token = _cookie(client, "half"), factories.token(app, client)
    wrong = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in BETWEEN or rule.endpoint in {"sign_in.ask_any_passkey", "sign_in.choose_language"}:
            continue
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            stranger, *halves = (
                _answer(app, rule, method, held, token) for held in ({}, {"half": secret}, {"sid": secret})
            )
            wrong += [(rule.endpoint, method, half[:2], stranger[:2]) for half in halves if half != stranger]
    assert wrong == []


def _answer(
    app: Flask, rule: Rule, method: str, held: dict[str, str | None], token: str
) -> tuple[int, str | None, str]:
    """Return what a route answers to a browser that holds these secrets."""
    visit = app.test_client()
    with visit.session_transaction() as session:
        session.update(held, csrf="test-seed")
    sent = {"csrf_token": token} if method == "POST" else None
    answer = visit.open(routes.address(app, rule), method=method, data=sent)
    text = _plain(answer)
    if held and rule.endpoint == "sign_in.sign_in":  # a secret that opens nothing is told so, once
        text = re.sub(rf"\s*{SIGNED_OUT}\s*", "", text, flags=re.DOTALL)
    return answer.status_code, answer.headers.get("Location"), " ".join(text.split())


# what half a session may open; of these a person who has a factor sees the second step alone
BETWEEN = {
    "sign_in.show_second_factor", "sign_in.take_code", "sign_in.ask_passkey", "sign_in.take_passkey",
    "sign_in.start_again", "sign_in.show_factor_choice", "sign_in.begin_app", "sign_in.app", "sign_in.confirm_app",
    "sign_in.ask_new_passkey", "sign_in.add_passkey", "sign_in.make_list", "sign_in.make_recovery",
}  # fmt: skip


def _plain(answer: TestResponse) -> str:
    return re.sub(
        r'(name="csrf_token" value|name="csrf" content)="[^"]*"|<b>[0-9a-f]{16}</b>|\b[0-9a-f]{16}\b', "", answer.text
    )


@pytest.mark.parametrize("path", ["", "/app", "/app/code", "/passkey-options", "/passkey", "/printed", "/recovery"])
def test_who_has_a_factor_cannot_add_one_between_the_steps(
    app: Flask, client: FlaskClient, one: UUID, coded: Callable[[], str], path: str
) -> None:
    _first(app, client)
    if path in {"", "/app"}:
        assert client.get(f"/sign-in/factors{path}").headers["Location"] == "/sign-in/second-step"
    if path:
        answer = sites.post(app, client, f"/sign-in/factors{path}", {"code": coded(), "credential": "{}"})
        assert answer.headers["Location"] == "/sign-in/second-step"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AuthenticatorApp)) == 1
        assert factors.factors(one).recovery == 0


def test_a_first_factor_is_set_up_between_the_steps(app: Flask, client: FlaskClient, one: UUID) -> None:
    _first(app, client, next="/record")
    assert client.get("/sign-in/second-step?next=/record").headers["Location"] == "/sign-in/factors?next=/record"
    assert client.get("/sign-in/factors").status_code == 200
    begun = sites.post(app, client, "/sign-in/factors/app", {"next": "/record"})
    page = client.get(begun.headers["Location"]).text
    assert 'src="data:image/svg+xml' in page
    seed = re.search("<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")  # type: ignore[index]
    assert sites.post(app, client, "/sign-in/factors/app/code", {"code": "000000"}).status_code == 422
    assert not _is_in(client)
    fields = {"code": pyotp.TOTP(seed).now(), "next": "/record"}
    done = sites.post(app, client, "/sign-in/factors/app/code", fields)
    codes = re.findall(r"<code>(\d{5} \d{5})</code>", done.text)
    assert (done.status_code, len(set(codes))) == (200, 10)
    assert 'href="/record"' in done.text
    assert _is_in(client)
    other = app.test_client()
    _first(app, other)
    assert _second(app, other, fields["code"]).status_code == 422  # it was used when the app was set up
    assert _second(app, other, codes[3]).status_code == 302
    with app.app_context():
        stored = list(db.session.scalars(select(OneTimeCode.code_hash)))
        raw = db.session.scalars(select(AuthenticatorApp.seed)).one()
        kept = db.session.connection().exec_driver_sql("SELECT seed FROM authenticator_app").scalar()
    assert raw == seed
    assert seed not in str(kept)
    assert not any(code.replace(" ", "") in line for code in codes for line in stored)


@pytest.mark.parametrize(
    ("roles", "grants", "country", "follows"),
    [
        (("first_responder",), (), False, False),
        (("first_responder",), (), True, True),
        *[((), ((role, Scope.ALL, ""),), False, True) for role in sorted(set(Role) - {Role.PRACTITIONER})],
    ],
)
def test_staff_need_a_second_factor_everywhere(
    context: Flask, roles: tuple[str, ...], grants: tuple[Any, ...], *, country: bool, follows: bool
) -> None:
    with transaction():
        factories.agency("BG", second_factor=country)
        person_id = factories.person(country="BG", roles=roles, grants=grants)
    with transaction():
        answer = sessions.sign_in(
            (person_id, True), name=MAIL, address="192.0.2.1", shared=False, real_now=clock.real_now()
        )
    assert isinstance(answer, SecondFactorRequired if follows else SessionOpened)


def test_who_chose_a_factor_is_asked_for_it_where_none_is_required(
    app: Flask, client: FlaskClient, one: UUID, coded: Callable[[], str]
) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(Country).values(second_factor=False))
    assert _first(app, client).headers["Location"] == "/sign-in/second-step"


@pytest.mark.each_database
def test_a_code_of_the_app_serves_once_and_a_step_around(app: Flask, one: UUID) -> None:
    with app.app_context():
        seed = _confirmed(one)
        at = int(clock.real_now().timestamp()) // CODE_SECONDS
        now = clock.real_now()
        found = []
        for step in (at - 2, at - 1, at - 1, at, at + 1, at + 2):
            with transaction():
                secret = sessions.open_session(one, shared=False, real_now=now, stage=Stage.HALF)
            half = factors.pending_session(sessions.hash_secret(secret), now)
            with transaction():
                code = pyotp.TOTP(seed).generate_otp(step)
                answer = second_factor.check_code(half, code, browser=UNKNOWN_BROWSER, real_now=now)  # type: ignore[arg-type]
            found.append(type(answer))
    assert found == [WrongCredentials, SessionOpened, WrongCredentials, SessionOpened, SessionOpened, WrongCredentials]


@pytest.mark.parametrize(
    "typed", ["١٢٣٤٥ ٦٧٨٩٠", "12345-67890", " 1234567890 ", "１２３４５６７８９０", "\u200e12345 67890"]
)
def test_a_code_is_read_in_any_script_and_with_gaps(
    app: Flask, client: FlaskClient, one: UUID, coded: Any, typed: str
) -> None:
    with app.app_context(), transaction():
        second_factor.make_codes(one, CodeKind.RECOVERY, clock.real_now())
        first = db.session.scalars(select(OneTimeCode).limit(1)).one()
        first.code_hash = second_factor._code_index(one, "1234567890")
    _first(app, client)
    assert _second(app, client, typed).status_code == 302
    again = app.test_client()
    _first(app, again)
    assert _second(app, again, "1234567890").status_code == 422


@pytest.mark.parametrize("typed", ["", "abc", "12345 6789a", "1" * 65, "²²²²²²", "\u202e123456"])
def test_text_that_is_no_code_gets_an_error_message(
    app: Flask, client: FlaskClient, one: UUID, coded: Any, typed: str
) -> None:
    _first(app, client)
    assert _second(app, client, typed).status_code == 422


def test_few_recovery_codes_are_said(app: Flask, client: FlaskClient, one: UUID, coded: Any) -> None:
    codes = _codes(app, one)
    for used, code in enumerate(codes[:7], 1):
        visit = app.test_client()
        _first(app, visit)
        assert _second(app, visit, code).status_code == 302
        assert ("recovery codes are left" in visit.get("/settings/sign-in").text) == (used == 7)


def test_a_printed_list_is_a_factor_where_the_country_takes_it(app: Flask, client: FlaskClient, one: UUID) -> None:
    _first(app, client)
    assert sites.post(app, client, "/sign-in/factors/printed").status_code == 403
    with app.app_context(), transaction():
        db.session.execute(update(Country).values(printed_codes=True))
    done = sites.post(app, client, "/sign-in/factors/printed")
    codes = re.findall(r"<code>(\d{4} \d{4})</code>", done.text)
    assert len(set(codes)) == 30
    assert _is_in(client)
    other = app.test_client()
    _first(app, other)
    assert _second(app, other, codes[0]).status_code == 302
    _first(app, other)
    assert _second(app, other, codes[0]).status_code == 422


@pytest.mark.parametrize("asks", [True, False])
def test_a_list_counts_no_more_where_the_country_takes_none(
    app: Flask, client: FlaskClient, one: UUID, asks: bool
) -> None:
    codes = _codes(app, one, CodeKind.PRINTED)
    again = _codes(app, one, CodeKind.RECOVERY)
    _countries(app, printed_codes=True, second_factor=asks)
    with app.app_context():
        assert (factors.factors(one).count, factors.factors(one).printed) == (1, 30)
    _countries(app, printed_codes=False)
    with app.app_context():
        assert (factors.factors(one).count, factors.factors(one).printed) == (0, 0)
    first = _first(app, client)
    assert first.headers["Location"] == ("/sign-in/second-step" if asks else "/")
    if asks:
        # nor does the password alone set up another factor: a helper's code does, or a recovery code
        assert client.get("/sign-in/factors").headers["Location"] == "/sign-in/second-step"
        assert sites.post(app, client, "/sign-in/factors/app").headers["Location"] == "/sign-in/second-step"
        assert _second(app, client, codes[0]).status_code == 422
        assert _second(app, client, again[0]).status_code == 302


def test_a_list_that_is_not_taken_proves_nothing_in_an_open_session(app: Flask, one: UUID, coded: Any) -> None:
    codes, client = _codes(app, one, CodeKind.PRINTED), factories.sign_in(app, one)
    for taken, status in ((False, 422), (True, 302)):
        _countries(app, printed_codes=taken)
        fields = {"password": factories.PASSWORD, "code": codes[0]}
        assert sites.post(app, client, "/settings/sign-in/again", fields).status_code == status


def _countries(app: Flask, **values: bool) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(Country).values(**values))


@pytest.mark.each_database
@pytest.mark.parametrize("kind", [CodeKind.RECOVERY, CodeKind.PRINTED])
def test_of_two_at_once_with_one_code_one_gets_in(app: Flask, one: UUID, coded: Any, kind: CodeKind) -> None:
    _countries(app, printed_codes=True)
    code = _codes(app, one, kind)[0]
    assert sorted(_at_once(app, one, [code] * 2)) == ["SessionOpened", "WrongCredentials"]


@pytest.mark.each_database
def test_of_two_at_once_with_one_app_code_one_gets_in(app: Flask, one: UUID, coded: Callable[[], str]) -> None:
    assert sorted(_at_once(app, one, [coded()] * 2)) == ["SessionOpened", "WrongCredentials"]


@pytest.mark.each_database
def test_four_at_once_guess_five_codes_in_five_minutes(app: Flask, one: UUID, coded: Any) -> None:
    """With four workers at once: of 12 wrong codes 5 are looked at."""
    found = _at_once(app, one, ["0000000000"] * 12)
    assert (found.count("WrongCredentials"), found.count("RateLimited")) == (5, 7)


@pytest.mark.parametrize(
    ("many", "spread", "late"), [(20, 59, True), (19, 59, False), (50, 1439, True), (49, 1439, False)]
)
def test_codes_are_limited_by_the_hour_and_the_day(context: Flask, many: int, spread: int, *, late: bool) -> None:
    now, person_id = clock.real_now(), factories.person()
    with transaction():
        for n in range(many):
            second_factor.record_failed_code(person_id, now - timedelta(minutes=6 + (spread - 7) * n / many))
    assert isinstance(second_factor.code_rate_limit(person_id, now), RateLimited) == late


@pytest.mark.each_database
def test_four_at_once_guess_five_passwords_in_a_minute(app: Flask) -> None:
    found: list[str] = []

    def guess() -> None:
        with app.app_context():
            for _ in range(3):
                with transaction():
                    answer = sessions.sign_in(
                        None, name=MAIL, address="192.0.2.1", shared=False, real_now=clock.real_now()
                    )
                found.append(type(answer).__name__)
            db.session.remove()

    _run([guess] * 4)
    assert (found.count("WrongCredentials"), found.count("RateLimited")) == (5, 7)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(FailedSignIn)) == 5


def _at_once(app: Flask, person_id: UUID, codes: list[str]) -> list[str]:
    """Let four threads, each like a worker of its own, try codes at once; return what they were told."""
    found: list[str] = []
    with app.app_context():
        with transaction():
            now = clock.real_now()
            secrets = [sessions.open_session(person_id, shared=False, real_now=now, stage=Stage.HALF) for _ in codes]
        halves = [factors.pending_session(sessions.hash_secret(secret), now) for secret in secrets]
        db.session.remove()
    left = list(zip(halves, codes, strict=True))

    def guess() -> None:
        with app.app_context():
            while left:
                half, code = left.pop()
                with transaction():
                    answer = second_factor.check_code(half, code, browser=UNKNOWN_BROWSER, real_now=clock.real_now())  # type: ignore[arg-type]
                found.append(type(answer).__name__)
            db.session.remove()

    _run([guess] * min(4, len(codes)))
    return found


def _run(works: list[Callable[[], None]]) -> None:
    start = threading.Barrier(len(works))
    faults: list[BaseException] = []

    def go(work: Callable[[], None]) -> None:
        start.wait()
        try:
            work()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=go, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


@pytest.mark.parametrize("name", [MAIL, "unknown@example.org"])
def test_unknown_name_costs_as_much_as_a_wrong_password(
    app: Flask, client: FlaskClient, one: UUID, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """One check of one hash either way; a clock would be of no use on a busy machine."""
    checks = []
    real = passwords._hasher

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            checks.append(stored)
            return real.verify(stored, password)

        def __getattr__(self, asked: str) -> Any:
            raise AssertionError(f"a further {asked}")

    monkeypatch.setattr(passwords, "_hasher", Counting())
    assert sites.post(app, client, "/sign-in", {"name": name, "password": "wrong"}).status_code == 422
    assert len(checks) == 1


def test_half_a_session_ends_by_itself_and_by_hand(
    app: Flask, client: FlaskClient, one: UUID, coded: Callable[[], str]
) -> None:
    _first(app, client)
    sites.post(app, client, "/sign-in/start-again")
    assert _sessions(app) == []
    _first(app, client)
    with app.app_context(), transaction():
        db.session.execute(update(SignInSession).values(ends_at=clock.real_now()))
    assert client.get("/sign-in/second-step").headers["Location"].startswith("/sign-in?")
    assert _second(app, client, coded()).status_code == 401


def test_a_form_that_came_after_the_end_survives_both_steps(
    app: Flask, client: FlaskClient, one: UUID, coded: Callable[[], str]
) -> None:
    kept = factories.kept(one, "/settings", language="ar")
    page = _first(app, client, **kept).text
    assert 'name="kept_to" value="/settings"' in page
    assert 'name="kept-language" value="ar"' in _second(app, client, "000000", **kept).text
    assert '<input type="hidden" name="language" value="ar">' in _second(app, client, coded(), **kept).text


def test_the_page_that_opens_a_session_speaks_the_language_of_the_account(
    app: Flask, client: FlaskClient, one: UUID
) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Person, one).language = "ar"
    kept = factories.kept(one, "/settings", language="ar")
    _first(app, client, **kept)
    begun = sites.post(app, client, "/sign-in/factors/app")
    seed = re.search("<code>([A-Z2-7 ]+)</code>", client.get(begun.headers["Location"]).text)[1].replace(" ", "")  # type: ignore[index]
    done = sites.post(app, client, "/sign-in/factors/app/code", {"code": pyotp.TOTP(seed).now()})
    assert '<html lang="ar" dir="rtl"' in done.text  # the codes are shown this once
    codes = re.findall(r"<code>(\d{5} \d{5})</code>", done.text)
    other = app.test_client()
    _first(app, other, **kept)
    assert '<html lang="ar" dir="rtl"' in _second(app, other, codes[0], **kept).text


def test_reset_code_allows_new_second_factors(
    app: Flask, client: FlaskClient, one: UUID, coded: Callable[[], str]
) -> None:
    end = clock.real_now() + timedelta(hours=72)
    code = _codes(app, one, CodeKind.READMISSION, ends_at=end)[0]
    _first(app, client)
    assert _second(app, client, code).headers["Location"] == "/sign-in/factors"
    assert not _is_in(client)
    other = app.test_client()
    _first(app, other)
    assert _second(app, other, code).status_code == 422
    assert _second(app, other, coded()).status_code == 302  # until something new is there the old counts
    begun = sites.post(app, client, "/sign-in/factors/app")
    seed = re.search("<code>([A-Z2-7 ]+)</code>", client.get(begun.headers["Location"]).text)[1].replace(" ", "")  # type: ignore[index]
    # the old app's code of now used up this time step, whatever the seed
    later = int(clock.real_now().timestamp()) // CODE_SECONDS + 1
    done = sites.post(app, client, "/sign-in/factors/app/code", {"code": pyotp.TOTP(seed).generate_otp(later)})
    assert done.status_code == 200
    assert _is_in(client)
    assert not _is_in(other)
    with app.app_context():
        assert db.session.scalars(select(AuthenticatorApp.seed)).one() == seed


def test_a_code_of_the_contact_point_ends_after_its_time(
    app: Flask, client: FlaskClient, one: UUID, coded: Any
) -> None:
    code = _codes(app, one, CodeKind.READMISSION, ends_at=clock.real_now())[0]
    _first(app, client)
    assert _second(app, client, code).status_code == 422


def test_when_the_last_code_on_paper_is_used_a_password_alone_sets_up_nothing(
    app: Flask, client: FlaskClient, one: UUID
) -> None:
    codes = _codes(app, one, CodeKind.PRINTED)
    with app.app_context(), transaction():
        db.session.execute(update(Country).values(printed_codes=True))
        spent = update(OneTimeCode).where(OneTimeCode.person_id == one)
        db.session.execute(spent.values(used_at=clock.real_now()))
        last = update(OneTimeCode).where(OneTimeCode.code_hash == second_factor._code_index(one, codes[0]))
        db.session.execute(last.values(used_at=None))
    _first(app, client)
    assert _second(app, client, codes[0]).status_code == 302
    assert "0 codes are left" in client.get("/").get_data(as_text=True)
    thief = app.test_client()
    _first(app, thief)
    assert thief.get("/sign-in/factors").headers["Location"] == "/sign-in/second-step"
    made = sites.post(app, client, "/sign-in/factors/printed")  # who came in by the last code makes the next list
    (fresh, *_more) = re.findall(r"<code>(\d{4} \d{4})</code>", made.get_data(as_text=True))
    assert _second(app, thief, fresh).status_code == 302
    assert thief.get("/").status_code == 200


@pytest.fixture
def passkey(app: Flask, one: UUID, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the person a passkey whose signature holds for the challenge that was signed; return a browser's answer."""

    def verify(*, credential: dict[str, Any], expected_challenge: bytes, **_rest: Any) -> SimpleNamespace:
        if credential["signed"] != bytes_to_base64url(expected_challenge):
            raise ValueError("another challenge")
        return SimpleNamespace(new_sign_count=0)

    monkeypatch.setattr(passkeys, "verify_authentication_response", verify)
    with app.app_context(), transaction():
        now = clock.real_now()
        db.session.add(Passkey(person_id=one, credential_id="key", public_key="eA", sign_count=0, made_at=now))
    return "key"


def _ask(app: Flask, client: FlaskClient) -> str:
    """Ask for what a passkey has to sign, and return the challenge."""
    token = factories.token(app, client)
    answer = client.post("/sign-in/passkey-options", json={}, headers={"X-CSRF-Token": token})
    assert answer.status_code == 200
    return str(answer.get_json(force=True)["challenge"])


def _sign(app: Flask, client: FlaskClient, passkey: str, challenge: str) -> bool:
    credential = json.dumps({"id": passkey, "signed": challenge})
    sites.post(app, client, "/sign-in/passkey", {"credential": credential})
    return _cookie(client, "sid") is not None


def test_endless_requests_of_strangers_do_not_block_passkeys(app: Flask, passkey: str) -> None:
    first = app.test_client()
    challenge = _ask(app, first)
    for _number in range(50):
        _ask(app, app.test_client())
    with app.app_context():
        assert db.session.scalars(select(Challenge)).all() == []  # nothing that others could throw out
    assert _sign(app, first, passkey, challenge)


def test_passkeys_that_are_not_taken_are_limited_as_passwords_are(app: Flask, passkey: str) -> None:
    client = app.test_client()
    for _number in range(ACCOUNT_LIMITS[0].failures):
        assert not _sign(app, client, passkey, "another")
    fields = {"credential": json.dumps({"id": passkey, "signed": _ask(app, client)})}
    assert sites.post(app, client, "/sign-in/passkey", fields).status_code == 429
    assert _cookie(client, "sid") is None


def test_a_strangers_challenge_serves_once(app: Flask, passkey: str) -> None:
    client, thief = app.test_client(), app.test_client()
    challenge = _ask(app, client)
    ticket = _cookie(client, "challenge")
    with thief.session_transaction() as session:
        session["challenge"] = ticket
    assert _sign(app, client, passkey, challenge)
    assert not _sign(app, thief, passkey, challenge)
    with app.app_context(), transaction():
        assert sessions.delete_expired(clock.real_now() + timedelta(minutes=4)) == 0  # as long as its ticket is good
        assert sessions.delete_expired(clock.real_now() + timedelta(minutes=6)) >= 1


@pytest.mark.parametrize("ticket", ["over", "other", None, "", "x", ".", "9" * 5000 + ".QQ", "99999999999.%", 5])
def test_a_challenge_that_is_over_or_strange_is_not_taken(app: Flask, passkey: str, ticket: object) -> None:
    client = app.test_client()
    challenge, kept = _ask(app, client), _cookie(client, "challenge") or ""
    old = f"{int(clock.real_now().timestamp()) - 1}.{kept.split('.')[1]}"
    other = f"{kept.split('.')[0]}.{bytes_to_base64url(b'other')}"
    with client.session_transaction() as session:
        session["challenge"] = {"over": old, "other": other}.get(str(ticket), ticket)
    assert not _sign(app, client, passkey, challenge)
