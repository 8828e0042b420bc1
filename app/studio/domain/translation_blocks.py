"""A translation as a list of blocks beside their source: split a file, change blocks, write the file again."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from app.catalogue.domain.text import TextFile, normalise
from app.catalogue.domain.translations import (
    NOT_TRANSLATED,
    Front,
    FrontState,
    block_hash,
    cut_front,
    write_front,
)
from app.studio.domain.tokens import SIMILAR, similarity, word_counts
from app.studio.domain.translated_parts import TextBlock, TranslatedPart, source_blocks, target_blocks, write_block

# returns the earlier source blocks with these hashes, as far as they are known
EarlierTexts = Callable[[Collection[str]], Mapping[str, str]]


class TranslationBlockState(StrEnum):
    """State of a block; COPIED has no text to translate, TO_REVIEW waits for the second reader."""

    MISSING = "missing"
    CHANGED = "changed"
    TO_REVIEW = "to_review"
    CURRENT = "current"
    COPIED = "copied"


OPEN_STATES = frozenset({TranslationBlockState.MISSING, TranslationBlockState.CHANGED})


@dataclass(frozen=True, slots=True)
class TranslationBlock:
    """A source block with its translation ("" if missing).

    `followed` is the hash of the source block that the translation follows, `earlier` its text: "" if it is unknown.
    `line` is the first line of the translation in its file.
    """

    source: TextBlock
    target: str
    followed: str
    state: TranslationBlockState
    earlier: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Translation:
    """A translated file. `removed` are translations of blocks that the source no longer has."""

    blocks: tuple[TranslationBlock, ...]
    state: FrontState = FrontState.DRAFT
    removed: tuple[str, ...] = ()

    def count(self, *states: TranslationBlockState) -> int:
        """Return the number of blocks in these states."""
        return sum(block.state in states for block in self.blocks)

    @property
    def is_complete(self) -> bool:
        """Return whether no block is missing or follows an earlier source text."""
        return not self.count(*OPEN_STATES)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A block of the translation with the hash that the header has at its position."""

    target: TextBlock
    followed: str


def split(part: TranslatedPart, source: str, target: str | None, earlier: EarlierTexts) -> Translation:
    """Return the blocks of a translation beside those of its source; `target` is None if there is no file yet."""
    sources = source_blocks(part, source)
    front = cut_front(TextFile("", target or ""))[0] or Front(())
    entries = _entries(target_blocks(part, target), front) if target else []
    texts = _earlier_texts(sources, entries, earlier)
    pairs = _pairs_by_hash(sources, entries, texts) if part.is_in_order else _pairs_by_id(sources, entries)
    blocks = tuple(_block(block, pairs.get(index), front, texts) for index, block in enumerate(sources))
    return Translation(blocks, front.state, _removed(entries, list(pairs.values())))


def rebuild(translation: Translation) -> str:
    """Return the file of a translation; a block that is not translated has the text of the source."""
    front = Front(tuple(block.followed for block in translation.blocks), translation.state)
    text = ""
    for block in translation.blocks:
        gap = "\n" if block.source.is_joined else "\n\n"
        text += (gap if text else "") + write_block(block.source, block.target or block.source.text)
    return write_front(front) + text + "\n"


def with_target(translation: Translation, index: int, text: str) -> Translation:
    """Return the translation with another text of a block, which now follows the current source; "" removes it."""
    block, text = translation.blocks[index], clean(text)
    if not text:
        changed = replace(block, target="", followed=NOT_TRANSLATED, state=TranslationBlockState.MISSING)
    else:
        changed = replace(block, target=text, followed=block.source.hash, state=TranslationBlockState.TO_REVIEW)
    return _with_block(translation, index, replace(changed, earlier=""))


def accepted(translation: Translation, index: int) -> Translation:
    """Return the translation with a block that follows the changed source without a change of its text."""
    return with_target(translation, index, translation.blocks[index].target)


def clean(text: str) -> str:
    """Return a submitted text as it is stored in a block."""
    return normalise(text).strip()


def _with_block(translation: Translation, index: int, block: TranslationBlock) -> Translation:
    blocks = (*translation.blocks[:index], block, *translation.blocks[index + 1 :])
    return replace(translation, blocks=blocks, state=FrontState.DRAFT)


def _entries(targets: Sequence[TextBlock], front: Front) -> list[_Entry]:
    """Return the blocks of a file with their hashes; a header that does not fit says nothing about them."""
    hashes: Sequence[str] = front.follows
    if len(targets) != len(hashes):
        hashes = [hash_ for hash_ in front.follows if hash_ != NOT_TRANSLATED]
    if len(targets) != len(hashes):
        hashes = [NOT_TRANSLATED] * len(targets)
    return [_Entry(target, hash_) for target, hash_ in zip(targets, hashes, strict=True)]


def _earlier_texts(sources: Sequence[TextBlock], entries: Sequence[_Entry], earlier: EarlierTexts) -> Mapping[str, str]:
    """Return the source texts, now and earlier, by hash, that the blocks of the translation follow or repeat."""
    texts = {block.hash: block.text for block in sources}
    wanted = {entry.followed for entry in entries} - {NOT_TRANSLATED}
    wanted |= {entry.target.hash for entry in entries if entry.followed == NOT_TRANSLATED}
    unknown = wanted - texts.keys()
    return {**earlier(unknown), **texts} if unknown else texts


def _removed(entries: Sequence[_Entry], paired: Sequence[_Entry]) -> tuple[str, ...]:
    """Return the texts of the blocks without a source block; copied blocks have no translation."""
    unpaired = (entry.target for entry in entries if not any(entry is other for other in paired))
    return tuple(target.text for target in unpaired if not target.is_copied)


def _pairs_by_id(sources: Sequence[TextBlock], entries: Sequence[_Entry]) -> dict[int, _Entry]:
    by_id = {entry.target.id: entry for entry in reversed(entries)}
    return {index: by_id[block.id] for index, block in enumerate(sources) if block.id in by_id}


def _pairs_by_hash(
    sources: Sequence[TextBlock], entries: Sequence[_Entry], texts: Mapping[str, str]
) -> dict[int, _Entry]:
    """Return the entry of each source block: those with its hash, then those between them that fit in order."""
    pairs: dict[int, _Entry] = {}
    hashes = [block.hash for block in sources]
    followed = [entry.followed for entry in entries]
    start, start_entry = 0, 0
    matcher = SequenceMatcher(None, followed, hashes, autojunk=False)
    for first_entry, first, size in matcher.get_matching_blocks():
        between = range(start, first), entries[start_entry:first_entry]
        pairs.update(_pairs_between(sources, *between, texts=texts))
        pairs.update({first + offset: entries[first_entry + offset] for offset in range(size)})
        start, start_entry = first + size, first_entry + size
    return pairs


def _pairs_between(
    sources: Sequence[TextBlock], indexes: range, entries: Sequence[_Entry], *, texts: Mapping[str, str]
) -> Iterator[tuple[int, _Entry]]:
    kinds = [sources[index].kind for index in indexes]
    if kinds == [entry.target.kind for entry in entries]:
        yield from zip(indexes, entries, strict=True)
        return
    first = indexes.start
    for entry in entries:
        fitting = (index for index in range(first, indexes.stop) if _fits(sources[index], entry, texts))
        index = next(fitting, None)
        if index is not None:
            yield index, entry
            first = index + 1


def _fits(source: TextBlock, entry: _Entry, texts: Mapping[str, str]) -> bool:
    if source.kind != entry.target.kind:
        return False
    text = texts.get(entry.followed)
    return text is None or similarity(_counts(text), _counts(source.text)) >= SIMILAR


def _counts(text: str) -> Counter[str]:
    return word_counts(text)


def _block(source: TextBlock, entry: _Entry | None, front: Front, texts: Mapping[str, str]) -> TranslationBlock:
    if source.is_copied:
        return TranslationBlock(
            source, source.text, source.hash, TranslationBlockState.COPIED, line=entry.target.line if entry else 0
        )
    if entry is None or _is_source(entry, texts):
        return TranslationBlock(source, "", NOT_TRANSLATED, TranslationBlockState.MISSING)
    target, line = entry.target.text, entry.target.line
    if entry.followed != source.hash:
        before = texts.get(entry.followed, "")
        return TranslationBlock(source, target, entry.followed, TranslationBlockState.CHANGED, before, line)
    is_reviewed = front.state is FrontState.REVIEWED
    state = TranslationBlockState.CURRENT if is_reviewed else TranslationBlockState.TO_REVIEW
    return TranslationBlock(source, target, entry.followed, state, line=line)


def _is_source(entry: _Entry, texts: Mapping[str, str]) -> bool:
    """Return whether a block has the text of the source, now or earlier, because it is not translated."""
    return entry.followed == NOT_TRANSLATED and block_hash(entry.target.text) in texts
