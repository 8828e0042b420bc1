"""Recognise an uploaded file by its content, and clean it: a picture, a recording, or the captions of a video."""

import re
from dataclasses import dataclass

from app.catalogue.domain.recordings import DamagedRecordingError, Recording, read_recording
from app.kernel.pictures import RefusedPictureError, clean_picture

RECORDING_BYTES = 20 * 1024 * 1024
CAPTION_BYTES = 1024 * 1024
_CUE = re.compile(r"^(?:\d{2,}:)?\d{2}:\d{2}\.\d{3} +--> +(?:\d{2,}:)?\d{2}:\d{2}\.\d{3}", re.M)
_AGAIN = "Save it again in a video or sound program."


@dataclass(frozen=True, slots=True)
class CleanMedium:
    """A file as it is stored; `ending` is that of its name."""

    content: bytes
    ending: str


def clean_medium(content: bytes) -> CleanMedium:
    """Return a picture or recording without metadata. Raises RefusedPictureError if it cannot be used."""
    recording = _recording(content)
    if recording is not None:
        return CleanMedium(recording.content, recording.ending)
    picture = clean_picture(content)
    return CleanMedium(picture.content, picture.kind)


def clean_captions(content: bytes) -> CleanMedium:
    """Return the captions of a video with its cues alone. Raises RefusedPictureError if they cannot be used."""
    hint = "Save them as WebVTT, with a time line above each text."
    if len(content) > CAPTION_BYTES:
        raise RefusedPictureError("The captions are larger than 1 MB.", hint)
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise RefusedPictureError("The captions are not text in UTF-8.", hint) from error
    cues = [block.strip("\n") for block in re.split(r"\n{2,}", text) if _CUE.search(block)]
    if not text.startswith("WEBVTT") or not cues:
        raise RefusedPictureError("The captions are not a WebVTT file.", hint)
    cues[0] = cues[0].removeprefix("WEBVTT").lstrip()
    return CleanMedium("\n\n".join(["WEBVTT", *cues]).encode() + b"\n", "vtt")


def _recording(content: bytes) -> Recording | None:
    try:
        recording = read_recording(content)
    except DamagedRecordingError as error:
        raise RefusedPictureError("The recording is damaged, or its length is not known.", _AGAIN) from error
    if recording is not None and len(recording.content) > RECORDING_BYTES:
        raise RefusedPictureError("The recording is larger than 20 MB.", "Make it shorter, or save it in 360p.")
    return recording
