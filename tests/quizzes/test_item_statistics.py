from collections.abc import Mapping
from datetime import timedelta
from statistics import correlation
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import literal, select

from app.catalogue.domain.result_filters import ResultFilter
from app.catalogue.shapes import Outline
from app.db.session import transaction
from app.identity.models import Person
from app.quizzes.domain.answer_sums import Group
from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.item_flags import ItemAnswers
from app.quizzes.domain.statistics import TotalSums
from app.quizzes.queries import item_statistics, statistics
from app.quizzes.service import item_statistics as service
from app.quizzes.shapes import CourseStatistics
from tests.support import courses, factories, sql_statements
from tests.support.first_answers import Answer, Sitting, add
from tests.support.settings import NOW

FIRST, SECOND = "T10-Q01", "T10-Q03"
CHOICES = frozenset({FIRST, SECOND})


def _filter(outline: Outline, *hidden: UUID) -> ResultFilter:
    return ResultFilter(course_id=outline.course_id, without=frozenset(hidden))


def _read(outline: Outline, *hidden: UUID) -> Mapping[Group, ItemAnswers]:
    return statistics.item_answers(statistics.count(_filter(outline, *hidden)), CHOICES, {})


def _answers(right: bool, *, first_right: bool = True) -> list[Answer]:
    return [
        Answer(FIRST, 1.0 if first_right else 0.0, 0 if first_right else 2, seconds=30),
        Answer(SECOND, 1.0 if right else 0.0, 0 if right else 1, seconds=50),
    ]


@pytest.mark.each_database
def test_first_answers_of_a_test_are_summed_by_item(context: Flask) -> None:
    outline = courses.publish().outline
    people = [factories.person() for _ in range(6)]
    rights = [(True, True), (True, False), (True, True), (False, False), (False, True), (False, False)]
    add(outline, *(Sitting(p, _answers(b, first_right=a)) for p, (a, b) in zip(people, rights, strict=True)))
    # a second attempt and another person's delayed questions do not count
    add(outline, Sitting(people[0], _answers(False), number=2))
    add(outline, Sitting(people[1], _answers(False), purpose=Purpose.RETENTION))
    first = _read(outline)[FIRST, 1, Purpose.TEST]
    expected = correlation([float(a) for a, _ in rights], [float(b) for _, b in rights])
    assert (first.all.n, first.all.facility) == (6, 0.5)
    assert first.all.discrimination == pytest.approx(expected)
    assert first.chosen == {0: 3, 2: 3}
    assert first.best == {0: 2, 2: 1}  # the three of six with the best rest
    assert first.seconds == 30
    assert [n for _score, n in first.strata["en"]] == [0, 3, 0, 3, 0]


@pytest.mark.each_database
def test_answers_before_the_course_and_earlier_revisions_are_apart(context: Flask) -> None:
    outline = courses.publish().outline
    add(outline, Sitting(factories.person(), [Answer(FIRST, 1.0)], purpose=Purpose.PRETEST))
    add(outline, Sitting(factories.person(), [Answer(FIRST, 0.0)]))
    add(outline, Sitting(factories.person(), [Answer(FIRST, 0.5, revision=2)]))
    read = _read(outline)
    assert {group: answers.all.facility for group, answers in read.items()} == {
        (FIRST, 1, Purpose.PRETEST): 1.0,
        (FIRST, 1, Purpose.TEST): 0.0,
        (FIRST, 2, Purpose.TEST): 0.5,
    }


@pytest.mark.each_database
def test_latest_thirty_answers_are_apart_from_the_earlier(context: Flask) -> None:
    outline = courses.publish().outline
    add(outline, *(
        Sitting(factories.person(), [Answer(FIRST, float(n < 3), seconds=60 if n < 3 else 20)],
                ended_at=NOW + timedelta(hours=n))
        for n in range(33)
    ))  # fmt: skip
    first = _read(outline)[FIRST, 1, Purpose.TEST]
    assert (first.earlier.n, first.earlier.facility) == (3, 1.0)
    assert (first.latest.n, first.latest.facility) == (30, 0.0)
    assert first.earlier_seconds == {60: 3}
    assert first.latest_seconds == {20: 30}


def test_people_who_do_not_count_are_left_out(context: Flask) -> None:
    outline = courses.publish().outline
    hidden, other = factories.person(), factories.person()
    add(outline, Sitting(hidden, _answers(True)), Sitting(other, _answers(False), passed=False))
    read = _read(outline, hidden)
    assert read[SECOND, 1, Purpose.TEST].chosen == {1: 1}
    hidden_left_out, every = (statistics.count(_filter(outline, *people)) for people in ((hidden,), ()))
    assert (hidden_left_out.tests, hidden_left_out.passed) == (1, 0)
    assert (every.tests, every.passed) == (2, 1)


def test_withdrawn_and_hostile_answers_are_no_options(context: Flask) -> None:
    outline = courses.publish().outline
    add(outline, Sitting(factories.person(), [Answer(FIRST, 0.0, None)]))
    read = _read(outline)
    assert read[FIRST, 1, Purpose.TEST].chosen == {}
    for body in ('{"place":"<b>"}', '{"places":["x"]}', "[1]", '"text"', "3"):
        assert statistics._read(body) == statistics.NOTHING


@pytest.mark.parametrize(
    ("body", "options", "proof"),
    [
        ('{"place":1,"proof":[0,7]}', {1}, "0-7"),
        ('{"proof":[1,3]}', set(), "1-3"),
        ('{"places":[0,2]}', {0, 2}, ""),
        ("null", set(), ""),
    ],
)
def test_options_and_proving_line_of_a_stored_answer(body: str, options: set[int], proof: str) -> None:
    assert statistics._read(body) == (options, proof)


def test_statistics_take_as_many_statements_for_three_items_as_for_one(context: Flask) -> None:
    outline = courses.publish().outline
    add(outline, Sitting(factories.person(), [Answer(FIRST, 1.0, 0)]))
    with sql_statements.counted(context) as for_one_item:
        _read(outline)
    add(outline, Sitting(factories.person(), [Answer(f"T10-Q0{n}", 1.0, 0) for n in range(1, 4)]))
    with sql_statements.counted(context) as for_three_items:
        _read(outline)
    assert len(for_one_item) == len(for_three_items) == 4  # the attempts, and three for each portion


@pytest.mark.each_database
def test_answers_of_borderline_officers_are_apart(context: Flask) -> None:
    outline = courses.publish().outline
    near, far = factories.person(), factories.person()
    add(outline, Sitting(near, _answers(True)), Sitting(far, _answers(False, first_right=False)))
    borderline = select(Person.id, literal("PRT-01")).where(Person.id == near)
    read = statistics.borderline_answers(_filter(outline), {FIRST}, borderline)
    assert {group: (sums.n, sums.facility) for group, sums in read.items()} == {(FIRST, 1, Purpose.TEST): (1, 1.0)}


@pytest.mark.each_database
def test_total_scores_are_summed_by_competency(context: Flask) -> None:
    outline = courses.publish().outline
    people = [factories.person() for _ in range(3)]
    add(outline, *(Sitting(p, _answers(n > 0, first_right=n > 1)) for n, p in enumerate(people)))
    add(outline, Sitting(people[0], _answers(True), purpose=Purpose.PRETEST))
    sums = statistics.count(_filter(outline))
    assert sums.totals_by_competency() == {"PRT-01": TotalSums(3, 3.0, 5.0, 6.0)}


@pytest.mark.each_database
def test_stored_statistics_are_read_as_they_were_counted(context: Flask) -> None:
    outline = courses.publish().outline
    sittings = [Sitting(factories.person(), _answers(True), purpose=Purpose.PRETEST) for _ in range(30)]
    add(outline, *sittings, Sitting(factories.person(), _answers(False)))
    read = _read(outline)
    counted = CourseStatistics(tests=1, answers=tuple(read.values()), totals={"PRT-01": TotalSums(1, 1.0, 1.0, 2.0)})
    for _ in range(2):
        with transaction():
            service.store(outline.course_id, outline.version_id, counted, NOW)
    assert item_statistics.stored(outline.course_id, outline.version_id) == (counted, NOW)
    assert item_statistics.stored(outline.course_id, outline.course_id) is None
    revisions = {FIRST: 1, SECOND: 2}
    assert item_statistics.rates_before(outline.course_id, revisions) == {FIRST: 1.0}


def test_rate_before_the_course_needs_thirty_answers(context: Flask) -> None:
    outline = courses.publish().outline
    add(outline, *(Sitting(factories.person(), _answers(True), purpose=Purpose.PRETEST) for _ in range(29)))
    counted = CourseStatistics(answers=tuple(_read(outline).values()))
    with transaction():
        service.store(outline.course_id, outline.version_id, counted, NOW)
    assert item_statistics.rates_before(outline.course_id, {FIRST: 1}) == {}
