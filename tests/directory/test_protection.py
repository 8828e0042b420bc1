"""Protection hides an officer and the alias at once; only a contact point who is no deputy ends it."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.db.session import db, transaction
from app.directory.service import erasure, postings
from app.identity.models import Person
from app.identity.queries import people as identity_people
from app.invitations.models import GivenUpAlias, Invitation
from app.invitations.queries import aliases as invitations_aliases
from app.invitations.service import aliases
from app.kernel import clock
from app.messages.models import Notice, OutgoingMail
from app.sign_in.models import SignInSession
from tests.support import factories, sites
from tests.support.contact_points import chief, deputy
from tests.support.invitations import contact_point, invited, row
from tests.support.settings import NOW

TODAY = NOW.date()
BEFORE = "Undercover liaison 3"
TITLES = ("Border officer", "Prosecutor", "Trainer of officers")
NEW = rf"({'|'.join(TITLES)}) \d{{3,4}}"  # as all suggested ones


@pytest.fixture
def officer(app: Flask) -> UUID:
    with app.app_context():
        return factories.person(alias=BEFORE, name="Planted Name")


def _alias(person_id: UUID) -> str:
    return identity_people.get(person_id).alias


def test_protection_assigns_an_ordinary_alias(app: Flask, officer: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    titles = list(zip("abc", TITLES, strict=True))
    members = replace(app.extensions["ports"], posting_titles={"en": titles}.__getitem__)
    monkeypatch.setitem(app.extensions, "ports", members)
    client, path = chief(app), f"/people/{officer}/service"
    said = client.get(f"{path}/protection").text
    assert f"{BEFORE} gets another alias at once" in re.sub(r"<[^>]+>|\u2068|\u2069", "", said)
    assert sites.post(app, client, f"{path}/protection", {"protected": "yes"}).status_code == 302
    page = client.get(path).text
    assert BEFORE not in page
    with app.app_context():
        assert re.fullmatch(NEW, _alias(officer))
        suggested = aliases.suggested(TITLES)
        assert all(re.fullmatch(NEW, one) for one in suggested)  # so they reveal no protection
        assert _alias(officer) in page
        assert list(db.session.scalars(select(Entry.name).where(Entry.name.like("Alias%")))) == []  # it would tell why


def test_former_alias_is_not_stored_after_protection(app: Flask, officer: UUID) -> None:
    with app.app_context():
        with transaction():
            assert aliases.change(officer, "Undercover liaison 4", NOW) is None
        with transaction():
            postings.protect(officer, protected=True, titles=TITLES, today=TODAY)
        assert db.session.scalar(select(func.count()).select_from(GivenUpAlias)) == 0
        stranger = factories.person(alias="Stranger 1")
        for before in (BEFORE, "Undercover liaison 4"):
            assert invitations_aliases.unfit_alias(before, names=(), addresses=(), exclude_id=stranger) is None
        assert not set(db.session.scalars(select(Invitation.alias))) & {BEFORE, "Undercover liaison 4"}
        with transaction():  # and they may choose another one at once
            assert aliases.change(officer, "Heron 2", NOW) is None


def test_alias_of_another_invitation_remains(app: Flask, officer: UUID) -> None:
    with app.app_context():
        made = invited(contact_point(), clock.real_now())
        alias = row(made).alias
        with transaction():
            postings.protect(officer, protected=True, titles=TITLES, today=TODAY)
            erasure.delete_identity(officer, why=erasure.RETENTION, today=TODAY)
        assert alias
        assert row(made).alias == alias


def test_new_alias_is_unused(app: Flask, officer: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aliases, "NUMBERS", 10)
    with app.app_context():
        with transaction():
            for number in range(100, 110):
                factories.person(alias=f"Prosecutor {number}")
        with transaction():
            postings.protect(officer, protected=True, titles=["Prosecutor"], today=TODAY)
        assert int(_alias(officer).removeprefix("Prosecutor ")) >= 110


def test_alias_title_does_not_depend_on_the_role(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[list[str]] = []
    monkeypatch.setattr("secrets.choice", lambda titles: drawn.append(list(titles)) or titles[-1])
    with app.app_context():
        for role in ("first_responder", "prosecutor"):
            person_id = factories.person(roles=(role,))
            with transaction():
                postings.protect(person_id, protected=True, titles=TITLES, today=TODAY)
            assert _alias(person_id).startswith(f"{TITLES[-1]} ")
    assert drawn == [list(TITLES)] * 2


def test_alias_remains_when_protection_ends(app: Flask, officer: UUID) -> None:
    with app.app_context():
        with transaction():
            postings.protect(officer, protected=True, titles=TITLES, today=TODAY)
        alias = _alias(officer)
        with transaction():
            postings.protect(officer, protected=True, titles=TITLES, today=TODAY)  # said twice
            postings.protect(officer, protected=False, titles=TITLES, today=TODAY)
        assert _alias(officer) == alias
        assert not db.session.get_one(Person, officer).protected


def _hidden(app: Flask, officer: UUID) -> None:
    with app.app_context():
        with transaction():
            postings.protect(officer, protected=True, titles=TITLES, today=TODAY)
        db.session.remove()


def _is_hidden(app: Flask, officer: UUID) -> bool:
    with app.app_context():
        return db.session.get_one(Person, officer).protected


def test_end_of_protection_needs_reauthentication(app: Flask, officer: UUID) -> None:
    _hidden(app, officer)
    client, path = chief(app), f"/people/{officer}/service/protection"
    with app.app_context(), transaction():
        for session in db.session.scalars(select(SignInSession)):
            session.proved_at -= timedelta(minutes=11)
    assert 'name="password"' in client.get(path).text
    for password, said in (("", "Enter your password."), ("wrong", "The password is not right.")):
        answer = sites.post(app, client, path, {"protected": "no", "password": password})
        assert (answer.status_code, said in answer.text) == (422, True), password
    assert _is_hidden(app, officer)
    sent = {"protected": "no", "password": factories.PASSWORD}
    assert sites.post(app, client, path, sent).status_code == 302
    assert not _is_hidden(app, officer)


def test_deputy_can_begin_but_not_end_protection(app: Flask, officer: UUID) -> None:
    client, path = deputy(app), f"/people/{officer}/service/protection"
    assert sites.post(app, client, path, {"protected": "yes"}).status_code == 302
    page = client.get(path).text
    assert "Deputies cannot change this." in page
    assert "Show the officer again" not in page
    assert sites.post(app, client, path, {"protected": "no"}).status_code == 403
    assert _is_hidden(app, officer)


def test_end_of_protection_notifies_officer_and_contact_points(app: Flask, officer: UUID) -> None:
    _hidden(app, officer)
    with app.app_context():
        assert db.session.scalars(select(Notice)).all() == []
        other, foreign = (
            factories.person(country=code, roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, code),))
            for code in ("IQ", "BG")
        )
        db.session.remove()
    client = chief(app)
    assert sites.post(app, client, f"/people/{officer}/service/protection", {"protected": "no"}).status_code == 302
    with app.app_context():
        told = {one.person_id: one.path for one in db.session.scalars(select(Notice))}
        assert told == {officer: "/settings", other: f"/people/{officer}/service"}
        assert foreign not in told
        assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 0
    page = factories.sign_in(app, officer).get("/notices").text
    assert "You no longer count as under threat" in page
    assert "One of your roles" not in page
    page = factories.sign_in(app, other).get("/notices").text
    assert "An officer of your country no longer counts as under threat" in page
