"""Tables of link requests, password links, changes of address and requests for a second administrator."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, EncryptedText, Keyed, Numbered

# a change of address that has not come about
_WANTED = text("done_at IS NULL")


class AskedForLink(Numbered):
    """A request for a link to a new password: keyed hashes of the typed name and of the network address.

    The account is searched later, so that existing and unknown names take the same time.
    """

    __tablename__ = "asked_for_link"
    __table_args__ = (
        Index(None, "account", "at"),
        Index(None, "address", "at"),
        Index(None, "at"),
    )

    account: Mapped[str] = mapped_column(String(64))  # what was typed, as a mail address
    number: Mapped[str] = mapped_column(String(64))  # the same, as a service number
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    answered_at: Mapped[datetime | None]  # NULL: not looked for yet


class PasswordLink(Keyed):
    """A link by mail to the page of a new password; deleted when it is used."""

    __tablename__ = "password_link"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    token: Mapped[str] = mapped_column(EncryptedText("password_link", "token"))  # for the mail
    ends_at: Mapped[datetime] = mapped_column(index=True)


class AddressChange(Keyed):
    """A requested mail address, confirmed from both mailboxes; `old_mail` is set when done, for the last mail to it."""

    __tablename__ = "address_change"
    __table_args__ = (
        Index("uq_address_change_open", "person_id", unique=True, sqlite_where=_WANTED, postgresql_where=_WANTED),
        CheckConstraint("(done_at IS NULL) = (old_mail IS NULL)", "old_mail_is_kept_when_done"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    mail: Mapped[str] = mapped_column(EncryptedText("address_change", "mail"))
    old_mail: Mapped[str | None] = mapped_column(EncryptedText("address_change", "old_mail"))
    old_hash: Mapped[str] = mapped_column(String(64), unique=True)
    old_token: Mapped[str] = mapped_column(EncryptedText("address_change", "old_token"))
    new_hash: Mapped[str] = mapped_column(String(64), unique=True)
    new_token: Mapped[str] = mapped_column(EncryptedText("address_change", "new_token"))
    ends_at: Mapped[datetime] = mapped_column(index=True)
    begun_at: Mapped[datetime | None]  # NULL: the owner of the address was not searched yet
    old_confirmed_at: Mapped[datetime | None]
    new_confirmed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class SecondHelp(Base):
    """The request of an administrator to restore the access of another one, until a second agrees; one per person."""

    __tablename__ = "second_help"
    __table_args__ = (CheckConstraint("asked_by <> person_id", "nobody_helps_themself"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    ends_at: Mapped[datetime] = mapped_column(index=True)
