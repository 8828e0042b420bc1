"""Misspelt words: trigrams, edits, and the words of the index that replace them, within the rights of the reader."""

from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import given, strategies as st

from app.access.policy import Actor, Role, Sensitivity
from app.db.session import db, transaction
from app.search import domain, queries, service, spelling
from app.search.service import Block

READER = Actor(uuid4(), "IQ", frozenset({Role.PRACTITIONER}))
OUTSIDER = Actor(uuid4(), "IQ", frozenset({Role.CO_CHAIR}))
WORDS = st.text("abcdef", min_size=4, max_size=12)


@pytest.mark.parametrize(
    ("left", "right", "count"),
    [("", "", 0), ("abc", "abc", 0), ("traficking", "trafficking", 1), ("smugling", "smuggling", 1),
     ("victmi", "victim", 1), ("wages", "wage", 1), ("abcd", "dcba", 3), ("", "abc", 3), ("act", "cat", 1)],
)  # fmt: skip
def test_edits_count_letters_and_swapped_neighbours(left: str, right: str, count: int) -> None:
    assert spelling.edits(left, right) == spelling.edits(right, left) == count


@given(WORDS, st.integers(0, 11), st.sampled_from("abcdefxyz"))
def test_a_word_with_one_edit_shares_enough_trigrams(word: str, position: int, letter: str) -> None:
    at = position % len(word)
    for changed in (word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]):
        shared = spelling.trigrams(word) & spelling.trigrams(changed)
        assert spelling.edits(word, changed) <= 1
        assert len(shared) >= len(spelling.trigrams(changed)) - spelling.LOST_BY_EDIT


def test_closest_prefers_fewer_edits_and_the_same_first_letter() -> None:
    shared = {"wages": 3, "pages": 3, "wedges": 2, "wagging": 2}
    assert spelling.closest("wagse", shared, 3) == ["wages"]
    assert spelling.closest("pagess", {"wages": 3, "pages": 4}, 3) == ["pages"]


@pytest.mark.parametrize(("word", "can"), [("act", False), ("acts", True), ("m01x", False), ("a" * 41, False)])
def test_short_words_and_codes_are_not_corrected(word: str, can: bool) -> None:
    assert spelling.can_be_corrected(word) is can


@pytest.mark.parametrize(
    ("word", "stem"),
    [("الاتجار", "اتجار"), ("بالاتجار", "اتجار"), ("والاتجار", "اتجار"), ("للاتجار", "اتجار"), ("اتجار", "اتجار"),
     ("الا", "الا"), ("trafficking", "trafficking")],
)  # fmt: skip
def test_article_is_left_out_of_arabic_words(word: str, stem: str) -> None:
    assert domain.bare(word) == stem


def test_replaced_words_keep_everything_else() -> None:
    assert domain.replaced_words("Child  traficking, M01", {"traficking": "trafficking"}) == "Child trafficking, M01"


def _put(*texts: str, mark: Sensitivity = Sensitivity.UNRESTRICTED) -> None:
    with transaction():
        service.replace_blocks(
            "lesson",
            f"c{len(texts[0])}",
            [Block(language="en", sensitivity=mark, title="Lesson", path="/courses/m01", text=text) for text in texts],
        )


def _found(text: str, actor: Actor = READER) -> list[str]:
    hits = queries.find(text, actor=actor, language="en")
    return ["".join(part.text for part in hit.parts) for hit in hits]


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_misspelt_words_are_replaced_by_similar_words_of_the_index() -> None:
    _put("The crime of trafficking", "Signs of smuggling at a border")
    assert list(queries.corrections("traficking", actor=READER)) == ["trafficking"]
    assert list(queries.corrections("signs of smugling", actor=READER)) == ["signs of smuggling"]
    assert list(queries.corrections("Trafficking", actor=READER)) == []
    assert list(queries.corrections("xylophone", actor=READER)) == []
    assert list(queries.corrections("' OR 1=1 --", actor=READER)) == []


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_words_of_texts_above_the_clearance_lead_to_no_result() -> None:
    _put("The operation nightjar", mark=Sensitivity.LAW_ENFORCEMENT_ONLY)
    assert list(queries.corrections("nightjer", actor=READER)) == ["nightjar"]
    for text in queries.corrections("nightjer", actor=OUTSIDER):
        assert queries.count(text, actor=OUTSIDER) == 0


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("asked", ["الاتجار", "اتجار", "بالاتجار", "للاتجار"])
@pytest.mark.parametrize("text", ["جريمة الاتجار", "جريمة اتجار", "قضايا بالاتجار"])
def test_arabic_article_makes_no_difference(text: str, asked: str) -> None:
    _put(text)
    assert _found(asked) == [text]
    [hit] = queries.find(asked, actor=READER, language="ar")
    assert any(part.marked for part in hit.parts)


def test_words_are_stored_once(context: Flask) -> None:
    _put("debt bondage")
    _put("bondage and bondage again")
    words = {row[0] for row in db.session.execute(db.text("SELECT word FROM search_term"))}
    assert words == {"debt", "bondage", "again"}
