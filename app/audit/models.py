"""Tables of the audit log: one row for each event, the end of the chain, checkpoints, results of verifications."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.domain.chain import FaultKind
from app.db.append_only import make_append_only
from app.db.base import Base, Numbered, Serial, text_enum

HASH, SIGNATURE = LargeBinary(32), LargeBinary(64)


class Entry(Base):
    """An event: `facts` (canonical JSON of ids and plain values), the person or object concerned, time, actor, request.

    Numbers run from 1 without gaps. There is no foreign key: entries remain when a person is erased.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "at", "id"),
        Index(None, "name", "at", "id"),
        Index(None, "actor_id", "at", "id"),
        Index(None, "person_id", "at", "id"),
        Index(None, "thing_id", "at", "id"),
        Index(None, "country", "at", "id"),
        Index(None, "country", "name", "at", "id"),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(64))
    actor_id: Mapped[UUID | None]  # NULL: a job
    request_id: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[UUID | None]  # NULL: about no person
    thing_id: Mapped[UUID | None]  # NULL: about nothing that has an id
    country: Mapped[str | None] = mapped_column(String(2))  # NULL: of no single country
    facts: Mapped[str]
    hash: Mapped[bytes] = mapped_column(HASH)


class AuditHead(Base):
    """The end of the chain: one row, locked before each write."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", "there_is_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_id: Mapped[int] = mapped_column(Serial)
    hash: Mapped[bytes] = mapped_column(HASH)


class Signed(Numbered):
    """A checkpoint: the end of the chain, signed with Ed25519 under the key of this id."""

    __tablename__ = "audit_checkpoint"

    last_id: Mapped[int] = mapped_column(Serial)
    hash: Mapped[bytes] = mapped_column(HASH)
    count: Mapped[int] = mapped_column(Serial)
    at: Mapped[datetime]
    key_id: Mapped[str] = mapped_column(String(64))
    signature: Mapped[bytes] = mapped_column(SIGNATURE)


class Verification(Numbered):
    """The result of a nightly verification."""

    __tablename__ = "audit_verification"
    __table_args__ = (CheckConstraint("(fault IS NULL) = (fault_entry IS NULL)", "fault_names_its_entry"),)

    at: Mapped[datetime]
    entries: Mapped[int] = mapped_column(Serial)
    took_ms: Mapped[int]
    fault: Mapped[FaultKind | None] = mapped_column(text_enum(FaultKind, "kind"))  # NULL: intact
    fault_entry: Mapped[int | None] = mapped_column(Serial)


for _model in (Entry, Signed):
    make_append_only(_model.__table__)
