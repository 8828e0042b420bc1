"""Sums over first attempts: added in any order and grouping, they are those of a full count."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, strategies as st

from app.quizzes.domain.answer_sums import Count, CourseSums, FirstAnswer, FirstAttempt, differ, strata
from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.document_grading import proved_score
from app.quizzes.domain.item_flags import LATEST
from app.quizzes.domain.statistics import AnswerSums, Proofs, proofs
from tests.support.settings import NOW

answers = st.builds(
    FirstAnswer,
    item=st.sampled_from(["A", "B"]),
    revision=st.integers(1, 2),
    competency=st.sampled_from(["LRE-01", "PRT-01"]),
    score=st.sampled_from([0.0, 1 / 3, 1.0]),
    options=st.frozensets(st.integers(0, 3), max_size=2),
    seconds=st.sampled_from([None, 5, 40]),
    proof=st.sampled_from(["", "0-3", "1-3"]),
)
drawn = st.tuples(
    st.sampled_from([Purpose.PRETEST, Purpose.TEST]),
    st.sampled_from(["en", "fr"]),
    st.integers(0, 3),  # day of the end
    st.booleans(),
    st.lists(answers, max_size=4, unique_by=lambda answer: answer.item),
)
courses = st.lists(drawn, max_size=12).flatmap(
    lambda rows: st.tuples(st.just(rows * 4), st.permutations(range(4 * len(rows))), st.integers(0, 4 * len(rows)))
)


def _attempts(rows: Sequence[tuple[Purpose, str, int, bool, list[FirstAnswer]]]) -> list[FirstAttempt]:
    return [
        FirstAttempt(number, purpose, language, NOW + timedelta(days=day), passed, of_attempt)
        for number, (purpose, language, day, passed, of_attempt) in enumerate(rows)
    ]


def _added(sums: CourseSums, attempts: Sequence[FirstAttempt]) -> CourseSums:
    """Add attempts, and return the sums as they are read after they were stored."""
    count = Count(sums)
    for attempt in attempts:
        count.add(attempt)
    return msgspec.json.decode(msgspec.json.encode(sums), type=CourseSums)


@given(courses)
def test_sums_added_in_any_order_and_grouping_are_those_of_a_full_count(
    course: tuple[list[tuple[Purpose, str, int, bool, list[FirstAnswer]]], list[int], int],
) -> None:
    rows, order, first = course
    attempts = _attempts(rows)
    mixed = [attempts[position] for position in order]
    in_two_parts = _added(_added(CourseSums(), mixed[:first]), mixed[first:])
    whole = _added(CourseSums(), attempts)
    assert not differ(in_two_parts, whole)
    for item in whole.items:
        read = item.answers(has_options=True, borderline=AnswerSums())
        assert read.latest.n == min(LATEST, item.n)
        assert read.all.n == item.n == sum(n for lines in read.strata.values() for _score, n in lines)


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from(["", "0-3", "0-4", "1-3"])), max_size=40))
def test_right_answers_and_right_lines_are_counted_apart(given_answers: list[tuple[float, str]]) -> None:
    lines = {"0-3", "1-3"}
    rows = [
        FirstAnswer("A", 1, "LRE-01", proved_score(alone, is_proved=line in lines), proof=line)
        for alone, line in given_answers
    ]
    sums = _added(CourseSums(), _attempts([(Purpose.TEST, "en", 0, True, [row]) for row in rows]))
    by_line = sums.items[0].proofs if sums.items else {}
    right = [line in lines for alone, line in given_answers if alone == 1]
    counted = proofs(by_line, lines)
    assert counted == Proofs(len(rows), len(right), sum(line in lines for _alone, line in given_answers), sum(right))
    assert counted.without_line == right.count(False)


def test_sums_without_an_attempt_or_with_another_score_differ() -> None:
    right, wrong = FirstAnswer("A", 1, "LRE-01", 1.0), FirstAnswer("A", 1, "LRE-01", 0.0)
    one, two = _attempts([(Purpose.TEST, "en", 0, True, [right]), (Purpose.TEST, "en", 1, True, [right])])
    (other,) = _attempts([(Purpose.TEST, "en", 0, True, [wrong])])
    whole = _added(CourseSums(), [one, two])
    assert differ(whole, _added(CourseSums(), [one]))
    assert differ(whole, _added(CourseSums(), [other, two]))
    assert differ(CourseSums(), whole)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [([1, 1, 1, 1, 1], [0, 1, 2, 3, 4]), ([10], [2]), ([6, 1, 1, 1, 1], [1, 3, 3, 4, 4]), ([1, 9], [0, 2])],
)
def test_strata_are_the_fifths_in_which_the_middle_of_each_class_lies(sizes: list[int], expected: list[int]) -> None:
    assert list(strata(dict(enumerate(sizes))).values()) == expected
