"""Audit events of certificates: ids, kinds and days."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateIssued(Event):
    """A person issued a certificate of what the academy has on record."""

    certificate_id: UUID
    person_id: UUID
    certificate_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateReplaced(Event):
    """The holder replaced a certificate by a new one; the old code says so."""

    certificate_id: UUID
    person_id: UUID
    replaced_by_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRevoked(Event):
    """A contact point or a coordinator, the actor, revoked a certificate; the reason is stored with it."""

    certificate_id: UUID
    person_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateNameShown(Event):
    """The holder lets the public check show the name until a moment, or hides it (None)."""

    certificate_id: UUID
    person_id: UUID
    shown_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateKept(Event):
    """The holder decided whether the public check stays when the account is erased."""

    certificate_id: UUID
    person_id: UUID
    is_kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatesErased(Event):
    """With an identity, its certificates were deleted, or their names, where the holder wants the check to stay."""

    person_id: UUID
    deleted: int
    checks_kept: int
