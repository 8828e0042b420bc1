"""Tables of invitations, former and refused aliases, failed letter codes and refused lookups abroad."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.access.policy import Role
from app.db.base import EncryptedText, Keyed, Numbered

# an invitation that is neither accepted nor withdrawn, expired or not
_OPEN = text("accepted_at IS NULL AND withdrawn_at IS NULL")


class GivenUpAlias(Keyed):
    """A former alias of a person; no other person may take it for a year, since colleagues remember its owner."""

    __tablename__ = "given_up_alias"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    alias: Mapped[str] = mapped_column(String(80), index=True)
    free_at: Mapped[datetime] = mapped_column(index=True)


class RefusedAlias(Numbered):
    """A refused alias, counted for a day: each refusal reveals that an alias exists."""

    __tablename__ = "refused_alias"
    __table_args__ = (Index(None, "holder", "at"), Index(None, "at"))

    holder: Mapped[UUID]  # id of a person or of an invitation
    at: Mapped[datetime]


class Invitation(Keyed):
    """An invitation for a mail address, a country and a role; cleared when it is closed."""

    __tablename__ = "invitation"
    __table_args__ = (
        Index("uq_invitation_open_mail", "mail_index", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_invitation_open", "country", "ends_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(None, "person_id"),
        Index(None, "country", "made_at"),
        Index(None, "invited_by", "made_at"),
        Index(None, "alias"),
        CheckConstraint("(accepted_at IS NULL) = (person_id IS NULL)", "accepted_by_a_person"),
        CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", "ends_once"),
        CheckConstraint("(code_hash IS NULL) = (letter_ends_at IS NULL)", "letter_has_a_code"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    token: Mapped[str] = mapped_column(EncryptedText("invitation", "token"))  # for the mail; "" when it is closed
    code_hash: Mapped[str | None] = mapped_column(String(64))  # with the mail's index in it; NULL: no letter printed
    mail: Mapped[str] = mapped_column(EncryptedText("invitation", "mail"))
    mail_index: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(EncryptedText("invitation", "name"))
    latin_name: Mapped[str | None] = mapped_column(EncryptedText("invitation", "latin_name"))
    service_number: Mapped[str | None] = mapped_column(EncryptedText("invitation", "service_number"))
    service_index: Mapped[str | None] = mapped_column(String(64), index=True)
    country: Mapped[str] = mapped_column(ForeignKey("country.code"))
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    role: Mapped[Role]
    posting_roles: Mapped[str] = mapped_column(String(200))  # roles of the framework, parted by blanks
    alias: Mapped[str] = mapped_column(String(80))  # suggested, then chosen
    language: Mapped[str] = mapped_column(String(12))
    password_hash: Mapped[str | None] = mapped_column(String(128))  # chosen, until the person is made
    browser_hash: Mapped[str | None] = mapped_column(String(64))  # of the browser in which it was chosen
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    mails: Mapped[int] = mapped_column(default=0)  # how often the link was sent
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]  # of the link; equals withdrawn_at if it was not accepted in time
    letter_ends_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]  # when the last mail was returned


class FailedInvitationCode(Numbered):
    """A failed letter code, for the rate limit: blind indexes of mail address (`account`) and network address."""

    __tablename__ = "failed_invitation_code"
    __table_args__ = (Index(None, "account", "at"), Index(None, "address", "at"))

    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)


class AnswerAbroad(Numbered):
    """How many invitations of a sender were refused for addresses of other countries, for the daily limit."""

    __tablename__ = "answer_abroad"
    __table_args__ = (CheckConstraint("count > 0", "something_was_asked"), Index(None, "person_id", "at"))

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    count: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
