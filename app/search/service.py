"""Add and remove blocks of the search index; called when courses and workshops are published or changed."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, insert

from app.access.policy import Sensitivity
from app.db.session import db
from app.search import domain
from app.search.models import SearchBlock


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
            "folded": " ".join(domain.words(block.text)),
        }
        for block in blocks
    ]
    if rows:
        db.session.execute(insert(SearchBlock), rows)


def delete_blocks(kind: str, ref: str) -> None:
    """Delete all blocks of an object from the index."""
    db.session.execute(delete(SearchBlock).where(SearchBlock.kind == kind, SearchBlock.ref == ref))
