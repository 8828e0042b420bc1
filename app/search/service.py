"""Putting texts into the index and taking them out."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, insert

from app.access.policy import Sensitivity
from app.db.session import db
from app.search import domain
from app.search.models import SearchBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block of plain text (no markup), its page (`path`) and its place there (`anchor`, "" for the top)."""

    language: str
    sensitivity: Sensitivity
    title: str
    path: str
    text: str
    anchor: str = ""
    country: str | None = None


def put(kind: str, ref: str, blocks: Iterable[Block]) -> None:
    """Let a thing be found by these blocks, and by none that it had before."""
    withdraw(kind, ref)
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


def withdraw(kind: str, ref: str) -> None:
    """Let a thing be found no longer."""
    db.session.execute(delete(SearchBlock).where(SearchBlock.kind == kind, SearchBlock.ref == ref))
