"""Tables of sessions, second factors, rate limits and incidents."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, EncryptedText, Keyed, Numbered
from app.sign_in.domain import Ceremony, CodeKind, IncidentReason, Stage


class SignInSession(Numbered):
    """A place where somebody is signed in; the table holds the hash of the cookie's secret."""

    __tablename__ = "sign_in_session"

    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # of the secret before this one, until this one comes back: an answer may be lost. NULL: there is none
    former_hash: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    stage: Mapped[Stage]
    browser: Mapped[str] = mapped_column(String(20))
    system: Mapped[str] = mapped_column(String(20))
    shared_computer: Mapped[bool]
    started_at: Mapped[datetime]
    proved_at: Mapped[datetime]  # when the person last gave the password or a passkey in it
    fully_proved_at: Mapped[datetime | None]  # the same with every step that the account has; NULL: not yet
    seen_at: Mapped[datetime]
    idle_seconds: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class FailedSignIn(Numbered):
    """A wrong password: by keyed hashes of what was typed and of the address, kept for the longest window.

    One of a stranger stands a second time for all names of the person, without an address.
    """

    __tablename__ = "failed_sign_in"
    __table_args__ = (Index(None, "account", "at"), Index(None, "address", "at"), Index(None, "at"))

    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class AuthenticatorApp(Keyed):
    """The seed that a person's app and the academy share; it counts once a code of it was typed."""

    __tablename__ = "authenticator_app"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    seed: Mapped[str] = mapped_column(EncryptedText("authenticator_app", "seed"))
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]  # NULL: shown, not proved yet


class UsedStep(Base):
    """A time step whose code a person has used: each serves once."""

    __tablename__ = "used_step"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class OneTimeCode(Numbered):
    """A code that serves once, as a keyed hash."""

    __tablename__ = "one_time_code"
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[CodeKind]
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]  # NULL: until it is used or replaced
    used_at: Mapped[datetime | None]  # NULL: not used yet


class FailedCode(Numbered):
    """A wrong code of somebody whose password was right, kept for the longest window."""

    __tablename__ = "failed_code"
    __table_args__ = (Index(None, "person_id", "at"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(index=True)


class Passkey(Keyed):
    """A passkey's public half."""

    __tablename__ = "passkey"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)  # base64url
    public_key: Mapped[str] = mapped_column(String(2000))  # base64url
    sign_count: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]  # NULL: not used since it was added


class Challenge(Keyed):
    """What a passkey has to sign: given out once, taken once."""

    __tablename__ = "challenge"

    challenge: Mapped[str] = mapped_column(String(100))  # base64url
    ceremony: Mapped[Ceremony]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: whoever signs in by passkey
    ends_at: Mapped[datetime] = mapped_column(index=True)


class KnownBrowser(Base):
    """A browser in which a person has signed in, by the hash of a mark in its cookie."""

    __tablename__ = "known_browser"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    mark_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)


class Incident(Base):
    """The one incident that lasts, or the last one; those before it stand in the trail."""

    __tablename__ = "incident"
    __table_args__ = (CheckConstraint("id = 1", "there_is_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reason: Mapped[IncidentReason]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # NULL: it lasts
