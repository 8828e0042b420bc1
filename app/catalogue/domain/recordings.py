"""Read MP3, MP4 and WebM files: their length, and their content without metadata, which may name people and places.

Metadata of MP4 and WebM is overwritten and not cut out, because these files contain positions of their own bytes.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

TYPES: Mapping[str, str] = {"mp3": "audio", "mp4": "video", "webm": "video"}  # by the ending of a name
_BITRATES = {  # kilobits a second of layer III, by version (ISO/IEC 11172-3 and 13818-3)
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = (44_100, 48_000, 32_000)
_DIVIDED = {3: 1, 2: 2, 0: 4}  # by the bits of the version: MPEG 1, 2 and 2.5 divide the sample rate
_LONGEST = 24 * 3600  # seconds; more is a damaged number
_FEWEST_FRAMES = 4  # fewer in a row are not a recording
_PARENTS = frozenset({b"moov", b"trak", b"mdia"})
_METADATA = frozenset({b"udta", b"meta", b"uuid"})
_SEGMENT, _INFO, _TAGS, _ATTACHMENTS = 0x18538067, 0x1549A966, 0x1254C367, 0x1941A469
_DOC_TYPE, _SCALE, _DURATION, _TITLE = 0x4282, 0x2AD7B1, 0x4489, 0x7BA9


class DamagedRecordingError(ValueError):
    """A file is not a whole recording of its type."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording without metadata; its type is the ending of its name: mp3, mp4 or webm."""

    content: bytes
    ending: str
    seconds: float


def read_recording(content: bytes) -> Recording | None:
    """Return the recording, or None for another type of file. Raises DamagedRecordingError if it is damaged."""
    try:
        recording = _read(content)
    except (struct.error, IndexError, OverflowError) as error:
        raise DamagedRecordingError(str(error)) from error
    if recording is not None and not 0 < recording.seconds < _LONGEST:
        raise DamagedRecordingError("no length")
    return recording


def _read(content: bytes) -> Recording | None:
    if content[4:8] == b"ftyp":
        return _mp4(content)
    if content.startswith(b"\x1a\x45\xdf\xa3"):
        return _webm(content)
    if content.startswith(b"ID3") or _frame_size(content, 0):
        return _mp3(content)
    return None


def length_text(seconds: float) -> str:
    """Return a length as minutes and seconds, such as 1:05."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"


def _mp3(content: bytes) -> Recording:
    """Return the frames from the first on; tags before and after them are left out."""
    start = _after_tags(content)
    at, count, samples_a_second, samples = start, 0, 1, 0
    while size := _frame_size(content, at):
        samples_a_second, samples = _samples(content, at)
        at, count = at + size, count + 1
    if count < _FEWEST_FRAMES:
        raise DamagedRecordingError("too few frames")
    return Recording(content[start:at], "mp3", count * samples / samples_a_second)


def _after_tags(content: bytes) -> int:
    at = 0
    while content[at : at + 3] == b"ID3":
        size = 0
        for byte in content[at + 6 : at + 10]:
            size = size << 7 | byte & 0x7F
        at += size + 10
    return at


def _frame_size(content: bytes, at: int) -> int:
    """Return the size of the frame of layer III at a position, 0 if there is none or it is cut."""
    head = content[at : at + 4]
    if len(head) < 4 or not _is_frame(head):
        return 0
    kilobits = _BITRATES[1 if head[1] >> 3 & 3 == 3 else 2][head[2] >> 4]
    samples_a_second, samples = _samples(content, at)
    size = samples // 8 * kilobits * 1000 // samples_a_second + (head[2] >> 1 & 1)
    return size if at + size <= len(content) else 0


def _is_frame(head: bytes) -> bool:
    version, bitrate, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    is_layer_3 = head[0] == 0xFF and head[1] & 0xE6 == 0xE2
    return is_layer_3 and version in _DIVIDED and bitrate not in {0, 15} and rate != 3


def _samples(content: bytes, at: int) -> tuple[int, int]:
    """Return the samples a second, and the samples of a frame."""
    version = content[at + 1] >> 3 & 3
    return _RATES[content[at + 2] >> 2 & 3] // _DIVIDED[version], 1152 if version == 3 else 576


def _mp4(content: bytes) -> Recording:
    cleaned = bytearray(content)
    boxes = {kind: (start, end) for kind, start, end in _cleaned_boxes(cleaned, 0, len(cleaned))}
    if not {b"moov", b"mvhd", b"mdat"} <= boxes.keys() or b"vide" not in content:
        raise DamagedRecordingError("no film in the file")
    start = boxes[b"mvhd"][0]
    long = cleaned[start] == 1
    scale, duration = struct.unpack_from(">IQ" if long else ">II", cleaned, start + (20 if long else 12))
    if not scale:
        raise DamagedRecordingError("no length")
    return Recording(bytes(cleaned), "mp4", duration / scale)


def _cleaned_boxes(content: bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind and range of the boxes; those with metadata are overwritten with an empty `free` box."""
    while start < end:
        kind, inner, stop = _box(content, start, end)
        if kind in _METADATA:
            content[start + 4 : start + 8] = b"free"
            content[inner:stop] = bytes(stop - inner)
        yield kind, inner, stop
        if kind in _PARENTS:
            yield from _cleaned_boxes(content, inner, stop)
        start = stop


def _box(content: bytearray, start: int, end: int) -> tuple[bytes, int, int]:
    size, kind = struct.unpack_from(">I4s", content, start)
    inner = start + 8
    if size == 1:
        size, inner = struct.unpack_from(">Q", content, inner)[0], inner + 8
    stop = start + size if size else end
    if stop < inner or stop > end:
        raise DamagedRecordingError("a box is cut")
    return kind, inner, stop


def _webm(content: bytes) -> Recording:
    top = {name: (start, stop) for name, _at, start, stop in _elements(content, 0, len(content))}
    head, segment = top.get(0x1A45DFA3), top.get(_SEGMENT)
    if head is None or segment is None or _value(content, head, _DOC_TYPE).rstrip(b"\0") != b"webm":
        raise DamagedRecordingError("no WebM")
    return _cleaned_segment(content, segment)


def _cleaned_segment(content: bytes, segment: tuple[int, int]) -> Recording:
    cleaned, seconds = bytearray(content), 0.0
    for name, at, start, stop in _elements(content, *segment):
        if name == _INFO:
            seconds = _webm_length(content, (start, stop))
            _overwrite(cleaned, start, stop)
        elif name in {_TAGS, _ATTACHMENTS}:
            cleaned[at:stop] = _void(stop - at)
    return Recording(bytes(cleaned), "webm", seconds)


def _overwrite(content: bytearray, start: int, stop: int) -> None:
    for name, _at, inner, end in _elements(bytes(content), start, stop):
        if name == _TITLE:
            content[inner:end] = b" " * (end - inner)


def _void(size: int) -> bytes:
    """Return an element without content; tags have at least five bytes."""
    inner = size - 5
    return b"\xec" + struct.pack(">I", inner | 0x10000000) + bytes(inner)


def _webm_length(content: bytes, info: tuple[int, int]) -> float:
    scale = int.from_bytes(_value(content, info, _SCALE) or b"\x0f\x42\x40")
    duration = _value(content, info, _DURATION) or bytes(4)
    number: float = struct.unpack(">d" if len(duration) == 8 else ">f", duration)[0]
    return number * scale / 1_000_000_000


def _value(content: bytes, within: tuple[int, int], wanted: int) -> bytes:
    for name, _at, start, stop in _elements(content, *within):
        if name == wanted:
            return content[start:stop]
    return b""


def _elements(content: bytes, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield id, position, and range of the content of the elements; an unknown size reaches to the end."""
    while start < end:
        at = start
        width = 9 - content[at].bit_length()
        name = int.from_bytes(content[at : at + width])
        at += width
        size_width = 9 - content[at].bit_length()
        size = int.from_bytes(content[at : at + size_width]) & (1 << 7 * size_width) - 1
        inner = at + size_width
        stop = end if size == (1 << 7 * size_width) - 1 else inner + size
        if width > 4 or size_width > 8 or stop > end:
            raise DamagedRecordingError("an element is cut")
        yield name, start, inner, stop
        start = stop
