"""Rules of search: split texts and search terms into folded words, cut and highlight snippets of results."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from app.kernel.folding import fold

QUESTION_CHARACTERS = 200
DRAFT = "draft"  # the kind of blocks whose translation was not checked: found only where drafts are shown
WORDS_BEFORE = 8
# alone, and after "and", "with", "like", "so" and "for"; the longest first
ARTICLES = (
    "\u0648\u0627\u0644",
    "\u0628\u0627\u0644",
    "\u0643\u0627\u0644",
    "\u0641\u0627\u0644",
    "\u0644\u0644",
    "\u0627\u0644",
)
SHORTEST_STEM = 3  # letters after the article; a shorter rest is no word of its own
WORDS_SHOWN = 32
# joiners and tatweel stand inside a word, though they are no letters
_INSIDE = frozenset("\u0640\u200c\u200d\u00ad")


@dataclass(frozen=True, slots=True)
class SnippetPart:
    """A piece of a snippet; `marked` if it is a word that matches."""

    text: str
    marked: bool


def words(text: str) -> list[str]:
    """Return the folded words of a text: runs of letters, marks and digits, with all other signs between them.

    Both databases receive these words with spaces between them, so that their own word rules have no effect.
    """
    return [run for run in _runs(fold(text)) if _is_word(run)]


def indexed_words(text: str) -> list[str]:
    """Return the words under which a text is found: its folded words, Arabic ones also without their article."""
    folded = words(text)
    return [*folded, *(bare(word) for word in folded if bare(word) != word)]


def question(text: str) -> list[str]:
    """Return the distinct words of a search text without Arabic articles; only the first 200 characters count."""
    return list(dict.fromkeys(map(bare, words(text[:QUESTION_CHARACTERS]))))


def bare(word: str) -> str:
    """Return a folded word without the Arabic article and the particles that are written together with it."""
    for article in ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= SHORTEST_STEM:
            return word[len(article) :]
    return word


def replaced_words(text: str, corrections: Mapping[str, str]) -> str:
    """Return a search text with some of its words replaced; `corrections` are by folded word without article."""
    runs = _runs(" ".join(text[:QUESTION_CHARACTERS].split()))
    return "".join(_replaced(run, corrections) if _is_word(run) else run for run in runs)


def _replaced(run: str, corrections: Mapping[str, str]) -> str:
    folded = [bare(word) for word in _folded(run)]
    return corrections.get(folded[0], run) if len(folded) == 1 else run


def snippet(text: str, asked: Sequence[str]) -> tuple[SnippetPart, ...]:
    """Return the part of a plain text around the first matching word, in pieces; matching words are marked."""
    runs = _runs(" ".join(text.split()))
    hits = [n for n, run in enumerate(runs) if _is_word(run) and _found(run, asked)]
    # words and what stands between them take turns, so that a word counts two runs
    first = max((hits[0] if hits else 0) - 2 * WORDS_BEFORE, 0)
    last = first + 2 * WORDS_SHOWN
    shown = [SnippetPart(run, n in hits) for n, run in enumerate(runs) if first <= n < last]
    before = [SnippetPart("… ", marked=False)] if first else []
    after = [SnippetPart(" …", marked=False)] if last < len(runs) else []
    return tuple(_joined([*before, *shown, *after]))


def _joined(parts: Sequence[SnippetPart]) -> list[SnippetPart]:
    by_mark = groupby(parts, key=lambda part: part.marked)
    return [SnippetPart("".join(part.text for part in group), marked) for marked, group in by_mark]


def _found(run: str, asked: Sequence[str]) -> bool:
    return any(word.startswith(tuple(asked)) or bare(word).startswith(tuple(asked)) for word in _folded(run))


@lru_cache(maxsize=8192)
def _folded(run: str) -> tuple[str, ...]:
    # to fold costs far more than to look up, and the texts of courses use the same words again and again
    return tuple(words(run))


def _runs(text: str) -> list[str]:
    return ["".join(run) for _inside, run in groupby(text, key=_in_word)]


def _is_word(run: str) -> bool:
    return _in_word(run[0])


@lru_cache(maxsize=4096)
def _in_word(sign: str) -> bool:
    # signs that count but are no digits (½, ancient numerals) are no words to PostgreSQL
    category = unicodedata.category(sign)
    return category[0] in "LM" or category == "Nd" or sign in _INSIDE
