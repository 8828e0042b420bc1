"""Table `search_block` with its full-text index: FTS5 with triggers on SQLite, a stored vector on PostgreSQL."""

from collections.abc import Callable
from typing import cast

from sqlalchemy import DDL, Index, SmallInteger, String, event
from sqlalchemy.orm import Mapped, mapped_column

from app.access.policy import Sensitivity
from app.db.base import Base, Numbered


class SearchBlock(Numbered):
    """A block of a published text: its URL, its sensitivity, its plain text and the folded text that is searched."""

    __tablename__ = "search_block"

    kind: Mapped[str] = mapped_column(String(32))
    ref: Mapped[str] = mapped_column(String(80))  # the thing whose publishing put the block here
    language: Mapped[str] = mapped_column(String(12))
    sensitivity: Mapped[Sensitivity]
    country: Mapped[str | None] = mapped_column(String(2))  # NULL: not about one country
    title: Mapped[str] = mapped_column(String(300))
    anchor: Mapped[str] = mapped_column(String(80))
    path: Mapped[str] = mapped_column(String(300))
    text: Mapped[str]
    folded: Mapped[str]

    __table_args__ = (Index(None, "kind", "ref"),)


class SearchTerm(Base):
    """A folded word of the index, under which misspelt words are looked up; words are only added."""

    __tablename__ = "search_term"

    word: Mapped[str] = mapped_column(String(40), primary_key=True)


class SearchGram(Base):
    """A trigram of a word of the index, with the length of the word: one look-up finds all candidates."""

    __tablename__ = "search_gram"

    gram: Mapped[str] = mapped_column(String(3), primary_key=True)
    length: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    word: Mapped[str] = mapped_column(String(40), primary_key=True)


# SQLite: a full-text table beside the blocks that triggers keep in step. Its name begins with the table's that the
# migrations leave out of their comparison. Words are folded and cut already: marks of letters belong to them here, too.
FULL_TEXT_ON_SQLITE = (
    """CREATE VIRTUAL TABLE search_text USING fts5(
    folded, content='search_block', content_rowid='id',
    tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
)""",
    """CREATE TRIGGER search_block_added AFTER INSERT ON search_block BEGIN
    INSERT INTO search_text (rowid, folded) VALUES (new.id, new.folded);
END""",
    """CREATE TRIGGER search_block_removed AFTER DELETE ON search_block BEGIN
    INSERT INTO search_text (search_text, rowid, folded) VALUES ('delete', old.id, old.folded);
END""",
    """CREATE TRIGGER search_block_changed AFTER UPDATE OF folded ON search_block BEGIN
    INSERT INTO search_text (search_text, rowid, folded) VALUES ('delete', old.id, old.folded);
    INSERT INTO search_text (rowid, folded) VALUES (new.id, new.folded);
END""",
)
# PostgreSQL: the vector is stored, so that ranking does not compute it again for every matching block
FULL_TEXT_ON_POSTGRESQL = (
    """ALTER TABLE search_block ADD COLUMN search_text_vector tsvector
    GENERATED ALWAYS AS (to_tsvector('simple', folded)) STORED""",
    "CREATE INDEX search_text ON search_block USING gin (search_text_vector)",
)


def _listen(moment: str, statement: str, dialect: str) -> None:
    make = cast("Callable[[str], DDL]", DDL)  # SQLAlchemy gives it no types
    event.listen(SearchBlock.__table__, moment, make(statement).execute_if(dialect=dialect))


for _statement in FULL_TEXT_ON_SQLITE:
    _listen("after_create", _statement, "sqlite")
for _statement in FULL_TEXT_ON_POSTGRESQL:
    _listen("after_create", _statement, "postgresql")
_listen("before_drop", "DROP TABLE IF EXISTS search_text", "sqlite")
