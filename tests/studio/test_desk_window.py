import pytest
from hypothesis import given, strategies as st

from app.studio.domain.desk_window import MOST_BLOCKS, DeskFilter, DeskView, count, page_start, window
from app.studio.domain.translation_blocks import TranslationBlockState as State

ALL_STATES = st.lists(st.sampled_from(list(State)), max_size=60)
FILTERS = st.sampled_from(list(DeskFilter))


@given(ALL_STATES, FILTERS)
def test_pages_from_first_to_last_show_each_paragraph_once(states: list[State], shown: DeskFilter) -> None:
    numbers: list[int] = []
    start = 1
    while start:
        page = window(states, DeskView(shown, start))
        numbers += page.numbers
        start = page.after
    assert numbers == sorted(set(numbers))
    assert len(numbers) == count(states, shown)


@given(ALL_STATES, FILTERS, st.integers(1, 80))
def test_page_is_short_and_its_neighbours_meet_it(states: list[State], shown: DeskFilter, start: int) -> None:
    page = window(states, DeskView(shown, start))
    assert len(page.numbers) <= MOST_BLOCKS
    assert not page.before or page.before < page.numbers[0]
    assert not page.after or page.after > page.numbers[-1]
    if page.after:
        earlier = window(states, DeskView(shown, page.after)).before
        assert earlier <= page.numbers[0]


def test_start_beyond_the_last_paragraph_shows_the_last_ones() -> None:
    assert window([State.MISSING] * 20, DeskView(DeskFilter.ALL, 99)).numbers == tuple(range(9, 21))


def test_filter_of_changes_leaves_out_missing_paragraphs() -> None:
    states = [State.MISSING, State.CHANGED, State.CURRENT]
    assert window(states, DeskView(DeskFilter.CHANGED)).numbers == (2,)
    assert window(states, DeskView(DeskFilter.OPEN)).numbers == (1, 2)


@pytest.mark.parametrize(("number", "start"), [(1, 1), (MOST_BLOCKS, 1), (MOST_BLOCKS + 1, MOST_BLOCKS + 1)])
def test_page_of_a_paragraph_starts_at_a_full_page(number: int, start: int) -> None:
    assert page_start(number) == start
