"""Tables of sheets of values: checked sheets, and the batches that they wrote."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import EncryptedText, Keyed, Numbered, text_enum
from app.plan.domain.value_sheets import SheetKind, ValueOutcome


class ValueSheet(Keyed):
    """A sheet of values with the result of its check, visible to its sender only, until it is written or expires."""

    __tablename__ = "value_sheet"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[SheetKind]
    content: Mapped[str] = mapped_column(EncryptedText("value_sheet", "content"))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class ValueBatch(Keyed):
    """The values that a sheet wrote as one step, which can be undone; a sheet is written once."""

    __tablename__ = "value_batch"
    __table_args__ = (
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", "undone_says_by_whom"),
        CheckConstraint("added >= 0 AND changed >= 0 AND same >= 0", "counts_are_counts"),
        CheckConstraint("added + changed > 0", "has_a_value"),
        Index(None, "person_id", "made_at"),
    )

    sheet_id: Mapped[UUID] = mapped_column(unique=True)  # the sheet itself is deleted when it is written
    kind: Mapped[SheetKind]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    country: Mapped[str] = mapped_column(String(2), default="")  # empty: of several countries
    added: Mapped[int]
    changed: Mapped[int]
    same: Mapped[int]
    made_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]  # NULL: not undone
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class ValueBatchRow(Numbered):
    """A row of a sheet that was written: the record that it made, and the one that it replaced."""

    __tablename__ = "value_batch_row"
    __table_args__ = (UniqueConstraint("batch_id", "record_id"),)

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("value_batch.id"))
    number: Mapped[int]  # of the row in the sheet
    record_id: Mapped[UUID]  # of the table that the kind of the batch names
    replaced_id: Mapped[UUID | None]
    outcome: Mapped[ValueOutcome | None] = mapped_column(text_enum(ValueOutcome))  # NULL: not undone
