from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings, strategies as st

from app.catalogue.domain.bank_checks import check_bank
from app.catalogue.domain.item_reader import read_bank
from app.catalogue.domain.items import (
    Bank,
    Choices,
    Group,
    Item,
    ItemForm,
    ItemKind,
    Level,
    ListEntry,
    NumberAnswer,
    Option,
    Pair,
    Sort,
)
from app.catalogue.domain.text import TextFile
from app.studio.domain import bank_text, question_fields
from app.studio.domain.question_fields import QuestionFields
from app.studio.domain.question_rows import COLUMNS, MOST_ROWS
from tests.support import item_strategies
from tests.support.examples import examples

ID = "M01-Q01"
ROWS = ({"text": "This", "right": "y", "reason": "Yes."}, {"text": "That", "reason": "No."})
LABELS = st.text(st.sampled_from("ab#-/`>|{}[]=~ \n\r\t*1.0:xk"), max_size=30)


def _fields(kind: ItemKind = ItemKind.SINGLE, **values: Any) -> QuestionFields:
    return replace(question_fields.new_fields(kind, "LRE-01"), **{"stem": "Which?", "rows": ROWS, **values})


def _read(text: str) -> Bank:
    return read_bank(TextFile("test.en.md", f"# Questions\n\n{text}"))[0]


def _errors(fields: QuestionFields) -> dict[str, str]:
    return {problem.field: str(problem.error) for problem in question_fields.item_of(ID, fields).problems}


@pytest.mark.parametrize("kind", list(ItemKind))
def test_fields_of_an_item_lead_back_to_it(kind: ItemKind) -> None:
    @given(item_strategies.item(kind).filter(_has_no_group_twice))
    @settings(max_examples=examples(15))
    def check(item: Item) -> None:
        written = question_fields.written(item)
        again = question_fields.read_item(written)
        if again is not None:
            assert question_fields.item_of(item.id, question_fields.fields_of(again)).item == again

    check()


def _has_no_group_twice(item: Item) -> bool:
    titles = [group.title for group in item.answers.groups] if isinstance(item.answers, Sort) else []
    return len(set(titles)) == len(titles)


def test_item_that_the_form_would_change_is_not_editable() -> None:
    groups = (Group("A", (ListEntry("1"),)), Group("A", (ListEntry("2"),)))
    item = question_fields.item_of(ID, _fields()).item
    assert item is not None
    assert question_fields.is_editable(item)
    assert not question_fields.is_editable(_with_answers(item, Sort(groups)))


def test_item_with_more_rows_than_the_form_has_is_not_editable() -> None:
    rows = tuple({"text": str(number), "right": "y"} for number in range(MOST_ROWS + 1))
    for count, is_editable in ((MOST_ROWS, True), (MOST_ROWS + 1, False)):
        item = question_fields.item_of(ID, _fields(ItemKind.SEVERAL, rows=rows[:count])).item
        assert item is not None
        assert question_fields.is_editable(item) is is_editable


def _with_answers(item: Item, answers: Sort) -> Item:
    return msgspec.structs.replace(item, kind=ItemKind.SORT, answers=answers)


@given(
    st.sampled_from(ItemKind),
    LABELS,
    st.lists(
        st.dictionaries(st.sampled_from(["text", "reason", "left", "group", "low", "high", "points", "name"]), LABELS)
    ),
    LABELS,
    LABELS,
)
def test_typed_fields_are_refused_or_stored_as_typed(
    kind: ItemKind, stem: str, rows: list[dict[str, str]], text: str, hint: str
) -> None:
    fields = _fields(kind, stem=stem, rows=tuple(rows), text=text, hint=hint)
    result = question_fields.item_of(ID, fields)
    assert (result.item is None) == bool(result.problems)
    if result.item is not None:
        written = question_fields.written(result.item)
        assert bank_text.text_problems(written, ID) == []
        assert question_fields.read_item(written) == result.item


def test_form_of_a_plain_question_has_no_errors() -> None:
    result = question_fields.item_of(ID, _fields(hint="Think.", general="More."))
    assert result.item == Item(
        id=ID,
        kind=ItemKind.SINGLE,
        competency="LRE-01",
        stem="Which?",
        answers=Choices((Option("This", 1.0, "Yes."), Option("That", 0.0, "No."))),
        hint="Think.",
        general="More.",
    )
    problems = check_bank(Bank((result.item,)), "", competencies={"LRE-01"}, sources=set(), retired=())
    assert [problem for problem in problems if problem.weight == "error"] == []


def test_settings_are_keys_of_the_item() -> None:
    settings = {
        "competency": "LRE-02",
        "level": "specialist",
        "form": "A",
        "cite": "untoc, art. 34;  tip-protocol",
        "shuffle": "no",
        "pass_value": "0.7",
        "scale": "1..4",
        "unit": "km",
        "skip": "no table",
    }
    item = question_fields.item_of(ID, _fields(settings=settings)).item
    assert item is not None
    assert (item.competency, item.level, item.form) == ("LRE-02", Level.SPECIALIST, ItemForm.A)
    assert (item.cite, item.shuffle, item.pass_value) == (("untoc, art. 34", "tip-protocol"), False, 0.7)
    assert (item.scale, item.unit, item.skip) == ((1, 4), "km", "no table")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("level", "expert"),
        ("form", "C"),
        ("pass_value", "2"),
        ("scale", "5..1"),
        ("shuffle", "maybe"),
        ("cite", "a;;b"),
    ],
)
def test_setting_that_the_format_does_not_know_is_an_error_of_its_field(name: str, value: str) -> None:
    fields = _fields()
    assert list(_errors(replace(fields, settings={**fields.settings, name: value}))) == [name]


def test_question_without_text_competency_and_answers_names_all_three() -> None:
    fields = replace(_fields(stem=" ", rows=({}, {"right": "y"})), settings={})
    assert list(_errors(fields)) == ["stem", "competency", "row-0-text"]


@pytest.mark.parametrize(
    "stem",
    ["One\n\n---\n\n- [x] two", "One\n## M01-Q02\nkind: single", "```\nopen", "/// nowhere\n///x", "kind: order"],
)
def test_stem_with_lines_of_the_format_is_refused(stem: str) -> None:
    assert _errors(_fields(stem=stem)).keys() <= {"stem"}
    result = question_fields.item_of(ID, _fields(stem=stem))
    assert result.item is None or question_fields.read_item(question_fields.written(result.item)) == result.item


@pytest.mark.parametrize("text", ["---", "a\n\n---\n\nb", "## M01-Q02", "a\n## M01-Q02", "- [x] nested", "/// hint"])
def test_option_with_lines_of_the_format_stays_one_option(text: str) -> None:
    item = question_fields.item_of(ID, _fields(rows=({"text": text, "right": "y"}, {"text": "b"}))).item
    assert item is not None
    assert item.answers == Choices((Option(text, 1.0), Option("b", 0.0)))


@pytest.mark.parametrize("kind", [ItemKind.SINGLE, ItemKind.SEVERAL])
def test_partly_right_option_leaves_the_tick_to_the_right_one(kind: ItemKind) -> None:
    choices = Choices((Option("This", 1.0, "Yes."), Option("That", 0.5, "Partly."), Option("Other", 0.0, "No.")))
    item = Item(ID, kind, "LRE-01", "Which?", choices)
    fields = question_fields.fields_of(item)
    assert [row["right"] for row in fields.rows] == ["y", "", ""]
    again = question_fields.item_of(ID, fields).item
    assert again is not None
    assert again.answers == choices


def test_part_marks_of_options_win_over_the_tick() -> None:
    rows = ({"text": "a", "right": "y", "part": "50"}, {"text": "b", "part": "-25"}, {"text": "c", "right": "y"})
    item = question_fields.item_of(ID, _fields(ItemKind.SEVERAL, rows=rows)).item
    assert item is not None
    assert item.answers == Choices((Option("a", 0.5), Option("b", -0.25), Option("c", 1.0)))
    assert [row["part"] for row in question_fields.fields_of(item).rows] == ["50", "-25", ""]


@pytest.mark.parametrize(
    ("kind", "row", "field"),
    [
        (ItemKind.SINGLE, {"reason": "Why"}, "row-0-text"),
        (ItemKind.SEVERAL, {"text": "a", "part": "101"}, "row-0-part"),
        (ItemKind.NUMBER, {"text": "many"}, "row-0-text"),
        (ItemKind.NUMBER, {"text": "3", "tolerance": "-1"}, "row-0-tolerance"),
        (ItemKind.MATCH, {"left": "a"}, "row-0-text"),
        (ItemKind.SORT, {"text": "a"}, "row-0-group"),
        (ItemKind.SORT, {"group": "a"}, "row-0-text"),
        (ItemKind.OPEN, {"name": "a", "points": "x"}, "row-0-points"),
        (ItemKind.OPEN, {"points": "1"}, "row-0-name"),
        (ItemKind.RATING, {"text": "a", "low": "1"}, "row-0-high"),
        (ItemKind.SHORT, {"reason": "Why"}, "row-0-text"),
        (ItemKind.ORDER, {"reason": "Why"}, "row-0-text"),
        (ItemKind.GAPS, {}, "body"),
        (ItemKind.PASSAGES, {}, "body"),
    ],
)
def test_cell_that_cannot_be_used_is_an_error_of_its_field(kind: ItemKind, row: dict[str, str], field: str) -> None:
    assert set(COLUMNS[kind]) >= set(row)
    assert list(_errors(_fields(kind, rows=(row,)))) == [field]


def test_groups_are_named_once_or_in_each_row() -> None:
    rows = ({"group": "A", "text": "1"}, {"text": "2"}, {"group": "B", "text": "3"}, {"group": "B", "text": "4"})
    item = question_fields.item_of(ID, _fields(ItemKind.SORT, rows=rows)).item
    assert item is not None
    assert isinstance(item.answers, Sort)
    assert [(group.title, group.entries) for group in item.answers.groups] == [
        ("A", (ListEntry("1"), ListEntry("2"))),
        ("B", (ListEntry("3"), ListEntry("4"))),
    ]


def test_numbers_are_read_with_a_comma_and_cells_on_one_line() -> None:
    number = question_fields.item_of(ID, _fields(ItemKind.NUMBER, rows=({"text": "2,5", "tolerance": "0,1"},))).item
    assert number is not None
    assert number.answers.answers == (NumberAnswer("2.5", "0.1"),)  # type: ignore[union-attr]
    match = question_fields.item_of(ID, _fields(ItemKind.MATCH, rows=({"left": "a\nb", "text": "c | d"},))).item
    assert match is not None
    assert match.answers.pairs == (Pair("a b", "c | d"),)  # type: ignore[union-attr]


def test_text_with_errors_has_no_item() -> None:
    assert question_fields.read_item("## M01-Q01\nkind: single\n\nNo answers.\n") is None
    assert question_fields.read_item("Nothing.") is None
