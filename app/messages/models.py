"""Tables of the notices in the app, and of the outbox of mails."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Keyed, Numbered
from app.messages.domain import MailKind, MailState, NoticeKind


class Notice(Keyed):
    """A notice for one person: what happened (`facts`: JSON of names and plain values) and the path of its link."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("occasion", "person_id"),
        Index(None, "person_id", "at"),
        Index(None, "person_id", "read_at"),
        CheckConstraint("substr(path, 1, 1) = '/'", "path_is_own"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    occasion: Mapped[str] = mapped_column(String(120))
    kind: Mapped[NoticeKind]
    facts: Mapped[str]
    path: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]  # NULL: not read yet


class OutgoingMail(Numbered):
    """A mail to one person, or invited person, for one occasion; a repeat has the same message id."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        UniqueConstraint("occasion", "recipient_id"),
        UniqueConstraint("occasion", "invitation_id"),
        Index(None, "state", "due_at"),
        CheckConstraint("(recipient_id IS NULL) <> (invitation_id IS NULL)", "goes_to_one"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", "sent_at_is_set_when_sent"),
        CheckConstraint("tries >= 0 AND (tries = 0) = (next_try_at IS NULL)", "next_try_follows_a_try"),
    )

    occasion: Mapped[str] = mapped_column(String(120))
    recipient_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: an invited person
    invitation_id: Mapped[UUID | None] = mapped_column(ForeignKey("invitation.id"))  # NULL: a person
    kind: Mapped[MailKind]
    facts: Mapped[str]
    due_at: Mapped[datetime]  # the academy's time
    made_at: Mapped[datetime]  # the academy's time
    state: Mapped[MailState]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]  # the machine's time; NULL: not tried yet
    sent_at: Mapped[datetime | None]  # the machine's time; NULL: not sent
    message_id: Mapped[str] = mapped_column(String(40), unique=True)
    last_error: Mapped[str] = mapped_column(String(80), default="")
