"""Search blocks of text on SQLite or PostgreSQL within the rights of the actor; used by the page /search."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, column, func, literal_column, or_, select, table, true

from app.access.policy import Actor, Sensitivity, practitioner
from app.db.session import db
from app.search import domain, spelling
from app.search.domain import SnippetPart
from app.search.models import SearchBlock, SearchGram

PAGE = 20
CORRECTED = 8  # words of a text that are corrected
CANDIDATES, SIMILAR = 60, 3  # words compared with an unknown word, and words that may replace it
Further = Mapping[str, Collection[str] | None]
NOTHING: Further = {}
_full_text = table("search_text", column("rowid"), column("folded"), column("rank"))


@dataclass(frozen=True, slots=True)
class Hit:
    """A block that matches: its URL, its language, and a snippet around the first matching word."""

    kind: str
    ref: str
    language: str
    country: str | None
    title: str
    path: str
    anchor: str
    parts: tuple[SnippetPart, ...]


def readable(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL twin of the policy for Action.READ_COURSE."""
    unrestricted = SearchBlock.sensitivity == Sensitivity.UNRESTRICTED
    if practitioner(actor):
        return or_(unrestricted, SearchBlock.sensitivity == Sensitivity.LAW_ENFORCEMENT_ONLY)
    return unrestricted


def find(
    text: str,
    *,
    actor: Actor,
    language: str,
    drafts: bool = False,
    further: Further = NOTHING,
    limit: int = PAGE,
    offset: int = 0,
) -> list[Hit]:
    """Return the blocks that contain, for each word of the text, a word that begins with it, within the actor's rights.

    Unchecked translations are included only if `drafts` is true. `further` names, by kind, the refs that this actor
    may read whatever their sensitivity (None: all of the kind), for packages with another policy than courses.

    Blocks in the given language come first, the best match first. No text raises an error; a text without words
    returns an empty list. Only the first 200 characters count.
    """
    asked = domain.question(text)
    if not asked:
        return []
    matching, worse = _matching(asked)
    allowed = matching.where(_allowed(actor, further), _checked(drafts=drafts))
    query = _page(allowed, worse, language=language, limit=limit, offset=offset)
    return [_hit(block, asked) for block in db.session.scalars(query)]


def count(text: str, *, actor: Actor, drafts: bool = False, further: Further = NOTHING) -> int:
    """Return the total number of blocks that `find` returns for this text."""
    asked = domain.question(text)
    return _number(asked, actor, drafts=drafts, further=further) if asked else 0


def corrections(
    text: str, *, actor: Actor, drafts: bool = False, further: Further = NOTHING, most: int = 6
) -> Iterator[str]:
    """Yield the text with its unknown words replaced by similar words of the index, the most similar first.

    A word is unknown if no block that the actor may read has a word that begins with it. What is yielded need not
    have results: the caller tries one after the other and shows the first with results, so that no word of a text
    that the actor may not read is revealed.
    """
    asked = domain.question(text)[:CORRECTED]
    unknown = {word: _similar(word) for word in asked if _is_unknown(word, actor, drafts=drafts, further=further)}
    replaceable = [word for word, similar in unknown.items() if similar]
    if not replaceable:
        return
    for chosen in islice(product(*(unknown[word] for word in replaceable)), most):
        yield domain.replaced_words(text, dict(zip(replaceable, chosen, strict=True)))


def _is_unknown(word: str, actor: Actor, *, drafts: bool, further: Further) -> bool:
    if not spelling.can_be_corrected(word):
        return False
    # all are counted: for a first one alone PostgreSQL, which expects many, would read all blocks, not the index
    return _number([word], actor, drafts=drafts, further=further) == 0


def _number(asked: Sequence[str], actor: Actor, *, drafts: bool, further: Further) -> int:
    """Return the number of blocks with all these words that the actor may read."""
    matching, _worse = _matching(asked)
    query = matching.where(_allowed(actor, further), _checked(drafts=drafts)).with_only_columns(
        func.count(), maintain_column_froms=True
    )
    return db.session.scalar(query) or 0


def _similar(word: str) -> list[str]:
    """Return the words of the index that are similar to a word, the most similar first."""
    shared = func.count()
    reach = spelling.most_edits(word)
    query = (
        select(SearchGram.word, shared)
        .where(
            SearchGram.gram.in_(sorted(spelling.trigrams(word))),
            SearchGram.length.between(len(word) - reach, len(word) + reach),
        )
        .group_by(SearchGram.word)
        .having(shared >= spelling.fewest_shared(word))
        .order_by(shared.desc(), SearchGram.word)
        .limit(CANDIDATES)
    )
    return spelling.closest(word, {row[0]: row[1] for row in db.session.execute(query)}, SIMILAR)


def _allowed(actor: Actor, further: Further) -> ColumnElement[bool]:
    """Return the condition for blocks that the actor may read; `further` only adds to the policy of courses."""
    of_kind = (
        and_(SearchBlock.kind == kind, true() if refs is None else SearchBlock.ref.in_(refs))
        for kind, refs in further.items()
    )
    return or_(readable(actor), *of_kind)


def _checked(*, drafts: bool) -> ColumnElement[bool]:
    return true() if drafts else SearchBlock.kind != domain.DRAFT


def _matching(asked: Sequence[str]) -> tuple[Select[SearchBlock], ColumnElement[Any]]:
    """Return the query for blocks with all these words, and the number that sorts them, the smallest first."""
    # the words hold letters, marks and digits alone: no sign of either question language can be among them
    if db.engine.dialect.name == "sqlite":
        wanted = " ".join(f'"{word}"*' for word in asked)
        match = literal_column("search_text").op("MATCH")(wanted)
        query = select(SearchBlock).join(_full_text, _full_text.c.rowid == SearchBlock.id).where(match)
        return query, _full_text.c.rank
    vector: ColumnElement[Any] = literal_column("search_block.search_text_vector")
    asking = func.to_tsquery(literal_column("'simple'"), " & ".join(f"'{word}':*" for word in asked))
    return select(SearchBlock).where(vector.op("@@")(asking)), -func.ts_rank(vector, asking)


def _page(
    matching: Select[SearchBlock], worse: ColumnElement[Any], *, language: str, limit: int, offset: int
) -> Select[SearchBlock]:
    """Return the query for a page of the matching blocks: only ids and ranks are sorted, not the texts of all."""
    foreign = case((SearchBlock.language == language, 0), else_=1).label("foreign")
    columns = (SearchBlock.id, foreign, worse.label("worse"))
    ranked = matching.with_only_columns(*columns, maintain_column_froms=True)
    page = ranked.order_by(foreign, worse, SearchBlock.id).limit(limit).offset(offset).subquery()
    query = select(SearchBlock).join(page, page.c.id == SearchBlock.id)
    return query.order_by(page.c.foreign, page.c.worse, SearchBlock.id)


def _hit(block: SearchBlock, asked: Sequence[str]) -> Hit:
    return Hit(
        kind=block.kind,
        ref=block.ref,
        language=block.language,
        country=block.country,
        title=block.title,
        path=block.path,
        anchor=block.anchor,
        parts=domain.snippet(block.text, asked),
    )
