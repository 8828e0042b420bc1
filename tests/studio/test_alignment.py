from hypothesis import given, strategies as st

from app.studio.domain.alignment import changes, coarse_changes, equal_items

ITEMS = st.lists(st.sampled_from("abcdef"), max_size=30)


@given(ITEMS, ITEMS)
def test_items_between_changes_are_equal(before: list[str], after: list[str]) -> None:
    restored: list[str] = []
    at = 0
    for change in changes(before, after):
        assert change.before or change.after
        assert change.before.start > at or at == 0
        restored += before[at : change.before.start] + after[change.after.start : change.after.stop]
        at = change.before.stop
    assert restored + before[at:] == after


@given(ITEMS)
def test_equal_sequences_have_no_change(items: list[str]) -> None:
    assert changes(items, items) == []
    assert equal_items(items, items) == [(index, index) for index in range(len(items))]


@given(ITEMS, ITEMS)
def test_equal_items_are_equal_and_increase(before: list[str], after: list[str]) -> None:
    pairs = equal_items(before, after)
    assert all(before[index] == after[index_after] for index, index_after in pairs)
    assert [index for index, _ in pairs] == sorted({index for index, _ in pairs})
    assert [index for _, index in pairs] == sorted({index for _, index in pairs})


def test_unique_items_are_matched_before_repeated_items() -> None:
    before = ["id 1", "kind", "text", "id 2", "kind", "text"]
    after = ["id 1", "kind", "text", "id 3", "kind", "text", "id 2", "kind", "text"]
    assert [len(change.before) for change in changes(before, after)] == [0]
    assert [len(change.after) for change in changes(before, after)] == [3]
    assert (3, 6) in equal_items(before, after)


def test_large_text_of_repeated_lines_is_not_compared_line_by_line() -> None:
    before = ["a", "b"] * 20_000
    after = ["x", *before[:10_000], "y", *before[20_000:], "z"]
    assert changes(before, after) == coarse_changes(before, after)
