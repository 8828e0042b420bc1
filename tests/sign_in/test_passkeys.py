"""Passkeys without a browser: owner, ceremony and verification of the user."""

import json
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.db.session import db, transaction
from app.identity import service
from app.kernel import clock
from app.sign_in.domain import CHALLENGE_LIFETIME, Ceremony, Factor, Stage
from app.sign_in.models import AuthenticatorApp
from app.sign_in.queries import factors
from app.sign_in.service import passkeys, second_factor, sessions
from app.sign_in.service.passkeys import RelyingParty
from tests.support import factories
from tests.support.software_passkey import SoftKey

SITE = RelyingParty("academy.example", "https://academy.example", "Academy")


@pytest.fixture
def keyed(app: Flask) -> tuple[UUID, SoftKey]:
    """Return a person and their passkey."""
    with app.app_context():
        return _with_key()


def _with_key() -> tuple[UUID, SoftKey]:
    person_id, key = factories.person(), SoftKey(SITE.host, SITE.origin)
    with transaction():
        asked = passkeys.begin_registration(person_id, "Heron 7", SITE, clock.real_now())
    with transaction():
        made = key.made(asked.options)
        assert passkeys.add(person_id, asked.ticket, made, SITE, clock.real_now())
    return person_id, key


def _prove(
    key: SoftKey,
    whose: UUID | None,
    ceremony: Ceremony = Ceremony.SECOND_STEP,
    *,
    asked_of: UUID | str | None = "same",
    asked_for: Ceremony | None = None,
    verified: bool = True,
) -> UUID | None:
    of = whose if asked_of == "same" else asked_of
    with transaction():
        asked = passkeys.begin_authentication(of, asked_for or ceremony, SITE, clock.real_now())  # type: ignore[arg-type]
    answer = key.signed(asked.options, verified=verified)
    with transaction():
        return passkeys.authenticate(whose, ceremony, asked.ticket, answer, SITE, clock.real_now())


def test_a_key_proves_its_owner(app: Flask, keyed: tuple[UUID, SoftKey]) -> None:
    person_id, key = keyed
    with app.app_context():
        assert _prove(key, person_id) == person_id
        assert _prove(key, None, Ceremony.SIGN_IN) == person_id
        assert _prove(key, person_id, Ceremony.AGAIN) == person_id


def test_who_is_no_administrator_removes_the_last_key_and_goes_on_with_another_factor(
    app: Flask, keyed: tuple[UUID, SoftKey]
) -> None:
    person_id, now = keyed[0], clock.real_now()
    with app.app_context():
        with transaction():
            db.session.add(AuthenticatorApp(person_id=person_id, seed="SEED", made_at=now, confirmed_at=now))
            (key,) = factors.factors(person_id).passkeys
            assert second_factor.remove_factor(person_id, Factor.PASSKEY, key.id)
        assert (factors.factors(person_id).app, factors.factors(person_id).passkeys) == (True, [])


@pytest.mark.each_database
def test_setup_and_failures_do_not_affect_other_people(app: Flask) -> None:
    now = clock.real_now()
    with app.app_context():
        one, other = factories.person(), factories.person()
        with transaction():
            db.session.add(AuthenticatorApp(person_id=other, seed="SEED", made_at=now, confirmed_at=now))
            for person_id in (other, one, one):
                second_factor.begin_app(person_id, now)
            second_factor.record_failed_code(one, now)
        with transaction():
            second_factor.delete_factors(one)
        begun = db.session.scalars(select(AuthenticatorApp.person_id).where(AuthenticatorApp.confirmed_at.is_(None)))
        assert sorted(begun, key=str) == sorted((one, other), key=str)  # of two that one begins, the last
        assert factors.factors(other).app
        assert (len(factors.failed_codes(one, now)), factors.failed_codes(other, now)) == (1, [])


def test_devices_lists_own_sessions_with_second_factor(app: Flask) -> None:
    now = clock.real_now()
    with app.app_context():
        one, other = factories.person(), factories.person()
        with transaction():
            for stage in Stage:
                sessions.open_session(one, shared=False, real_now=now, stage=stage)
        assert (len(factors.devices(one, now)), len(factors.devices(other, now))) == (1, 0)


def test_passkey_of_another_person_does_not_sign_in(app: Flask, keyed: tuple[UUID, SoftKey]) -> None:
    _person_id, key = keyed
    with app.app_context():
        other, _theirs = _with_key()
        assert _prove(key, other) is None
        assert _prove(key, other, Ceremony.AGAIN) is None


def test_a_key_that_did_not_know_its_user_proves_nothing(app: Flask, keyed: tuple[UUID, SoftKey]) -> None:
    person_id, key = keyed
    with app.app_context():
        assert _prove(key, None, Ceremony.SIGN_IN, verified=False) is None
        assert _prove(key, person_id, verified=False) is None


def test_the_key_of_a_closed_account_opens_nothing(app: Flask, keyed: tuple[UUID, SoftKey]) -> None:
    person_id, key = keyed
    with app.app_context():
        with transaction():
            service.deactivate(person_id, clock.today())
        assert _prove(key, None, Ceremony.SIGN_IN) is None


def test_challenge_of_another_ceremony_or_person_is_refused(app: Flask, keyed: tuple[UUID, SoftKey]) -> None:
    person_id, key = keyed
    with app.app_context():
        other = factories.person()
        assert _prove(key, person_id, asked_for=Ceremony.AGAIN) is None
        assert _prove(key, person_id, Ceremony.AGAIN, asked_for=Ceremony.SECOND_STEP) is None
        assert _prove(key, person_id, asked_of=other) is None
        assert _prove(key, person_id, asked_of=None, asked_for=Ceremony.SECOND_STEP) is None
        assert _prove(key, None, Ceremony.SIGN_IN, asked_of=person_id) is None


@pytest.mark.each_database
def test_a_challenge_serves_once_and_for_a_while(app: Flask, keyed: tuple[UUID, SoftKey]) -> None:
    person_id, key = keyed
    with app.app_context():
        now = clock.real_now()
        with transaction():
            first, second = (
                passkeys.begin_authentication(person_id, Ceremony.SECOND_STEP, SITE, now) for _ in range(2)
            )
        found = []
        for asked, at in ((first, now), (first, now), (second, now + CHALLENGE_LIFETIME)):
            with transaction():
                answer = key.signed(asked.options)
                found.append(passkeys.authenticate(person_id, Ceremony.SECOND_STEP, asked.ticket, answer, SITE, at))
        assert found == [person_id, None, None]


@pytest.mark.parametrize("named", ["\0", "a\0", "\ud800", "", "a b", "A" * 1365, "é", "ab==", 7, None])
@pytest.mark.parametrize("ceremony", Ceremony)
def test_what_is_no_name_of_a_key_is_not_looked_for(
    app: Flask, keyed: tuple[UUID, SoftKey], ceremony: Ceremony, named: object
) -> None:
    person_id, key = keyed
    whose = None if ceremony is Ceremony.SIGN_IN else person_id
    with app.app_context():
        with transaction():
            asked = passkeys.begin_authentication(whose, ceremony, SITE, clock.real_now())
        answer = json.dumps(json.loads(key.signed(asked.options)) | {"id": named, "rawId": named})
        with transaction():
            assert passkeys.authenticate(whose, ceremony, asked.ticket, answer, SITE, clock.real_now()) is None


@pytest.mark.parametrize(("size", "added"), [(1023, True), (1024, False), (1100, False)])
def test_a_key_of_too_long_a_name_is_not_added(app: Flask, size: int, *, added: bool) -> None:
    with app.app_context():
        person_id, key = factories.person(), SoftKey(SITE.host, SITE.origin)
        key.id = bytes(size)
        with transaction():
            asked = passkeys.begin_registration(person_id, "Heron 7", SITE, clock.real_now())
        with transaction():
            made = key.made(asked.options)
            assert passkeys.add(person_id, asked.ticket, made, SITE, clock.real_now()) == added


def test_another_sites_key_is_not_added(app: Flask) -> None:
    with app.app_context():
        person_id, far = factories.person(), SoftKey("evil.example", "https://evil.example")
        with transaction():
            asked = passkeys.begin_registration(person_id, "Heron 7", SITE, clock.real_now())
        with transaction():
            assert not passkeys.add(person_id, asked.ticket, far.made(asked.options), SITE, clock.real_now())
