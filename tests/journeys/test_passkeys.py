"""Passkeys in a real browser, with Chromium's own authenticator in place of a key."""

from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import CDPSession, expect
from sqlalchemy import select, update

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.sign_in.models import Challenge, Passkey, SignInSession
from app.sign_in.queries import factors
from tests.support import factories
from tests.support.served_academy import Academy
from tests.support.visitors import Invite, Visitor, give_a_key, press

pytestmark = pytest.mark.browser


@pytest.fixture
def keyed(visitor: Invite) -> Callable[[], tuple[Visitor, CDPSession, str]]:
    """Return a function that brings an administrator with an authenticator in the browser, not signed in yet."""

    def bring() -> tuple[Visitor, CDPSession, str]:
        one = visitor(roles=(), country="BG", grants=((Role.ADMINISTRATOR, Scope.ALL, ""),), signed_in=False)
        return one, *give_a_key(one)

    return bring


def _password(one: Visitor) -> None:
    one.go("/sign-in")
    one.page.locator("#name").fill(one.mail)
    one.page.locator("#password").fill(factories.PASSWORD)
    press(one.page.locator("main form button.primary"))


def _add(one: Visitor) -> None:
    _password(one)
    expect(one.page).to_have_url(f"{one.url}/sign-in/factors")
    press(one.page.get_by_role("button", name="Add a passkey"))
    expect(one.page.locator("main ol code")).to_have_count(10)
    press(one.page.get_by_role("link", name="I have saved the codes"))


def _keys(academy: Academy, person_id: UUID) -> list[Passkey]:
    with academy.app.app_context():
        return list(db.session.scalars(select(Passkey).where(Passkey.person_id == person_id)))


def test_a_passkey_is_added_and_signs_in_alone(
    academy: Academy, keyed: Callable[[], tuple[Visitor, CDPSession, str]]
) -> None:
    one, _session, _authenticator = keyed()
    _add(one)
    assert len(_keys(academy, one.person_id)) == 1
    one.context.clear_cookies()
    one.go("/sign-in?next=/settings")
    press(one.page.get_by_role("button", name="Sign in with a passkey"))
    expect(one.page).to_have_url(f"{one.url}/settings")
    with academy.app.app_context():
        assert [kept.person_id for kept in db.session.scalars(select(Challenge))] == [one.person_id]  # it has served
        assert factors.factors(one.person_id).recovery == 10
    assert one.complaints == []


def test_a_passkey_is_the_second_step(academy: Academy, keyed: Callable[[], tuple[Visitor, CDPSession, str]]) -> None:
    one, _session, _authenticator = keyed()
    _add(one)
    one.context.clear_cookies()
    _password(one)
    expect(one.page).to_have_url(f"{one.url}/sign-in/second-step")
    press(one.page.get_by_role("button", name="Use a passkey"))
    one.go("/settings/sign-in")
    expect(one.page.locator("main")).to_contain_text("This device")


def test_a_passkey_proves_in_an_open_session(
    academy: Academy, keyed: Callable[[], tuple[Visitor, CDPSession, str]]
) -> None:
    one, _session, _authenticator = keyed()
    _add(one)
    with academy.app.app_context(), transaction():
        mine = update(SignInSession).where(SignInSession.person_id == one.person_id)
        db.session.execute(mine.values(fully_proved_at=None))
    one.go("/settings/sign-in")
    expect(one.page.locator("#new")).to_have_count(0)
    press(one.page.get_by_role("button", name="Use a passkey"))
    expect(one.page.locator("#new")).to_be_visible()
    with academy.app.app_context():
        assert db.session.scalars(select(Challenge).where(Challenge.person_id == one.person_id)).all() == []
    assert one.complaints == []


def test_a_copied_passkey_is_refused(academy: Academy, keyed: Callable[[], tuple[Visitor, CDPSession, str]]) -> None:
    """A counter that goes back shows that a passkey was copied."""
    one, _session, _authenticator = keyed()
    _add(one)
    with academy.app.app_context(), transaction():
        db.session.scalars(select(Passkey).where(Passkey.person_id == one.person_id)).one().sign_count = 1000
    one.context.clear_cookies()
    one.go("/sign-in")
    press(one.page.get_by_role("button", name="Sign in with a passkey"))
    expect(one.page.locator("#live")).to_contain_text("This passkey was not accepted")
    assert one.go("/settings").url.startswith(f"{one.url}/sign-in")


def test_a_person_who_was_not_verified_is_refused(
    academy: Academy, keyed: Callable[[], tuple[Visitor, CDPSession, str]]
) -> None:
    one, session, authenticator = keyed()
    _add(one)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    one.context.clear_cookies()
    one.go("/sign-in")
    one.page.get_by_role("button", name="Sign in with a passkey").click()
    expect(one.page.locator("#passkey-failed")).to_be_visible()
    assert one.go("/settings").url.startswith(f"{one.url}/sign-in")


def test_an_answer_serves_once(academy: Academy, keyed: Callable[[], tuple[Visitor, CDPSession, str]]) -> None:
    one, _session, _authenticator = keyed()
    _add(one)
    one.context.clear_cookies()
    one.go("/sign-in")
    sent: list[str] = []
    one.page.on(
        "request", lambda request: sent.append(request.post_data or "") if request.url.endswith("/passkey") else None
    )
    press(one.page.get_by_role("button", name="Sign in with a passkey"))
    cookies = one.context.cookies()
    assert len(sent) == 1
    with academy.app.test_client() as other:
        for cookie in cookies:
            other.set_cookie(cookie["name"], cookie["value"], domain="localhost")
        with other.session_transaction() as session:
            del session["sid"]
        fields = {"credential": dict(_pairs(sent[0]))["credential"], "csrf_token": factories.token(academy.app, other)}
        assert other.post("/sign-in/passkey", data=fields).headers["Location"] == "/sign-in"
        assert other.get("/settings").status_code == 302


def _pairs(body: str) -> list[tuple[str, str]]:
    from urllib.parse import parse_qsl

    return parse_qsl(body)
