"""Tables: certificates, and the public list of which credentials have ended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.access.policy import Sensitivity
from app.credentials.domain.certificates import (
    CODE_LENGTH,
    NUMBER_LENGTH,
    REASON_LIMIT,
    CertificateKind,
    CertificateState,
)
from app.db.base import Base, EncryptedText, Keyed, text_enum

_VALID = text("state = 'valid'")


class CredentialStatus(Base):
    """A bit of the public status lists. It has no person, and stays when its certificate is deleted."""

    __tablename__ = "credential_status"

    index: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    is_ended: Mapped[bool] = mapped_column(default=False)


class Certificate(Keyed):
    """A certificate of a person; `facts` are JSON (`CertificateFacts`), `subject` says what it is about.

    `code` opens the public check. Name and alias are those of the day of issue; `name` is "" without an identity.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("(state = 'valid') = (ended_at IS NULL)", "ended_says_when"),
        CheckConstraint("(state = 'valid') = (reason = '')", "ended_says_why"),
        Index("uq_certificate_valid", "person_id", "kind", "subject", unique=True,
              sqlite_where=_VALID, postgresql_where=_VALID),
        Index(None, "person_id", "issued_at"),
    )  # fmt: skip

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[CertificateKind] = mapped_column(text_enum(CertificateKind, "certificatekind"))
    subject: Mapped[str] = mapped_column(String(80))
    code: Mapped[str] = mapped_column(String(CODE_LENGTH), unique=True)
    number: Mapped[str] = mapped_column(String(NUMBER_LENGTH), unique=True)
    status_index: Mapped[int] = mapped_column(ForeignKey("credential_status.index"), unique=True)
    sensitivity: Mapped[Sensitivity]
    facts: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(EncryptedText("certificate", "name"))
    alias: Mapped[str] = mapped_column(String(80))
    issued_at: Mapped[datetime]
    state: Mapped[CertificateState] = mapped_column(text_enum(CertificateState, "certificatestate"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # NULL: valid
    reason: Mapped[str] = mapped_column(String(REASON_LIMIT), default="")  # why it ended; the holder reads it
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("certificate.id"), unique=True)  # NULL: no other one
    name_shown_until: Mapped[datetime | None]  # NULL: the public check shows no name
    is_kept: Mapped[bool] = mapped_column(default=False)  # the check stays when the account is erased
