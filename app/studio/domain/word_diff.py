"""Compare two texts word by word, to show what a revision changed."""

from dataclasses import dataclass
from enum import StrEnum

from app.studio.domain.alignment import AlignedChange, equal_items
from app.studio.domain.tokens import Token, tokens_of


class PieceKind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Text that both texts have, or only the text before, or only the text after."""

    kind: PieceKind
    text: str


def compare_words(before: str, after: str) -> tuple[TextPiece, ...]:
    """Return the pieces in order: SAME and REMOVED together are `before`, SAME and ADDED together are `after`.

    No piece is empty. Short common text between two longer changes is part of both of them, because single words in
    common make a rewritten sentence hard to read.
    """
    pieces: list[TextPiece] = []
    at = 0
    for change in _join(_changes(before, after)):
        pieces += [
            TextPiece(PieceKind.SAME, before[at : change.before.start]),
            TextPiece(PieceKind.REMOVED, before[change.before.start : change.before.stop]),
            TextPiece(PieceKind.ADDED, after[change.after.start : change.after.stop]),
        ]
        at = change.before.stop
    pieces.append(TextPiece(PieceKind.SAME, before[at:]))
    return tuple(piece for piece in pieces if piece.text)


def _changes(before: str, after: str) -> list[AlignedChange]:
    """Return the ranges of characters that differ: what is between two tokens that are equal in both texts."""
    tokens, tokens_after = tokens_of(before), tokens_of(after)
    pairs = equal_items([token.text for token in tokens], [token.text for token in tokens_after])
    equal_tokens = [(tokens[index], tokens_after[index_after]) for index, index_after in pairs]
    changed = []
    at, at_after = 0, 0
    for token, token_after in [*equal_tokens, (Token("", len(before)), Token("", len(after)))]:
        between, between_after = before[at : token.start], after[at_after : token_after.start]
        if between != between_after:
            changed.append(_without_common_space(between, between_after, at, at_after))
        at, at_after = token.stop, token_after.stop
    return changed


def _without_common_space(before: str, after: str, start: int, after_start: int) -> AlignedChange:
    """Return the ranges of two texts that begin at the two characters, without white space common at the ends."""
    leading = _common_space(before, after)
    trailing = _common_space(before[leading:][::-1], after[leading:][::-1])
    return AlignedChange(
        range(start + leading, start + len(before) - trailing),
        range(after_start + leading, after_start + len(after) - trailing),
    )


def _common_space(before: str, after: str) -> int:
    """Return how many characters of white space both texts begin with."""
    count = 0
    for character, character_after in zip(before, after, strict=False):
        if character != character_after or not character.isspace():
            break
        count += 1
    return count


def _join(changed: list[AlignedChange]) -> list[AlignedChange]:
    """Join two changes if the common text between them is at most as long as the shorter one."""
    joined: list[AlignedChange] = []
    for change in changed:
        if joined and change.before.start - joined[-1].before.stop <= min(_size(joined[-1]), _size(change)):
            last = joined.pop()
            before, after = range(last.before.start, change.before.stop), range(last.after.start, change.after.stop)
            joined.append(AlignedChange(before, after))
        else:
            joined.append(change)
    return joined


def _size(change: AlignedChange) -> int:
    return max(len(change.before), len(change.after))
