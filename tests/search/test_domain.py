import pytest
from hypothesis import given, strategies as st

from app.kernel.folding import fold
from app.search.domain import QUESTION_CHARACTERS, SnippetPart, question, snippet, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Debt bondage, e.g. wages withheld.", ["debt", "bondage", "e", "g", "wages", "withheld"]),
        ("M01-Q03", ["m01", "q03"]),
        ("الاتجارُ، بالأشخاص؟", ["الاتجار", "بالاشخاص"]),
        ("বাংলা ভাষা", ["বাংলা", "ভাষা"]),
        ("می\u200cروم", ["ميروم"]),
        ("_ % * \" ' : & | ! ( ) ^ - + ~ \\ ;", []),
        ("", []),
    ],
)
def test_words_are_runs_of_letters_marks_and_digits(text: str, found: list[str]) -> None:
    assert words(text) == found


@given(st.text(max_size=300))
def test_words_hold_no_sign_of_a_question_language(text: str) -> None:
    assert all(not set(word) & set(" \"'*:&|!()<>\\\0\t\n-^+~;,_") for word in words(text))


@given(st.text(max_size=300))
def test_words_of_words_are_the_same(text: str) -> None:
    once = words(text)
    assert words(" ".join(once)) == once


def test_a_question_is_cut_and_says_each_word_once() -> None:
    assert question("debt Debt bondage " + "x" * 500) == ["debt", "bondage", "x" * (QUESTION_CHARACTERS - 18)]


def test_a_snippet_marks_words_that_begin_with_an_asked_one() -> None:
    parts = snippet("Signs of a debt: debts, no indebted people.", ["debt"])
    assert parts == (
        SnippetPart("Signs of a ", marked=False),
        SnippetPart("debt", marked=True),
        SnippetPart(": ", marked=False),
        SnippetPart("debts", marked=True),
        SnippetPart(", no indebted people.", marked=False),
    )


def test_snippet_of_long_text_surrounds_the_first_match() -> None:
    text = " ".join(f"w{n}" for n in range(100)) + " debt " + " ".join(f"v{n}" for n in range(100))
    parts = snippet(text, ["debt"])
    assert parts[0].text.startswith("… w92 ")
    assert parts[1] == SnippetPart("debt", marked=True)
    assert parts[-1].text.endswith(" …")


def test_snippet_marks_words_equal_after_folding() -> None:
    assert [part.text for part in snippet("قال إنَّ الاتجـار جريمة", words("الاتجار")) if part.marked] == ["الاتجـار"]


@given(st.text(max_size=200), st.lists(st.text(max_size=5), max_size=3))
def test_a_snippet_changes_no_letter(text: str, asked: list[str]) -> None:
    shown = "".join(part.text for part in snippet(text, [word for a in asked for word in words(a)]))
    plain = " ".join(text.split())
    assert fold(shown.removesuffix(" …").removeprefix("… ").strip(" …")) in fold(plain)
