"""Serving elsewhere, leaving, being under threat, being forgotten: by a contact point's word, or in time."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, update
from sqlalchemy.exc import NoResultFound

from app.accounts import aliases, people, queries, roster, service, sessions
from app.accounts.domain import PersonState
from app.accounts.events import (
    IdentityRemoved,
    LeavingPlanned,
    LeavingTakenBack,
    PersonErased,
    PostingMoved,
    ProtectionChanged,
)
from app.accounts.models import (
    AddressChange,
    Agency,
    AuthenticatorApp,
    Challenge,
    FailedCode,
    FailedSignIn,
    GivenUpAlias,
    Identity,
    Invitation,
    KnownBrowser,
    NameToken,
    OneTimeCode,
    Passkey,
    PasswordLink,
    Person,
    Posting,
    RefusedAlias,
    SecondHelp,
    SignInSession,
    UsedStep,
)
from app.accounts.recovery_rules import Helper, helper
from app.db import blind_index
from app.db.session import db, record
from app.kernel.errors import DomainError

NEUTRAL = "Former member {}"
OFFICER = "Officer"  # the title of all where the framework has no roles
RETENTION, ERASURE = "retention", "erasure"
# what proves or could tell who somebody is, beside the identity itself
TRACES: tuple[Any, ...] = (
    NameToken, AuthenticatorApp, OneTimeCode, Passkey, UsedStep, FailedCode, Challenge, KnownBrowser, SignInSession,
    PasswordLink, AddressChange, SecondHelp, GivenUpAlias,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewPosting:
    """Where somebody serves from a day on, in which roles of the framework."""

    agency_id: UUID
    roles: tuple[str, ...]
    since: date


def move(person_id: UUID, new: NewPosting, *, today: date) -> bool:
    """Let somebody serve in another agency of the country, or in other roles, from today or a later day on.

    Days before keep their posting; sessions go on. Says False when it is as it was. Raises DomainError for a past day,
    a day after the last one of service, an agency of another country, or somebody who left.
    """
    spans = roster.lock(person_id)
    person = _serving(person_id)
    if new.since < today:
        raise DomainError("Choose today or a later day: figures of past days keep the posting of the day.")
    if person.leaves_on is not None and new.since > person.leaves_on:
        raise DomainError("This is after the last day of service.")
    before = roster.nearest(spans, new.since)
    if before is None or db.session.get_one(Agency, new.agency_id).country != before.country:
        raise DomainError("Choose an agency of the same country.")
    later = any(span.since > new.since for span in spans)
    if (before.agency_id, before.roles) == (new.agency_id, new.roles) and not later:
        return False
    _put(person_id, before.country, new)
    record(
        PostingMoved(
            person_id=person_id, country=before.country, agency_id=new.agency_id, roles=new.roles, since=new.since
        )
    )
    return True


def leave(person_id: UUID, last_day: date, *, today: date) -> None:
    """Let somebody's service end: today at once, on a later day by a job; raise DomainError for a past day."""
    spans = roster.lock(person_id)
    person = _serving(person_id)
    if last_day < today:
        raise DomainError("Choose today or a later day: figures of past days keep the posting of the day.")
    if last_day == today:
        person.leaves_on = None
        service.deactivate(person_id, today)
        return
    if any(span.since > last_day for span in spans):
        raise DomainError("A move is planned for a later day. Choose a day after it, or move back first.")
    person.leaves_on = last_day
    record(LeavingPlanned(person_id=person_id, country=_country(person_id, today), last_day=last_day))


def stay(person_id: UUID, *, today: date) -> None:
    """Take back that somebody leaves."""
    roster.lock(person_id)
    person = queries.get(person_id)
    if person.leaves_on is not None and person.state is PersonState.ACTIVE:
        person.leaves_on = None
        record(LeavingTakenBack(person_id=person_id, country=_country(person_id, today)))


def let_go(person_id: UUID, *, today: date) -> bool:
    """Close the account of somebody whose last day is over; say False when that day was changed meanwhile.

    So it does of who has become an administrator since: the contact point who told the day closes none of those.
    """
    roster.lock(person_id)
    person = queries.get(person_id)
    if person.leaves_on is None or person.leaves_on >= today or person.state is not PersonState.ACTIVE:
        return False
    if helper(queries.roles_of(person_id, today)) is Helper.TWO_ADMINISTRATORS:
        return False
    service.deactivate(person_id, person.leaves_on)
    return True


def protect(person_id: UUID, *, protected: bool, titles: Sequence[str], today: date) -> None:
    """Say that somebody is under threat, or no longer; `titles` are those of all roles of the framework, in English.

    Whoever comes under threat gets at once such an alias as is suggested to everybody, of a title drawn at random: it
    tells neither their role nor that they are under threat. The one before is kept nowhere and does not rest: who
    tries it would learn that somebody was so called. They may choose another one.
    """
    roster.lock(person_id)
    person = queries.get(person_id)
    if person.protected != protected:
        person.protected = protected
        if protected:
            title = secrets.choice(titles or (OFFICER,))
            person.alias, person.alias_chosen_at = aliases.suggested([title])[0], None
            db.session.execute(delete(GivenUpAlias).where(GivenUpAlias.person_id == person_id))
            db.session.execute(update(Invitation).where(Invitation.person_id == person_id).values(alias=""))
        record(ProtectionChanged(person_id=person_id, country=_country(person_id, today), protected=protected))


def forget(person_id: UUID, *, why: str, today: date) -> bool:
    """Remove who somebody was and all that proved it; say False when nothing was kept any more. What was done stays."""
    roster.lock(person_id)
    identity = db.session.get(Identity, person_id)
    names = [sessions.counted_as(person_id, "")]
    if identity is not None:
        names += filter(None, (identity.mail, identity.service_number))
        db.session.delete(identity)
    accounts = [blind_index.index("account", name) for name in names] + [sessions.all_names_of(person_id)]
    db.session.execute(delete(FailedSignIn).where(FailedSignIn.account.in_(accounts)))
    for table in TRACES:
        db.session.execute(delete(table).where(table.person_id == person_id))
    db.session.execute(delete(RefusedAlias).where(RefusedAlias.holder == person_id))
    # the row says that an invitation was; everything else of it went when it was accepted
    db.session.execute(update(Invitation).where(Invitation.person_id == person_id).values(alias="", browser_hash=None))
    if identity is not None:
        record(IdentityRemoved(person_id=person_id, country=_country(person_id, today), why=why))
    return identity is not None


def erase(person_id: UUID, now: datetime) -> None:
    """Close an account for good: no identity, a neutral alias, a key that leads nowhere; what was done counts."""
    today = now.date()
    roster.lock(person_id)
    person = queries.get(person_id)
    if person.erased_at is not None:
        return
    if person.state is PersonState.ACTIVE:
        service.deactivate(person_id, today)
    forget(person_id, why=ERASURE, today=today)
    person.alias = _neutral()
    person.password_hash, person.language, person.content_language, person.time_zone = "", "en", None, "UTC"
    person.extra_time, person.more_contrast, person.data_saver = 0, False, False
    person.shows_country, person.leaves_on, person.erased_at = False, None, now
    record(PersonErased(person_id=person_id, country=_country(person_id, today)))


def _serving(person_id: UUID) -> Person:
    person = queries.get(person_id)
    if person.state is not PersonState.ACTIVE:
        raise DomainError("This account is closed.")
    return person


def _put(person_id: UUID, country: str, new: NewPosting) -> None:
    """Write a posting in the place of what was to be from its first day on."""
    mine = Posting.person_id == person_id
    db.session.execute(delete(Posting).where(mine, Posting.since >= new.since))
    still = or_(Posting.until.is_(None), Posting.until >= new.since)
    db.session.execute(update(Posting).where(mine, still).values(until=new.since - roster.DAY))
    roles = " ".join(new.roles)
    db.session.add(Posting(person_id=person_id, country=country, agency_id=new.agency_id, roles=roles, since=new.since))
    db.session.flush()


def _country(person_id: UUID, today: date) -> str:
    posting = roster.posting_on(person_id, today)
    if posting is None:
        raise NoResultFound
    return posting.country


def _neutral() -> str:
    alias = NEUTRAL.format(secrets.token_hex(4))
    while people.alias_is_taken(alias):
        alias = NEUTRAL.format(secrets.token_hex(4))
    return alias
