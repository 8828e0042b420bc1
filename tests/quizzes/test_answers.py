import json

import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.items import Item, ItemKind
from app.kernel.errors import InputError, TooLargeError
from app.quizzes.domain.answers import ChosenOptions, Proved, parse, to_json
from app.quizzes.domain.display_order import to_page, to_source
from app.quizzes.domain.form_answers import from_form, to_form
from app.quizzes.domain.keys import key
from app.quizzes.domain.selection import practice_question
from tests.quizzes import banks
from tests.support.answer_values import values

every_item = pytest.mark.parametrize("item", banks.ALL, ids=lambda item: item.kind)


@every_item
def test_every_kind_survives_json(item: Item) -> None:
    answer, _ = banks.ANSWERS[item.kind]
    assert parse(item, json.loads(json.dumps(to_json(answer)))) == answer


@every_item
def test_form_fields_give_the_same_answer_as_json(item: Item) -> None:
    answer, fields = banks.ANSWERS[item.kind]
    assert from_form(item, fields) == answer


@pytest.mark.parametrize("item", [*banks.ALL, banks.PROVED], ids=lambda item: item.kind)
def test_answer_is_the_same_after_json_form_and_page(item: Item) -> None:
    answer = banks.PROVED_ANSWER if item is banks.PROVED else banks.ANSWERS[item.kind][0]
    question = practice_question(item)
    for each in (answer, key(item) or answer):
        assert parse(item, json.loads(json.dumps(to_json(each)))) == each
        assert from_form(item, to_form(item, each)) == each
        assert parse(item, to_json(to_page(question, each)))
    assert to_source(question, to_page(question, answer)) == answer


def test_line_without_answer_is_an_answer() -> None:
    answer = from_form(banks.PROVED, {"proof": ["0-6"]})
    assert answer == Proved(None, (0, 6)) == parse(banks.PROVED, {"proof": [0, 6]})
    assert from_form(banks.PROVED, to_form(banks.PROVED, answer)) == answer
    assert from_form(banks.SINGLE, {"proof": ["0-6"]}) is None


def test_incomplete_and_repeated_pairs_are_left_out() -> None:
    pairs = {"pair-0-a": ["2"], "pair-0-b": ["3"], "pair-1-a": ["3"], "pair-1-b": ["2"]}
    incomplete = {"pair-2-a": ["4"], "pair-2-b": ["4"], "pair-3-b": ["1"]}
    answer = from_form(banks.PAIR, pairs | incomplete)
    assert answer == parse(banks.PAIR, {"pairs": [[[0, 2], [0, 3]]]})


@every_item
def test_an_empty_form_is_no_answer(item: Item) -> None:
    _, fields = banks.ANSWERS[item.kind]
    assert from_form(item, {}) is None
    assert from_form(item, {name: [""] for name in fields}) is None


MALFORMED: list[tuple[Item, object]] = [
    (banks.SINGLE, None),
    (banks.SINGLE, []),
    (banks.SINGLE, {}),
    (banks.SINGLE, {"place": "1"}),
    (banks.SINGLE, {"place": True}),
    (banks.SINGLE, {"place": 1.5}),
    (banks.SINGLE, {"place": float("nan")}),
    (banks.SINGLE, {"place": -1}),
    (banks.SINGLE, {"place": 4}),
    (banks.SINGLE, {"place": 2**80}),
    (banks.SINGLE, {"place": 1, "share": 1.0}),
    (banks.TRUEFALSE, {"place": 2}),
    (banks.SEVERAL, {"places": [0, 0]}),
    (banks.SEVERAL, {"places": [9]}),
    (banks.SEVERAL, {"places": {"0": 1}}),
    (banks.ORDER, {"places": [0, 1, 1]}),
    (banks.ORDER, {"places": [0, 1, 4]}),
    (banks.MATCH, {"rows": [0, None, 2]}),
    (banks.MATCH, {"rows": [0, 1, 2, 2]}),
    (banks.MATCH, {"rows": [4, None, 2, 2]}),
    (banks.SORT, {"groups": [0, 0]}),
    (banks.SORT, {"groups": [0, 0, 2]}),
    (banks.NUMBER, {"text": 12.5}),
    (banks.NUMBER, {"text": float("nan")}),
    (banks.SHORT, {"text": "a\0b"}),
    (banks.SHORT, {"text": "\ud800"}),
    (banks.GAPS, {"gaps": ["act"]}),
    (banks.GAPS, {"gaps": [0, 1]}),
    (banks.GAPS, {"gaps": ["act", "b"]}),
    (banks.GAPS, {"gaps": ["act", 3]}),
    (banks.PASSAGES, {"places": [3]}),
    (banks.OPEN, {"text": None}),
    (banks.RATING, {"values": [6, 1]}),
    (banks.RATING, {"values": [0, 1]}),
    (banks.RATING, {"values": [1]}),
    (banks.MARK, {"lines": [[0, 9]]}),
    (banks.MARK, {"lines": [[0, 0]]}),
    (banks.MARK, {"lines": [[2, 1]]}),
    (banks.MARK, {"lines": [[0, 1], [0, 1]]}),
    (banks.MARK, {"lines": [[0, 1, 2]]}),
    (banks.MARK, {"lines": [[-1, 1]]}),
    (banks.PAIR, {"pairs": [[[0, 1], [0, 1]]]}),
    (banks.PAIR, {"pairs": [[[0, 1], [0, 2]], [[0, 2], [0, 1]]]}),
    (banks.PAIR, {"pairs": [[[0, 1]]]}),
    (banks.PAIR, {"pairs": [[[0, n], [1, m]] for n in range(1, 8) for m in (1, 2)]}),
    (banks.FIELDS, {"entries": {"7": "x"}}),
    (banks.FIELDS, {"entries": {"x": "x"}}),
    (banks.FIELDS, {"entries": {"1": "a\0"}}),
    (banks.PROVED, {"place": 1, "proof": [0, 9]}),
    (banks.PROVED, {"place": 1, "proof": 6}),
    (banks.PROVED, {"place": 1, "proof": None}),
    (banks.SINGLE, {"place": 1, "proof": [0, 1]}),
]


@pytest.mark.parametrize(("item", "body"), MALFORMED)
def test_malformed_answers_are_refused(item: Item, body: object) -> None:
    with pytest.raises(InputError):
        parse(item, body)


@pytest.mark.parametrize("item", [banks.NUMBER, banks.SHORT, banks.OPEN], ids=lambda item: item.kind)
def test_a_text_may_have_64_kib_in_bytes_and_no_more(item: Item) -> None:
    parse(item, {"text": "ب" * (32 * 1024)})
    with pytest.raises(TooLargeError):
        parse(item, {"text": "ب" * (32 * 1024) + "a"})


def test_gaps_share_one_limit() -> None:
    with pytest.raises(TooLargeError):
        parse(banks.GAPS, {"gaps": ["a" * (64 * 1024 + 1), None]})


@given(st.sampled_from(banks.ALL), values)
def test_any_body_is_parsed_or_rejected(item: Item, body: object) -> None:
    try:
        answer = parse(item, body)
    except InputError:
        return
    assert parse(item, to_json(answer)) == answer


@pytest.mark.parametrize(
    "fields",
    [
        {"choice": ["x"]},
        {"choice": ["1", "2"]},
        {"choice": ["9"]},
        {"choice": ["١"]},
        {"choice": ["1" * 30]},
        {"choice": ["1.0"]},
    ],
)
def test_malformed_fields_are_refused(fields: dict[str, list[str]]) -> None:
    with pytest.raises(InputError):
        from_form(banks.SINGLE, fields)


def test_order_rejects_two_entries_at_one_position() -> None:
    with pytest.raises(InputError, match="a place of its own"):
        from_form(banks.ORDER, {"place-0": ["1"], "place-1": ["1"]})


def test_blank_boxes_among_choices_are_left_out() -> None:
    assert from_form(banks.SEVERAL, {"choices": ["", "1"]}) == ChosenOptions((1,))


def test_every_kind_has_a_case() -> None:
    assert {item.kind for item in banks.ALL} == set(ItemKind)
