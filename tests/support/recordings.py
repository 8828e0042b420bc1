"""Small recordings, written byte by byte: a test needs no program that encodes sound or film."""

import struct

FILM = b"the film itself"
_FRAME = b"\xff\xfb\x90\x00" + bytes(413)  # MPEG 1, layer III, 128 kbit/s, 44.1 kHz: 417 bytes, 1152 samples


def of_type(ending: str, *, seconds: int, note: bytes = b"") -> bytes:
    """Return a recording with a note in its metadata."""
    return {"mp3": mp3, "mp4": mp4, "webm": webm}[ending](seconds=seconds, note=note)


def mp3(*, seconds: int, note: bytes = b"") -> bytes:
    """Return frames of silence, after a tag if there is a note."""
    tag = b"ID3\x04\x00\x00" + struct.pack(">I", len(note)) + note if note else b""
    return tag + _FRAME * round(seconds * 44_100 / 1152)


def mp4(*, seconds: int, note: bytes = b"", is_long: bool = False) -> bytes:
    """Return the boxes of a film; with `is_long` its length has 64 bits."""
    if is_long:
        mvhd = b"\1\0\0\0" + bytes(16) + struct.pack(">IQ", 1000, seconds * 1000)
    else:
        mvhd = bytes(4) + bytes(8) + struct.pack(">II", 1000, seconds * 1000)
    handler = _box(b"hdlr", bytes(8) + b"vide")
    track = _box(b"trak", _box(b"mdia", handler) + _box(b"udta", note))
    moov = _box(b"moov", _box(b"mvhd", mvhd) + track + _box(b"udta", _box(b"\xa9xyz", note)))
    return _box(b"ftyp", b"isom\0\0\2\0isomavc1") + moov + _box(b"mdat", FILM)


def webm(*, seconds: int, note: bytes = b"") -> bytes:
    """Return the elements of a film."""
    info = _element(b"\x2a\xd7\xb1", b"\x0f\x42\x40") + _element(b"\x44\x89", struct.pack(">d", seconds * 1000.0))
    info += _element(b"\x7b\xa9", note)
    tags = _element(b"\x12\x54\xc3\x67", note)
    cluster = _element(b"\x1f\x43\xb6\x75", FILM)
    head = _element(b"\x1a\x45\xdf\xa3", _element(b"\x42\x82", b"webm"))
    return head + _element(b"\x18\x53\x80\x67", _element(b"\x15\x49\xa9\x66", info) + tags + cluster)


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def _element(name: bytes, content: bytes) -> bytes:
    return name + struct.pack(">Q", len(content) | 1 << 56) + content
