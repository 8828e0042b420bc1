"""The request that upgrades a pending session is sent twice, because its response was lost."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.db.session import db, transaction
from app.identity import service
from app.identity.models import Country
from app.kernel import clock
from app.sign_in.domain import PENDING_SESSION_LIFETIME, CodeKind
from app.sign_in.models import AuthenticatorApp, OneTimeCode, Passkey, SignInSession
from app.sign_in.queries import factors
from app.sign_in.service import passkeys, second_factor
from tests.support import factories, sites
from tests.support.site_snapshots import kept

MAIL = "one@example.org"
STEP, FACTORS = "/sign-in/second-step", "/sign-in/factors"


@pytest.fixture
@kept
def one(app: Flask) -> UUID:
    with app.app_context(), transaction():
        factories.agency("IQ", second_factor=True)
        made = factories.person(mail=MAIL)
        db.session.flush()
        db.session.execute(update(Country).where(Country.code == "IQ").values(printed_codes=True))
        return made


class Lost:
    """A browser that has taken the first step; what it sends is answered, but the answer does not arrive."""

    def __init__(self, app: Flask) -> None:
        self.app, self.client = app, app.test_client()
        self.first()

    def first(self) -> None:
        sites.post(self.app, self.client, "/sign-in", {"name": MAIL, "password": factories.PASSWORD})

    def send(self, path: str, **fields: str) -> TestResponse:
        return sites.post(self.app, self.client, path, fields)

    def lose(self, path: str, **fields: str) -> TestResponse:
        kept = self.client.get_cookie("academy")
        assert kept is not None
        answer = self.send(path, **fields)
        self.client.set_cookie("academy", kept.value)
        return answer

    def is_in(self) -> bool:
        return self.client.get("/settings").status_code == 200


def _codes(answer: TestResponse) -> list[str]:
    return re.findall(r"<code>(\d{4} \d{4}(?: ?\d{2})?|\d{5} \d{5})</code>", answer.text)


def _made(app: Flask, person_id: UUID, kind: CodeKind, ends_at: timedelta | None = None) -> list[str]:
    with app.app_context(), transaction():
        now = clock.real_now()
        if kind is CodeKind.RECOVERY:
            db.session.add(AuthenticatorApp(person_id=person_id, seed=SEED, made_at=now, confirmed_at=now))
        return second_factor.make_codes(person_id, kind, now, now + ends_at if ends_at else None)


SEED = pyotp.random_base32()
WAYS: dict[str, Callable[[Flask, UUID], str]] = {
    "app": lambda app, one: (_made(app, one, CodeKind.RECOVERY), pyotp.TOTP(SEED).at(clock.real_now()))[1],
    "recovery": lambda app, one: _made(app, one, CodeKind.RECOVERY)[0],
    "printed": lambda app, one: _made(app, one, CodeKind.PRINTED)[0],
}


@pytest.mark.parametrize("way", WAYS)
def test_repeated_code_opens_the_session_again(app: Flask, one: UUID, way: str) -> None:
    code, spare = WAYS[way](app, one), "000000"
    visit = Lost(app)
    assert visit.lose(STEP, code=code).status_code == 302
    assert not visit.is_in()
    assert visit.send(STEP, code=spare).status_code == 401  # it takes what was sent
    again = visit.lose(STEP, code=code)
    assert (again.status_code, again.headers["Location"]) == (302, "/")
    before = visit.client.get_cookie("academy")
    assert before is not None
    assert visit.send(STEP, code=code).status_code == 302  # however often the answer is lost
    assert visit.is_in()
    with app.app_context():
        assert len(db.session.scalars(select(SignInSession)).all()) == 1
    visit.client.set_cookie("academy", before.value)
    assert visit.send(STEP, code=code).status_code == 401  # the answer arrived: it serves no more
    assert not visit.is_in()


def test_it_serves_no_longer_than_half_a_session_and_not_for_guesses(app: Flask, one: UUID) -> None:
    code, visit = WAYS["recovery"](app, one), Lost(app)
    visit.lose(STEP, code=code)
    found = [visit.send(STEP, code=f"{n:08}").status_code for n in range(6)]
    assert found == [401] * 5 + [429]
    assert visit.send(STEP, code=code).status_code == 429
    with app.app_context(), transaction():
        db.session.execute(update(SignInSession).values(started_at=clock.real_now() - PENDING_SESSION_LIFETIME))
    assert visit.send(STEP, code=code).status_code == 401


@pytest.mark.each_database
def test_a_helpers_code_leads_to_the_factors_once_more(app: Flask, one: UUID) -> None:
    WAYS["app"](app, one)
    code = _made(app, one, CodeKind.READMISSION, timedelta(hours=1))[0]
    visit = Lost(app)
    assert visit.lose(STEP, code=code).headers["Location"] == FACTORS
    assert visit.client.get(FACTORS).status_code == 302
    assert visit.send(STEP, code=code).headers["Location"] == FACTORS
    assert visit.client.get(FACTORS).status_code == 200
    assert not visit.is_in()


def test_repeated_app_confirmation_returns_new_codes(app: Flask, one: UUID) -> None:
    visit = Lost(app)
    visit.send(f"{FACTORS}/app")
    with app.app_context():
        seed = factors.app_seed(one, confirmed=False)
        db.session.remove()
    assert seed is not None
    code = pyotp.TOTP(seed[1]).at(clock.real_now())
    lost = _codes(visit.lose(f"{FACTORS}/app/code", code=code))
    assert visit.send(f"{FACTORS}/app/code", code="000000").status_code == 401
    shown = _codes(visit.send(f"{FACTORS}/app/code", code=code))
    assert (len(lost), len(shown), set(lost) & set(shown)) == (10, 10, set())
    assert visit.is_in()
    other = Lost(app)
    assert other.send(STEP, code=lost[0]).status_code == 422
    assert other.send(STEP, code=shown[0]).status_code == 302


def test_repeated_passkey_setup_returns_new_codes(app: Flask, one: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    def add(person_id: UUID, _ticket: str, answer: str, _site: object, now: object, *, afresh: bool) -> bool:
        key = Passkey(
            person_id=person_id, credential_id=passkeys.credential_id(answer), public_key="", sign_count=0, made_at=now
        )
        db.session.add(key)
        return not afresh

    monkeypatch.setattr(passkeys, "add", add)
    visit = Lost(app)
    assert len(_codes(visit.lose(f"{FACTORS}/passkey", credential='{"id":"mine"}'))) == 10
    assert visit.send(f"{FACTORS}/passkey", credential='{"id":"another"}').status_code == 401
    assert len(_codes(visit.send(f"{FACTORS}/passkey", credential='{"id":"mine"}'))) == 10
    assert visit.is_in()


def test_unused_first_list_does_not_lock_out_its_owner(app: Flask, one: UUID) -> None:
    visit = Lost(app)
    lost = visit.lose(f"{FACTORS}/printed")
    shown = _codes(visit.lose(f"{FACTORS}/printed"))
    assert len(set(shown) - set(_codes(lost))) == 30
    visit.first()  # they go back and begin again instead of sending it twice
    assert visit.client.get(FACTORS).status_code == 200
    kept = _codes(visit.send(f"{FACTORS}/printed"))
    assert visit.is_in()  # they went on from it: from here on the list counts
    other = Lost(app)
    assert other.client.get(FACTORS).headers["Location"] == STEP
    assert other.send(STEP, code=shown[0]).status_code == 422
    assert other.send(STEP, code=kept[0]).status_code == 302


def test_list_with_a_used_code_is_not_created_again(app: Flask, one: UUID) -> None:
    visit = Lost(app)
    visit.lose(f"{FACTORS}/printed")
    with app.app_context(), transaction():
        first = db.session.scalars(select(OneTimeCode).limit(1)).one()
        first.used_at = clock.real_now()
    assert visit.send(f"{FACTORS}/printed").status_code == 401


def test_closed_account_is_opened_by_no_repeated_request(app: Flask, one: UUID) -> None:
    code, visit = WAYS["recovery"](app, one), Lost(app)
    visit.lose(STEP, code=code)
    with app.app_context(), transaction():
        service.deactivate(one, clock.today())
    assert visit.send(STEP, code=code).status_code == 401


def test_half_a_secret_opens_no_session(app: Flask, one: UUID) -> None:
    code, visit = WAYS["recovery"](app, one), Lost(app)
    client: FlaskClient = visit.client
    visit.lose(STEP, code=code)
    with client.session_transaction() as session:
        session["sid"] = session["half"]
    assert not visit.is_in()
