"""Labels of certificates: kinds, states, and what each says."""

from collections.abc import Iterator, Mapping

from flask_babel import gettext as _, lazy_gettext, lazy_pgettext, ngettext
from flask_babel.speaklater import LazyString

from app.catalogue.domain.items import Level
from app.competence.labels import competencies
from app.credentials.domain import certificates as rules
from app.credentials.domain.certificates import CertificateKind, CertificateState
from app.credentials.shapes import CertificateLine
from app.i18n import babel

TITLES: Mapping[CertificateKind, LazyString] = {
    CertificateKind.ATTENDANCE: lazy_gettext("Certificate of attendance"),
    CertificateKind.COMPLETION: lazy_gettext("Certificate of completion"),
    CertificateKind.COMPETENCE: lazy_gettext("Certificate of competence"),
}
STATEMENTS: Mapping[CertificateKind, LazyString] = {
    CertificateKind.ATTENDANCE: lazy_gettext("attended the event"),
    CertificateKind.COMPLETION: lazy_gettext("completed the course"),
    CertificateKind.COMPETENCE: lazy_gettext("showed the competency"),
}
LIMITS: Mapping[CertificateKind, LazyString] = {
    CertificateKind.ATTENDANCE: lazy_gettext(
        "This certificate proves presence, not competence. Tests and assessed practice show what a person can do."
    ),
    CertificateKind.COMPLETION: lazy_gettext(
        "This certificate confirms a completed course and its test. It does not certify a competence."
    ),
    CertificateKind.COMPETENCE: lazy_gettext(
        "An observer confirmed it on this day. The certificate does not say whether it is still valid today."
    ),
}
STATES: Mapping[CertificateState, tuple[LazyString, str]] = {
    CertificateState.VALID: (lazy_pgettext("certificate", "Valid"), "good"),
    CertificateState.REPLACED: (lazy_pgettext("certificate", "Replaced"), "none"),
    CertificateState.REVOKED: (lazy_pgettext("certificate", "Revoked"), "bad"),
}


def facts(line: CertificateLine) -> list[tuple[str, str]]:
    """Return what a certificate says, beside title and holder, as terms and values."""
    return [*_of_kind(line), (_("Issued by"), _("Secretariat of the community")), (_("Number"), line.number)]


def _of_kind(line: CertificateLine) -> Iterator[tuple[str, str]]:
    content = line.facts
    if line.kind is CertificateKind.ATTENDANCE:
        yield _("Dates"), babel.days(content.first_day or content.last_day, content.last_day)
        yield _("Length"), hours(content.hours)
        yield _("Attendance"), _("%(n)s %% of the sessions", n=content.rate)
    elif line.kind is CertificateKind.COMPLETION:
        yield _("Completed on"), babel.words(content.last_day)
        yield _("Length"), hours(content.hours)
    else:
        yield _("Level"), competencies.level(Level(content.level))
        yield _("Shown on"), babel.words(content.last_day)
        if content.counted_until:
            yield _("Valid at that time until"), babel.words(content.counted_until)
    yield _("Issued on"), babel.words(line.issued_at.date())


def hours(number: int) -> str:
    """Return a length in hours."""
    return ngettext("%(num)s hour", "%(num)s hours", number)


def coded_title(line: CertificateLine, language: str) -> tuple[str, str]:
    """Return the title with the code of a course or competency in front, and its language."""
    title, lang = line.facts.title(language)
    is_coded = line.kind is not CertificateKind.ATTENDANCE and title != line.facts.code
    return (f"{line.facts.code} {title}" if is_coded else title), lang


def public_title(line: CertificateLine, language: str) -> tuple[str, str]:
    """Return the title for others than the holder, ("", language) if only the holder may read it."""
    return coded_title(line, language) if rules.shows_title(line.sensitivity) else ("", language)
