import pytest
from hypothesis import given, settings, strategies as st

from app.catalogue.domain.item_reader import read_bank
from app.catalogue.domain.item_writer import write_bank
from app.catalogue.domain.items import Bank, Item, ItemKind
from app.catalogue.domain.text import TextFile
from app.kernel.errors import DomainError
from app.studio.domain import bank_keys, bank_text
from tests.support import item_strategies
from tests.support.examples import examples

OPENING = "# Questions\n\nRead them all.\n\n"
FIRST = "## M01-Q01\nkind: single\ncompetency: LRE-01\n\nWhich?\n\n---\n\n- [x] This\n- [ ] That\n"
SECOND = "## M01-Q02\nkind: order\ncompetency: LRE-01\nform: B\n\nSort.\n\n---\n\n1. One\n2. Two\n"
BANK = f"{OPENING}{FIRST}\n\n\n{SECOND}\n"
CODE = "## M01-Q07\nkind: single\ncompetency: LRE-01\n\n```\n## M01-Q55\n```\n\n---\n\n- [x] a\n- [ ] b\n"


FEWER = settings(max_examples=examples(20))


def _bank(text: str) -> Bank:
    return read_bank(TextFile("test.en.md", text))[0]


def _ids(text: str) -> list[str]:
    return list(bank_text.spans(text))


def _item(text: str, item_id: str) -> Item:
    return next(item for item in _bank(text).items if item.id == item_id)


@FEWER
@given(item_strategies.any_bank, st.sampled_from(ItemKind).flatmap(item_strategies.item), st.data())
def test_edit_of_an_item_leaves_all_other_lines(bank: Bank, new: Item, data: st.DataObject) -> None:
    before = write_bank(bank)
    item_id = data.draw(st.sampled_from([item.id for item in bank.items]))
    written = write_bank(Bank((item_strategies.replace_id(new, item_id),)))
    after = bank_text.with_item(before, item_id, written)
    assert bank_text.item_text(after, item_id) == written
    head, tail = before.split(bank_text.item_text(before, item_id), 1)
    assert after == head + written + tail
    assert [item for item in _bank(after).items if item.id != item_id] == [
        _moved(item, after) for item in _bank(before).items if item.id != item_id
    ]


def _moved(item: Item, text: str) -> Item:
    line = bank_text.spans(text)[item.id].first + 1
    return Item(**{name: getattr(item, name) for name in item.__struct_fields__} | {"line": line})


@FEWER
@given(item_strategies.any_bank)
def test_added_item_and_its_removal_leave_the_text(bank: Bank) -> None:
    before = write_bank(bank)
    after = bank_text.add_item(before, CODE, title="")
    assert after.startswith(before)
    assert bank_text.item_text(after, "M01-Q07") == CODE
    assert bank_text.without_item(after, "M01-Q07") == before


@FEWER
@given(item_strategies.any_bank, st.sampled_from([("competency", "VIC-02"), ("form", ""), ("skip", "no table")]))
def test_bulk_edit_changes_this_key_alone(bank: Bank, pair: tuple[str, str]) -> None:
    key, value = pair
    before = write_bank(bank)
    after = bank_keys.with_keys(before, _ids(before), key, value)
    changed = {line for line in after.split("\n") if line not in before.split("\n")}
    assert changed <= {f"{key}: {value}"}
    for item in _bank(after).items:
        assert bank_keys.key_value(bank_text.item_text(after, item.id), key) == value
        assert item.answers == _item(before, item.id).answers


def test_spans_ignore_headings_in_code_and_repeated_ids() -> None:
    text = f"{BANK}\n{CODE}\n{FIRST}"
    assert _ids(text) == ["M01-Q01", "M01-Q02", "M01-Q07"]
    assert bank_text.item_text(text, "M01-Q01") == FIRST


def test_carriage_returns_of_other_items_remain() -> None:
    text = BANK.replace("\n", "\r\n")
    after = bank_text.with_item(text, "M01-Q02", SECOND.replace("One", "Two first"))
    assert after.startswith(text[: text.index("## M01-Q02")])
    assert "Two first" in after


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (FIRST.replace("Q01", "Q03"), 1),
        (f"{FIRST}\n{SECOND}", 12),
        (FIRST.replace("Which?", "```\nopen"), 5),
        (FIRST.replace("This", "Th\x07is"), 9),
        (FIRST.replace("This", "x" * 61 * 1024), 1),
        ("", 1),
    ],
)
def test_text_that_is_not_this_item_alone_is_a_problem(text: str, line: int) -> None:
    assert line in {problem.line for problem in bank_text.text_problems(text, "M01-Q01")}
    with pytest.raises(DomainError):
        bank_text.with_item(BANK, "M01-Q01", text)


def test_edit_is_refused_if_unclosed_code_before_it_would_swallow_it() -> None:
    text = f"{OPENING}{FIRST.replace('Which?', '```')}\n{SECOND}"
    with pytest.raises(DomainError):
        bank_text.with_item(text, "M01-Q02", SECOND.replace("Sort.", "```\nSort\n```"))
    with pytest.raises(DomainError):
        bank_text.add_item(text, CODE, title="")


def test_first_item_creates_a_bank_with_a_title() -> None:
    text = bank_text.add_item(None, FIRST, title="Night at the harbour")
    assert text == f"# Night at the harbour\n\n{FIRST}"
    assert _bank(text).title == "Night at the harbour"


def test_removed_last_item_leaves_one_line_end() -> None:
    assert bank_text.without_item(BANK, "M01-Q02") == f"{OPENING}{FIRST}"
    assert bank_text.without_item(BANK, "M01-Q01") == f"{OPENING}{SECOND}\n"
    with pytest.raises(DomainError):
        bank_text.without_item(BANK, "M01-Q09")


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        ([], "M01-Q01"),
        (["M01-Q01", "M01-Q07", "M02-Q50", "M01-Q7", "M01-Q0001"], "M01-Q08"),
        (["M01-Q99"], "M01-Q100"),
        (["M01-Q01", "M01-Q999"], "M01-Q02"),
    ],
)
def test_next_id_was_never_used(used: list[str], expected: str) -> None:
    assert bank_text.next_id("M01", used) == expected


def test_next_id_is_refused_when_all_are_used() -> None:
    with pytest.raises(DomainError):
        bank_text.next_id("M01", [f"M01-Q{number:02}" for number in range(1, 1000)])


@pytest.mark.parametrize(("form", "original", "copy"), [("A", "A", "B"), ("B", "B", "A"), ("", "A", "B")])
def test_copy_is_the_other_parallel_form(form: str, original: str, copy: str) -> None:
    text = bank_keys.with_keys(BANK, ["M01-Q01"], "form", form)
    after = bank_keys.duplicate(text, "M01-Q01", "M01-Q03")
    assert _ids(after) == ["M01-Q01", "M01-Q03", "M01-Q02"]
    assert bank_keys.key_value(bank_text.item_text(after, "M01-Q01"), "form") == original
    assert bank_keys.key_value(bank_text.item_text(after, "M01-Q03"), "form") == copy
    assert _item(after, "M01-Q03").answers == _item(text, "M01-Q01").answers


def test_copy_of_a_reserve_item_is_reserve() -> None:
    text = bank_keys.with_keys(BANK, ["M01-Q01"], "form", "reserve")
    after = bank_keys.duplicate(text, "M01-Q01", "M01-Q03")
    assert bank_keys.key_value(bank_text.item_text(after, "M01-Q03"), "form") == "reserve"


@pytest.mark.parametrize(("key", "value"), [("title", "x"), ("skip", "a\nkind: single"), ("unit", "k\x00m")])
def test_bulk_edit_refuses_values_that_are_no_line(key: str, value: str) -> None:
    with pytest.raises(DomainError):
        bank_keys.with_keys(BANK, ["M01-Q01"], key, value)


def test_new_key_is_written_at_its_usual_place() -> None:
    after = bank_keys.with_keys(BANK, ["M01-Q01", "M01-Q02"], "level", "specialist")
    assert "kind: single\ncompetency: LRE-01\nlevel: specialist\n\nWhich?" in after
    assert "competency: LRE-01\nlevel: specialist\nform: B\n" in after
