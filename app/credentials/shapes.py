"""Frozen values of certificates for pages and other packages."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.access.policy import Sensitivity
from app.credentials.domain.certificates import CertificateFacts, CertificateKind, CertificateState, CertificateSubject


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateLine:
    """A certificate without the name of its holder; `country` is that of the holder's posting, "" if not asked for."""

    id: UUID
    person_id: UUID
    kind: CertificateKind
    code: str
    number: str
    status_index: int
    sensitivity: Sensitivity
    facts: CertificateFacts
    alias: str
    issued_at: datetime
    state: CertificateState
    ended_at: datetime | None
    reason: str
    name_shown_until: datetime | None
    is_kept: bool
    subject: str
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateOffer:
    """What the person may issue a certificate of now."""

    subject: CertificateSubject
    facts: CertificateFacts
    sensitivity: Sensitivity
