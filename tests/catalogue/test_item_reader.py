import pytest

from app.catalogue.domain.item_reader import read_bank
from app.catalogue.domain.item_writer import write_bank
from app.catalogue.domain.items import (
    Choices,
    Criterion,
    Gap,
    Gaps,
    Group,
    ItemForm,
    ItemKind,
    Level,
    ListEntry,
    Match,
    Number,
    NumberAnswer,
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
from app.catalogue.domain.text import TextFile, read
from tests.support.cpu_time import counting

CANONICAL = """\
# Test of the first course

What you have read, asked again.

## M01-Q01
kind: single
competency: LRE-01
level: foundation
form: A
cite: tip-protocol, art. 3(c); untoc, art. 34(2)
pass_value: 0.7

A 17-year-old agrees to beg for an uncle who keeps the money. Which element need not be shown?

---

- [x] The means
  > Right: for anyone under 18 no force, deceit or abuse has to be shown.
- [ ] The act
  > An act is always needed.
  >
  > Here it may be receiving or harbouring the boy.

/// hint
Think of what the law asks for a child.
///

## M01-Q02
kind: gaps
competency: LRE-01
level: practitioner
shuffle: no

---

The act is {=recruiting|harbouring}, the means {~a form|=force|a fee}.

/// general
See the definition.
///
"""


def bank_of(answers, *, kind="single", stem="What?", keys="competency: LRE-01", after=""):
    return f"# Title\n\n## M01-Q01\nkind: {kind}\n{keys}\n\n{stem}\n\n---\n\n{answers}\n{after}"


def item_of(*given, **named):
    bank, problems = read_bank(TextFile("test.en.md", bank_of(*given, **named)))
    assert [str(problem) for problem in problems] == []
    return bank.items[0]


def mistakes_in(text, *, translation=False):
    _, problems = read_bank(TextFile("test.en.md", text), translation=translation)
    return [(problem.line, problem.message % problem.values) for problem in problems]


def test_canonical_text_is_read_without_mistakes_and_written_unchanged():
    bank, problems = read_bank(TextFile("test.en.md", CANONICAL))
    assert problems == []
    assert write_bank(bank) == CANONICAL
    first, second = bank.items
    assert (bank.title, bank.intro) == ("Test of the first course", "What you have read, asked again.")
    assert (first.line, first.level, first.form, first.pass_value) == (5, Level.FOUNDATION, ItemForm.A, 0.7)
    assert first.cite == ("tip-protocol, art. 3(c)", "untoc, art. 34(2)")
    assert first.hint == "Think of what the law asks for a child."
    assert (second.shuffle, second.stem, second.general) == (False, "", "See the definition.")


CASES = [
    (
        "several",
        "- [x] A\n- [50%] B\n- [-25%] C\n  > no",
        Choices((Option("A", 1.0), Option("B", 0.5), Option("C", -0.25, "no"))),
    ),
    ("truefalse", "- [ ] True\n- [x] False", Choices((Option("True", 0.0), Option("False", 1.0)))),
    ("order", "1. First\n1. Then\n  > why", Order((ListEntry("First"), ListEntry("Then", "why")))),
    (
        "match",
        "| Sign | Step |\n| --- | --- |\n| debt \\| fee | ask |\n| | wait |",
        Match(("Sign", "Step"), (Pair("debt | fee", "ask"), Pair("", "wait"))),
    ),
    (
        "sort",
        "### Act\n\n- to recruit\n- to move\n\n### Means\n- force",
        Sort((Group("Act", (ListEntry("to recruit"), ListEntry("to move"))), Group("Means", (ListEntry("force"),)))),
    ),
    (
        "number",
        "= 12.5 ± 0.5\n= -3 [50%]\n  > nearly",
        Number((NumberAnswer("12.5", "0.5"), NumberAnswer("-3", "", 0.5, "nearly"))),
    ),
    (
        "short",
        "= non*punish\\*\n= mercy [20%]",
        Short((ShortAnswer("non*punish\\*"), ShortAnswer("mercy", 0.2))),
    ),
    (
        "gaps",
        "A {=b|c \\| \\{d\\}} e {~x|=y} `{=code}`.",
        Gaps(("A ", " e ", " `{=code}`."), (Gap("typed", ("b", "c | {d}")), Gap("chosen", ("y",), ("x", "y")))),
    ),
    (
        "passages",
        "He {{+ keeps it }} and {{- smiles\nat us }} `{{x}}` {{y}}.",
        Passages(("He ", " and ", " `{{x}}` {{y}}."), (Passage("keeps it", True), Passage("smiles\nat us", False))),
    ),
    (
        "open",
        "| Criterion | Points | Earned by |\n|---|---|---|\n| Law | 2 | the article |\n| Plan | 0.5 | two steps |",
        Open(
            ("Criterion", "Points", "Earned by"),
            (Criterion("Law", 2.0, "the article"), Criterion("Plan", 0.5, "two steps")),
        ),
    ),
    (
        "rating",
        "- a = b = 3..4\n- c = 1..1\n  > low",
        Rating((Statement("a = b", 3, 4), Statement("c", 1, 1, "low"))),
    ),
]


@pytest.mark.parametrize(("kind", "text", "answers"), CASES, ids=[case[0] for case in CASES])
def test_each_kind_is_read(kind, text, answers):
    item = item_of(text, kind=kind)
    assert (item.kind, item.answers) == (ItemKind(kind), answers)


STEMS = [
    "| a | b |\n| --- | --- |\n| 1 | 2 |",
    "1. one\n2. two\n\n- three",
    "= TOTAL\n\n{=x} and {{+ y }}",
    "```\n## M01-Q99\n\n---\n\n/// hint\n```",
    "A title\n---\nand text",
    "/// note | Mind\ntext\n///",
    "then:\n\nkind: not a key here",
]


@pytest.mark.parametrize("stem", STEMS)
def test_stem_may_contain_lines_like_answers(stem):
    item = item_of("- [x] A\n- [ ] B", stem=stem)
    assert item.stem == stem
    assert item.answers == Choices((Option("A", 1.0), Option("B", 0.0)))


OPTIONS = [
    "Go -> d2 (best)",
    "A list:\n\n- one\n  - deeper\n- two",
    "A table:\n\n| a | b |\n| --- | --- |\n| 1 | 2 |",
    "Code:\n```\n> [x] no feedback\n- [x] no option\n```",
    "\u200fالجواب الصحيح\u200f (نعم)",
    "وەڵامی ڕاست",
    "درست جواب [x]",
]


@pytest.mark.parametrize("text", OPTIONS)
def test_an_option_may_hold_lists_tables_code_and_any_script(text):
    lines = text.replace("\n", "\n  ")
    item = item_of(f"- [x] {lines}\n  > First.\n  >\n  > Second.\n  >\n  > Third.\n- [ ] B")
    assert item.answers.options[0] == Option(text, 1.0, "First.\n\nSecond.\n\nThird.")


def test_line_ends_of_windows_and_a_byte_order_mark_are_read():
    source, _ = read("test.en.md", b"\xef\xbb\xbf" + CANONICAL.replace("\n", "\r\n").encode())
    bank, problems = read_bank(source)
    assert problems == []
    assert write_bank(bank) == CANONICAL


def test_a_front_is_skipped_and_lines_still_count_from_the_top():
    bank, problems = read_bank(TextFile("test.ku.md", "---\nfollows: -\n---\n\n" + CANONICAL))
    assert problems == []
    assert bank.items[0].line == 9


MISTAKES = [
    ("", (1, "The file has no title.")),
    ("# T\n", (1, "The bank has no item.")),
    ("# T\n\n## Q1\nkind: single\n", (3, "Q1 is not an id of an item.")),
    (bank_of("- [x] A\n- [ ] B", kind="choice"), (4, "choice is not a valid value of the key kind.")),
    (bank_of("- [x] A", keys="colour: red"), (5, "The key colour is not known.")),
    (bank_of("- [x] A", keys="level: foundation"), (3, "The item has no key competency.")),
    (bank_of("- [x] A", keys="competency: A\ncompetency: B"), (6, "The key competency is here twice.")),
    (bank_of("- [x] A", keys="competency: A\nunit:"), (6, "The key unit has no value.")),
    (bank_of("- [x] A", keys="competency: A\nwhat is this"), (6, "This is not a line of the form key: value.")),
    (bank_of("- [x] A", keys="competency: A\npass_value: 1.5"), (6, "1.5 is not a valid value of the key pass_value.")),
    (bank_of("- [x] A", keys="competency: A\nscale: 5..1"), (6, "5..1 is not a valid value of the key scale.")),
    (bank_of("- [x] A", keys="competency: A\nshuffle: maybe"), (6, "maybe is not a valid value of the key shuffle.")),
    (
        bank_of("- [x] A", stem="level: foundation\n\nWhat?"),
        (7, "The key level comes after the blank line, so it is read as text."),
    ),
    (bank_of("- [x] A").replace("\n\n---\n\n", "\n\n"), (3, "There is no line --- between the text and the answers.")),
    (bank_of("- [x] A").replace("---\n\n", "---\n"), (9, "The line --- has no blank line before and after it.")),
    (bank_of("- [x] A", stem=""), (3, "The item has no question.")),
    (bank_of(""), (3, "The item has no answers.")),
    (bank_of("- [x] A", stem="/// note\ntext"), (7, "This block is not closed.")),
    (bank_of("- [x] A", stem="/// nota\ntext\n///"), (7, "The block nota is not known here.")),
    (bank_of("- [x] A", stem="text\n///"), (8, "This line closes a block that is not open.")),
    (bank_of("- [x] A", stem="```\ntext"), (7, "This fenced code is not closed.")),
    (bank_of("- [x] A", after="\n/// hint\nx\n"), (13, "This block is not closed.")),
    (bank_of("- [x] A", after="\n/// note\nx\n///\n"), (13, "The block /// note cannot follow the answers.")),
    (bank_of("- [x] A", after="\n/// hint\n///\n\n/// hint\n///\n"), (16, "The block hint is here twice.")),
    (
        bank_of("- [x] A", after="\n/// hint\n///\n\nx\n"),
        (16, "This text comes after a block that follows the answers."),
    ),
    (bank_of("- [x] A\n- B"), (12, "This option has no mark.")),
    (bank_of("- [x] A\n- [ ]"), (12, "This answer is empty.")),
    (bank_of("- [x] A\n- [150%] B"), (12, "The mark is over a hundred per cent.")),
    (bank_of("- [x] A\nB"), (12, "This line is not part of an answer.")),
    (bank_of("- [x] A\n  > yes\n  more"), (13, "This text comes after the feedback.")),
    (bank_of("A"), (11, "This line is not part of an answer.")),
    (bank_of("### \n- a", kind="sort"), (11, "This group has no name.")),
    (bank_of("- a\n### b\n- c", kind="sort"), (11, "This line is not part of an answer.")),
    (bank_of("= 1,5", kind="number"), (11, "1,5 is not a number.")),
    (bank_of("| a |\n| --- |", kind="match"), (11, "This is not a table row of 2 cells.")),
    (bank_of("| a | b |\n| c | d |", kind="match"), (11, "The table has no heading row.")),
    (bank_of("| a | b |\n|---|---|\n| c | |", kind="match"), (13, "The right cell of this row is empty.")),
    (bank_of("- a", kind="sort"), (11, "There is no group.")),
    (bank_of("a {=b\nc", kind="gaps"), (11, "A brace opened here is not closed.")),
    (bank_of("x\na {=b|} c", kind="gaps"), (12, "A gap has an empty answer.")),
    (bank_of("x\na {=b|~c} d", kind="gaps"), (12, "A typed gap has a wrong option.")),
    (bank_of("a {=b {c} d", kind="gaps"), (11, "A brace is opened inside another.")),
    (bank_of("a {{+ }} c", kind="passages"), (11, "A passage is empty.")),
    (bank_of("| a | b | c |\n|---|---|---|\n| d | many | e |", kind="open"), (13, "many is not a number of points.")),
    (bank_of("| a | b | c |\n|---|---|---|\n| | 1 | e |", kind="open"), (13, "The criterion has no name.")),
    (bank_of("- a = 3", kind="rating"), (11, "This statement has no range of ratings.")),
    ("---\nfollows: -\n", (1, "The header of the file is not closed.")),
]


@pytest.mark.parametrize(("text", "problem"), MISTAKES, ids=[problem[1] for _, problem in MISTAKES])
def test_problem_has_its_line(text, problem):
    assert problem in mistakes_in(text)


def test_second_item_with_the_same_id_is_a_problem():
    text = bank_of("- [x] A\n- [ ] B") + "\n## M01-Q01\nkind: order\ncompetency: X\n\nOrder?\n\n---\n\n1. a\n2. b\n"
    bank, problems = read_bank(TextFile("test.en.md", text))
    assert [item.kind for item in bank.items] == [ItemKind.SINGLE]
    assert [problem.line for problem in problems] == [14]


def test_reading_continues_at_the_next_item_after_a_problem():
    broken = "## M01-Q02\nkind: single\ncompetency: X\n\nUnclosed\n\n```\ncode\n\n## M01-Q03\nkind: what\n\nq\n\n"
    good = "## M01-Q04\nkind: order\ncompetency: X\n\nOrder?\n\n---\n\n1. a\n2. b\n"
    bank, problems = read_bank(TextFile("test.en.md", bank_of("- [x] A\n- [ ] B") + "\n" + broken + good))
    assert [item.id for item in bank.items] == ["M01-Q01", "M01-Q04"]
    assert [problem.line for problem in problems] == [14, 20, 23, 23, 24]


def test_every_problem_has_a_hint():
    for text, _ in MISTAKES:
        _, problems = read_bank(TextFile("test.en.md", text))
        assert all(str(problem).endswith((".", "3..4")) for problem in problems)


@pytest.mark.parametrize("unit", ["[", "{", "*", "{=", "{{+", "`", "|", "\\", "- [x] a\n", "/// hint\n", "## a\n"])
@pytest.mark.parametrize("kind", ["single", "match", "gaps", "passages"])
def test_hostile_text_is_read_in_a_moment(kind, unit):
    with counting() as took:
        bank, problems = read_bank(TextFile("test.en.md", bank_of(unit * (60_000 // len(unit)), kind=kind)))
    assert bank.items or problems
    assert took.seconds < 5
