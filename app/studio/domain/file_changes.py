"""Count the words that a draft adds to a file and removes from it."""

from dataclasses import dataclass

from app.catalogue.domain.folder_names import Name, Part, name_of
from app.catalogue.domain.text import normalise
from app.studio.domain.block_diff import compare_blocks
from app.studio.domain.tokens import word_counts
from app.studio.domain.updates import is_text
from app.studio.domain.word_diff import PieceKind


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file before and after a change; None: the file does not exist. Words are 0 for files that are not text."""

    path: str
    before: bytes | None
    after: bytes | None
    added_words: int = 0
    removed_words: int = 0


def changed_file(path: str, before: bytes | None, after: bytes | None) -> ChangedFile:
    """Return a changed file with the number of its added and removed words."""
    if not is_text(path):
        return ChangedFile(path, before, after)
    counts = {PieceKind.ADDED: 0, PieceKind.REMOVED: 0, PieceKind.SAME: 0}
    for change in compare_blocks(text_of(before), text_of(after)):
        for piece in change.pieces:
            counts[piece.kind] += _words(piece.text) if piece.kind is not PieceKind.SAME else 0
    return ChangedFile(path, before, after, counts[PieceKind.ADDED], counts[PieceKind.REMOVED])


def shows_keys(path: str) -> bool:
    """Return whether a file of a course has questions with their keys."""
    name = name_of(f"course/{path}")
    return isinstance(name, Name) and name.part is Part.BANK


def text_of(content: bytes | None) -> str:
    """Return a text file with LF line ends, "" for a file that does not exist."""
    return normalise(content.decode("utf-8", "replace")) if content is not None else ""


def _words(text: str) -> int:
    """Return the number of words, without punctuation."""
    return sum(count for token, count in word_counts(text).items() if token[0].isalnum())
