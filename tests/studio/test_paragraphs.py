import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.translations import block_hash
from app.studio.domain.paragraphs import locate

TEXT = "Ask the person alone, and record the answer."
EDITED = "Ask the person alone, and write down the answer."
OTHER = "The office closes at five."
BLOCKS = st.lists(st.text(max_size=10), max_size=8)


@given(BLOCKS.filter(bool), st.data())
def test_unchanged_block_is_located_at_its_index(blocks: list[str], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(blocks) - 1))
    assert locate(block_hash(blocks[index]), index, blocks) == index


@given(st.text(max_size=10), st.integers(0, 9), BLOCKS)
def test_result_is_an_index_of_the_blocks_or_none(text: str, index: int, blocks: list[str]) -> None:
    assert locate(block_hash(text), index, blocks, text=text) in {None, *range(len(blocks))}


@pytest.mark.parametrize(
    ("index", "blocks", "expected"),
    [
        (0, [OTHER, TEXT], 1),
        (3, [TEXT, OTHER, TEXT], 2),
        (0, [OTHER, EDITED], 1),
        (1, [EDITED, TEXT], 1),
        (2, [EDITED, OTHER, EDITED], 2),
        (0, [OTHER], None),
        (0, [], None),
    ],
    ids=["moved", "nearest equal", "edited", "equal before similar", "nearest similar", "removed", "empty text"],
)
def test_block_is_located_after_an_edit(index: int, blocks: list[str], expected: int | None) -> None:
    assert locate(block_hash(TEXT), index, blocks, text=TEXT) == expected


def test_edited_block_is_not_located_without_its_former_text() -> None:
    assert locate(block_hash(TEXT), 0, [EDITED]) is None
