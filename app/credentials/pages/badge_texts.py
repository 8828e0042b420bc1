"""Texts of a badge. They are signed, and in English, whatever language the holder reads."""

from flask_babel import force_locale

from app.credentials import labels
from app.credentials.domain.certificates import SOURCE, CertificateKind
from app.credentials.domain.credentials import BadgeTexts
from app.credentials.shapes import CertificateLine

ISSUER = "COLEP Academy"
_HIDDEN = {
    CertificateKind.ATTENDANCE: "Event of COLEP Academy",
    CertificateKind.COMPLETION: "Course of COLEP Academy",
    CertificateKind.COMPETENCE: "Competency of COLEP Academy",
}


def of(line: CertificateLine) -> BadgeTexts:
    """Return the texts of the badge of a certificate; the title of restricted content stays with the holder."""
    with force_locale(SOURCE):
        title, _lang = labels.public_title(line, SOURCE)
        heading, limit = str(labels.TITLES[line.kind]), str(labels.LIMITS[line.kind])
        terms = "; ".join(f"{term}: {value}" for term, value in labels.facts(line))
    return BadgeTexts(
        issuer=ISSUER, name=title or _HIDDEN[line.kind], description=f"{heading}. {limit}", criteria=f"{terms}."
    )
