"""Parse, write and check the media of a course: `media.toml`, and type and size of the files in `media/`."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from app.catalogue.domain.drawings import read_drawing
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.recordings import TYPES
from app.catalogue.domain.text import TextFile, normalise
from app.catalogue.domain.toml_tables import KeyRule, parse_toml, read_fields, tables, text
from app.catalogue.domain.toml_writer import edited_document, new_document

MEGA = 1024 * 1024
SMALL, SOUND = "360p", "audio"
# variants of a video: the word before the ending of their name, and the ending
VARIANTS: Mapping[str, str] = {SMALL: "mp4", SOUND: "mp3"}
MEDIA_NAME = r"[a-z0-9]+(?:[-_.][a-z0-9]+)*\.[a-z0-9]{2,4}"
# The type is taken from the content: ending, limit in bytes, how the content begins, and at which byte.
_TYPES: dict[str, tuple[int, bytes, int]] = {
    "png": (5 * MEGA, b"\x89PNG\r\n\x1a\n", 0),
    "jpg": (5 * MEGA, b"\xff\xd8\xff", 0),
    "jpeg": (5 * MEGA, b"\xff\xd8\xff", 0),
    "webp": (5 * MEGA, b"WEBP", 8),
    "svg": (MEGA, b"", 0),
    "pdf": (20 * MEGA, b"%PDF-", 0),
    "mp3": (20 * MEGA, b"", 0),
    "opus": (700 * 1024, b"OggS", 0),
    "mp4": (20 * MEGA, b"ftyp", 4),
    "webm": (20 * MEGA, b"\x1a\x45\xdf\xa3", 0),
    "vtt": (MEGA, b"WEBVTT", 0),
}


class Medium(msgspec.Struct, frozen=True):
    """A file in `media/`: its licence, who made it or where it is from, and the description to insert with it."""

    name: str
    licence: str
    author: str = ""
    source: str = ""
    description: str = ""  # in the source language; each text that shows the file has its own


_line = text(r"[^\n]*\S[^\n]*", "a text of one line in quotes")
_MEDIUM = {
    "name": KeyRule(text(MEDIA_NAME, "a file name in small letters, such as route-map.png"), needed=True),
    "licence": KeyRule(_line, needed=True),
    "author": KeyRule(_line),
    "source": KeyRule(_line),
    "description": KeyRule(_line),
}
_FILE = {"file": KeyRule(tables(_MEDIUM, Medium))}
_DEFAULTS = {"file": {"author": "", "source": "", "description": ""}}


def read_media(source: TextFile) -> tuple[tuple[Medium, ...], list[Problem]]:
    """Return the media that are named with their rights, and every problem of `media.toml`."""
    plain, desk = parse_toml(source)
    media: tuple[Medium, ...] = ((read_fields(plain, _FILE, desk, ()) or {}) if plain else {}).get("file", ())
    met: set[str] = set()
    for index, medium in enumerate(media):
        path = ("file", index)
        if medium.name in met:
            desk.note(path, '"%(name)s" is here twice.', "Remove one of the two.", name=medium.name)
        if not medium.author and not medium.source:
            message, hint = '"%(name)s" has neither author nor source.', 'Add "author = ..." or "source = ...".'
            desk.note(path, message, hint, name=medium.name)
        met.add(medium.name)
    return media, desk.problems


def write_media(media: tuple[Medium, ...], original: str | None = None) -> str:
    """Return the text of `media.toml`; comments and order of `original` are kept."""
    if not original:
        return new_document(_plain(media), _DEFAULTS)
    original = normalise(original)
    before, _ = read_media(TextFile("media.toml", original))
    if before == media:
        return original
    written = edited_document(original, _plain(media), before=_plain(before), defaults=_DEFAULTS)
    return written if read_media(TextFile("media.toml", written))[0] == media else write_media(media)


def _plain(media: tuple[Medium, ...]) -> dict[str, Any]:
    return {"file": [msgspec.structs.asdict(medium) for medium in media]} if media else {}


def hash_of(content: bytes) -> str:
    """Return the SHA-256 by which a medium is addressed."""
    return hashlib.sha256(content).hexdigest()


def is_video(name: str) -> bool:
    """Return whether a file is a video, by its name."""
    return TYPES.get(name.rpartition(".")[2]) == "video"


def captions_of(name: str, language: str = "") -> str:
    """Return the name of the captions of a video, in the source language or in another one."""
    stem = name.rpartition(".")[0]
    return f"{stem}.{language}.vtt" if language else f"{stem}.vtt"


def variant_of(name: str, variant: str) -> str:
    """Return the name of a variant of a video: `film.mp4` has `film.360p.mp4` and `film.audio.mp3`."""
    return f"{name.rpartition('.')[0]}.{variant}.{VARIANTS[variant]}"


def original_of(name: str, names: Collection[str]) -> str:
    """Return the video that a file is a variant of, "" if it is none."""
    for variant, ending in VARIANTS.items():
        stem = name.removesuffix(f".{variant}.{ending}")
        if stem != name:
            return next((video for video in (f"{stem}.mp4", f"{stem}.webm") if video in names), "")
    return ""


def check_media(folder: str, media: tuple[Medium, ...], contents: Mapping[str, bytes]) -> list[Problem]:
    """Return the problems of the files: no entry, no file, wrong type, too large. Keys are bare names."""
    named = {medium.name for medium in media}
    problems = []
    for name, content in contents.items():
        file = f"{folder}/media/{name}"
        problems += _check_content(file, name.rpartition(".")[2], content)
        if not original_of(name, contents):  # a variant has the entry and the captions of its video
            problems += _check_companions(file, name, named, contents)
    message, hint = 'The folder media has no file "%(name)s".', "Add the file, or delete its entry."
    missing = sorted(named - contents.keys())
    return problems + [Problem(f"{folder}/media.toml", 1, message, hint, {"name": name}) for name in missing]


def _check_companions(file: str, name: str, named: Collection[str], contents: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yield a problem if the entry or the captions of a file are missing."""
    if name not in named:
        hint = 'Add "[[file]]" with name, licence, and author or source to media.toml.'
        yield Problem(file, 1, "This file is not named in media.toml.", hint)
    if is_video(name) and captions_of(name) not in contents:
        message, hint = "The video has no captions.", 'Add them as "%(captions)s".'
        yield Problem(file, 1, message, hint, {"captions": captions_of(name)})


def _check_content(file: str, ending: str, content: bytes) -> list[Problem]:
    if ending not in _TYPES:
        message, hint = 'Files of the type "%(type)s" are not shown.', "Use one of: %(types)s."
        return [Problem(file, 1, message, hint, {"type": ending, "types": ", ".join(_TYPES)})]
    if ending == "svg":
        return read_drawing(file, content).problems
    limit, begins, at = _TYPES[ending]
    problems = []
    if len(content) > limit:
        message, hint = "The file has %(size)s bytes; the limit is %(limit)s.", "Make it smaller."
        problems.append(Problem(file, 1, message, hint, {"size": len(content), "limit": limit}))
    if content[at : at + len(begins)] != begins:
        message, hint = (
            "The content is not of the type %(type)s.",
            "Save it as %(type)s, or correct the ending of its name.",
        )
        problems.append(Problem(file, 1, message, hint, {"type": ending}))
    return problems
