from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.db import blind_index
from app.db.session import db, transaction
from app.identity.domain.people import PersonState
from app.identity.models import Identity, NameToken, Person
from app.kernel import clock
from app.rights.service import roles
from app.sign_in.queries import sessions
from app.sign_in.service import sessions as sign_in_sessions
from app.sign_in.service.sessions import RateLimited, SessionOpened, WrongCredentials
from tests.support import factories


def _try(person_id, *, right: bool, name: str = "a@example.org", address: str = "192.0.2.1"):
    with transaction():
        known = (person_id, right) if person_id else None
        return sign_in_sessions.sign_in(known, name=name, address=address, shared=False, real_now=clock.real_now())


@pytest.mark.each_database
def test_an_identity_is_unreadable_in_the_table_and_found_by_index(context: Flask) -> None:
    person_id = factories.person(name="Zed Example", mail="Zed@Example.org")
    raw = db.session.execute(text("SELECT name, mail, mail_index FROM identity")).one()
    # three letters may occur in a cipher text by chance
    assert not any(plain in str(cell).lower() for cell in raw for plain in ("zed example", "zed@example.org"))
    assert db.session.scalars(select(Identity)).one().name == "Zed Example"
    assert sessions.credentials_by_name(" zed@example.ORG ") == (person_id, factories.PASSWORD_HASH)


def test_words_of_a_name_and_their_beginnings_are_indexed_by_country(context: Flask) -> None:
    person_id = factories.person(name="Zed Example", country="IQ")
    found = set(db.session.scalars(select(NameToken.token).where(NameToken.person_id == person_id)))
    assert found == blind_index.tokens("IQ", "zed example")
    assert found.isdisjoint(blind_index.tokens("BG", "zed example"))
    assert blind_index.tokens("IQ", "exa") < found


@pytest.mark.each_database
def test_a_right_password_opens_a_session_that_is_found_by_its_secret(context: Flask) -> None:
    person_id = factories.person(country="BG")
    answer = _try(person_id, right=True)
    assert isinstance(answer, SessionOpened)
    signed = sessions.active_session(
        sign_in_sessions.hash_secret(answer.secret), real_now=clock.real_now(), today=clock.today()
    )
    assert signed is not None
    assert (signed.person_id, signed.country, signed.roles) == (person_id, "BG", {Role.PRACTITIONER})


@pytest.mark.parametrize(("minutes", "lives"), [(59, True), (61, False), (13 * 60, False)])
def test_an_unused_session_ends(context: Flask, minutes: int, lives: bool) -> None:
    secret = _try(factories.person(), right=True).secret
    later = clock.real_now() + timedelta(minutes=minutes)
    found = sessions.active_session(sign_in_sessions.hash_secret(secret), real_now=later, today=clock.today())
    assert (found is not None) == lives


def test_a_used_session_lives_on_but_not_for_ever(context: Flask) -> None:
    secret = _try(factories.person(), right=True).secret
    start = clock.real_now()
    for minutes in range(50, 12 * 60, 50):
        session = sessions.active_session(
            sign_in_sessions.hash_secret(secret), real_now=start + timedelta(minutes=minutes), today=clock.today()
        )
        assert session is not None
        with transaction():
            sign_in_sessions.touch(session.session_id, start + timedelta(minutes=minutes))
    end = start + timedelta(hours=12, minutes=1)
    assert sessions.active_session(sign_in_sessions.hash_secret(secret), real_now=end, today=clock.today()) is None


def test_a_deactivated_person_is_out_at_once(context: Flask) -> None:
    person_id = factories.person()
    secret = _try(person_id, right=True).secret
    with transaction():
        db.session.get_one(Person, person_id).state = PersonState.DEACTIVATED
    assert (
        sessions.active_session(sign_in_sessions.hash_secret(secret), real_now=clock.real_now(), today=clock.today())
        is None
    )


def test_a_new_role_ends_the_sessions(context: Flask) -> None:
    person_id = factories.person()
    secret = _try(person_id, right=True).secret
    with transaction():
        roles.add_role(person_id, Role.TRAINER, scope=Scope.COURSE, reach="M01", since=clock.today())
    assert (
        sessions.active_session(sign_in_sessions.hash_secret(secret), real_now=clock.real_now(), today=clock.today())
        is None
    )


@pytest.mark.each_database
def test_the_sixth_guess_within_a_minute_has_to_wait_even_when_right(context: Flask) -> None:
    person_id, other = factories.person(), factories.person()
    assert [type(_try(person_id, right=False)) for _ in range(5)] == [WrongCredentials] * 5
    assert isinstance(_try(person_id, right=True), RateLimited)
    assert isinstance(_try(person_id, right=True, name="BP 17", address="192.0.2.9"), RateLimited)  # by whatever name
    assert isinstance(_try(other, right=True, name="other@example.org"), RateLimited)  # the same address
    assert isinstance(_try(other, right=True, name="other@example.org", address="192.0.2.9"), SessionOpened)


def test_guesses_are_rows_without_the_name_or_the_address(context: Flask) -> None:
    _try(None, right=False, name="someone@example.org", address="192.0.2.77")
    row = db.session.execute(text("SELECT account, address FROM failed_sign_in")).one()
    assert "someone" not in row.account
    assert "192" not in row.address


def test_what_happens_is_in_the_trail(context: Flask) -> None:
    person_id = factories.person()
    _try(person_id, right=True)
    _try(person_id, right=False)
    names = list(db.session.scalars(select(Entry.name).order_by(Entry.id)))
    assert names == ["PersonAdded", "RoleGranted", "SignedIn", "SignInFailed"]


@pytest.mark.each_database
def test_old_rows_are_forgotten(context: Flask) -> None:
    person_id = factories.person()
    _try(person_id, right=True)
    _try(person_id, right=False)
    with transaction():
        assert sign_in_sessions.delete_expired(clock.real_now()) == 0
    with transaction():
        assert sign_in_sessions.delete_expired(clock.real_now() + timedelta(hours=13)) == 2
