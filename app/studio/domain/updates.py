"""Combine a draft with a version that was published after the draft was opened, file by file."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.catalogue.domain.text import normalise
from app.studio.domain.merge import merge

TEXT_FILES = (".md", ".toml", ".vtt")


@dataclass(frozen=True, slots=True)
class DraftUpdate:
    """The files to write (None deletes), and the paths that both sides changed: they remain as in the draft."""

    changes: Mapping[str, bytes | None]
    conflicts: tuple[str, ...]


def is_text(path: str) -> bool:
    """Return whether a file of a course is text that can be compared and merged."""
    return path.endswith(TEXT_FILES)


def combine(base: Mapping[str, bytes], draft: Mapping[str, bytes], published: Mapping[str, bytes]) -> DraftUpdate:
    """Return the changes that bring a draft, which began from `base`, up to date with `published`.

    Each mapping is by path within the folder of the course.
    """
    changes: dict[str, bytes | None] = {}
    conflicts: list[str] = []
    for path in sorted(base.keys() | published.keys()):
        before, own, theirs = base.get(path), draft.get(path), published.get(path)
        if theirs in {before, own}:
            continue
        if own == before:
            changes[path] = theirs
            continue
        merged = _merged(path, before, own, theirs)
        if merged is None:
            conflicts.append(path)
        else:
            changes[path] = merged
    return DraftUpdate(changes, tuple(conflicts))


def _merged(path: str, before: bytes | None, own: bytes | None, theirs: bytes | None) -> bytes | None:
    """Return both changes of a text combined, or None if they overlap or a side has no text."""
    decoded = [_decoded(content) for content in (before, own, theirs)]
    texts = [text for text in decoded if text is not None]
    if not is_text(path) or len(texts) < len(decoded):
        return None
    result = merge(*texts)
    return None if result.conflicts else result.text.encode()


def _decoded(content: bytes | None) -> str | None:
    """Return the text with LF line ends; None without content or for content that is not UTF-8."""
    try:
        return normalise(content.decode()) if content is not None else None
    except UnicodeDecodeError:
        return None
