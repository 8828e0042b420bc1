"""Tables of checked sheets not imported yet, imports that can be undone, exported people, and export requests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import EncryptedText, Keyed, Numbered, text_enum
from app.intake.domain.undo import UndoOutcome

_UNANSWERED = text("answered_at IS NULL")


class CheckedSheet(Keyed):
    """A sheet with the result of its check, visible to its sender only, until it is imported or expires."""

    __tablename__ = "checked_sheet"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    content: Mapped[str] = mapped_column(EncryptedText("checked_sheet", "content"))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class Batch(Keyed):
    """An import of a sheet: a sheet is imported once."""

    __tablename__ = "intake_batch"
    __table_args__ = (
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", "undone_by_somebody"),
        CheckConstraint("invited >= 0 AND changed >= 0 AND same >= 0", "counts_are_counts"),
        CheckConstraint("invited + changed > 0", "holds_something"),
        Index(None, "country", "made_at"),
        Index(None, "person_id", "made_at"),
    )

    sheet_id: Mapped[UUID] = mapped_column(unique=True)  # the sheet itself is deleted when it is imported
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    country: Mapped[str] = mapped_column(String(2))  # "" for a sheet of several countries
    invited: Mapped[int]
    changed: Mapped[int]
    same: Mapped[int]
    made_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]  # NULL: not undone
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class BatchLine(Numbered):
    """A row of an import: an invitation, or a person with the previous and new values."""

    __tablename__ = "intake_batch_line"
    __table_args__ = (
        CheckConstraint("(invitation_id IS NULL) <> (person_id IS NULL)", "names_one_thing"),
        CheckConstraint("changes IS NULL OR person_id IS NOT NULL", "a_person_changes"),
        UniqueConstraint("batch_id", "invitation_id"),
        UniqueConstraint("batch_id", "person_id"),
    )

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("intake_batch.id"))
    number: Mapped[int]  # of the row in the sheet
    invitation_id: Mapped[UUID | None] = mapped_column(ForeignKey("invitation.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    # NULL: nothing to restore: an invitation, or the import can no longer be undone
    changes: Mapped[str | None] = mapped_column(EncryptedText("intake_batch_line", "changes"))
    outcome: Mapped[UndoOutcome | None] = mapped_column(text_enum(UndoOutcome, "outcome"))  # NULL: not undone


class OfficersTaken(Numbered):
    """The number of people in an exported file; counted for a day."""

    __tablename__ = "officers_taken"
    __table_args__ = (CheckConstraint("count > 0", "somebody_was_taken"), Index(None, "person_id", "at"))

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    count: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)


class ExportWish(Keyed):
    """A request to export more people than a user may export without a second person."""

    __tablename__ = "export_wish"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", "answered_by_somebody"),
        CheckConstraint("(answered_at IS NULL) = (allowed IS NULL)", "answered_with_a_word"),
        CheckConstraint("answered_by <> person_id", "nobody_agrees_with_themself"),
        Index("uq_export_wish_open", "person_id", unique=True, sqlite_where=_UNANSWERED, postgresql_where=_UNANSWERED),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    country: Mapped[str] = mapped_column(ForeignKey("country.code"), index=True)
    asked_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)  # of the request; after the answer, of the approval
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]  # NULL: not answered
    allowed: Mapped[bool | None]
