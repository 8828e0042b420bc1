import shutil
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from app.catalogue.domain.media import original_of, variant_of
from app.db.session import transaction
from app.kernel import clock
from app.studio import jobs
from app.studio.domain.media_kinds import CleanMedium
from app.studio.domain.media_library import MediumFacts
from app.studio.queries import drafts, videos
from app.studio.service import media, video_conversion
from app.studio.service.media import NewMedium
from tests.support import recordings, studio_site

FACTS = MediumFacts(description="The quay", licence="CC0-1.0", author="A")
VIDEO = recordings.of_type("mp4", seconds=65)
SMALL = recordings.of_type("mp4", seconds=64)
CAPTIONS = CleanMedium(b"WEBVTT\n\n00:01.000 --> 00:02.000\nWho is there?\n", "vtt")
MADE = {"360p": SMALL}


@pytest.fixture
def author(context: Flask) -> studio_site.Author:
    return studio_site.author()


def _add_video(author: studio_site.Author, content: bytes = VIDEO) -> str:
    with transaction():
        upload = NewMedium(CleanMedium(content, "mp4"), "quay.mp4", CAPTIONS)
        return media.add_medium(author.workspace(), upload, FACTS, by=author.id, now=clock.now())


def _convert(monkeypatch: pytest.MonkeyPatch, variants: dict[str, bytes]) -> list[bytes]:
    """Replace ffmpeg; return the list of contents that are converted from now on."""
    converted: list[bytes] = []

    def _variants(content: bytes, _ending: str) -> dict[str, bytes]:
        converted.append(content)
        return variants

    monkeypatch.setattr(video_conversion, "is_available", lambda: True)
    monkeypatch.setattr(video_conversion, "variants", _variants)
    return converted


@pytest.mark.parametrize(
    ("name", "original"),
    [("quay.360p.mp4", "quay.mp4"), ("quay.audio.mp3", "quay.mp4"), ("quay.mp4", ""), ("ship.360p.mp4", "")],
)
def test_variant_belongs_to_the_video_of_its_name(name: str, original: str) -> None:
    assert original_of(name, {"quay.mp4", name}) == original


def test_variant_of_a_webm_video_is_mp4() -> None:
    assert variant_of("quay.webm", "360p") == "quay.360p.mp4"
    assert original_of("quay.360p.mp4", {"quay.webm"}) == "quay.webm"


def test_job_adds_variants_once(author: studio_site.Author, monkeypatch: pytest.MonkeyPatch) -> None:
    converted = _convert(monkeypatch, MADE)
    _add_video(author)
    assert jobs.make_video_variants() == 1
    assert drafts.files(author.workspace())["media/quay.360p.mp4"] == SMALL
    assert jobs.make_video_variants() == 0
    assert converted == [VIDEO]


def test_video_that_is_removed_and_added_again_gets_variants(
    author: studio_site.Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    _convert(monkeypatch, MADE)
    name = _add_video(author)
    jobs.make_video_variants()
    with transaction():
        media.remove_medium(author.workspace(), name, by=author.id, now=clock.now())
    _add_video(author)
    assert jobs.make_video_variants() == 1
    assert drafts.files(author.workspace())["media/quay.360p.mp4"] == SMALL


def test_second_video_of_the_same_name_has_captions_of_its_own(author: studio_site.Author) -> None:
    _add_video(author)
    captions = CleanMedium(CAPTIONS.content + b"One more line.\n", "vtt")
    with transaction():
        upload = NewMedium(CleanMedium(recordings.of_type("webm", seconds=9), "webm"), "quay.webm", captions)
        name = media.add_medium(author.workspace(), upload, FACTS, by=author.id, now=clock.now())
    assert name == "quay-2.webm"
    files = drafts.files(author.workspace())
    assert [files["media/quay.vtt"], files["media/quay-2.vtt"]] == [CAPTIONS.content, captions.content]


def test_video_that_cannot_be_converted_is_tried_once(
    author: studio_site.Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    converted = _convert(monkeypatch, {})
    _add_video(author)
    jobs.make_video_variants()
    jobs.make_video_variants()
    assert len(converted) == 1


def test_variants_of_a_replaced_video_are_removed(author: studio_site.Author, monkeypatch: pytest.MonkeyPatch) -> None:
    converted = _convert(monkeypatch, MADE)
    name = _add_video(author)
    jobs.make_video_variants()
    newer = recordings.of_type("mp4", seconds=70)
    with transaction():
        media.replace_medium(author.workspace(), name, CleanMedium(newer, "mp4"), by=author.id, now=clock.now())
    assert "media/quay.360p.mp4" not in drafts.files(author.workspace())
    jobs.make_video_variants()
    assert converted == [VIDEO, newer]


def test_variants_are_removed_with_their_video(author: studio_site.Author, monkeypatch: pytest.MonkeyPatch) -> None:
    _convert(monkeypatch, MADE)
    name = _add_video(author)
    jobs.make_video_variants()
    with transaction():
        media.remove_medium(author.workspace(), name, by=author.id, now=clock.now())
    assert not [path for path in drafts.files(author.workspace()) if "media/quay" in path]


def test_variants_of_a_video_that_was_removed_are_not_stored(
    author: studio_site.Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = _add_video(author)

    def _variants(_content: bytes, _ending: str) -> dict[str, bytes]:
        with transaction():
            media.remove_medium(author.workspace(), name, by=author.id, now=clock.now())
        return MADE

    monkeypatch.setattr(video_conversion, "is_available", lambda: True)
    monkeypatch.setattr(video_conversion, "variants", _variants)
    assert jobs.make_video_variants() == 0
    assert not [path for path in drafts.files(author.workspace()) if "media/quay" in path]


def test_variant_itself_is_not_converted(author: studio_site.Author, monkeypatch: pytest.MonkeyPatch) -> None:
    _convert(monkeypatch, MADE)
    _add_video(author)
    jobs.make_video_variants()
    assert videos.pending() == []


def test_job_does_nothing_without_ffmpeg(author: studio_site.Author, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_conversion.shutil, "which", lambda _name: None)
    _add_video(author)
    assert jobs.make_video_variants() == 0
    assert len(videos.pending()) == 1


def test_file_that_is_no_video_gives_no_variants() -> None:
    if not video_conversion.is_available():
        pytest.skip("ffmpeg is not installed")
    assert video_conversion.variants(b"#EXTM3U\nfile:///etc/passwd\n", "mp4") == {}


def test_ffmpeg_makes_a_smaller_video_and_its_sound(tmp_path: Path) -> None:
    if not shutil.which("ffmpeg"):
        pytest.skip("ffmpeg is not installed")
    source = tmp_path / "source.mp4"
    pattern = ("-f", "lavfi", "-i", "testsrc2=size=1280x720:duration=2", "-f", "lavfi", "-i", "sine=duration=2")
    subprocess.run(
        ["ffmpeg", "-loglevel", "error", *pattern, "-c:v", "libx264", "-crf", "12", "-c:a", "aac", str(source)],
        check=True,
    )
    content = source.read_bytes()
    variants = video_conversion.variants(content, "mp4")
    assert set(variants) == {"360p", "audio"}
    assert all(len(variant) < len(content) for variant in variants.values())
