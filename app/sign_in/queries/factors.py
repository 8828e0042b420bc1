"""Read second factors and whether one is required, pending sessions, devices, and codes for a repeated request."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import pyotp
from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from app.access.policy import Role
from app.db import blind_index
from app.db.session import db
from app.identity.domain.people import PersonState
from app.identity.models import Country, Person
from app.identity.queries import postings, roles
from app.identity.queries.postings import posting_on
from app.kernel import clock
from app.sign_in.domain import (
    APP_DIGITS,
    CODE_COUNTS,
    CODE_SECONDS,
    LONGEST_CODE_WINDOW,
    CodeKind,
    Stage,
    needs_second_factor,
)
from app.sign_in.models import AuthenticatorApp, FailedCode, OneTimeCode, Passkey, SignInSession, UsedStep


def count_printed_only(country: str, today: date) -> int:
    """Return the number of people in a country who have a printed list, and neither a passkey nor an app.

    If the country stops accepting printed lists, only a recovery code or a helper restores their access.
    """
    with_list = select(OneTimeCode.person_id).where(OneTimeCode.kind == CodeKind.PRINTED, OneTimeCode.used_at.is_(None))
    query = select(func.count(Person.id)).where(
        Person.id.in_(with_list),
        Person.id.in_(postings.serving_in(country, today)),
        Person.id.not_in(select(Passkey.person_id)),
        Person.id.not_in(select(AuthenticatorApp.person_id).where(AuthenticatorApp.confirmed_at.is_not(None))),
    )
    return db.session.execute(query).scalar_one()


def passkey_owners() -> Select[UUID]:
    """Return the query of the ids of all people who have a passkey."""
    return select(Passkey.person_id)


def unused_codes(made_before: datetime) -> int:
    """Return how many unused codes were made before this moment."""
    query = select(func.count()).select_from(OneTimeCode)
    unused = query.where(OneTimeCode.used_at.is_(None), OneTimeCode.made_at < made_before)
    return db.session.scalar(unused) or 0


@dataclass(frozen=True, slots=True)
class PasskeyLine:
    """A passkey in the list of a person."""

    id: UUID
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """The second factors of a person, with the numbers of unused codes."""

    app: bool
    passkeys: Sequence[PasskeyLine]
    recovery: int
    printed: int  # 0 if the country does not accept printed lists
    lapsed: bool = False  # a printed list that the country no longer accepts

    @property
    def count(self) -> int:
        """Return the number of factors: recovery codes only replace a lost factor."""
        return self.app + len(self.passkeys) + (self.printed > 0)


@dataclass(frozen=True, slots=True)
class PendingSession:
    """A session between password and second factor."""

    session_id: int
    secret_hash: str
    person_id: UUID
    readmitted: bool
    shared: bool
    void: bool = False  # factors voided, or a reset code issued: a password alone sets up no factor


@dataclass(frozen=True, slots=True)
class Device:
    """A browser in which a person is signed in."""

    id: UUID
    session_id: int
    browser: str
    system: str
    started_at: datetime
    seen_at: datetime


def factors(person_id: UUID) -> Factors:
    """Return the second factors of a person."""
    person = {"person_id": person_id}
    codes = {row[0]: row[1] for row in db.session.execute(_CODES_LEFT, person)}
    printed = codes.get(CodeKind.PRINTED, 0)
    accepted = printed > 0 and printed_codes_are_allowed(person_id, clock.today())
    return Factors(
        app=db.session.scalars(_APP, person).first() is not None,
        passkeys=[PasskeyLine(*row) for row in db.session.execute(_PASSKEYS, person)],
        recovery=codes.get(CodeKind.RECOVERY, 0),
        printed=printed if accepted else 0,
        lapsed=printed > 0 and not accepted,
    )


def has_passkey(person_id: UUID) -> bool:
    """Return whether a person has a passkey."""
    return db.session.scalars(select(Passkey.id).where(Passkey.person_id == person_id).limit(1)).first() is not None


def factor_is_required(person_id: UUID, today: date) -> bool:
    """Return whether a person needs a second factor; a person without a posting does."""
    country = _country(person_id, today)
    required = country is None or country.second_factor
    return needs_second_factor(roles.roles_of(person_id, today), country_asks=required)


def factor_is_required_of_invited(role: Role, country: str) -> bool:
    """Return whether an invited person will need a second factor."""
    return needs_second_factor(frozenset({role}), country_asks=db.session.get_one(Country, country).second_factor)


def second_factor_follows(person_id: UUID, today: date) -> bool:
    """Return whether a second factor follows the password: required, set up, or voided by an incident."""
    if factor_is_required(person_id, today) or factors(person_id).count > 0:
        return True
    return bool(db.session.scalar(_FACTORS_VOID, {"person_id": person_id}))


def printed_codes_are_allowed(person_id: UUID, today: date) -> bool:
    """Return whether the country of the person accepts a printed list as a factor."""
    country = _country(person_id, today)
    return country is not None and country.printed_codes


def has_open_reset_code(person_id: UUID, real_now: datetime) -> bool:
    """Return whether a person has an unused reset code."""
    query = select(OneTimeCode.id).where(
        OneTimeCode.person_id == person_id,
        OneTimeCode.kind == CodeKind.READMISSION,
        OneTimeCode.used_at.is_(None),
        OneTimeCode.ends_at > real_now,
    )
    return db.session.scalars(query).first() is not None


def may_choose_factors(pending: PendingSession, has: Factors, real_now: datetime) -> bool:
    """Return whether a pending session opens the choice of factors: after a reset code, or for the first factor.

    A person whose printed list is no longer accepted had a factor: the password alone sets up no other one.
    """
    never = has.count == 0 and not has.lapsed and not pending.void
    return pending.readmitted or (never and not has_open_reset_code(pending.person_id, real_now))


def pending_session(secret_hash: str, real_now: datetime) -> PendingSession | None:
    """Return the pending session of the hash of a secret, or None if it has ended."""
    return _pending_session(SignInSession.secret_hash == secret_hash, real_now)


def reload_pending_session(pending: PendingSession, real_now: datetime) -> PendingSession | None:
    """Return the current state of a pending session, or None if it has ended."""
    # by the secret, too: an id may be reused after its row was deleted
    return _pending_session(
        and_(SignInSession.id == pending.session_id, SignInSession.secret_hash == pending.secret_hash), real_now
    )


def lock_session(session_id: int, presented: str, real_now: datetime) -> bool:
    """Lock an open session and return whether it exists.

    `presented` is the hash of the secret of its browser: an id may be reused after its row was deleted.
    """
    query = select(SignInSession.id).where(
        SignInSession.id == session_id,
        or_(SignInSession.secret_hash == presented, SignInSession.former_hash == presented),
        SignInSession.ends_at > real_now,
        SignInSession.stage == Stage.WHOLE,
    )
    return db.session.scalars(query.with_for_update()).first() is not None


def _pending_session(condition: ColumnElement[bool], real_now: datetime) -> PendingSession | None:
    query = (
        select(SignInSession, Person.factors_void)
        .join(Person, Person.id == SignInSession.person_id)
        .where(
            condition,
            SignInSession.ends_at > real_now,
            SignInSession.stage != Stage.WHOLE,
            Person.state == PersonState.ACTIVE,
        )
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    session: SignInSession = row[0]
    readmitted = session.stage is Stage.READMITTED
    return PendingSession(
        session.id, session.secret_hash, session.person_id, readmitted, session.shared_computer, row[1]
    )


def failed_codes(person_id: UUID, real_now: datetime) -> list[datetime]:
    """Return the times of wrong codes of a person within the longest window."""
    query = select(FailedCode.at).where(
        FailedCode.person_id == person_id, FailedCode.at > real_now - LONGEST_CODE_WINDOW
    )
    return list(db.session.scalars(query))


def app_seed(person_id: UUID, *, confirmed: bool) -> tuple[UUID, str] | None:
    """Return id and seed of the confirmed app, or of the app that is being set up."""
    state = AuthenticatorApp.confirmed_at.is_not(None) if confirmed else AuthenticatorApp.confirmed_at.is_(None)
    app = db.session.scalars(select(AuthenticatorApp).where(AuthenticatorApp.person_id == person_id, state)).first()
    return (app.id, app.seed) if app else None


def devices(person_id: UUID, real_now: datetime) -> list[Device]:
    """Return the devices on which a person is signed in, the latest first."""
    query = (
        select(
            SignInSession.public_id, SignInSession.id, SignInSession.browser, SignInSession.system,
            SignInSession.started_at, SignInSession.seen_at, SignInSession.idle_seconds,
        )
        .where(
            SignInSession.person_id == person_id,
            SignInSession.ends_at > real_now,
            SignInSession.stage == Stage.WHOLE,
        )
        .order_by(SignInSession.started_at.desc(), SignInSession.id)
        .limit(100)
    )  # fmt: skip
    rows = db.session.execute(query)
    return [Device(*row[:6]) for row in rows if (real_now - row.seen_at).total_seconds() < row.idle_seconds]


def proved_at(session_id: int) -> tuple[datetime, datetime | None]:
    """Return the times of the last authentication in a session: by password, and with all factors."""
    session = db.session.get_one(SignInSession, session_id)
    return session.proved_at, session.fully_proved_at


def is_code(seed: str, step: int, digits: str) -> bool:
    """Return whether this is the code of a time step."""
    return hmac.compare_digest(pyotp.TOTP(seed).generate_otp(step), digits)


def was_opened_by(person_id: UUID, stage: Stage, at: datetime, digits: str) -> bool:
    """Return whether this code opened the session that began at this time; a reset code may have followed later."""
    if len(digits) == APP_DIGITS:
        return was_app_code(person_id, at, digits)
    query = select(OneTimeCode.id).where(
        OneTimeCode.person_id == person_id,
        OneTimeCode.code_hash.in_(blind_index.indexes("code", f"{person_id} {digits}")),
        OneTimeCode.used_at == at if stage is Stage.WHOLE else OneTimeCode.used_at >= at,
        (OneTimeCode.kind == CodeKind.READMISSION) == (stage is Stage.READMITTED),
    )
    return db.session.scalars(query).first() is not None


def was_app_code(person_id: UUID, at: datetime, digits: str) -> bool:
    """Return whether this is the code of the app that opened the session of this time."""
    confirmed, step = app_seed(person_id, confirmed=True), int(at.timestamp()) // CODE_SECONDS
    used = select(UsedStep.step).where(UsedStep.person_id == person_id, UsedStep.step.between(step - 1, step + 1))
    return confirmed is not None and any(is_code(confirmed[1], value, digits) for value in db.session.scalars(used))


def was_passkey(person_id: UUID, at: datetime, named: str) -> bool:
    """Return whether the passkey of this credential id was set up when the session began."""
    query = select(Passkey.id).where(
        Passkey.person_id == person_id, Passkey.credential_id == named, Passkey.made_at == at
    )
    return db.session.scalars(query).first() is not None


def was_list(person_id: UUID, at: datetime) -> bool:
    """Return whether an unused list was created since then and is the only factor of the person."""
    query = select(OneTimeCode.id).where(
        OneTimeCode.person_id == person_id, OneTimeCode.kind == CodeKind.PRINTED,
        OneTimeCode.used_at.is_(None), OneTimeCode.made_at >= at,
    )  # fmt: skip
    is_unused = len(db.session.scalars(query).all()) == CODE_COUNTS[CodeKind.PRINTED]
    return is_unused and factors(person_id).count == 0 and printed_codes_are_allowed(person_id, clock.today())


def _country(person_id: UUID, today: date) -> Country | None:
    posting = posting_on(person_id, today)
    return db.session.get(Country, posting.country) if posting else None


# built once: every sign-in sends them
_APP = select(AuthenticatorApp.id).where(
    AuthenticatorApp.person_id == bindparam("person_id"), AuthenticatorApp.confirmed_at.is_not(None)
)
_PASSKEYS = (
    select(Passkey.id, Passkey.made_at, Passkey.used_at)
    .where(Passkey.person_id == bindparam("person_id"))
    .order_by(Passkey.made_at, Passkey.id)
)
_CODES_LEFT = (
    select(OneTimeCode.kind, func.count())
    # a list that was not confirmed has an end: its response may be lost
    .where(
        OneTimeCode.person_id == bindparam("person_id"), OneTimeCode.used_at.is_(None), OneTimeCode.ends_at.is_(None)
    )
    .group_by(OneTimeCode.kind)
)
_FACTORS_VOID = select(Person.factors_void).where(Person.id == bindparam("person_id"))
