"""`sources.toml`: each document that courses cite, with the last day for its next check."""

from datetime import date
from enum import StrEnum

import msgspec

from app.catalogue.domain.problems import Problem
from app.catalogue.domain.references.entries import Id, read_entries, unknown_tables
from app.catalogue.domain.references.located import locate
from app.catalogue.domain.references.toml_writer import plain, toml_text
from app.catalogue.domain.text import TextFile as File


class SourceKind(StrEnum):
    TREATY = "treaty"
    LAW = "law"
    GUIDANCE = "guidance"
    MANUAL = "manual"
    STUDY = "study"


LONG_KINDS = frozenset({SourceKind.GUIDANCE, SourceKind.MANUAL})
"""Kinds of documents with many claims: a reader finds one of them only by its page, paragraph or section."""


class SourceCheck(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class CitedSource(msgspec.Struct, frozen=True):
    """One document. `year` is None if it has none; `how` says how it was checked; `check_by` is inclusive."""

    id: Id
    title: str
    publisher: str
    kind: SourceKind
    binding_for: str
    where: str
    checked: SourceCheck
    how: str
    check_by: date
    year: int | None = None
    year_note: str = ""
    note: str = ""

    def is_due(self, today: date) -> bool:
        """Return whether the day for the next check has passed."""
        return self.check_by < today


class Sources(msgspec.Struct, frozen=True):
    """All sources, in the order of the file."""

    sources: tuple[CitedSource, ...] = ()

    @property
    def ids(self) -> frozenset[str]:
        """Return the ids of all sources."""
        return frozenset(source.id for source in self.sources)

    @property
    def long_ids(self) -> frozenset[str]:
        """Return the ids of the sources of LONG_KINDS."""
        return frozenset(source.id for source in self.sources if source.kind in LONG_KINDS)

    def get(self, name: str) -> CitedSource | None:
        """Return the source of an id, or None."""
        return next((source for source in self.sources if source.id == name), None)


def read_sources(source: File) -> tuple[Sources, list[Problem]]:
    """Return the sources that can be used, and every problem of the file."""
    file, problems = locate(source)
    entries, new_problems = read_entries(file, "source", CitedSource)
    return Sources(entries), problems + new_problems + unknown_tables(file, ["source"])


def write_sources(sources: Sources, before: str = "") -> str:
    """Return the text of `sources.toml`, with the comments of its earlier text."""
    return toml_text({"source": [plain(source) for source in sources.sources]}, before)
