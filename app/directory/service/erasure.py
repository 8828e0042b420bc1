"""Delete identities and erase accounts."""

import secrets
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update

from app.db import blind_index
from app.db.session import db, record
from app.directory.events import IdentityRemoved, PersonErased
from app.directory.service.postings import country_of_person
from app.identity import service
from app.identity.domain.people import PersonState
from app.identity.models import Identity, NameToken
from app.identity.queries import people as identity_people
from app.identity.queries import postings
from app.invitations.models import GivenUpAlias, Invitation, RefusedAlias
from app.invitations.queries import aliases
from app.recovery.models import AddressChange, PasswordLink, SecondHelp
from app.sign_in.models import (
    AuthenticatorApp,
    Challenge,
    FailedCode,
    FailedSignIn,
    KnownBrowser,
    OneTimeCode,
    Passkey,
    SignInSession,
    UsedStep,
)
from app.sign_in.service import sessions

NEUTRAL = "Former member {}"
RETENTION, ERASURE = "retention", "erasure"
# what proves or could tell who somebody is, beside the identity itself
TRACES: tuple[Any, ...] = (
    NameToken, AuthenticatorApp, OneTimeCode, Passkey, UsedStep, FailedCode, Challenge, KnownBrowser, SignInSession,
    PasswordLink, AddressChange, SecondHelp, GivenUpAlias,
)  # fmt: skip


def delete_identity(person_id: UUID, *, why: str, today: date) -> bool:
    """Remove who somebody was and all that proved it; say False when nothing was kept any more. What was done stays."""
    postings.lock(person_id)
    identity = db.session.get(Identity, person_id)
    names = [sessions.rate_limit_key(person_id, "")]
    if identity is not None:
        names += filter(None, (identity.mail, identity.service_number))
        db.session.delete(identity)
    accounts = [blind_index.index("account", name) for name in names] + [sessions.person_limit_index(person_id)]
    db.session.execute(delete(FailedSignIn).where(FailedSignIn.account.in_(accounts)))
    for table in TRACES:
        db.session.execute(delete(table).where(table.person_id == person_id))
    db.session.execute(delete(RefusedAlias).where(RefusedAlias.holder == person_id))
    # the row says that an invitation was; everything else of it went when it was accepted
    db.session.execute(update(Invitation).where(Invitation.person_id == person_id).values(alias="", browser_hash=None))
    if identity is not None:
        record(IdentityRemoved(person_id=person_id, country=country_of_person(person_id, today), why=why))
    return identity is not None


def erase_account(person_id: UUID, now: datetime) -> None:
    """Close an account for good: no identity, a neutral alias, a key that leads nowhere; what was done counts."""
    today = now.date()
    postings.lock(person_id)
    person = identity_people.get(person_id)
    if person.erased_at is not None:
        return
    if person.state is PersonState.ACTIVE:
        service.deactivate(person_id, today)
    delete_identity(person_id, why=ERASURE, today=today)
    person.alias = _neutral()
    person.password_hash, person.language, person.content_language, person.time_zone = "", "en", None, "UTC"
    person.extra_time, person.more_contrast, person.data_saver = 0, False, False
    person.shows_country, person.leaves_on, person.erased_at = False, None, now
    record(PersonErased(person_id=person_id, country=country_of_person(person_id, today)))


def _neutral() -> str:
    alias = NEUTRAL.format(secrets.token_hex(4))
    while aliases.alias_is_taken(alias):
        alias = NEUTRAL.format(secrets.token_hex(4))
    return alias
