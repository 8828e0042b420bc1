"""Write a picture of a trainer again without metadata; everything that is not a plain picture is refused."""

import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageOps

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 24_000_000
_QUALITIES = (90, 75)  # of JPEG and WebP; the second if the first takes too many bytes
_FAULTS = (OSError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, SyntaxError, MemoryError)
_DRAWN = (b"<svg", b"<?xml", b"<!doctype", b"<html", b"<head", b"<body", b"<script")
_PLAIN_MODES = {"1": "L", "LA": "RGBA", "CMYK": "RGB"}

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


class PictureKind(StrEnum):
    """The types of pictures; the value is the ending of the file name, the name is the format in Pillow."""

    PNG = "png"
    JPEG = "jpg"
    WEBP = "webp"


class RefusedPictureError(Exception):
    """A picture cannot be used; message and hint are safe to show."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture without metadata; width and height in pixels."""

    content: bytes
    kind: PictureKind
    width: int
    height: int


def clean_picture(content: bytes) -> CleanPicture:
    """Return the picture decoded and written again, turned as its camera says; raise RefusedPictureError.

    Type and size are taken from the content before anything is decoded.
    """
    if len(content) > MOST_BYTES:
        raise RefusedPictureError("The picture is larger than 5 MB.", "Make it smaller.")
    kind = _kind(content)
    try:
        with Image.open(io.BytesIO(content), formats=[kind.name]) as image:
            _check(image, kind)
            ImageOps.exif_transpose(image, in_place=True)
            return _written(image, kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except (*_FAULTS, struct.error, zlib.error) as error:  # Pillow raises many kinds of errors for a damaged file
        raise RefusedPictureError(
            "The picture is damaged.", "Open it in a picture program, and save it again."
        ) from error


def _kind(content: bytes) -> PictureKind:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PictureKind.PNG
    if content.startswith(b"\xff\xd8\xff"):
        return PictureKind.JPEG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return PictureKind.WEBP
    hint = "Save it as PNG, JPEG or WebP."
    start = content[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_DRAWN):
        raise RefusedPictureError("SVG drawings and web pages are not accepted as pictures.", hint)
    raise RefusedPictureError("This type of picture is not accepted.", hint)


def _check(image: Image.Image, kind: PictureKind) -> None:
    """Refuse a picture by its header; further pictures in a JPEG file, such as a depth map, are left out."""
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels()
    if kind is not PictureKind.JPEG and getattr(image, "is_animated", False):
        raise RefusedPictureError("The picture is animated.", "Use a picture that does not move.")


def _too_many_pixels() -> RefusedPictureError:
    return RefusedPictureError("The picture has more than 24 megapixels.", "Make it smaller.")


def _written(image: Image.Image, kind: PictureKind) -> CleanPicture:
    plain = _plain(image, kind)
    for quality in _QUALITIES:
        file = io.BytesIO()
        if kind is PictureKind.PNG:
            plain.save(file, kind.name)
        else:
            plain.save(file, kind.name, quality=quality)
        if file.tell() <= MOST_BYTES:
            return CleanPicture(file.getvalue(), kind, plain.width, plain.height)
    raise RefusedPictureError("The picture is too large without compression.", "Make it smaller, or save it as JPEG.")


def _plain(image: Image.Image, kind: PictureKind) -> Image.Image:
    """Return the pixels in a mode that every browser shows, without texts, profiles and thumbnails."""
    mode = _PLAIN_MODES.get(image.mode, image.mode)
    if "transparency" in image.info:
        mode = "RGBA"
    elif kind is not PictureKind.PNG and mode in {"P", "L"}:
        mode = "RGB"
    plain = image.convert(mode)
    plain.info = {}
    return plain
