"""Rules of the media of a course: names, entries in `media.toml`, the limits of a course.

Each function that changes something takes the files of the course and returns the files to write; None deletes.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from app.catalogue.domain.media import VARIANTS, Medium, is_video, read_media, variant_of, write_media
from app.catalogue.domain.text import TextFile
from app.kernel.errors import DomainError
from app.studio.domain.course_edits import MOST_IN_SLUG, Changes, Files, slug_of

MEGABYTE = 1024 * 1024
COURSE_BYTES = 100 * MEGABYTE  # the limit of an archive of a course: what was exported can be imported again
COURSE_FILES = 500
MEDIA_FILES = ("media.toml", "media/media.toml")
FOLDER = "media/"
VIDEO_TYPES = ("mp4", "webm")


@dataclass(frozen=True, slots=True, kw_only=True)
class MediumFacts:
    """What a user states about a file; `author` or `source` is not empty."""

    description: str
    licence: str
    author: str = ""
    source: str = ""


def medium_path(name: str) -> str:
    """Return the path of a file within the folder of its course."""
    return f"{FOLDER}{name}"


def is_medium(path: str) -> bool:
    """Return whether a path within a course is that of a file in `media/`."""
    return path.startswith(FOLDER) and path not in MEDIA_FILES


def new_name(file_name: str, ending: str, taken: Collection[str], languages: Collection[str]) -> str:
    """Return the name of a new file in small Latin letters; a language such as `.ar` before the ending remains."""
    last = file_name.replace("\\", "/").rpartition("/")[2]
    stem = last.rpartition(".")[0] or last
    title, _, language = stem.rpartition(".")
    end = f".{language}.{ending}" if title and language in languages else f".{ending}"
    text = title if end.count(".") > 1 else stem
    return slug_of(text[:MOST_IN_SLUG], _taken_stems(end, ending, taken), fallback="file") + end


def _taken_stems(end: str, ending: str, taken: Collection[str]) -> set[str]:
    """Return the names without `end`; of videos, also of their captions and smaller variants, whatever their type."""
    ends = [end]
    if ending in VIDEO_TYPES:
        ends = [end.removesuffix(ending) + other for other in (*VIDEO_TYPES, "vtt")]
    return {name.removesuffix(other) for name in taken for other in ends if name.endswith(other)}


def check_space(sizes: Mapping[str, int], added: int, *, replaced: str = "") -> None:
    """Raise DomainError if a file of `added` bytes has no space in the course; `replaced` is removed for it."""
    others = {name: size for name, size in sizes.items() if name != replaced}
    if len(others) >= COURSE_FILES:
        raise DomainError("The course has %(most)s files. Remove one that is not used.", most=COURSE_FILES)
    if sum(others.values()) + added > COURSE_BYTES:
        most = COURSE_BYTES // MEGABYTE
        raise DomainError("The files of a course have %(most)s MB at most. Remove one that is not used.", most=most)


def media_of(files: Files) -> tuple[Medium, ...]:
    """Return the entries of `media.toml`; raise DomainError if the file cannot be read."""
    original = files.get(_media_path(files), b"").decode("utf-8", "replace")
    media, problems = read_media(TextFile("media.toml", original)) if original else ((), [])
    if problems and not media:
        raise DomainError("media.toml has errors. Import the course with a corrected file.")
    return media


def described(files: Files, name: str, facts: MediumFacts) -> Changes:
    """Return `media.toml` with these facts about a file; comments and order remain."""
    media = media_of(files)
    entry = next((medium for medium in media if medium.name == name), Medium(name, facts.licence))
    changed = msgspec.structs.replace(
        entry, licence=facts.licence, author=facts.author, source=facts.source, description=facts.description
    )
    others = tuple(changed if medium.name == name else medium for medium in media)
    return _media_file(files, others if changed in others else (*media, changed))


def without(files: Files, name: str) -> Changes:
    """Return the changes that remove a file with its entry."""
    media = media_of(files)
    remaining = tuple(medium for medium in media if medium.name != name)
    changes: Changes = {medium_path(name): None}
    return changes | (_media_file(files, remaining) if remaining != media else {})


def _media_path(files: Files) -> str:
    return next((path for path in MEDIA_FILES if path in files), MEDIA_FILES[0])


def _media_file(files: Files, media: Sequence[Medium]) -> Changes:
    path = _media_path(files)
    if not media:
        return {path: None}
    original = files.get(path, b"").decode("utf-8", "replace")
    return {path: write_media(tuple(media), original).encode()}


def markdown_of(name: str, description: str) -> str:
    """Return the Markdown that shows a file; characters of the syntax are taken out of the description.

    Below a sound recording is the block in which the user writes the transcript.
    """
    plain = re.sub(r"\s+", " ", re.sub(r"[\[\]\\<>`|]", "", description)).strip()
    line = f"![{plain}](../media/{name})"
    return f"{line}\n\n/// transcript\n\n///" if name.endswith(".mp3") else line


def captions_with(name: str, names: Collection[str]) -> list[str]:
    """Return the captions of a video in all languages, [] for another file."""
    stem = name.rpartition(".")[0]
    pattern = re.compile(rf"{re.escape(stem)}(?:\.[a-z]{{2,3}})?\.vtt")
    return sorted(other for other in names if pattern.fullmatch(other)) if is_video(name) else []


def variants_with(name: str, names: Collection[str]) -> list[str]:
    """Return the smaller variants of a video that exist, [] for another file."""
    return [other for variant in VARIANTS if (other := variant_of(name, variant)) in names and is_video(name)]


def video_of(name: str, names: Collection[str]) -> str:
    """Return the video that needs these captions, "" if there is none."""
    return next((other for other in sorted(names) if name in captions_with(other, names)), "")
