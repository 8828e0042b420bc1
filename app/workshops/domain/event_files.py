"""Files for the participants of an event: accepted types, limits, names, and until when they can be downloaded."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.kernel.errors import DomainError
from app.kernel.invisible_characters import without_unseen
from app.kernel.pictures import RefusedPictureError, clean_picture
from app.workshops.domain import times

PDF_BYTES = 20 * 1024 * 1024
MOST_FILES = 50  # of an event
MOST_BYTES = 200 * 1024 * 1024  # of an event
LONGEST = timedelta(days=366)  # after the last day of the event
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')
_PDF = b"%PDF-"
_PDF_END = b"%%EOF"
_TAIL = 2048  # bytes at the end in which a PDF says that it is complete


class FileKind(StrEnum):
    """The type of a file; the value is the ending of its name."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpg"
    WEBP = "webp"


CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.WEBP: "image/webp",
}


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file as it is stored."""

    content: bytes
    kind: FileKind


def clean_file(content: bytes) -> CleanFile:
    """Return a PDF document, or a picture without metadata.

    Raises DomainError for a PDF that is too large or cut off, RefusedPictureError for everything else.
    """
    if content.startswith(_PDF):
        if len(content) > PDF_BYTES:
            raise DomainError("The document is larger than 20 MB.")
        if _PDF_END not in content[-_TAIL:]:
            raise DomainError("The document is damaged. Save it again as PDF.")
        return CleanFile(content, FileKind.PDF)
    try:
        picture = clean_picture(content)
    except RefusedPictureError as error:
        if error.message.startswith("This type"):
            raise RefusedPictureError("This type of file is not accepted.", "Save it as PDF, PNG or JPEG.") from error
        raise
    return CleanFile(picture.content, FileKind(picture.kind.value))


def title_of(file_name: str) -> str:
    """Return a title for a file from its name on the user's computer, without folder and ending."""
    name = (without_unseen(file_name) or "").replace("\\", "/").rpartition("/")[2]
    stem = name.rpartition(".")[0] or name
    return " ".join(stem.replace("_", " ").split())[:120]


def file_name(title: str, kind: FileKind) -> str:
    """Return the name of a downloaded file: its title without signs that no file system takes, and its ending."""
    visible = "".join(sign if sign.isprintable() else " " for sign in _NOT_IN_NAMES.sub(" ", title))
    stem = " ".join(visible.split()).removesuffix(f".{kind.value}").strip(". ")
    return f"{stem or 'file'}.{kind.value}"


def is_expired(expires_on: date, time_zone: str, now: datetime) -> bool:
    """Return whether the last day of a file is over in the time zone of its event."""
    return now >= times.end_of(expires_on, time_zone)


def check_expiry(expires_on: date, *, last_day: date, today: date) -> None:
    """Raise DomainError for an expiry date that has passed, or that is a year after the event."""
    if expires_on < today:
        raise DomainError("The date has passed. Choose a later one.")
    if expires_on > max(last_day, today) + LONGEST:
        raise DomainError("Choose a date within a year after the event.")
