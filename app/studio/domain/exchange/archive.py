"""Unpack an uploaded ZIP archive within limits; a refusal has a message and a hint for the author."""

from app.kernel import archives
from app.kernel.archives import ArchiveError, ArchiveLimits, ArchiveProblem
from app.studio.domain.exchange.shapes import Note, NoteSeverity

_MEGA = 1024 * 1024
COURSE_LIMITS = ArchiveLimits(packed=100 * _MEGA, unpacked=300 * _MEGA)
WORD_LIMITS = ArchiveLimits(packed=10 * _MEGA, unpacked=60 * _MEGA)

_SAVE_AGAIN = "Pack the files again with an ordinary program."
_TEXTS = {
    ArchiveProblem.PACKED_TOO_LARGE: (
        "The file is larger than %(packed)s MB.",
        "Make its pictures smaller, or divide it.",
    ),
    ArchiveProblem.OLD_OR_LOCKED: (
        "The file has an old Office format, or a password.",
        "Remove the password, or save the file in the new format, such as .docx.",
    ),
    ArchiveProblem.NOT_AN_ARCHIVE: ("The file is not a ZIP archive.", "Choose another file."),
    ArchiveProblem.TOO_MANY_ENTRIES: ("The file contains more than %(entries)s files.", "Divide it."),
    ArchiveProblem.UNPACKS_TOO_LARGE: (
        "The file would unpack to more than %(unpacked)s MB.",
        "Make its pictures smaller, or divide it.",
    ),
    ArchiveProblem.RATIO: (
        'The entry "%(entry)s" would unpack to more than %(ratio)s times its size.',
        "Remove it; files of this kind are used for attacks.",
    ),
    ArchiveProblem.ENCRYPTED: ("The file is protected with a password.", "Save it without a password."),
    ArchiveProblem.LINK: ('The entry "%(entry)s" is a link to another file.', "Pack the file itself."),
    ArchiveProblem.PATH: (
        'The entry "%(entry)s" has a path that is not allowed.',
        "Use short relative paths with / and without .. in them.",
    ),
    ArchiveProblem.PACKING: ('The entry "%(entry)s" is packed in an unusual way.', _SAVE_AGAIN),
    ArchiveProblem.REPEATED: ('The entry "%(entry)s" is in the file twice.', _SAVE_AGAIN),
    ArchiveProblem.DAMAGED: ("The file is damaged.", "Open it in the program that made it, and save it again."),
}


class RefusedFileError(Exception):
    """An uploaded file cannot be imported; `reason` is safe to show."""

    def __init__(self, message: str, hint: str, **values: str | int) -> None:
        super().__init__(message % values)
        self.reason = Note(NoteSeverity.ERROR, message, hint, values)


def unpack(content: bytes, limits: ArchiveLimits) -> dict[str, bytes]:
    """Return the files of an archive by path; raise RefusedFileError. Archives inside it are not opened."""
    try:
        return archives.unpack(content, limits)
    except ArchiveError as error:
        message, hint = _TEXTS[error.problem]
        raise RefusedFileError(message, hint, **_values(error, limits)) from error


def _values(error: ArchiveError, limits: ArchiveLimits) -> dict[str, str | int]:
    """Return the values of a message: sizes in megabytes, the entry with its unusual characters escaped."""
    return {
        "entry": error.entry.encode("unicode_escape").decode() if not error.entry.isprintable() else error.entry,
        "packed": limits.packed // _MEGA,
        "unpacked": limits.unpacked // _MEGA,
        "entries": limits.entries,
        "ratio": limits.ratio,
    }
