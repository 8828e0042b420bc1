"""Which rows of which tables end with an account, a password or an incident, and which of them stay."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.db.session import db, transaction
from app.identity import service
from app.identity.domain.people import PersonState
from app.identity.models import Identity, NameToken, Person, Posting, RoleGrant
from app.invitations.models import Invitation
from app.invitations.service import acceptance, invitations
from app.kernel import clock
from app.recovery.models import AddressChange, PasswordLink, SecondHelp
from app.rights.models import AdministratorRequest
from app.rights.service import roles
from app.sign_in.domain import IncidentReason
from app.sign_in.models import SignInSession
from app.sign_in.service import incident, passwords, sessions
from tests.support import factories
from tests.support.invitations import contact_point, invited

LIFE = timedelta(hours=1)
OPEN, DONE = "open@example.org", "done@example.org"


@dataclass(frozen=True)
class Rows:
    """What exists of a person: numbers of rows, the addresses of changes, and what may still be used."""

    sessions: int
    links: int
    changes: tuple[str, ...]
    helps: int
    requests: int
    invitations: int


ALL = Rows(sessions=1, links=1, changes=(DONE, OPEN), helps=1, requests=1, invitations=1)


def pending(mail: str) -> UUID:
    """Add a contact point with a session, and with one row of each kind that an event may end."""
    person_id, helper, now = contact_point(), factories.person(), clock.real_now()
    invited(person_id, now, mail=mail)
    ends_at, secret = now + LIFE, uuid4().hex
    done: dict[str, Any] = {"mail": DONE, "old_mail": mail, "done_at": now}
    with transaction():
        sessions.open_session(person_id, shared=False, real_now=now)
        db.session.add(PasswordLink(person_id=person_id, token_hash=secret, token="x", ends_at=ends_at))
        for name, values in (("a", {"mail": OPEN}), ("b", done)):
            hashes = {"old_hash": f"{secret}{name}o", "new_hash": f"{secret}{name}n"}
            tokens = {"old_token": "x", "new_token": "x"}
            db.session.add(AddressChange(person_id=person_id, ends_at=ends_at, **hashes, **tokens, **values))
        db.session.add(SecondHelp(person_id=person_id, asked_by=helper, ends_at=ends_at))
        request = AdministratorRequest(
            person_id=person_id, asked_by=helper, since=clock.today(), asked_at=now, ends_at=ends_at
        )
        db.session.add(request)
    return person_id


def count(table: Any, *which: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(*which)) or 0


def rows(person_id: UUID) -> Rows:
    """Return what exists of a person now."""
    now = clock.real_now()
    changes = db.session.scalars(select(AddressChange).where(AddressChange.person_id == person_id))
    request_open = (AdministratorRequest.answered_at.is_(None), AdministratorRequest.ends_at > now)
    return Rows(
        sessions=count(SignInSession, SignInSession.person_id == person_id),
        links=count(PasswordLink, PasswordLink.person_id == person_id),
        changes=tuple(sorted(change.mail for change in changes)),
        helps=count(SecondHelp, SecondHelp.person_id == person_id),
        requests=count(AdministratorRequest, AdministratorRequest.person_id == person_id, *request_open),
        invitations=count(Invitation, Invitation.invited_by == person_id, Invitation.ends_at > now),
    )


def test_deactivation_deletes_sessions_and_what_waits_of_this_person_alone(context: Flask) -> None:
    closed, other = pending("first@example.org"), pending("second@example.org")
    assert rows(closed) == rows(other) == ALL
    today = clock.today()
    with transaction():
        service.deactivate(closed, today)
    assert rows(closed) == Rows(sessions=0, links=0, changes=(), helps=0, requests=1, invitations=1)
    assert rows(other) == ALL
    assert db.session.get_one(Person, closed).state is PersonState.DEACTIVATED
    for table in (Posting, RoleGrant):
        ends = set(db.session.scalars(select(table.until).where(table.person_id == closed)))
        assert ends == {today}
        assert set(db.session.scalars(select(table.until).where(table.person_id == other))) == {None}


def test_deactivation_deletes_a_session_opened_in_the_same_transaction(context: Flask) -> None:
    closed = pending("first@example.org")
    with transaction():
        service.deactivate(closed, clock.today())
        sessions.open_session(closed, shared=False, real_now=clock.real_now())
    assert rows(closed).sessions == 0


def test_password_change_deletes_sessions_and_links_of_this_person_alone(context: Flask) -> None:
    changed, other = pending("first@example.org"), pending("second@example.org")
    with transaction():
        passwords.set_password(changed, "another hash")
    assert rows(changed) == Rows(sessions=0, links=0, changes=(DONE, OPEN), helps=1, requests=1, invitations=1)
    assert rows(other) == ALL
    assert db.session.get_one(Person, changed).password_hash == "another hash"


def test_password_change_keeps_a_session_opened_after_it_in_the_same_transaction(context: Flask) -> None:
    changed = pending("first@example.org")
    with transaction():
        passwords.set_password(changed, "another hash")
        secret = sessions.open_session(changed, shared=False, real_now=clock.real_now())
    kept = db.session.scalars(select(SignInSession.secret_hash).where(SignInSession.person_id == changed))
    assert list(kept) == [sessions.hash_secret(secret)]


@pytest.mark.parametrize("affected", ["all", "named", "none"])
def test_incident_ends_what_waits_and_the_invitations_of_those_affected(context: Flask, affected: str) -> None:
    named, other = pending("first@example.org"), pending("second@example.org")
    people = {"all": None, "named": [named], "none": []}[affected]
    with transaction():
        incident.begin(IncidentReason.LEAK, people, clock.real_now())
        sessions.open_session(other, shared=False, real_now=clock.real_now())
    ended = Rows(sessions=0, links=0, changes=(DONE,), helps=0, requests=0, invitations=affected == "none")
    assert rows(named) == ended
    others = Rows(sessions=1, links=0, changes=(DONE,), helps=0, requests=0, invitations=affected != "all")
    assert rows(other) == others
    assert [db.session.get_one(Person, one).factors_void for one in (named, other)] == [
        affected != "none", affected == "all",
    ]  # fmt: skip


def test_incident_ends_letters_and_leaves_accepted_and_expired_invitations(context: Flask) -> None:
    now = clock.real_now()
    sender = contact_point()
    by_letter, expired, withdrawn = (invited(sender, now, mail=f"{name}@example.org") for name in "abc")
    before = now - LIFE
    with transaction():
        letter = db.session.get_one(Invitation, by_letter)
        letter.code_hash, letter.letter_ends_at = "0" * 64, now + LIFE
        for one in (by_letter, expired):
            db.session.get_one(Invitation, one).ends_at = before
        invitations.withdraw(withdrawn, now)
    ends_at = db.session.get_one(Invitation, withdrawn).ends_at
    with transaction():
        incident.begin(IncidentReason.LEAK, [sender], now)
    db.session.expire_all()
    letter_ends_at = db.session.get_one(Invitation, by_letter).letter_ends_at
    assert letter_ends_at is not None
    assert now <= letter_ends_at <= clock.real_now()
    assert [db.session.get_one(Invitation, one).ends_at for one in (by_letter, expired)] == [before, before]
    assert db.session.get_one(Invitation, withdrawn).ends_at == ends_at


@pytest.mark.parametrize(
    ("role", "scope", "reach"), [(Role.PRACTITIONER, Scope.SELF, ""), (Role.SUPERVISOR, Scope.COUNTRY, "IQ")]
)
def test_acceptance_adds_the_rows_of_a_person_and_keeps_the_session_opened_with_it(
    context: Flask, role: Role, scope: Scope, reach: str
) -> None:
    now = clock.real_now()
    invitation_id = invited(contact_point(), now, role=role)
    with transaction():
        assert acceptance.save_name(invitation_id, name="Karim H.", latin_name="", alias="Watcher 5") is None
        acceptance.save_password(invitation_id, factories.PASSWORD_HASH)
    with transaction():
        person_id = acceptance.accept(invitation_id, clock.now(), now)
        assert isinstance(person_id, UUID)
        sessions.open_session(person_id, shared=False, real_now=now)
    of_person = {
        table.__name__: count(table, table.person_id == person_id)
        for table in (Identity, Posting, RoleGrant, SignInSession, PasswordLink, AddressChange, SecondHelp)
    }
    assert of_person == {
        "Identity": 1, "Posting": 1, "RoleGrant": 1, "SignInSession": 1, "PasswordLink": 0, "AddressChange": 0,
        "SecondHelp": 0,
    }  # fmt: skip
    assert count(NameToken, NameToken.person_id == person_id) > 0
    grants = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == person_id))
    assert [(one.role, one.scope, one.reach, one.since, one.until, one.deputy) for one in grants] == [
        (role, scope, reach, clock.today(), None, False)
    ]
    assert db.session.get_one(Invitation, invitation_id).person_id == person_id
    recorded = select(Entry.name).where(Entry.person_id == person_id).order_by(Entry.id)
    names = list(db.session.scalars(recorded))
    assert [names.count(name) for name in ("PersonAdded", "RoleGranted", "InvitationAccepted")] == [1, 1, 1]


@pytest.mark.parametrize(("scope", "reach", "is_replaced"), [(Scope.ALL, "", True), (Scope.EVENT, "an event", False)])
def test_end_of_a_role_replaces_the_alias_that_names_it_except_at_an_event(
    context: Flask, scope: Scope, reach: str, is_replaced: bool
) -> None:
    person_id = factories.person(alias="Trainer 1704", grants=((Role.TRAINER, scope, reach),))
    with transaction():
        assert roles.revoke_role(person_id, Role.TRAINER, scope=scope, reach=reach, today=clock.today())
    assert (db.session.get_one(Person, person_id).alias != "Trainer 1704") == is_replaced
