"""Compare two Markdown texts block by block, to show the revisions of a lesson, and fold what did not change."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from app.catalogue.domain.markdown_blocks import MarkdownBlock, cut
from app.studio.domain.alignment import changes
from app.studio.domain.tokens import SIMILAR, similarity, word_counts
from app.studio.domain.word_diff import PieceKind, TextPiece, compare_words

_WINDOW = 10  # blocks in which the new form of a removed block is searched


class BlockState(StrEnum):
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class BlockChange:
    """A block of the text after or, if removed, of the text before, with the pieces of its text."""

    state: BlockState
    block: MarkdownBlock
    pieces: tuple[TextPiece, ...]


@dataclass(frozen=True, slots=True)
class BlockSection:
    """Blocks in order; a folded section has unchanged blocks only."""

    is_folded: bool
    changes: tuple[BlockChange, ...]


def compare_blocks(before: str, after: str) -> tuple[BlockChange, ...]:
    """Return each block of both texts in reading order; the texts have LF line ends.

    Blank lines between blocks are not compared.
    """
    blocks, blocks_after = cut(before.split("\n")), cut(after.split("\n"))
    compared: list[BlockChange] = []
    at = 0
    for change in changes([block.text for block in blocks], [block.text for block in blocks_after]):
        compared += [_unchanged(block) for block in blocks_after[at : change.after.start]]
        removed = blocks[change.before.start : change.before.stop]
        compared += _replaced(removed, blocks_after[change.after.start : change.after.stop])
        at = change.after.stop
    return (*compared, *(_unchanged(block) for block in blocks_after[at:]))


def fold(compared: Sequence[BlockChange], context: int) -> tuple[BlockSection, ...]:
    """Return the blocks in sections that alternate between folded and open.

    An open section has changed blocks and up to `context` unchanged blocks on each side. A single unchanged block is
    not folded if a change is beside it.
    """
    is_open = [False] * len(compared)
    for index in (n for n, change in enumerate(compared) if change.state is not BlockState.UNCHANGED):
        start, stop = max(index - context, 0), min(index + context + 1, len(compared))
        is_open[start:stop] = [True] * (stop - start)
    sections = []
    at = 0
    for opened, run in groupby(_without_single_folds(is_open)):
        size = len(list(run))
        sections.append(BlockSection(not opened, tuple(compared[at : at + size])))
        at += size
    return tuple(sections)


def _without_single_folds(is_open: list[bool]) -> list[bool]:
    opened: list[bool] = []
    for value, run in groupby(is_open):
        size = len(list(run))
        opened += [value or size == 1 < len(is_open)] * size
    return opened


def _unchanged(block: MarkdownBlock) -> BlockChange:
    return BlockChange(BlockState.UNCHANGED, block, (TextPiece(PieceKind.SAME, block.text),))


def _removed(block: MarkdownBlock) -> BlockChange:
    return BlockChange(BlockState.REMOVED, block, (TextPiece(PieceKind.REMOVED, block.text),))


def _added(block: MarkdownBlock) -> BlockChange:
    return BlockChange(BlockState.ADDED, block, (TextPiece(PieceKind.ADDED, block.text),))


def _replaced(removed: list[MarkdownBlock], added: list[MarkdownBlock]) -> list[BlockChange]:
    """Compare each removed block with the most similar added block; the pairs do not cross."""
    counts = [word_counts(block.text) for block in added]
    compared: list[BlockChange] = []
    at = 0
    for block in removed:
        index = _most_similar(block, added, counts, at=at)
        if index is None:
            compared.append(_removed(block))
            continue
        compared += [_added(new_block) for new_block in added[at:index]]
        pieces = compare_words(block.text, added[index].text)
        compared.append(BlockChange(BlockState.CHANGED, added[index], pieces))
        at = index + 1
    return compared + [_added(block) for block in added[at:]]


def _most_similar(
    block: MarkdownBlock, added: list[MarkdownBlock], counts: list[Counter[str]], *, at: int
) -> int | None:
    """Return the index of the first most similar block of the same kind from index `at`, or None."""
    own_counts = word_counts(block.text)
    best, index = SIMILAR, None
    for candidate in range(at, min(at + _WINDOW, len(added))):
        if added[candidate].kind != block.kind:
            continue
        value = similarity(own_counts, counts[candidate])
        if value > best or (index is None and value == best):
            best, index = value, candidate
    return index
