from hypothesis import given, strategies as st

from app.studio.domain.exchange.item_tags import ItemTags, write_tag

PIECES = [*"ab%[]\\\n=;, ", "%5D", "سۆ"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_value_of_a_tag_is_read_as_written(value):
    tag = write_tag("name", value)
    assert not set(tag) & {"[", "]", "\n", "\\"}
    assert ItemTags([tag]).value("name") == value


def test_tags_of_others_are_not_values():
    tags = ItemTags(["law", "colep", "colep:", "id=3"])
    assert tags.other == ("law", "colep", "colep:", "id=3")
    assert not tags.is_own_export
    assert tags.value("id") == ""
