from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given, settings, strategies as st

from app.catalogue.domain.bank_checks import ON_DOCUMENTS
from app.catalogue.domain.items import (
    Choices,
    Criterion,
    Gap,
    Gaps,
    Group,
    Item,
    ItemForm,
    ItemKind,
    Level,
    ListEntry,
    Match,
    Number,
    NumberAnswer,
    Open,
    Option,
    Pair,
    Passage,
    Passages,
    Rating,
    Sort,
    Statement,
)
from app.studio.domain.exchange.moodle_xml import read_moodle_xml
from app.studio.domain.exchange.moodle_xml_writer import write_moodle_xml
from app.studio.domain.exchange.shapes import ExchangeTexts, ImportedPicture
from tests.support import item_strategies
from tests.support.examples import examples
from tests.support.question_exchange import import_options, messages, only_item, with_former_id

WITHOUT_COUNTERPART = {
    ItemKind.SORT: Sort((Group("a", (ListEntry("x"),)), Group("b", (ListEntry("y"),)))),
    ItemKind.PASSAGES: Passages(("a ", ""), (Passage("x", right=True),)),
    ItemKind.RATING: Rating((Statement("a", 1, 2),)),
}
KINDS = [kind for kind in ItemKind if kind not in WITHOUT_COUNTERPART.keys() | ON_DOCUMENTS]
TEXTS = ExchangeTexts()
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def export(item, pictures=None):
    return write_moodle_xml([item], TEXTS, pictures or {})


def read_back(text):
    return only_item(read_moodle_xml(text.encode(), import_options()))


def item_of(kind, answers, **fields):
    return Item(**{"id": "M01-Q01", "kind": kind, "competency": "LRE-02", "stem": "What?", "answers": answers} | fields)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=examples(10), deadline=None)  # of each kind
@given(drawn=st.data())
def test_item_survives_export_and_import(kind, drawn):
    item = drawn.draw(item_strategies.item(kind))
    result = export(item)
    assert bool(result.not_exported) == bool(item.document)
    if not item.document:
        again = with_former_id(read_back(result.text))
        assert again == item_strategies.exported(item)
        assert again == item or result.notes[item.id]


@settings(max_examples=examples(20), deadline=None)
@given(item_strategies.any_bank)
def test_bank_survives_export_and_import_without_the_kinds_that_are_listed(bank):
    result = write_moodle_xml(bank.items, TEXTS, {})
    imported = read_moodle_xml(result.text.encode(), import_options())
    listed = {item.id for item in result.not_exported}
    without = WITHOUT_COUNTERPART.keys() | ON_DOCUMENTS
    assert listed == {item.id for item in bank.items if item.kind in without or item.document}
    carried = [item_strategies.exported(item) for item in bank.items if item.id not in listed]
    assert [with_former_id(item) for item in imported.items] == carried


@pytest.mark.parametrize("kind", WITHOUT_COUNTERPART)
def test_kind_without_counterpart_is_listed(kind):
    (listed,) = export(item_of(kind, WITHOUT_COUNTERPART[kind])).not_exported
    assert (listed.id, listed.kind) == ("M01-Q01", kind)
    assert listed.reason


def test_keys_travel_as_tags():
    options = (Option("a", 1.0), Option("b", 0.0))
    item = item_of(
        ItemKind.SINGLE,
        Choices(options),
        level=Level.SPECIALIST,
        form=ItemForm.B,
        pass_value=0.62,
        cite=("tip-protocol, art. 3(c)", "untoc"),
    )
    result = export(item)
    tags = [tag.text for tag in ElementTree.fromstring(result.text).iterfind(".//tag/text")]
    assert tags == [
        "colep:id=M01-Q01",
        "colep:kind=single",
        "colep:competency=LRE-02",
        "colep:level=specialist",
        "colep:form=B",
        "colep:pass_value=0.62",
        "colep:cite=tip-protocol, art. 3(c)",
        "colep:cite=untoc",
        "colep:shares=100,0",
    ]
    imported = read_back(result.text)
    assert (imported.item.id, imported.former_id, imported.tags) == ("X1-Q01", "M01-Q01", ())
    assert with_former_id(imported) == item


def test_invalid_tag_value_is_noted_and_left_out():
    text = export(item_of(ItemKind.NUMBER, Number((NumberAnswer("1"),)), pass_value=0.5)).text
    imported = read_back(text.replace("pass_value=0.5", "pass_value=5").replace("level=foundation", "level=high"))
    assert (imported.item.pass_value, imported.item.level) == (None, Level.FOUNDATION)
    assert messages(imported) == [
        "high is not a valid value of the key level.",
        "5 is not a valid value of the key pass_value.",
    ]


def test_long_tag_is_noted_in_export_and_import():
    source = "council-directive-2011-36, art. 2(1) and recital 11"
    result = export(item_of(ItemKind.NUMBER, Number((NumberAnswer("1"),)), cite=(source,)))
    assert [note.message % note.values for note in result.notes["M01-Q01"]] == [
        "Moodle cuts off the end of these values: cite."
    ]
    tag = f"colep:cite={source}"
    imported = read_back(result.text.replace(tag, tag[:50]))
    assert messages(imported) == ["Moodle may have cut off the end of these values: cite."]


def test_picture_in_an_answer_of_a_matching_item_is_noted():
    pairs = (Pair("a", "![x](media/x.png)"), Pair("b", "c"))
    result = export(item_of(ItemKind.MATCH, Match(("a", "b"), pairs)), {"x.png": PNG})
    assert [note.message for note in result.notes["M01-Q01"]] == [
        "Moodle shows no pictures in the answers of a matching question."
    ]


def test_changed_fractions_win_over_the_tag():
    item = item_of(ItemKind.SEVERAL, Choices((Option("a", 1.0), Option("b", 1.0), Option("c", 0.0))))
    text = export(item).text.replace('fraction="50"', 'fraction="100"', 1).replace('fraction="50"', 'fraction="-100"')
    assert [option.share for option in read_back(text).item.answers.options] == [1.0, -1.0, -1.0]


def test_several_has_fractions_that_moodle_accepts():
    item = item_of(ItemKind.SEVERAL, Choices((Option("a", 1.0), Option("b", 1.0), Option("c", 1.0), Option("d", 0.0))))
    root = ElementTree.fromstring(export(item).text)
    assert [answer.get("fraction") for answer in root.iterfind(".//answer")] == [*("33.33333",) * 3, "-100"]


def test_gaps_are_written_as_subquestions_with_entities():
    item = item_of(
        ItemKind.GAPS,
        Gaps(("The ", " and ", "."), (Gap("typed", ("a~b", "c")), Gap("chosen", ("e",), ("d}", "e")))),
        shuffle=False,
    )
    root = ElementTree.fromstring(export(item).text)
    assert root.findtext(".//questiontext/text") == (
        "What?\n\n---\n\nThe {1:SHORTANSWER:=a&#126;b~=c} and {1:MULTICHOICE:d&#125;~=e}."
    )


def test_plain_true_false_becomes_the_type_of_moodle():
    item = item_of(ItemKind.TRUEFALSE, Choices((Option("True", 0.0, "No"), Option("False", 1.0, "Yes"))))
    text = export(item).text
    assert '<question type="truefalse">' in text
    assert with_former_id(read_back(text)) == item


def test_essay_has_the_points_of_all_criteria():
    rubric = Open(("a", "b", "c"), (Criterion("x", 2.0, "y|z"), Criterion("u", 1.5, "v")))
    text = export(item_of(ItemKind.OPEN, rubric)).text
    assert "<defaultgrade>3.5</defaultgrade>" in text
    assert read_back(text).item.answers == rubric


def test_essay_whose_criteria_were_changed_in_moodle_has_one_criterion():
    rubric = Open(("a", "b", "c"), (Criterion("x", 2.0, "y"),))
    text = (
        export(item_of(ItemKind.OPEN, rubric)).text.replace("| a | b | c |", "Look for y.").replace("| x | 2 | y |", "")
    )
    imported = read_back(text)
    assert [(row.name, row.points) for row in imported.item.answers.criteria] == [("Answer", 2.0)]
    assert messages(imported)[0] == "The open question has one criterion with all points."


def test_pictures_are_embedded_and_read_back():
    options = (Option("![b](media/b.png)", 1.0), Option("c", 0.0))
    item = item_of(ItemKind.SINGLE, Choices(options), stem="See ![a](media/a.png) and ![a](media/a.png).")
    result = export(item, {"a.png": PNG, "b.png": PNG + b"b"})
    assert result.text.count("<file ") == 2
    imported = read_back(result.text)
    assert with_former_id(imported) == item
    assert imported.pictures == (ImportedPicture("a.png", PNG, "png"), ImportedPicture("b.png", PNG + b"b", "png"))


def test_missing_picture_is_noted():
    item = item_of(ItemKind.NUMBER, Number((NumberAnswer("1"),)), stem="![a](media/a.png)")
    result = export(item)
    assert [note.message % note.values for note in result.notes["M01-Q01"]] == ["The picture a.png was left out."]


def test_characters_that_xml_does_not_allow_are_left_out():
    item = item_of(ItemKind.NUMBER, Number((NumberAnswer("1"),)), stem="a\x0bb\x1b")
    assert read_back(export(item).text).item.stem == "ab"


def test_item_of_an_edited_question_keeps_kind_of_its_type():
    text = export(item_of(ItemKind.SINGLE, Choices((Option("a", 1.0), Option("b", 0.0))))).text
    item = read_back(text.replace("kind=single", "kind=several")).item
    assert item == msgspec.structs.replace(item, kind=ItemKind.SINGLE)
