"""Tables: sessions, failed sign-ins, second factors, one-time codes, passkey challenges, browsers, incident."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, EncryptedText, Keyed, Numbered
from app.sign_in.domain import Ceremony, CodeKind, IncidentReason, Stage


class SignInSession(Numbered):
    """A session of a person in a browser, by the hash of the secret in its cookie."""

    __tablename__ = "sign_in_session"

    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # hash of the former secret, until the new one comes back: a response may be lost. NULL: none
    former_hash: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    stage: Mapped[Stage]
    browser: Mapped[str] = mapped_column(String(20))
    system: Mapped[str] = mapped_column(String(20))
    shared_computer: Mapped[bool]
    started_at: Mapped[datetime]
    proved_at: Mapped[datetime]  # last authentication by password or passkey
    fully_proved_at: Mapped[datetime | None]  # last authentication with all factors of the account; NULL: none
    seen_at: Mapped[datetime]
    idle_seconds: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class FailedSignIn(Numbered):
    """A wrong password, by keyed hashes of the typed name and of the address, stored for the longest window.

    A failure from an unknown browser has a second row for all names of the person, without an address.
    """

    __tablename__ = "failed_sign_in"
    __table_args__ = (Index(None, "account", "at"), Index(None, "address", "at"), Index(None, "at"))

    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class AuthenticatorApp(Keyed):
    """The shared seed of an authenticator app; it is valid after a code of it was typed."""

    __tablename__ = "authenticator_app"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    seed: Mapped[str] = mapped_column(EncryptedText("authenticator_app", "seed"))
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]  # NULL: shown, not confirmed yet


class UsedStep(Base):
    """A time step whose code a person has used: each code works once."""

    __tablename__ = "used_step"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class OneTimeCode(Numbered):
    """A code that works once, as a keyed hash."""

    __tablename__ = "one_time_code"
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[CodeKind]
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]  # NULL: valid until used or replaced
    used_at: Mapped[datetime | None]  # NULL: not used yet


class FailedCode(Numbered):
    """A wrong code after a right password, stored for the longest window."""

    __tablename__ = "failed_code"
    __table_args__ = (Index(None, "person_id", "at"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(index=True)


class Passkey(Keyed):
    """The public key of a passkey."""

    __tablename__ = "passkey"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)  # base64url
    public_key: Mapped[str] = mapped_column(String(2000))  # base64url
    sign_count: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]  # NULL: not used since it was added


class Challenge(Keyed):
    """A challenge for a passkey: issued once, used once."""

    __tablename__ = "challenge"

    challenge: Mapped[str] = mapped_column(String(100))  # base64url
    ceremony: Mapped[Ceremony]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: the owner of the passkey
    ends_at: Mapped[datetime] = mapped_column(index=True)


class KnownBrowser(Base):
    """A browser in which a person has signed in, by the hash of the browser id in its cookie."""

    __tablename__ = "known_browser"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    mark_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)


class PastIncident(Keyed):
    """An incident as the plan counts it: its reason, begin and end; rows are only added and ended."""

    __tablename__ = "past_incident"
    __table_args__ = (CheckConstraint("ended_at IS NULL OR ended_at >= begun_at", "ends_after_it_begins"),)

    reason: Mapped[IncidentReason]
    begun_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]  # NULL: active


class Incident(Base):
    """The active or last incident; all incidents are in `past_incident`."""

    __tablename__ = "incident"
    __table_args__ = (CheckConstraint("id = 1", "there_is_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reason: Mapped[IncidentReason]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # NULL: active
