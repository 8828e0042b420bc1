"""Certificates of a person, one by its number for staff, and one by its code for the public check."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, allows
from app.credentials.domain import certificates as rules
from app.credentials.domain.certificates import CertificateFacts, CertificateState, CertificateSubject
from app.credentials.domain.status_lists import LENGTH
from app.credentials.models import Certificate, CredentialStatus
from app.credentials.shapes import CertificateLine
from app.db.session import db
from app.identity.queries import postings
from app.kernel import clock
from app.kernel.shapes import ready

_LEFT = ("name", "ended_by", "replaces_id")
_LINE = tuple(column for column in Certificate.__table__.columns if column.name not in _LEFT)


ready(CertificateFacts)


def of_person(person_id: UUID) -> list[CertificateLine]:
    """Return all certificates of a person, the newest first."""
    query = _lines().where(Certificate.person_id == person_id).order_by(Certificate.issued_at.desc(), Certificate.id)
    return [_line(row) for row in db.session.execute(query)]


def own(actor: Actor, certificate_id: UUID) -> CertificateLine:
    """Return a certificate of the actor, or raise NoResultFound."""
    line = _line(db.session.execute(_lines().where(Certificate.id == certificate_id)).one())
    if line.person_id != actor.id:
        raise NoResultFound
    return line


def name_of(certificate_id: UUID) -> str:
    """Return the name on a certificate, or "" without an identity; the caller has checked who may read it."""
    return db.session.scalars(select(Certificate.name).where(Certificate.id == certificate_id)).one()


def revocable(actor: Actor, number: str) -> CertificateLine:
    """Return the certificate of a number that the actor may revoke, or raise NoResultFound."""
    row = db.session.execute(_lines().where(Certificate.number == number)).one()
    posting = postings.posting_on(row.person_id, clock.today())
    line = _line(row, country=posting.country if posting else "")
    if line.person_id == actor.id or not allows(actor, Action.REVOKE_CERTIFICATE, line):
        raise NoResultFound
    return line


def by_code(code: str) -> CertificateLine | None:
    """Return the certificate of a code, or None."""
    row = db.session.execute(_lines().where(Certificate.code == code)).one_or_none()
    return _line(row) if row else None


def public_name(line: CertificateLine, now: datetime) -> str:
    """Return the name that the public check shows, "" while the holder does not show it."""
    return name_of(line.id) if rules.shows_name(line.name_shown_until, now) else ""


def valid_of(person_id: UUID, subject: CertificateSubject) -> UUID | None:
    """Return the id of the valid certificate of a person about a subject, or None."""
    return _of_subject(person_id, subject, CertificateState.VALID)


def is_revoked(person_id: UUID, subject: CertificateSubject) -> bool:
    """Return whether a certificate of a person about a subject was revoked: there is none any more."""
    return _of_subject(person_id, subject, CertificateState.REVOKED) is not None


def ended_positions(list_number: int) -> list[int] | None:
    """Return the set positions of a status list, or None if no certificate is on such a list."""
    first = list_number * LENGTH
    on_list = CredentialStatus.index.between(first, first + LENGTH - 1)
    if list_number and db.session.scalar(select(CredentialStatus.index).where(on_list).limit(1)) is None:
        return None
    query = select(CredentialStatus.index).where(on_list, CredentialStatus.is_ended)
    return [index - first for index in db.session.scalars(query.order_by(CredentialStatus.index))]


def _of_subject(person_id: UUID, subject: CertificateSubject, state: CertificateState) -> UUID | None:
    query = select(Certificate.id).where(
        Certificate.person_id == person_id,
        Certificate.kind == subject.kind,
        Certificate.subject == subject.key,
        Certificate.state == state,
    )
    return db.session.scalar(query.limit(1))


def _lines() -> Select[*tuple[Any, ...]]:
    return select(*_LINE)


def _line(row: Any, country: str = "") -> CertificateLine:
    values = dict(row._mapping)  # noqa: SLF001
    facts = msgspec.json.decode(values.pop("facts"), type=CertificateFacts)
    return CertificateLine(**values, facts=facts, country=country)
