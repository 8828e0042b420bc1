from itertools import pairwise

import pytest
from hypothesis import example, given, strategies as st

from app.studio.domain.tokens import similarity, tokens_of, word_counts
from app.studio.domain.word_diff import PieceKind, compare_words

WORDS = st.lists(st.sampled_from(["a", "b", "word", " ", "  ", "\n", ".", ",", "كِتَاب", "ہے۔"]), max_size=20)
TEXTS = st.one_of(WORDS.map("".join), st.text(max_size=20))


def pieces(before: str, after: str) -> list[str]:
    signs = {PieceKind.SAME: "=", PieceKind.REMOVED: "-", PieceKind.ADDED: "+"}
    return [signs[piece.kind] + piece.text for piece in compare_words(before, after)]


@given(TEXTS, TEXTS)
@example("a  b", "a b")
@example("", "a")
def test_pieces_restore_both_texts(before: str, after: str) -> None:
    compared = compare_words(before, after)
    assert "".join(piece.text for piece in compared if piece.kind is not PieceKind.ADDED) == before
    assert "".join(piece.text for piece in compared if piece.kind is not PieceKind.REMOVED) == after


@given(TEXTS, TEXTS)
def test_pieces_are_not_empty_and_alternate(before: str, after: str) -> None:
    compared = compare_words(before, after)
    kinds = [piece.kind for piece in compared]
    assert all(piece.text for piece in compared)
    assert all(kind is not following for kind, following in pairwise(kinds))
    assert (PieceKind.ADDED, PieceKind.REMOVED) not in pairwise(kinds)


@given(TEXTS)
def test_equal_texts_have_one_piece_at_most(text: str) -> None:
    assert pieces(text, text) == ([f"={text}"] if text else [])


@given(TEXTS)
def test_only_white_space_is_outside_tokens(text: str) -> None:
    tokens = tokens_of(text)
    assert all(text[token.start : token.stop] == token.text for token in tokens)
    outside = list(text)
    for token in tokens:
        outside[token.start : token.stop] = " " * len(token.text)
    assert not "".join(outside).strip()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Ask him alone.", "Ask her alone.", ["=Ask ", "-him", "+her", "= alone."]),
        ("Ask him alone.", "Ask him at once alone.", ["=Ask him ", "+at once ", "=alone."]),
        ("Ask him, now.", "Ask him now.", ["=Ask him", "-,", "= now."]),
        ("One  space", "One space", ["=One ", "- ", "=space"]),
        ("a b c d e", "f g c h i", ["-a b c d e", "+f g c h i"]),
        ("كِتَابٌ جَدِيدٌ هُنَا.", "كِتَابٌ قَدِيمٌ هُنَا.", ["=كِتَابٌ ", "-جَدِيدٌ", "+قَدِيمٌ", "= هُنَا."]),
        ("یہ ایک نئی کتاب ہے۔", "یہ ایک پرانی کتاب ہے۔", ["=یہ ایک ", "-نئی", "+پرانی", "= کتاب ہے۔"]),
        ("می\u200cروم خانه", "می\u200cرود خانه", ["-می\u200cروم", "+می\u200cرود", "= خانه"]),
    ],
    ids=["word", "insertion", "punctuation", "space", "short common text", "Arabic", "Urdu", "joiner"],
)
def test_changed_words_are_whole(before: str, after: str, expected: list[str]) -> None:
    assert pieces(before, after) == expected


@given(TEXTS, TEXTS)
def test_similarity_is_a_rate_that_does_not_depend_on_order(before: str, after: str) -> None:
    counts, counts_after = word_counts(before), word_counts(after)
    assert 0 <= similarity(counts, counts_after) <= 1
    assert similarity(counts, counts_after) == similarity(counts_after, counts)
    assert similarity(counts, counts) == 1
