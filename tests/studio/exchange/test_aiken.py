import pytest

from app.catalogue.domain.items import Choices, ItemKind, Option
from app.studio.domain.exchange.aiken import read_aiken
from tests.support.question_exchange import import_options, only_item, only_refused


def read(text):
    return read_aiken(text.encode(), import_options())


@pytest.mark.parametrize("separator", [".", ")"])
def test_question_becomes_single_item(separator):
    text = f"What is it?\nA{separator} One\nB{separator} Two\nANSWER: B\n"
    item = only_item(read(text)).item
    assert (item.kind, item.stem) == (ItemKind.SINGLE, "What is it?")
    assert item.answers == Choices((Option("One", 0.0), Option("Two", 1.0)))


def test_several_right_letters_become_several_item():
    item = only_item(read("Which?\nA. One\nB. Two\nC. Three\nANSWER: A, c\n")).item
    assert item.kind is ItemKind.SEVERAL
    assert [option.share for option in item.answers.options] == [1.0, 0.0, 1.0]


def test_text_of_several_lines_is_joined_and_escaped():
    item = only_item(read("Which of *these*\nis it?\nA. One\n and more\nB. _Two_\nanswer: A")).item
    assert item.stem == "Which of \\*these\\* is it?"
    assert [option.text for option in item.answers.options] == ["One and more", "\\_Two\\_"]


def test_questions_have_their_lines_and_ids():
    result = read("One?\nA. a\nB. b\nANSWER: A\n\nTwo?\nA. a\nB. b\nANSWER: B\n")
    assert [(item.line_or_number, item.item.id, item.source_name) for item in result.items] == [
        (1, "X1-Q01", "One?"),
        (6, "X2-Q01", "Two?"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("What?\nA. a\nB. b\n", "The question has no line ANSWER."),
        ("What?\nA. a\nB. b\nANSWER: C\n", "The right answer %(letter)s is not an option."),
        ("What?\nA. a\nB. b\nANSWER: both\n", 'The right answer "%(text)s" is not a letter.'),
        ("What?\nA. a\nB. b\nANSWER:\n", 'The right answer "%(text)s" is not a letter.'),
        ("What?\nA. a\nB. b\nB. c\nANSWER: A\n", "Two options have the same letter."),
        ("ANSWER: A\n", "The question has no text."),
    ],
)
def test_incomplete_question_is_refused(text, reason):
    refused = only_refused(read(text))
    assert refused.reason == reason
    assert refused.hint


def test_question_after_an_unanswered_question_is_read():
    result = read("One?\nA. a\nB. b\n\nTwo?\nA. c\nB. d\nANSWER: A\n")
    assert [refused.number for refused in result.refusals] == [1]
    assert [(item.line_or_number, item.item.stem) for item in result.items] == [(5, "Two?")]


def test_empty_file_is_an_error():
    assert [note.message for note in read("\n").notes] == ["The file has no questions."]
