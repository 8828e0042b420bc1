"""Refuse a SCORM package of a course that must not leave the site, or whose media are too large."""

from app.access.policy import Sensitivity
from app.kernel.errors import DomainError

MOST_MEDIA = 100 * 1024 * 1024  # bytes of all media: what learning platforms commonly accept as a package


def check_exportable(sensitivity: Sensitivity, number: int) -> None:
    """Raise DomainError unless everyone may read the course and it is published (`number` above 0)."""
    if sensitivity is not Sensitivity.UNRESTRICTED:
        raise DomainError("Only courses that everyone may read have a SCORM package: its right answers can be read.")
    if not number:
        raise DomainError("Publish the course first: a SCORM package has the published version.")


def check_media(size: int) -> None:
    """Raise DomainError if the media of a package have too many bytes."""
    if size > MOST_MEDIA:
        megabytes = MOST_MEDIA // 1024**2
        raise DomainError("The pictures and recordings have more than %(n)s MB. Make them smaller.", n=megabytes)
