"""Issue, replace and revoke certificates; let the public check show the name; delete them with an identity."""

import secrets
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import delete, select, update

from app.access.policy import Actor
from app.credentials.domain import certificates as rules
from app.credentials.domain.certificates import CertificateState, CertificateSubject
from app.credentials.domain.status_lists import LENGTH
from app.credentials.events import (
    CertificateIssued,
    CertificateKept,
    CertificateNameShown,
    CertificateReplaced,
    CertificateRevoked,
    CertificatesErased,
)
from app.credentials.models import Certificate, CredentialStatus
from app.credentials.queries import certificates, offers
from app.credentials.service.notifications import notify_of_end
from app.credentials.shapes import CertificateLine, CertificateOffer
from app.db.session import db, record
from app.identity.queries import people, postings
from app.kernel.errors import DomainError

_FULL = 0.5  # of a list: another one begins, so that a free place is found at once


def issue(actor: Actor, subject: CertificateSubject, now: datetime) -> UUID:
    """Issue a certificate and return its id; the valid one if there is one already.

    Raises DomainError if it was revoked, or no such course, event or verified competence is on record.
    """
    postings.lock(actor.id)
    existing = certificates.valid_of(actor.id, subject)
    if existing is not None:
        return existing
    if certificates.is_revoked(actor.id, subject):
        raise DomainError("This certificate was revoked. It cannot be issued again.")
    offer = offers.offer(actor, subject, now.date())
    if offer is None:
        raise DomainError("This is not on your record, so there is no certificate of it.")
    row = _add(actor.id, offer, now)
    record(CertificateIssued(at=now, certificate_id=row.id, person_id=actor.id, certificate_kind=str(row.kind)))
    return row.id


def replace(line: CertificateLine, reason: str, now: datetime) -> UUID:
    """End a valid certificate and issue the same again, with the name and alias of today; return the new id.

    Raises DomainError if it has ended.
    """
    old = _locked(line)
    # first the old one: a person has one valid certificate of a subject
    old.state, old.ended_at, old.ended_by, old.reason = CertificateState.REPLACED, now, old.person_id, reason
    old.name_shown_until = None
    _end_credential(old)
    offer = CertificateOffer(
        subject=CertificateSubject(old.kind, old.subject), facts=line.facts, sensitivity=old.sensitivity
    )
    row = _add(old.person_id, offer, now)
    row.replaces_id, row.is_kept = old.id, old.is_kept
    record(CertificateReplaced(at=now, certificate_id=old.id, person_id=old.person_id, replaced_by_id=row.id))
    return row.id


def revoke(line: CertificateLine, reason: str, *, by: UUID, now: datetime) -> None:
    """Revoke a valid certificate; the holder gets a notice. Raises DomainError if it has ended."""
    row = _locked(line)
    row.state, row.ended_at, row.ended_by, row.reason = CertificateState.REVOKED, now, by, reason
    row.name_shown_until = None
    _end_credential(row)
    record(CertificateRevoked(at=now, certificate_id=row.id, person_id=row.person_id, country=line.country))
    notify_of_end(row.person_id, row.id, now)


def show_name(line: CertificateLine, now: datetime, *, shown: bool) -> None:
    """Let the public check of a valid certificate show the name for 30 days, or hide it at once."""
    row = _locked(line)
    row.name_shown_until = now + rules.NAME_SHOWN_FOR if shown else None
    record(
        CertificateNameShown(at=now, certificate_id=row.id, person_id=row.person_id, shown_until=row.name_shown_until)
    )


def keep(line: CertificateLine, now: datetime, *, is_kept: bool) -> None:
    """Store whether the public check stays when the account is erased."""
    row = db.session.get_one(Certificate, line.id, with_for_update=True)
    row.is_kept = is_kept
    record(CertificateKept(at=now, certificate_id=row.id, person_id=row.person_id, is_kept=is_kept))


def erase(person_id: UUID, now: datetime) -> None:
    """Delete a person's certificates with their identity; of those to be kept only name and alias are deleted."""
    rows = list(db.session.scalars(select(Certificate).where(Certificate.person_id == person_id)))
    if not rows:
        return
    remaining = [row for row in rows if row.is_kept]
    for row in remaining:
        row.name, row.alias, row.reason = "", "", row.reason and "-"
        row.name_shown_until = None
    gone = [row for row in rows if not row.is_kept]
    ended = update(CredentialStatus).values(is_ended=True)
    db.session.execute(ended.where(CredentialStatus.index.in_([row.status_index for row in gone])))
    _delete(gone)
    record(CertificatesErased(at=now, person_id=person_id, deleted=len(gone), checks_kept=len(remaining)))


def _delete(rows: list[Certificate]) -> None:
    ids = [row.id for row in rows]
    db.session.flush()
    for row in rows:
        db.session.expunge(row)
    db.session.execute(update(Certificate).values(replaces_id=None).where(Certificate.replaces_id.in_(ids)))
    db.session.execute(delete(Certificate).where(Certificate.id.in_(ids)))


def _end_credential(row: Certificate) -> None:
    """Set the bit of a certificate in the public status list; the state of the row is written first."""
    db.session.flush()
    db.session.execute(update(CredentialStatus).values(is_ended=True).where(CredentialStatus.index == row.status_index))


def _locked(line: CertificateLine) -> Certificate:
    row = db.session.get_one(Certificate, line.id, with_for_update=True, populate_existing=True)
    if row.state is not CertificateState.VALID:
        raise DomainError("This certificate has ended already.")
    return row


def _add(person_id: UUID, offer: CertificateOffer, now: datetime) -> Certificate:
    row = Certificate(
        person_id=person_id,
        kind=offer.subject.kind,
        subject=offer.subject.key,
        code=rules.code_of(secrets.token_bytes(rules.CODE_BYTES)),
        number=_free_number(now),
        status_index=_new_index(),
        sensitivity=offer.sensitivity,
        facts=msgspec.json.encode(offer.facts).decode(),
        name=people.own_name(person_id),
        alias=people.names([person_id])[person_id],
        issued_at=now,
        state=CertificateState.VALID,
        reason="",
        is_kept=False,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _free_number(now: datetime) -> str:
    number = rules.number_of(now.date(), secrets.randbits(64))
    while db.session.scalar(select(Certificate.id).where(Certificate.number == number)) is not None:
        number = rules.number_of(now.date(), secrets.randbits(64))
    return number


def _new_index() -> int:
    """Store a new bit at a random free place, and return its index: order and number of certificates stay hidden."""
    used = set(db.session.scalars(select(CredentialStatus.index)))
    list_number = 0
    while sum(1 for index in used if index // LENGTH == list_number) >= LENGTH * _FULL:
        list_number += 1
    index = list_number * LENGTH + secrets.randbelow(LENGTH)
    while index in used:
        index = list_number * LENGTH + secrets.randbelow(LENGTH)
    db.session.add(CredentialStatus(index=index, is_ended=False))
    db.session.flush()
    return index
