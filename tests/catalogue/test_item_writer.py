import msgspec
import pytest
from hypothesis import given, settings, strategies as st

from app.catalogue.domain.item_reader import read_bank
from app.catalogue.domain.item_translation import merge_bank
from app.catalogue.domain.item_writer import blocks_of_bank, write_bank
from app.catalogue.domain.items import Bank, ItemKind
from app.catalogue.domain.text import TextFile
from tests.support import item_strategies
from tests.support.examples import examples


def without_lines(bank):
    return Bank(tuple(msgspec.structs.replace(item, line=0) for item in bank.items), bank.title, bank.intro)


def read(text, *, translation=False):
    return read_bank(TextFile("test.en.md", text), translation=translation)


@pytest.mark.parametrize("kind", ItemKind)
@settings(max_examples=examples(8), deadline=None)  # of each kind
@given(drawn=st.data())
def test_bank_survives_writing_and_reading(kind, drawn):
    bank = drawn.draw(item_strategies.bank(kind))
    written = write_bank(bank)
    again, problems = read(written)
    assert [str(problem) for problem in problems if "block" not in problem.message] == []
    assert without_lines(again) == bank
    assert write_bank(again) == written


@pytest.mark.parametrize("kind", ItemKind)
@settings(max_examples=examples(8), deadline=None)  # of each kind
@given(drawn=st.data())
def test_a_translation_written_and_merged_is_the_same_bank(kind, drawn):
    bank = drawn.draw(item_strategies.bank(kind))
    written = write_bank(bank, translation=True)
    translated, _ = read(written, translation=True)
    merged, problems = merge_bank(bank, translated, "test.ku.md")
    assert [str(problem) for problem in problems] == []
    assert without_lines(merged) == bank
    assert write_bank(merged, translation=True) == written


@settings(max_examples=examples(15), deadline=None)
@given(item_strategies.any_bank)
def test_items_of_several_kinds_stand_side_by_side(bank):
    again, _ = read(write_bank(bank))
    assert without_lines(again) == bank
    assert len(blocks_of_bank(again)) == 1 + len(bank.items)


FRAGMENTS = [
    *("- ", "- [x] ", "[50%]", "  > ", "  ", "\n", "\n\n", "a", "1. ", "= ", " ± ", "3", "|", "| a | b |\n|---|---|\n"),
    *("\\", "`", "```", "### ", "{=", "{~", "}", "{{+ ", "{{- ", "}}", "/// hint\n", "///\n", "\n\n---\n\n", " = 1..2"),
    *("ب", "\u200f", "\t", "\u00a0", " [50%]"),
]


@settings(max_examples=examples(100), deadline=None)
@given(st.sampled_from(ItemKind), st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=20).map("".join))
def test_bank_without_problems_is_unchanged_by_writing(kind, answers):
    bank, problems = read(f"# T\n\n## M01-Q01\nkind: {kind}\ncompetency: X\n\nWhat?\n\n---\n\n{answers}\n")
    if not problems:
        again, _ = read(write_bank(bank))
        assert without_lines(again) == without_lines(bank)
        assert write_bank(again) == write_bank(bank)


def test_typed_answer_keeps_the_sign_of_options_at_its_start():
    text = "## M01-Q01\nkind: gaps\ncompetency: LRE-01\n\nComplete it.\n\n---\n\nA {=\\~|\\~x} b\n"
    (item,) = read_bank(TextFile("test.en.md", text))[0].items
    assert item.answers.gaps[0].accepted == ("~", "~x")
    assert "{=\\~|\\~x}" in write_bank(Bank((item,)))
