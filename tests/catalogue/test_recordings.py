import struct

import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.recordings import DamagedRecordingError, Recording, length_text, read_recording
from tests.support import recordings

SECRET = b"Home of an officer"


def _read(content: bytes) -> Recording:
    recording = read_recording(content)
    assert recording is not None
    return recording


@pytest.mark.parametrize("ending", ["mp3", "mp4", "webm"])
def test_recording_has_its_length_and_no_metadata(ending: str) -> None:
    content = recordings.of_type(ending, seconds=90, note=SECRET)
    assert SECRET in content
    recording = _read(content)
    assert recording.ending == ending
    assert recording.seconds == pytest.approx(90, abs=0.05)
    assert SECRET not in recording.content
    assert _read(recording.content) == recording


@pytest.mark.parametrize("ending", ["mp4", "webm"])
def test_metadata_is_overwritten_at_its_position(ending: str) -> None:
    content = recordings.of_type(ending, seconds=2, note=SECRET)
    cleaned = _read(content).content
    assert len(cleaned) == len(content)
    assert cleaned[content.index(recordings.FILM) :].startswith(recordings.FILM)


def test_bytes_after_the_last_frame_are_left_out() -> None:
    content = recordings.of_type("mp3", seconds=2)
    assert _read(content + b"TAG" + SECRET).content == content


def test_long_fields_of_an_mp4_are_read() -> None:
    assert _read(recordings.mp4(seconds=7, is_long=True)).seconds == 7


@pytest.mark.parametrize("content", [b"", b"text", b"\xff\xd8\xff\xe0", b"RIFF1234WAVE", b"%PDF-1.7"])
def test_other_files_are_no_recordings(content: bytes) -> None:
    assert read_recording(content) is None


@pytest.mark.parametrize("ending", ["mp4", "webm"])
@pytest.mark.parametrize("seconds", [0, 86_401])
def test_recording_without_a_usable_length_is_refused(ending: str, seconds: int) -> None:
    with pytest.raises(DamagedRecordingError):
        read_recording(recordings.of_type(ending, seconds=seconds))


def test_sound_without_film_is_not_an_mp4() -> None:
    with pytest.raises(DamagedRecordingError):
        read_recording(recordings.of_type("mp4", seconds=2).replace(b"vide", b"soun"))


@given(ending=st.sampled_from(["mp3", "mp4", "webm"]), data=st.data())
def test_damaged_recording_is_read_or_refused(ending: str, data: st.DataObject) -> None:
    content = bytearray(recordings.of_type(ending, seconds=1, note=SECRET))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(content[: data.draw(st.integers(0, len(content)))])
    assert _is_clean_or_refused(cut)


@given(tail=st.binary(max_size=60))
def test_any_bytes_after_a_signature_are_read_or_refused(tail: bytes) -> None:
    for start in (struct.pack(">I4s", 8, b"ftyp"), b"\x1a\x45\xdf\xa3", b"ID3\4\0\0\0\0\0\0", b"\xff\xfb\x90\x00"):
        assert _is_clean_or_refused(start + tail)


def _is_clean_or_refused(content: bytes) -> bool:
    """Return whether a recording is refused, or has a type and a length and can be read a second time."""
    try:
        recording = read_recording(content)
    except DamagedRecordingError:
        return True
    if recording is None:
        return True
    has_facts = recording.ending in {"mp3", "mp4", "webm"} and recording.seconds >= 0
    return has_facts and read_recording(recording.content) is not None


@pytest.mark.parametrize(("seconds", "text"), [(0.4, "0:00"), (65, "1:05"), (3599.7, "60:00")])
def test_length_is_minutes_and_seconds(seconds: float, text: str) -> None:
    assert length_text(seconds) == text
