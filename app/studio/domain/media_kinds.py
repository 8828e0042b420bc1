"""Recognise an uploaded file by its content, and clean it: only pictures, so far, may be added to a course."""

from dataclasses import dataclass

from app.studio.domain.pictures import clean_picture


@dataclass(frozen=True, slots=True)
class CleanMedium:
    """A file as it is stored; `ending` is that of its name."""

    content: bytes
    ending: str


def clean_medium(content: bytes) -> CleanMedium:
    """Return a file without metadata. Raises RefusedPictureError if it cannot be used."""
    picture = clean_picture(content)
    return CleanMedium(picture.content, picture.kind)
