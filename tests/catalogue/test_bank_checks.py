import pytest

from app.catalogue.domain.bank_checks import check_bank
from app.catalogue.domain.item_reader import read_bank
from app.catalogue.domain.problems import Weight
from app.catalogue.domain.text import TextFile

GOOD = "- [x] A b\n  > yes\n- [ ] B c d\n  > no"


def item(kind, answers, *, number=1, keys="cite: tip", competency="LRE-01"):
    head = f"kind: {kind}\ncompetency: {competency}" + (f"\n{keys}" if keys else "")
    return f"## M01-Q{number:02}\n{head}\n\nWhat?\n\n---\n\n{answers}\n\n"


def check(*items, competencies=("LRE-01",), sources=("tip",), retired=(), long_sources=(), intro=""):
    fill = [item("single", GOOD, number=number) for number in (90, 91, 92)]
    bank, problems = read_bank(TextFile("test.en.md", f"# T\n\n{intro}\n\n" + "".join([*items, *fill])))
    assert [str(problem) for problem in problems] == []
    bank_problems = check_bank(
        bank, "test.en.md", competencies=competencies, sources=sources, retired=retired, long_sources=long_sources
    )
    return [(problem.weight, problem.line, problem.message % problem.values) for problem in bank_problems]


def test_good_bank_has_no_problems():
    assert check(item("single", GOOD)) == []


ERRORS = [
    ("single", "- [x] A\n- [x] BBB", "The item does not have exactly one right option."),
    ("single", "- [ ] A\n- [50%] BBB", "The item does not have exactly one right option."),
    ("several", "- [ ] A\n- [-50%] BBB", "The item has no right option."),
    ("truefalse", "- [x] A\n- [ ] B\n- [ ] C", "The item does not have two options."),
    ("single", "- [x] A", "The item has one option only."),
    ("single", "- [x] A\n- [ ] A", "Two answers of the item are the same."),
    ("order", "1. a", "There is nothing to put in order."),
    ("match", "| a | b |\n|---|---|\n| c | d |\n| | e |", "There is nothing to match."),
    ("sort", "### a\n- b", "The item has one group only."),
    ("sort", "### a\n- b\n\n### c", "A group has no name or no entries."),
    ("number", "= 3 [50%]", "No answer of the item earns full marks."),
    ("short", "= a\n= a", "Two answers of the item are the same."),
    ("gaps", "no gap", "The text has no gap."),
    ("gaps", "x {~a|b}", "A gap has no right answer or an empty one."),
    ("gaps", "x {~=a}", "A gap offers one option only."),
    ("passages", "x {{- a }}", "The text has no right passage."),
    ("open", "| a | b | c |\n|---|---|---|\n| d | 0 | e |", "No criterion earns points."),
    ("rating", "- a = 4..3", "A range of ratings is in the wrong order or outside the scale."),
    ("rating", "- a = 3..6", "A range of ratings is in the wrong order or outside the scale."),
]


@pytest.mark.parametrize(("kind", "answers", "message"), ERRORS)
def test_inconsistent_answers_are_errors_at_the_item(kind, answers, message):
    assert (Weight.ERROR, 5, message) in check(item(kind, answers))


def test_unknown_and_retired_names_are_errors():
    found = check(item("single", GOOD, keys="cite: un, art. 3", competency="XX-01"), retired={"M01-Q01"})
    assert [one for one in found if one[0] is Weight.ERROR] == [
        (Weight.ERROR, 5, "The id M01-Q01 was used by an item that was removed."),
        (Weight.ERROR, 5, "The competency XX-01 is not known."),
        (Weight.ERROR, 5, "The source un is not known."),
    ]


def test_names_are_not_compared_when_none_are_known():
    one = item("single", GOOD, keys="cite: un")
    assert check(one, competencies=None, sources=None) == []


WARNINGS = [
    (item("single", GOOD, keys=""), "The item M01-Q01 names no source."),
    (item("single", "- [x] A\n  > yes\n- [ ] Bb"), "Option 2 of M01-Q01 has no feedback."),
    (
        item("single", GOOD + "\n- [ ] All of the\n  above\n  > no"),
        "Option 3 of M01-Q01 refers to the other options, but their order changes.",
    ),
    (item("single", GOOD + " " + "[" * 201), "There are more than 200 [ in a row."),
    (item("single", GOOD + "\n  > " + "a " * 4001), "This paragraph has more than 8000 characters."),
    (item("single", GOOD, competency="LRE-02"), "The competency LRE-02 has 1 items."),
]


@pytest.mark.parametrize(("text", "message"), WARNINGS)
def test_weak_items_are_warned_of(text, message):
    assert check(text, competencies=("LRE-01", "LRE-02")) == [(Weight.WARNING, 5, message)]


@pytest.mark.parametrize("place", ["", ",", " ,  "])
def test_cite_of_long_source_without_place_is_warned_of(place):
    cited = item("single", GOOD, keys=f"cite: tip; manual{place}")
    message = "The item M01-Q01 cites manual without a page, paragraph or section."
    assert check(cited, sources=("tip", "manual"), long_sources=("manual",)) == [(Weight.WARNING, 5, message)]


def test_cite_of_long_source_with_place_is_not_warned_of():
    cited = item("single", GOOD, keys="cite: manual, module 8, objectives; tip")
    assert check(cited, sources=("tip", "manual"), long_sources=("manual",)) == []


def test_two_hundred_brackets_and_eight_thousand_signs_are_allowed():
    assert check(item("single", GOOD + " " + "[" * 200), intro="a" * 7900) == []


def test_longest_right_options_are_warned_of():
    long = "- [x] The long one\n  > yes\n- [ ] Short\n  > no"
    items = [item("single", long, number=number) for number in range(1, 4)]
    assert check(*items) == []
    four = [*items, item("single", long, number=4)]
    assert [message for *_, message in check(*four)] == ["The right option is the longest in 4 of 7 items."]
