"""Cut text of scripts that write spaces into words and punctuation, and measure how similar two texts are."""

import unicodedata
from collections import Counter
from itertools import groupby
from typing import NamedTuple

SIMILAR = 0.5  # the least similarity of two forms of the same paragraph


class Token(NamedTuple):
    """A word, or a run of one punctuation sign, and the index of its first character in the text."""

    text: str
    start: int

    @property
    def stop(self) -> int:
        """Return the index after the last character."""
        return self.start + len(self.text)


def tokens_of(text: str) -> list[Token]:
    """Return the words and punctuation in order; between them is nothing but white space.

    Vowel signs, joiners and direction marks belong to the word, so that Arabic and Urdu words remain whole.
    """
    tokens = []
    start = 0
    for kind, run in groupby(text, _token_class):
        token = Token("".join(run), start)
        if kind != " ":
            tokens.append(token)
        start = token.stop
    return tokens


def _token_class(character: str) -> str:
    if character.isspace():
        return " "
    return character if unicodedata.category(character)[0] in "PS" else ""


def word_counts(text: str) -> Counter[str]:
    """Return how often each result of `tokens_of` occurs in the text."""
    return Counter(token.text for token in tokens_of(text))


def similarity(before: Counter[str], after: Counter[str]) -> float:
    """Return the rate of common words in two results of `word_counts`: 0 without a common word, 1 for equal words."""
    total = before.total() + after.total()
    return 2 * (before & after).total() / total if total else 1.0
