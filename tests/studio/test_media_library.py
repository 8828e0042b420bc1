import io
import re

import pytest
from hypothesis import given, strategies as st
from PIL import Image, PngImagePlugin

from app.catalogue.domain.media import Medium, read_media, write_media
from app.catalogue.domain.text import TextFile
from app.kernel.errors import DomainError
from app.kernel.pictures import RefusedPictureError
from app.studio.domain import media_library
from app.studio.domain.media_kinds import clean_captions, clean_medium
from app.studio.domain.media_library import (
    MediumFacts,
    captions_with,
    check_space,
    described,
    markdown_of,
    media_of,
    new_name,
    video_of,
    without,
)
from app.studio.domain.media_uses import MediumUse, uses
from app.web.http.request_limits import MediumConverter
from tests.support import recordings

FACTS = MediumFacts(description="A lamp", licence="CC0-1.0", author="COLEP Academy")
LINES = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=40).map(
    lambda text: " ".join(text.split()) or "x"
)


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("Lamp.PNG", "lamp.png"),
        ("steps.ar.png", "steps.ar.png"),
        ("steps.xx.png", "steps-xx.png"),
        ("../../etc/passwd", "passwd.png"),
        ("مصباح.png", "file.png"),
        ("", "file.png"),
        (".png", "png.png"),
        ("a" * 300 + ".png", "a" * 60 + ".png"),
    ],
    ids=["plain", "language", "no-language", "path", "arabic", "empty", "ending-only", "long"],
)
def test_new_name_is_plain(file_name: str, name: str) -> None:
    assert new_name(file_name, "png", (), {"en", "ar"}) == name


@given(file_name=st.text(max_size=80), taken=st.sets(st.sampled_from(["file.png", "a.png", "file-2.png"])))
def test_new_name_can_be_an_address_and_is_not_taken(file_name: str, taken: set[str]) -> None:
    name = new_name(file_name, "png", taken, {"en", "ar"})
    assert re.fullmatch(MediumConverter.regex, name)
    assert name not in taken


def test_entry_is_written_changed_and_removed() -> None:
    files = {"media.toml": b'# Ours\n[[file]]\nname = "a.svg"\nlicence = "CC0-1.0"\nauthor = "Academy"\n'}
    added = described(files, "lamp.png", FACTS)
    assert (added["media.toml"] or b"").startswith(b"# Ours\n")
    files["media.toml"] = added["media.toml"] or b""
    assert [medium.name for medium in media_of(files)] == ["a.svg", "lamp.png"]
    assert media_of(files)[1].description == "A lamp"
    assert without(files, "lamp.png")["media/lamp.png"] is None
    files["media.toml"] = without(files, "lamp.png")["media.toml"] or b""
    assert [medium.name for medium in media_of(files)] == ["a.svg"]
    assert without(files, "a.svg") == {"media/a.svg": None, "media.toml": None}


def test_entries_of_the_folder_of_media_remain_there() -> None:
    assert list(described({"media/media.toml": b""}, "lamp.png", FACTS)) == ["media/media.toml"]


def test_damaged_entries_are_refused_and_not_overwritten() -> None:
    with pytest.raises(DomainError):
        described({"media.toml": b"[[file\n"}, "lamp.png", FACTS)


@given(description=LINES, licence=LINES, author=LINES)
def test_written_entry_is_read_back(description: str, licence: str, author: str) -> None:
    media = (Medium("lamp.png", licence, author, description=description),)
    assert read_media(TextFile("media.toml", write_media(media))) == (media, [])


@given(description=st.text(max_size=60))
def test_markdown_of_a_picture_is_one_line_with_one_picture(description: str) -> None:
    line = markdown_of("lamp.png", description)
    assert line.splitlines() == [line]
    assert re.fullmatch(r"!\[[^\[\]]*\]\(\.\./media/lamp\.png\)", line)


def test_markdown_of_a_sound_recording_has_a_block_for_its_transcript() -> None:
    assert markdown_of("talk.mp3", "A talk") == "![A talk](../media/talk.mp3)\n\n/// transcript\n\n///"


def test_captions_belong_to_the_video_of_the_same_name() -> None:
    names = ["film.mp4", "film.vtt", "film.ar.vtt", "film-2.vtt", "film.png"]
    assert captions_with("film.mp4", names) == ["film.ar.vtt", "film.vtt"]
    assert captions_with("film.png", names) == []
    assert [video_of(name, names) for name in ("film.ar.vtt", "film-2.vtt", "film.png")] == ["film.mp4", "", ""]


CUES = "00:01.000 --> 00:02.500\nWho is there?"


def test_captions_are_stored_with_their_cues_alone() -> None:
    sent = f"\ufeffWEBVTT - by an officer\r\n\r\nNOTE at home\r\n\r\nSTYLE\r\n::cue {{}}\r\n\r\n1\r\n{CUES}\r\n"
    assert clean_captions(sent.encode()).content.decode() == f"WEBVTT\n\n1\n{CUES}\n"
    assert clean_captions(f"WEBVTT\n{CUES}".encode()).content.decode() == f"WEBVTT\n\n{CUES}\n"


@pytest.mark.parametrize(
    "content",
    [b"", b"WEBVTT\n\nno cue", CUES.encode(), b"WEBVTT\n\n\xff\xfe", b"WEBVTT" + b"x" * 1024**2],
    ids=["empty", "no-cue", "no-signature", "not-text", "large"],
)
def test_other_files_are_no_captions(content: bytes) -> None:
    with pytest.raises(RefusedPictureError):
        clean_captions(content)


@pytest.mark.parametrize("ending", ["mp3", "mp4", "webm"])
def test_recording_is_cleaned(ending: str) -> None:
    cleaned = clean_medium(recordings.of_type(ending, seconds=2, note=b"Home of an officer"))
    assert cleaned.ending == ending
    assert b"Home" not in cleaned.content


def test_long_and_damaged_recordings_are_refused() -> None:
    whole = recordings.of_type("mp4", seconds=2)
    for content in (whole[:60], recordings.of_type("mp3", seconds=1400)):
        with pytest.raises(RefusedPictureError):
            clean_medium(content)


def test_course_has_space_for_a_limited_number_and_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_library, "COURSE_FILES", 2)
    monkeypatch.setattr(media_library, "COURSE_BYTES", 10)
    check_space({"a": 4}, 6)
    check_space({"a": 4, "b": 6}, 6, replaced="b")
    for sizes, added in (({"a": 4}, 7), ({"a": 0, "b": 0}, 0)):
        with pytest.raises(DomainError):
            check_space(sizes, added)


def test_uses_are_lessons_questions_and_cases() -> None:
    texts = {
        "lessons/a.en.md": "# A\n\n![x](../media/lamp.png)\n\n![x](<../media/lamp.png> 'Lamp')\n",
        "lessons/a.ar.md": "![x](../media/steps.png)",
        "test.en.md": "## T01-Q01\n\n![x](media/lamp.png)\n\n## T01-Q02\n\nmedia/other-lamp.png\n",
        "scenario.en.md": "## d1\n\n![x](media/lamp.png)",
    }
    found = uses(texts, ["lamp.png", "steps.png", "steps.ar.png", "steps.fr.png", "free.png"])
    assert found["lamp.png"] == (
        MediumUse("lessons/a.en.md"),
        MediumUse("scenario.en.md"),
        MediumUse("test.en.md", "T01-Q01"),
    )
    assert found["steps.png"] == found["steps.ar.png"] == (MediumUse("lessons/a.ar.md"),)
    assert found["steps.fr.png"] == found["free.png"] == ()


@given(
    kind=st.sampled_from(["PNG", "JPEG", "WEBP"]),
    text=st.text("ABCDEFGHIJ", min_size=8, max_size=60),
    tag=st.sampled_from([0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x8298]),
)
def test_cleaned_picture_has_no_metadata(kind: str, text: str, tag: int) -> None:
    exif = Image.Exif()
    exif[tag] = text
    exif[0x8825] = {1: "N", 2: (48.0, 12.0, 0.0)}
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("Comment", text)
    by_kind = {"PNG": {"pnginfo": notes}, "JPEG": {"comment": text}, "WEBP": {"xmp": text.encode()}}
    options: dict[str, object] = {**by_kind[kind]}
    file = io.BytesIO()
    Image.new("RGB", (9, 7), "navy").save(file, kind, exif=exif, icc_profile=text.encode(), **options)  # type: ignore[arg-type]
    assert text.encode() in file.getvalue()
    cleaned = clean_medium(file.getvalue())
    assert text.encode() not in cleaned.content
    image = Image.open(io.BytesIO(cleaned.content))
    assert not image.getexif()
    assert not {"exif", "xmp", "comment", "icc_profile", "Comment"} & set(image.info)
