"""The address at which a person issues, or finds, the certificate of a completed course; a port for lower packages."""

from uuid import UUID

from flask import url_for

from app.catalogue.queries import courses as catalogue
from app.credentials.domain.certificates import course_subject
from app.credentials.queries import certificates, offers


def certificate_url(person_id: UUID, course_id: UUID, version_id: UUID) -> str:
    """Return the page of the certificate, or the list with the course to choose; "" if not completed, or revoked."""
    if not offers.has_completed(person_id, course_id, version_id):
        return ""
    subject = course_subject(course_id, catalogue.outline(version_id).number)
    existing = certificates.valid_of(person_id, subject)
    if existing is not None:
        return url_for("credentials.show_certificate", certificate_id=existing)
    is_revoked = certificates.is_revoked(person_id, subject)
    return "" if is_revoked else url_for("credentials.show_own", about=subject.key)
