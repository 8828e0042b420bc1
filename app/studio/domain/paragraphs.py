"""Find the block that a remark refers to after the text was edited."""

from collections.abc import Sequence

from app.catalogue.domain.translations import block_hash
from app.studio.domain.tokens import SIMILAR, similarity, word_counts


def locate(anchor: str, index: int, blocks: Sequence[str], *, text: str = "") -> int | None:
    """Return the index of the block with the hash `anchor`, the nearest to `index` if there are several.

    Without such a block, return the block most similar to `text`, the text of the block when the remark was written;
    None if no block is similar. `anchor` is a result of `block_hash`, `index` the former index from 0.
    """
    equal = [position for position, block in enumerate(blocks) if block_hash(block) == anchor]
    if equal:
        return min(equal, key=lambda position: abs(position - index))
    counts = word_counts(text)
    if not counts:
        return None
    values = {position: similarity(counts, word_counts(block)) for position, block in enumerate(blocks)}
    similar = [position for position, value in values.items() if value >= SIMILAR]
    return min(similar, key=lambda position: (-values[position], abs(position - index)), default=None)
