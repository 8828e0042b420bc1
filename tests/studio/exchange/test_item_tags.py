import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.item_keys import MOST_TAGS
from app.studio.domain.exchange.item_tags import ItemTags, write_tag

PIECES = [*"ab%[]\\\n=;, ", "%5D", "سۆ"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_value_of_a_tag_is_read_as_written(value):
    tag = write_tag("name", value)
    assert not set(tag) & {"[", "]", "\n", "\\"}
    assert ItemTags([tag]).value("name") == value


def test_tags_of_others_are_not_values():
    tags = ItemTags(["law", "colep", "colep:", "id=3"])
    assert tags.for_item == ("law", "colep", "colep:")
    assert tags.other == ("id=3",)
    assert not tags.is_own_export
    assert tags.value("id") == ""


@pytest.mark.parametrize("tag", ["a, b", "[a]", "a=b", "a\\b", "x" * 51, "a\x07b"])
def test_tag_that_an_item_cannot_have_is_left_out(tag):
    tags = ItemTags([tag, "night  watch", "night watch"])
    assert (tags.for_item, tags.other) == (("night watch",), (tag,))


def test_tags_over_the_most_of_an_item_are_left_out():
    tags = ItemTags([f"t{number}" for number in range(MOST_TAGS + 1)])
    assert (len(tags.for_item), tags.other) == (MOST_TAGS, (f"t{MOST_TAGS}",))
