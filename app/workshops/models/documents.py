"""Tables of messages, files, travel and needs of the participants of an event."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.access.policy import Sensitivity
from app.db.base import Base, EncryptedText, Keyed, text_enum
from app.workshops.domain.event_files import FileKind
from app.workshops.domain.travel import Visa


class EventMessage(Keyed):
    """A message of the staff of an event to its people; it is also in the notices of each recipient."""

    __tablename__ = "event_message"
    __table_args__ = (
        CheckConstraint("subject <> '' AND text <> ''", "says_something"),
        Index(None, "workshop_id", "sent_at"),
        Index(None, "sender_id"),
    )

    workshop_id: Mapped[UUID] = mapped_column(ForeignKey("workshop.id"))
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    subject: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]


class EventMessageRecipient(Base):
    """A person who got a message."""

    __tablename__ = "event_message_recipient"
    __table_args__ = (Index(None, "person_id"),)

    message_id: Mapped[UUID] = mapped_column(ForeignKey("event_message.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)


class EventFile(Keyed):
    """A file for the participants of an event until its last day; a withdrawn one has no content any more."""

    __tablename__ = "event_file"
    __table_args__ = (
        CheckConstraint("title <> ''", "has_a_title"),
        CheckConstraint("size > 0", "size_is_positive"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", "withdrawn_says_by_whom"),
        CheckConstraint("(withdrawn_at IS NULL) = (content IS NOT NULL)", "withdrawn_has_no_content"),
        Index(None, "workshop_id", "uploaded_at"),
        Index(None, "expires_on"),
        Index(None, "person_id"),
    )

    workshop_id: Mapped[UUID] = mapped_column(ForeignKey("workshop.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))  # who added it
    title: Mapped[str] = mapped_column(String(120))
    kind: Mapped[FileKind] = mapped_column(text_enum(FileKind, "kind"))
    sensitivity: Mapped[Sensitivity]
    size: Mapped[int]  # bytes
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime]
    expires_on: Mapped[date]  # ends at 23:59 in the zone of the event
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: not withdrawn
    withdrawn_at: Mapped[datetime | None]  # NULL: not withdrawn
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # NULL: withdrawn


class ParticipantTravel(Base):
    """Visa and travel dates of a participant, deleted after the event."""

    __tablename__ = "participant_travel"
    __table_args__ = (
        CheckConstraint("visa_received_on >= visa_asked_on", "received_after_asked"),
        CheckConstraint("visa_received_on IS NULL OR visa_asked_on IS NOT NULL", "received_was_asked"),
        CheckConstraint("visa_asked_on IS NULL OR visa = 'needed'", "asked_if_needed"),
        CheckConstraint("departs_on >= arrives_on", "departs_after_it_arrives"),
        Index(None, "person_id"),
        Index(None, "changed_by"),
    )

    workshop_id: Mapped[UUID] = mapped_column(ForeignKey("workshop.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    visa: Mapped[Visa | None] = mapped_column(text_enum(Visa, "visa"))  # NULL: not answered
    visa_asked_on: Mapped[date | None]  # NULL: not yet
    visa_received_on: Mapped[date | None]  # NULL: not yet
    letter_made_on: Mapped[date | None]  # of the last invitation letter; NULL: none. The letter is not stored
    arrives_on: Mapped[date | None]  # NULL: not known
    departs_on: Mapped[date | None]  # NULL: not known
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]


class ParticipantNeeds(Base):
    """Diet and access needs of a participant, codes parted by blanks, deleted after the event."""

    __tablename__ = "participant_needs"
    __table_args__ = (Index(None, "person_id"),)

    workshop_id: Mapped[UUID] = mapped_column(ForeignKey("workshop.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    diet: Mapped[str] = mapped_column(EncryptedText("participant_needs", "diet"))
    access: Mapped[str] = mapped_column(EncryptedText("participant_needs", "access"))
    changed_at: Mapped[datetime]
