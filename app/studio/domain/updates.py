"""Combine a draft with a version that was published after the draft was opened, file by file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.domain.text import normalise
from app.studio.domain.merge import merge

TEXT_FILES = (".md", ".toml", ".vtt")


@dataclass(frozen=True, slots=True)
class DraftUpdate:
    """The files to write, and the paths that both sides changed: they remain as in the draft.

    A change is the digest of the published file, a merged text, or None to delete the file.
    """

    changes: Mapping[str, str | bytes | None]
    conflicts: tuple[str, ...]


def is_text(path: str) -> bool:
    """Return whether a file of a course is text that can be compared and merged."""
    return path.endswith(TEXT_FILES)


def combine(
    base: Mapping[str, str], draft: Mapping[str, str], published: Mapping[str, str], read: Callable[[str], bytes]
) -> DraftUpdate:
    """Return the changes that bring a draft, which began from `base`, up to date with `published`.

    Each mapping has the digests of the files by path within the folder of the course; `read` returns the content of
    a digest. Only texts that both sides changed are read.
    """
    changes: dict[str, str | bytes | None] = {}
    conflicts: list[str] = []
    for path in sorted(base.keys() | published.keys()):
        before, own, theirs = base.get(path), draft.get(path), published.get(path)
        if theirs in {before, own}:
            continue
        if own == before:
            changes[path] = theirs
            continue
        merged = _merged([before, own, theirs], read) if is_text(path) else None
        if merged is None:
            conflicts.append(path)
        else:
            changes[path] = merged
    return DraftUpdate(changes, tuple(conflicts))


def _merged(digests: Sequence[str | None], read: Callable[[str], bytes]) -> bytes | None:
    """Return both changes of a text combined, or None if they overlap or a side has no text.

    The digests are those of the text before both changes, and after each of them.
    """
    try:
        texts = [normalise(read(digest).decode()) for digest in digests if digest is not None]
    except UnicodeDecodeError:
        return None
    if len(texts) < len(digests):
        return None
    result = merge(*texts)
    return None if result.conflicts else result.text.encode()
