from app.catalogue.domain.item_reader import read_bank
from app.catalogue.domain.items import (
    Choices,
    Gap,
    Gaps,
    Item,
    ItemForm,
    ItemKind,
    ListEntry,
    Match,
    Option,
    Order,
    Pair,
)
from app.catalogue.domain.text import TextFile
from app.studio.domain.printed_items import MOST_CHARACTERS, printed_items
from tests.support import courses


def _item(kind: ItemKind, answers: object, form: ItemForm | None = ItemForm.A, stem: str = "Which?") -> Item:
    return Item("T10-Q01", kind, "PRT-01", stem, answers, form=form, hint="A hint.", general="A reason.")  # type: ignore[arg-type]


def _choices(right: int) -> Choices:
    return Choices(tuple(Option(name, float(index == right), "Because.") for index, name in enumerate("abcd")))


def test_printed_choices_are_the_same_whichever_option_is_right() -> None:
    texts = [printed_items([_item(ItemKind.SINGLE, _choices(right))]) for right in range(4)]
    assert all(text == texts[0] for text in texts)
    assert "Because" not in texts[0][0]
    assert "hint" not in texts[0][0]
    assert "reason" not in texts[0][0]


def test_printed_order_says_nothing_about_the_right_order() -> None:
    entries = tuple(ListEntry(name) for name in ("first", "second", "third", "fourth"))
    texts = [printed_items([_item(ItemKind.ORDER, Order(order))]) for order in (entries, entries[::-1])]
    assert texts[0] == texts[1]


def test_printed_pairs_are_not_side_by_side() -> None:
    pairs = (Pair("a", "1"), Pair("b", "2"), Pair("c", "3"), Pair("", "4"))
    swapped = (Pair("a", "3"), Pair("b", "1"), Pair("c", "4"), Pair("", "2"))
    texts = [printed_items([_item(ItemKind.MATCH, Match(("Left", "Right"), each))]) for each in (pairs, swapped)]
    assert texts[0] == texts[1]


def test_printed_gaps_show_options_and_never_typed_answers() -> None:
    gaps = Gaps(("The ", " is ", "."), (Gap("typed", ("lamp",)), Gap("chosen", ("red",), ("green", "red"))))
    (text,) = printed_items([_item(ItemKind.GAPS, gaps)])
    assert "lamp" not in text
    assert "(green / red)" in text or "(red / green)" in text


def test_only_items_of_form_a_are_printed() -> None:
    forms = (ItemForm.B, ItemForm.RESERVE, None)
    assert printed_items([_item(ItemKind.SINGLE, _choices(0), form) for form in forms]) == []


def test_long_banks_are_divided_into_texts_that_can_be_rendered() -> None:
    items = [_item(ItemKind.SINGLE, _choices(0), stem="word " * 500) for _ in range(20)]
    texts = printed_items(items)
    assert len(texts) > 1
    assert max(map(len, texts)) < MOST_CHARACTERS
    assert "\n".join(texts).count("## ") == 20


def test_every_item_of_form_a_in_a_course_is_printed() -> None:
    bank = read_bank(TextFile("", courses.BANK))[0]
    count = sum(item.form is ItemForm.A for item in bank.items)
    assert "\n".join(printed_items(bank.items)).count("## ") == count
