import pytest

from app.catalogue.domain.item_reader import read_bank
from app.catalogue.domain.item_translation import merge_bank
from app.catalogue.domain.items import Gap, ItemKind, ShortAnswer
from app.catalogue.domain.problems import Weight
from app.catalogue.domain.text import TextFile

SOURCE = {
    "single": "- [x] A\n  > yes\n- [ ] B",
    "several": "- [x] A\n- [-25%] B",
    "truefalse": "- [x] T\n- [ ] F",
    "order": "1. a\n2. b",
    "match": "| a | b |\n|---|---|\n| c | d |\n| | e |",
    "sort": "### g\n- a\n- b\n\n### h\n- c",
    "number": "= 3 ± 1\n  > three",
    "short": "= word\n= other [50%]",
    "gaps": "x {=a|b} y {~c|=d}",
    "passages": "x {{+ a }} y {{- b }}",
    "open": "| a | b | c |\n|---|---|---|\n| d | 2 | e |",
    "rating": "- a = 3..4\n- b = 1..2",
}


def item(kind, answers, *, keys=True, number=1, line="What?"):
    head = f"kind: {kind}\ncompetency: LRE-01\n" if keys else ""
    return f"## M01-Q{number:02}\n{head}\n{line}\n\n---\n\n{answers}\n\n"


def merge(source, translated):
    bank, problems = read_bank(TextFile("test.en.md", "# T\n\n" + source))
    assert problems == []
    other, problems = read_bank(TextFile("test.ku.md", "# U\n\n" + translated), translation=True)
    merged, more = merge_bank(bank, other, "test.ku.md")
    assert all(problem.file == "test.ku.md" for problem in problems + more)
    return merged, [(problem.line, problem.message % problem.values) for problem in problems + more]


def merge_kind(kind, answers):
    merged, problems = merge(item(kind, SOURCE[kind]), item(kind, answers, keys=False, line="Çi?"))
    return merged.items[0], problems


def test_texts_come_from_the_translation_and_marks_from_the_source():
    merged, problems = merge_kind("single", "- Yek\n  > erê\n- Du")
    assert problems == []
    assert (merged.stem, merged.kind, merged.competency) == ("Çi?", ItemKind.SINGLE, "LRE-01")
    assert [(one.text, one.share, one.feedback) for one in merged.answers.options] == [
        ("Yek", 1.0, "erê"),
        ("Du", 0.0, ""),
    ]


@pytest.mark.parametrize("kind", SOURCE)
def test_repeated_marks_and_keys_are_allowed(kind):
    text = item(kind, SOURCE[kind])
    merged, problems = merge(text, text)
    assert problems == []
    assert merged.items[0].answers == merge(text, text)[0].items[0].answers


DIFFERENT = "The mark of this answer differs from the source."
MISTAKES = [
    ("single", "- [ ] A\n- B", (9, DIFFERENT)),
    ("several", "- A\n- [-50%] B", (10, DIFFERENT)),
    ("single", "- A\n- B\n- C", (9, "There are 3 answers here, and 2 in the source.")),
    ("truefalse", "- A", (9, "There are 1 answers here, and 2 in the source.")),
    ("order", "1. a", (9, "There are 1 answers here, and 2 in the source.")),
    ("match", "| a | b |\n|---|---|\n| c | d |", (9, "There are 1 answers here, and 2 in the source.")),
    ("match", "| a | b |\n|---|---|\n| c | d |\n| x | e |", (12, "This row has other empty cells than in the source.")),
    ("sort", "### g\n- a\n- b", (9, "There are 1 answers here, and 2 in the source.")),
    ("sort", "### g\n- a\n\n### h\n- c", (9, "There are 1 answers here, and 2 in the source.")),
    ("number", "= 4", (9, DIFFERENT)),
    ("number", "= 3 ± 2", (9, DIFFERENT)),
    ("number", "", (8, "The feedback of the numbers is not translated.")),
    ("short", "= a\n= b [20%]", (10, DIFFERENT)),
    ("short", "= a", (9, "The source has part marks and another number of answers.")),
    ("gaps", "x {=a}", (9, "There are 1 answers here, and 2 in the source.")),
    ("gaps", "x {=a} y {~=c|d}", (9, DIFFERENT)),
    ("gaps", "x {=a} y {~c|d|e}", (9, "There are 3 answers here, and 2 in the source.")),
    ("gaps", "x {~a|b} y {~c|d}", (9, "This gap is of another kind than in the source.")),
    ("passages", "x {{ a }}", (9, "There are 1 answers here, and 2 in the source.")),
    ("passages", "x {{+ a }}\n{{+ b }}", (10, DIFFERENT)),
    ("open", "| a | b | c |\n|---|---|---|\n| d | 3 | e |", (11, DIFFERENT)),
    ("rating", "- a = 3..5\n- b", (9, DIFFERENT)),
    ("rating", "- a", (9, "There are 1 answers here, and 2 in the source.")),
    ("order", "", (3, "The item has no answers.")),
]


@pytest.mark.parametrize(("kind", "answers", "problem"), MISTAKES)
def test_difference_from_the_source_has_its_line(kind, answers, problem):
    assert problem in merge_kind(kind, answers)[1]


def test_accepted_words_are_those_of_the_language():
    assert merge_kind("gaps", "x {=yek} y {~sê|çar}") == (merge_kind("gaps", "x {=yek} y {~sê|=çar}")[0], [])
    gaps = merge_kind("gaps", "x {=yek} y {~sê|çar}")[0].answers.gaps
    assert gaps == (Gap("typed", ("yek",)), Gap("chosen", ("çar",), ("sê", "çar")))
    assert merge_kind("short", "= yek\n= du")[0].answers.answers == (ShortAnswer("yek"), ShortAnswer("du", 0.5))
    own, problems = merge_kind("short", "= yek [100%]\n= du [30%]\n= sê [10%]")
    assert problems == []
    assert [answer.share for answer in own.answers.answers] == [1.0, 0.3, 0.1]


def test_ids_are_compared():
    source = item("order", "1. a", number=1) + item("order", "1. b", number=2)
    _, unknown = merge(source, item("order", "1. a", keys=False, number=3))
    assert (3, "The source has no item M01-Q03.") in unknown
    merged, turned = merge(source, item("order", "1. y", keys=False, number=2) + item("order", "1. x", number=1))
    assert turned == [(11, "The item M01-Q01 is at another position than in the source.")]
    assert [one.answers.entries[0].text for one in merged.items] == ["x", "y"]


def test_untranslated_item_uses_its_source_text_with_a_warning():
    source = item("order", "1. a", number=1) + item("order", "1. b", number=2)
    bank, _ = read_bank(TextFile("test.en.md", "# T\n\n" + source))
    other, _ = read_bank(TextFile("test.ku.md", "# U\n\n" + item("order", "1. x", keys=False)), translation=True)
    merged, problems = merge_bank(bank, other, "test.ku.md")
    assert [one.answers.entries[0].text for one in merged.items] == ["x", "b"]
    assert [(problem.weight, problem.line) for problem in problems] == [(Weight.WARNING, 1)]


def test_different_keys_and_trailers_are_problems():
    translated = item("order", "1. x\n\n/// hint\nh\n///").replace("LRE-01", "LRE-02")
    _, problems = merge(item("order", "1. a"), translated)
    assert problems == [
        (3, "Source and translation do not both have the block hint."),
        (5, "The key competency differs from the source."),
    ]
