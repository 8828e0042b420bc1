import pytest
from hypothesis import given, strategies as st

from app.access.policy import Sensitivity
from app.catalogue.domain.items import Choices, Item, ItemForm, ItemKind, ListEntry, Option, Order
from app.kernel.errors import DomainError
from app.studio.domain.exchange import scorm_limits
from app.studio.domain.exchange.scorm_items import exported_items, shown_order

IDS = st.from_regex(r"T10-Q[0-9]{2}", fullmatch=True)
FORMS = st.sampled_from([*ItemForm, None])


def _choices(item_id: str, form: ItemForm | None, kind: ItemKind = ItemKind.SINGLE, count: int = 2) -> Item:
    options = tuple(Option(str(index), float(index == 0)) for index in range(count))
    return Item(item_id, kind, "PRT-01", "Which?", Choices(options), form=form)


def _order(item_id: str, count: int) -> Item:
    entries = tuple(ListEntry(str(index)) for index in range(count))
    return Item(item_id, ItemKind.ORDER, "PRT-01", "Which?", Order(entries), form=ItemForm.A)


@given(st.lists(st.tuples(IDS, FORMS)), st.sets(IDS))
def test_only_items_of_form_a_in_use_are_exported(facts: list[tuple[str, ItemForm | None]], retired: set[str]) -> None:
    items = exported_items([_choices(item_id, form) for item_id, form in facts], retired)
    assert {item.form for item in items} <= {ItemForm.A}
    assert not {item.id for item in items} & retired
    assert len(items) == sum(form is ItemForm.A and item_id not in retired for item_id, form in facts)


@given(IDS, st.integers(2, 8))
def test_shown_order_has_each_position_once(item_id: str, count: int) -> None:
    for item in (_choices(item_id, ItemForm.A, count=count), _order(item_id, count)):
        assert sorted(shown_order(item)) == list(range(count))


@given(IDS, st.integers(2, 8))
def test_entries_are_never_shown_in_the_right_order(item_id: str, count: int) -> None:
    assert shown_order(_order(item_id, count)) != tuple(range(count))


def test_true_is_shown_before_false() -> None:
    assert shown_order(_choices("T10-Q01", ItemForm.A, ItemKind.TRUEFALSE)) == (0, 1)


@pytest.mark.parametrize("sensitivity", [level for level in Sensitivity if level is not Sensitivity.UNRESTRICTED])
def test_restricted_course_is_not_exportable(sensitivity: Sensitivity) -> None:
    with pytest.raises(DomainError, match="Only courses that everyone may read"):
        scorm_limits.check_exportable(sensitivity, 1)


def test_unpublished_course_is_not_exportable() -> None:
    with pytest.raises(DomainError, match="Publish the course first"):
        scorm_limits.check_exportable(Sensitivity.UNRESTRICTED, 0)
    scorm_limits.check_exportable(Sensitivity.UNRESTRICTED, 1)


def test_media_have_a_limit() -> None:
    scorm_limits.check_media(scorm_limits.MOST_MEDIA)
    with pytest.raises(DomainError, match="more than 100 MB"):
        scorm_limits.check_media(scorm_limits.MOST_MEDIA + 1)
