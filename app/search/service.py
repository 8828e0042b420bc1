"""Add and remove blocks of the search index; called when courses and workshops are published or changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from app.access.policy import Sensitivity
from app.db.session import db
from app.db.upsert import insert_ignore
from app.search import domain, spelling
from app.search.models import SearchBlock, SearchGram, SearchTerm

PORTION = 500  # words looked up at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block of plain text (no markup), the `path` of its page, and its `anchor` in the page ("" for the top)."""

    language: str
    sensitivity: Sensitivity
    title: str
    path: str
    text: str
    anchor: str = ""
    country: str | None = None


def replace_blocks(kind: str, ref: str, blocks: Iterable[Block]) -> None:
    """Replace all blocks of an object in the index by these blocks."""
    delete_blocks(kind, ref)
    rows = [
        {
            "kind": kind,
            "ref": ref,
            "language": block.language,
            "sensitivity": block.sensitivity,
            "country": block.country,
            "title": block.title,
            "anchor": block.anchor,
            "path": block.path,
            "text": block.text,
            "folded": " ".join(domain.indexed_words(block.text)),
        }
        for block in blocks
    ]
    if rows:
        db.session.execute(insert(SearchBlock), rows)
        _add_words({word for row in rows for word in str(row["folded"]).split()})


def delete_blocks(kind: str, ref: str) -> None:
    """Delete all blocks of an object from the index."""
    db.session.execute(delete(SearchBlock).where(SearchBlock.kind == kind, SearchBlock.ref == ref))


def add_words(texts: Iterable[str]) -> None:
    """Add the words of texts that are searched elsewhere, so that misspelt ones are corrected."""
    _add_words({word for text in texts for word in domain.indexed_words(text)})


def _add_words(folded: Iterable[str]) -> None:
    """Add the words that are new, with their trigrams."""
    wanted = sorted(word for word in folded if spelling.can_be_corrected(word))
    for start in range(0, len(wanted), PORTION):
        _add_portion(wanted[start : start + PORTION])


def _add_portion(portion: Sequence[str]) -> None:
    existing = frozenset(db.session.scalars(select(SearchTerm.word).where(SearchTerm.word.in_(portion))))
    new = [word for word in portion if word not in existing]
    if new:
        db.session.execute(insert_ignore(SearchTerm), [{"word": word} for word in new])
        db.session.execute(insert_ignore(SearchGram), [gram for word in new for gram in _grams(word)])


def _grams(word: str) -> list[dict[str, object]]:
    return [{"gram": gram, "length": len(word), "word": word} for gram in sorted(spelling.trigrams(word))]
