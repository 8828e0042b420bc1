from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.markdown_blocks import cut
from app.studio.domain.block_diff import BlockChange, BlockState, compare_blocks, fold
from app.studio.domain.word_diff import PieceKind

BLOCKS = st.sampled_from(["# Title", "One two three", "One two four", "Five", "- a\n- b", "/// note\nText\n///"])
TEXTS = st.lists(BLOCKS, max_size=10).map("\n\n".join)
PAGE = "# Title\n\nOne two three four.\n\nFive six seven eight.\n\nNine ten."


def states(changes: tuple[BlockChange, ...]) -> list[str]:
    return [f"{change.state} {change.block.text}" for change in changes]


@given(TEXTS, TEXTS)
def test_blocks_restore_both_texts(before: str, after: str) -> None:
    changes = compare_blocks(before, after)
    for text, left_out in ((before, PieceKind.ADDED), (after, PieceKind.REMOVED)):
        blocks = ["".join(piece.text for piece in change.pieces if piece.kind is not left_out) for change in changes]
        assert [block for block in blocks if block] == [block.text for block in cut(text.split("\n"))]


@given(TEXTS)
def test_equal_texts_have_unchanged_blocks_only(text: str) -> None:
    assert {change.state for change in compare_blocks(text, text)} <= {BlockState.UNCHANGED}


def test_changed_block_has_the_pieces_of_its_words() -> None:
    changed = compare_blocks(PAGE, PAGE.replace("six", "sixty"))[2]
    assert changed.state is BlockState.CHANGED
    assert changed.block.line == 5
    assert [(piece.kind, piece.text) for piece in changed.pieces] == [
        (PieceKind.SAME, "Five "),
        (PieceKind.REMOVED, "six"),
        (PieceKind.ADDED, "sixty"),
        (PieceKind.SAME, " seven eight."),
    ]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("A\n\nB", ["unchanged A", "unchanged B"]),
        ("A\n\n\n\nB\n", ["unchanged A", "unchanged B"]),
        ("A\n\nX\n\nB", ["unchanged A", "added X", "unchanged B"]),
        ("B", ["removed A", "unchanged B"]),
        ("Other text\n\nB", ["removed A", "added Other text", "unchanged B"]),
        ("# A\n\nB", ["removed A", "added # A", "unchanged B"]),
    ],
    ids=["equal", "blank lines", "added", "removed", "not similar", "other kind"],
)
def test_blocks_are_compared_in_order(after: str, expected: list[str]) -> None:
    assert states(compare_blocks("A\n\nB", after)) == expected


def test_removed_block_is_compared_with_the_most_similar_added_block() -> None:
    changes = compare_blocks("One two three four.", "One two five six.\n\nOne two three five.")
    assert states(changes) == ["added One two five six.", "changed One two three five."]


@given(TEXTS, TEXTS, st.integers(0, 3))
def test_folded_sections_have_all_blocks_and_unchanged_ones_only(before: str, after: str, context: int) -> None:
    changes = compare_blocks(before, after)
    sections = fold(changes, context)
    assert tuple(change for section in sections for change in section.changes) == changes
    for section, following in pairwise(sections):
        assert section.is_folded is not following.is_folded
    for section in sections:
        assert not section.is_folded or {change.state for change in section.changes} == {BlockState.UNCHANGED}


def test_long_unchanged_stretches_are_folded_up_to_the_context() -> None:
    paragraphs = [f"Paragraph {number} has its own text." for number in range(20)]
    changed = [*paragraphs[:10], "Paragraph 10 has another text.", *paragraphs[11:]]
    sections = fold(compare_blocks("\n\n".join(paragraphs), "\n\n".join(changed)), 2)
    assert [(section.is_folded, len(section.changes)) for section in sections] == [(True, 8), (False, 5), (True, 7)]


def test_single_unchanged_block_beside_a_change_is_not_folded() -> None:
    sections = fold(compare_blocks("A\n\nB\n\nC", "A\n\nB\n\nX"), 1)
    assert [(section.is_folded, len(section.changes)) for section in sections] == [(False, 4)]


def test_text_without_changes_is_folded() -> None:
    assert [section.is_folded for section in fold(compare_blocks("A", "A"), 3)] == [True]
    assert fold((), 3) == ()
