import io
import struct
import warnings
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image, PngImagePlugin

from app.kernel import pictures
from app.kernel.pictures import CleanPicture, PictureKind, RefusedPictureError, clean_picture
from tests.support.examples import examples


def _picture(kind: str, *, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, 200 if mode in "LP1" else None).save(file, kind, **options)  # type: ignore[arg-type]
    return file.getvalue()


def _refusal(content: bytes) -> str:
    with pytest.raises(RefusedPictureError) as caught:
        clean_picture(content)
    assert caught.value.hint
    return caught.value.message


def _opened(picture: CleanPicture) -> Image.Image:
    return Image.open(io.BytesIO(picture.content))


@pytest.mark.parametrize("kind", list(PictureKind))
def test_picture_has_its_kind_and_size(kind: PictureKind) -> None:
    picture = clean_picture(_picture(kind.name))
    assert (picture.kind, picture.width, picture.height) == (kind, 40, 20)
    assert _opened(picture).format == kind.name


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")]
    + [("JPEG", mode) for mode in ("L", "RGB", "CMYK")]
    + [("WEBP", "RGBA")],
)
def test_picture_of_each_colour_mode_is_accepted(kind: str, mode: str) -> None:
    assert clean_picture(_picture(kind, mode=mode)).width == 40


def test_metadata_is_removed() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of an officer"
    exif[0x8825] = {1: "N", 2: (48.0, 12.0, 0.0)}
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Camera of an officer")
    contents = [
        _picture("JPEG", exif=exif, icc_profile=b"Camera of an officer"),
        _picture("WEBP", exif=exif, xmp=b"Camera of an officer"),
        _picture("PNG", exif=exif, pnginfo=texts, icc_profile=b"Camera of an officer"),
    ]
    for content in contents:
        picture = clean_picture(content)
        assert b"Camera of an officer" not in picture.content
        assert not _opened(picture).getexif()
        assert "icc_profile" not in _opened(picture).info


def test_picture_is_turned_as_the_camera_says_before_the_note_of_it_is_removed() -> None:
    image = Image.new("RGB", (40, 20), "white")
    image.paste("red", (0, 0, 10, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter to the right
    file = io.BytesIO()
    image.save(file, "PNG", exif=exif)
    turned = clean_picture(file.getvalue())
    assert (turned.width, turned.height) == (20, 40)
    assert _opened(turned).convert("RGB").getpixel((10, 2)) == (255, 0, 0)


def test_transparency_is_preserved() -> None:
    picture = clean_picture(_picture("PNG", mode="P", transparency=0))
    assert _opened(picture).mode == "RGBA"


def test_data_after_the_picture_is_removed() -> None:
    content = _picture("PNG") + b"PK\x03\x04<script>alert(1)</script>"
    assert b"script" not in clean_picture(content).content


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_animated_picture_is_refused(kind: str) -> None:
    file = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(file, kind, save_all=True, append_images=frames[1:])
    assert _refusal(file.getvalue()) == "The picture is animated."


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\xef\xbb\xbf  <?xml version='1.0'?><svg/>",
        b"<!DOCTYPE html><html></html>",
        b"\n<HTML><body>",
    ],
)
def test_drawing_and_web_page_are_refused(content: bytes) -> None:
    assert _refusal(content) == "SVG drawings and web pages are not accepted as pictures."


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_picture_of_another_type_is_refused(kind: str) -> None:
    assert _refusal(_picture(kind)) == "This type of picture is not accepted."


@pytest.mark.parametrize("content", [b"", b"text", b"%PDF-1.7", b"RIFF\x00\x00\x00\x00WAVE"])
def test_file_that_is_not_a_picture_is_refused(content: bytes) -> None:
    assert _refusal(content) == "This type of picture is not accepted."


def test_file_over_five_megabytes_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "open", _never)
    assert _refusal(_picture("PNG") + b"\0" * pictures.MOST_BYTES) == "The picture is larger than 5 MB."


def _never(*_arguments: object, **_options: object) -> None:
    raise AssertionError


def _png(width: int, height: int, rows: bytes = b"") -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(6001, 4000), (7000, 7000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_decompression_bomb_is_refused_by_its_header(width: int, height: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image.Image, "load", _never)
    with warnings.catch_warnings(record=True) as caught:
        assert _refusal(_png(width, height)) == "The picture has more than 24 megapixels."
    assert not caught


def test_picture_of_exactly_24_megapixels_is_accepted() -> None:
    rows = (b"\0" + b"\0" * 750) * 4000
    assert clean_picture(_png(6000, 4000, rows)).width == 6000


def test_hidden_text_that_unpacks_to_much_is_refused() -> None:
    body = b"Comment\0\0" + zlib.compress(b"a" * 70_000_000)
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    content = _png(8, 8, b"\0\0" * 8)
    assert _refusal(content[:33] + chunk + content[33:]) == "The picture is damaged."


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _without_data(content: bytes) -> bytes:
    return content[:33] + content[-12:]


@pytest.mark.parametrize("damage", [_cut, _without_data])
def test_damaged_picture_is_refused(damage: Callable[[bytes], bytes]) -> None:
    assert _refusal(damage(_picture("PNG"))) == "The picture is damaged."


_STARTS = [_picture("PNG"), _picture("JPEG"), _picture("WEBP")]


@given(st.sampled_from(_STARTS), st.integers(0, 400), st.binary(max_size=20))
@settings(max_examples=examples(60), deadline=None)
def test_changed_bytes_never_raise_other_errors(content: bytes, position: int, change: bytes) -> None:
    position %= len(content)
    try:
        picture = clean_picture(content[:position] + change + content[position + len(change) :])
    except RefusedPictureError:
        return
    assert picture.width * picture.height <= pictures.MOST_PIXELS
