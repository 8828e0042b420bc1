"""Rules of certificates: kinds, states, codes and numbers, what each says, and who may read which part of it."""

import base64
import binascii
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from app.access.policy import Sensitivity

CODE_BYTES = 16  # 128 random bits
CODE_LENGTH = 26  # letters and digits of base 32
NUMBER_DIGITS = 8
NUMBER_LENGTH = 13  # 2026-12345678
REASON_LIMIT = 300
NAME_SHOWN_FOR = timedelta(days=30)  # ux.md, page 5
SOURCE = "en"


class CertificateKind(StrEnum):
    """Three things that are never mixed: being there, finishing a course, and being able to do something."""

    ATTENDANCE = "attendance"
    COMPLETION = "completion"
    COMPETENCE = "competence"


class CertificateState(StrEnum):
    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "revoked"


class HolderForm(StrEnum):
    """How a copy names its holder; the holder chooses it for each copy."""

    NAME = "name"
    ALIAS = "alias"


class CertificateFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a certificate says, stored when it is issued; it never changes afterwards.

    `titles` by language, always with `source`. `last_day` is the day of completion, the last day of an event, or the
    day on which a competence was shown. `counted_until` is the last day on which that then counted. `rate` is the
    attended part of an event in percent, `level` of a competence.
    """

    code: str
    titles: dict[str, str]
    source: str
    last_day: date
    first_day: date | None = None
    minutes: int = 0
    version: int = 0
    rate: int = 0
    level: str = ""
    counted_until: date | None = None

    def title(self, language: str) -> tuple[str, str]:
        """Return the title in a language, or in the source's, and the language of the text."""
        chosen = language if language in self.titles else self.source
        return self.titles[chosen], chosen

    @property
    def hours(self) -> int:
        """Return the length in whole hours, at least one if there is a length."""
        return max(1, round(self.minutes / 60)) if self.minutes else 0


class CertificateSubject(msgspec.Struct, frozen=True):
    """What a certificate is about: kind and key; a person has at most one valid certificate of each."""

    kind: CertificateKind
    key: str


def course_subject(course_id: UUID, version: int) -> CertificateSubject:
    """Return the subject of a completed version of a course."""
    return CertificateSubject(CertificateKind.COMPLETION, f"{course_id}/{version}")


def event_subject(workshop_id: UUID) -> CertificateSubject:
    """Return the subject of an attended event."""
    return CertificateSubject(CertificateKind.ATTENDANCE, str(workshop_id))


def competence_subject(competency: str, level: str, shown_on: date) -> CertificateSubject:
    """Return the subject of a competence; a new watched check that shows it again is another subject."""
    return CertificateSubject(CertificateKind.COMPETENCE, f"{competency}/{level}/{shown_on.isoformat()}")


def code_of(random_bytes: bytes) -> str:
    """Return the code of 16 random bytes: 26 small letters and digits."""
    return base64.b32encode(random_bytes).decode().rstrip("=").lower()


def read_code(text: str) -> str | None:
    """Return the code that was typed or followed, without blanks and hyphens; None unless it is one that can exist."""
    cleaned = "".join(sign for sign in text.lower() if sign not in " -")
    if len(cleaned) != CODE_LENGTH or not cleaned.isascii():
        return None
    try:
        decoded = base64.b32decode(cleaned.upper() + "======")
    except binascii.Error:
        return None
    return cleaned if code_of(decoded) == cleaned else None


def code_in_groups(code: str) -> str:
    """Return a code as it is printed: four groups of five, and six at the end."""
    return " ".join((code[:5], code[5:10], code[10:15], code[15:20], code[20:]))


def number_of(day: date, random_number: int) -> str:
    """Return the printed number: the year and eight digits that say nothing about how many there are."""
    return f"{day.year}-{random_number % 10**NUMBER_DIGITS:0{NUMBER_DIGITS}}"


def shows_title(sensitivity: Sensitivity) -> bool:
    """Return whether others than the holder may read the title."""
    return sensitivity is Sensitivity.UNRESTRICTED


def shows_name(shown_until: datetime | None, now: datetime) -> bool:
    """Return whether the public check shows the name at this moment."""
    return shown_until is not None and now < shown_until


def titles_of(texts: Mapping[str, str], source: str) -> dict[str, str]:
    """Return the titles to store, the source's first; languages without a text are left out."""
    return {source: texts[source]} | {language: text for language, text in texts.items() if text}
