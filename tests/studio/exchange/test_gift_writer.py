import msgspec
import pytest
from hypothesis import given, settings, strategies as st

from app.catalogue.domain.items import (
    Choices,
    Criterion,
    Gaps,
    Group,
    Item,
    ItemKind,
    ListEntry,
    Match,
    Open,
    Option,
    Order,
    Pair,
    Passage,
    Passages,
    Rating,
    Short,
    ShortAnswer,
    Sort,
    Statement,
)
from app.studio.domain.exchange.gift import read_gift
from app.studio.domain.exchange.gift_writer import write_gift
from app.studio.domain.exchange.shapes import ExchangeTexts
from tests.support import item_strategies
from tests.support.examples import examples
from tests.support.question_exchange import gift_item, import_options, only_item, with_former_id

KINDS = [
    *(ItemKind.SINGLE, ItemKind.SEVERAL, ItemKind.TRUEFALSE, ItemKind.MATCH),
    *(ItemKind.NUMBER, ItemKind.SHORT, ItemKind.GAPS),
]
TEXTS = ExchangeTexts()
ANSWERS_WITHOUT_COUNTERPART = {
    ItemKind.SORT: Sort((Group("a", (ListEntry("x"),)), Group("b", (ListEntry("y"),)))),
    ItemKind.PASSAGES: Passages(("a ", ""), (Passage("x", right=True),)),
    ItemKind.RATING: Rating((Statement("a", 1, 2),)),
    ItemKind.ORDER: Order((ListEntry("a"), ListEntry("b"))),
}


def with_single_gap(item):
    if not isinstance(item.answers, Gaps):
        return item
    answers = Gaps((item.answers.parts[0], item.answers.parts[-1]), item.answers.gaps[:1])
    return msgspec.structs.replace(item, answers=answers)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=examples(10), deadline=None)  # of each kind
@given(drawn=st.data())
def test_item_survives_export_and_import(kind, drawn):
    item = with_single_gap(drawn.draw(item_strategies.item(kind)))
    result = write_gift([item], TEXTS)
    if result.not_exported:
        assert item.document or "->" in str(item.answers)
        return
    written = item_strategies.exported(item)
    again = with_former_id(only_item(read_gift(result.text.encode(), import_options())))
    assert again == msgspec.structs.replace(written, hint="")
    assert again == item or result.notes[item.id]


def item_of(kind, answers, **fields):
    return Item(**{"id": "M01-Q01", "kind": kind, "competency": "LRE-02", "stem": "What?", "answers": answers} | fields)


def test_single_is_written_as_moodle_reads_it():
    item = item_of(ItemKind.SINGLE, Choices((Option("a: b", 1.0, "Yes"), Option("c", 0.5), Option("d", 0.0))))
    text = write_gift([item], TEXTS).text
    assert text.split("\n")[1:] == ["::M01-Q01::[markdown]What?{", "\t=a\\: b#Yes", "\t~%50%c", "\t~d", "}", ""]


def test_several_is_written_with_percentages_that_moodle_accepts():
    options = (Option("a", 1.0), Option("b", 1.0), Option("c", 1.0), Option("d", 0.0))
    text = write_gift([item_of(ItemKind.SEVERAL, Choices(options))], TEXTS).text
    assert [line.strip() for line in text.split("\n")[2:6]] == [
        *("~%33.33333%a", "~%33.33333%b", "~%33.33333%c", "~%-100%d"),
    ]


def test_plain_true_false_is_written_as_such():
    item = item_of(ItemKind.TRUEFALSE, Choices((Option("True", 0.0, "No"), Option("False", 1.0, "Yes"))))
    text = write_gift([item], TEXTS).text
    assert "\tFALSE#No#Yes\n" in text
    assert with_former_id(gift_item(text)) == item


@pytest.mark.parametrize(
    ("kind", "answers", "reason"),
    [
        (
            ItemKind.SHORT,
            Short((ShortAnswer("a -> b"),)),
            "In GIFT an entry on the left side, a typed answer and its feedback cannot contain ->.",
        ),
        (
            ItemKind.MATCH,
            Match(("a", "b"), (Pair("x -> y", "z"), Pair("u", "v"))),
            "In GIFT an entry on the left side, a typed answer and its feedback cannot contain ->.",
        ),
        (ItemKind.GAPS, Gaps(("a",), ()), "A GIFT question has one gap only."),
    ],
)
def test_item_that_gift_cannot_express_is_listed(kind, answers, reason):
    result = write_gift([item_of(kind, answers)], TEXTS)
    assert [(item.id, item.kind, item.reason) for item in result.not_exported] == [("M01-Q01", kind, reason)]
    assert result.text == ""


@pytest.mark.parametrize("kind", ANSWERS_WITHOUT_COUNTERPART)
def test_kind_without_counterpart_is_listed(kind):
    item = item_of(kind, ANSWERS_WITHOUT_COUNTERPART[kind])
    (listed,) = write_gift([item], TEXTS).not_exported
    assert (listed.id, listed.kind) == ("M01-Q01", kind)
    assert listed.reason


def test_lost_parts_are_noted():
    rubric = Open(("a", "b", "c"), (Criterion("x", 2.0, "y"),))
    item = item_of(ItemKind.OPEN, rubric, hint="Think.", stem="![a](media/a.png)")
    result = write_gift([item], TEXTS)
    assert [note.message for note in result.notes["M01-Q01"]] == [
        "GIFT has no hints, so the hint was left out.",
        "GIFT has no criteria, so the criteria of the open question were left out.",
        "GIFT has no pictures, so they were left out.",
    ]
    assert gift_item(result.text).item.kind is ItemKind.OPEN
