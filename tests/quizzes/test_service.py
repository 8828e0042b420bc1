from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from app.db.session import db, transaction
from app.kernel.errors import InputError, RateLimitedError
from app.quizzes import jobs, queries
from app.quizzes.domain import saves
from app.quizzes.domain.answers import ChosenOption
from app.quizzes.domain.attempts import AttemptAfter, AttemptState, NoAttemptsLeft
from app.quizzes.domain.delayed_questions import DelayedQuestionsStatus
from app.quizzes.domain.saves import Certainty, NumberTooHighError, Save, sequence
from app.quizzes.models import AnswerSave, Attempt, PracticeAnswer, QuestionMark, SaveCount
from app.quizzes.service import attempts
from app.quizzes.service.attempts import AttemptInProgress
from app.quizzes.shapes import TestStatus
from tests.support import courses, factories
from tests.support.quiz_attempts import answer_all, begin, begun, hand_in, keep, look, place
from tests.support.settings import NOW

T = TypeVar("T")
MINUTE = timedelta(minutes=1)


def bodies(attempt: UUID) -> dict[int, object]:
    found = {question: held.body for question, held in queries.counted_saves(look(attempt).row_id).items()}
    db.session.rollback()
    return found


def rows(model: type) -> int:
    found = db.session.scalar(select(func.count()).select_from(model))
    db.session.rollback()
    return found or 0


def at_once(app: Flask, times: int, work: Callable[[], T]) -> list[T]:
    def one(_n: int) -> T:
        with app.app_context():
            try:
                return work()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


@pytest.mark.each_database
def test_starting_twice_gives_one_attempt(context: Flask) -> None:
    published, person = courses.publish(), factories.person()
    answers = at_once(context, 4, lambda: begin(published, person))
    assert len({answer.public_id for answer in answers}) == 1  # type: ignore[attr-defined]
    assert sorted(type(answer).__name__ for answer in answers) == [
        "AttemptInProgress",
        "AttemptInProgress",
        "AttemptInProgress",
        "Started",
    ]
    assert rows(Attempt) == 1


def test_items_of_the_lessons_are_left_out_while_the_bank_has_others(context: Flask) -> None:
    published, person = courses.publish(), factories.person()
    drawn = {slip.item for slip in look(begun(published, person)).slips}
    assert drawn == set(courses.RIGHT)


@pytest.mark.each_database
def test_repeats_of_one_save_are_one_row_and_all_acknowledged(context: Flask) -> None:
    attempt = begun(courses.publish(), factories.person())
    sent = Save(place(attempt, "T10-Q01"), sequence(1, 7), {"place": 2}, Certainty.SURE, marked=True)
    answers = at_once(context, 20, lambda: keep(attempt, sent))
    assert {answer.stored for answer in answers} == {((sent.question, sent.sequence),)}
    assert rows(AnswerSave) == 1


def test_two_devices_end_in_the_newer_save_whatever_arrives_last(context: Flask) -> None:
    attempt = begun(courses.publish(), factories.person())
    n = place(attempt, "T10-Q01")
    keep(attempt, Save(n, sequence(2, 9), {"place": 2}))
    keep(attempt, Save(n, sequence(1, 3), {"place": 0}))
    assert bodies(attempt) == {n: {"place": 2}}


@pytest.mark.each_database
def test_one_number_with_two_bodies_is_decided_alike_in_both_orders(context: Flask) -> None:
    published, found = courses.publish(), []
    for order in ((0, 1), (1, 0)):
        attempt = begun(published, factories.person())
        n = place(attempt, "T10-Q01")
        for choice in order:
            keep(attempt, Save(n, sequence(1, 1), {"place": choice}))
        found.append(bodies(attempt)[n])
    assert found == [{"place": 1}, {"place": 1}]


def test_an_answer_of_another_question_is_refused_and_nothing_lands(context: Flask) -> None:
    attempt = begun(courses.publish(), factories.person())
    n = place(attempt, "T10-Q01")
    for wrong in (Save(n, 1, {"place": 3}), Save(5, 1, {"place": 0}), Save(n, 1, {"places": [0]}), Save(0, 1, None)):
        with pytest.raises(InputError):
            keep(attempt, Save(n, 9, {"place": 0}), wrong)
    assert rows(AnswerSave) == 0


def test_late_answer_is_stored_and_flagged_but_never_counted(context: Flask) -> None:
    attempt = begun(courses.publish(minutes=10), factories.person())
    n = place(attempt, "T10-Q01")
    assert keep(attempt, Save(n, 1, {"place": 1}), at=NOW + 10 * MINUTE + timedelta(seconds=4)).stored == ((n, 1),)
    after = keep(attempt, Save(n, 2, {"place": 0}), at=NOW + 10 * MINUTE + timedelta(seconds=6))
    assert (after.stored, after.late, after.ended) == ((), ((n, 2),), True)
    assert bodies(attempt) == {n: {"place": 1}}
    assert look(attempt).state is AttemptState.ENDED_BY_TIME
    assert rows(AnswerSave) == 2


def test_an_answer_that_came_in_time_counts_however_slow_the_server_is(context: Flask) -> None:
    attempt = begun(courses.publish(minutes=10), factories.person())
    n = place(attempt, "T10-Q01")
    with transaction():
        saved = attempts.save(attempt, [Save(n, 1, {"place": 0})], arrived_at=NOW + 10 * MINUTE, now=NOW + 11 * MINUTE)
    assert (saved.stored, saved.ended) == (((n, 1),), True)
    assert look(attempt).score == 0.25


def test_extra_time_moves_the_deadline(context: Flask) -> None:
    attempt = begun(courses.publish(minutes=10), factories.person(), extra=25)
    assert look(attempt).deadline_at == NOW + timedelta(minutes=12, seconds=30)


@pytest.mark.each_database
def test_attempt_is_graded_once_when_handed_in(context: Flask) -> None:
    published, person = courses.publish(), factories.person()
    attempt = begun(published, person)
    answer_all(attempt, courses.RIGHT)
    hand_in(attempt)
    hand_in(attempt, NOW + MINUTE)
    found = look(attempt)
    assert (found.state, found.score, found.passed, found.ended_at) == (AttemptState.HANDED_IN, 1.0, True, NOW)
    assert rows(QuestionMark) == 4
    standing = queries.statuses_of_tests(person)[published.course_id]
    later = DelayedQuestionsStatus(published.version_id, passed_at=NOW)
    assert standing == TestStatus(passed=True, shown=1.0, number=1, open_id=None, later=later)


def test_an_answer_after_handing_in_changes_nothing(context: Flask) -> None:
    attempt = begun(courses.publish(), factories.person())
    n = place(attempt, "T10-Q01")
    keep(attempt, Save(n, 1, {"place": 1}))
    hand_in(attempt)
    assert keep(attempt, Save(n, 1, {"place": 2})).late == ((n, 1),)
    assert keep(attempt, Save(n, 2, {"place": 0})).late == ((n, 2),)
    assert bodies(attempt) == {n: {"place": 1}}
    assert look(attempt).score == 0.0


def test_failed_test_waits_a_day_and_allows_three_attempts(context: Flask) -> None:
    published, person = courses.publish(), factories.person()
    at = NOW
    for _number in range(3):
        attempt = begun(published, person, now=at)
        answer_all(attempt, courses.WRONG, at=at)
        hand_in(attempt, at)
        before = begin(published, person, now=at + timedelta(hours=23))
        at += timedelta(hours=24)
    assert before == NoAttemptsLeft()
    assert begin(published, person, now=at) == NoAttemptsLeft()


def test_wait_returns_its_end(context: Flask) -> None:
    published, person = courses.publish(), factories.person()
    hand_in(begun(published, person))
    assert begin(published, person, now=NOW + MINUTE) == AttemptAfter(NOW + timedelta(hours=24))


@pytest.mark.each_database
def test_two_jobs_end_an_attempt_once(context: Flask) -> None:
    published = courses.publish(minutes=10)
    attempt = begun(published, factories.person(), now=NOW - 11 * MINUTE)
    still_running = begun(published, factories.person())
    assert sum(at_once(context, 2, jobs.hand_in_due)) == 1
    assert look(attempt).ended_at == NOW - MINUTE
    assert look(still_running).is_open
    assert rows(QuestionMark) == 4


def test_start_ends_an_open_attempt_whose_time_is_over(context: Flask) -> None:
    published, person = courses.publish(minutes=10), factories.person()
    attempt = begun(published, person)
    assert begin(published, person, now=NOW + MINUTE) == AttemptInProgress(attempt)
    assert begin(published, person, now=NOW + 11 * MINUTE) == AttemptAfter(NOW + 10 * MINUTE + timedelta(hours=24))
    assert look(attempt).state is AttemptState.ENDED_BY_TIME


@pytest.mark.each_database
def test_repeated_practice_answer_is_stored_once(context: Flask) -> None:
    published, person = courses.publish(), factories.person()
    item = queries.catalogue.bank(published.version_id, "en")[courses.CHECK].item
    for press, choice in (("first-press", 1), ("first-press", 0), ("second-press", 0)):
        with transaction():
            attempts.practise(
                person_id=person,
                course_id=published.course_id,
                item=item,
                answer=ChosenOption(choice),
                press=press,
                now=NOW,
            )
    assert rows(PracticeAnswer) == 2
    latest = queries.latest_practice(person, published.course_id, [courses.CHECK, "T10-Q01"])
    assert {name: (one.body, one.score) for name, one in latest.items()} == {courses.CHECK: ({"place": 0}, 1.0)}


@pytest.mark.each_database
def test_stored_are_the_save_that_counts_and_the_last_ten_of_a_question(context: Flask) -> None:
    published = courses.publish(minutes=10)
    attempt = begun(published, factories.person())
    first, other = place(attempt, "T10-Q01"), place(attempt, "T10-Q03")
    keep(attempt, Save(other, sequence(1, 1), {"place": 0}))
    for number in range(1, 15):
        keep(attempt, Save(first, sequence(number, 1), {"place": number % 3}))
    assert stored(attempt) == {first: list(range(5, 15)), other: [1]}
    # an older one that arrives afterwards changes nothing, and late ones never replace the one that counts
    keep(attempt, Save(first, sequence(2, 9), {"place": 0}))
    late = [Save(first, sequence(number, 1), None) for number in range(20, 35)]
    keep(attempt, *late, at=NOW + 11 * MINUTE)
    assert stored(attempt) == {first: [14, *range(25, 35)], other: [1]}
    assert bodies(attempt) == {first: {"place": 2}, other: {"place": 0}}


def stored(attempt: UUID) -> dict[int, list[int]]:
    """Return the counters of all stored saves by question."""
    query = select(AnswerSave.question, AnswerSave.sequence).where(AnswerSave.attempt_id == look(attempt).row_id)
    result: dict[int, list[int]] = {}
    for question, number in db.session.execute(query.order_by(AnswerSave.sequence)):
        result.setdefault(question, []).append(saves.counter_of(number))
    db.session.rollback()
    return result


@pytest.mark.each_database
def test_practice_stores_the_last_ten_answers_to_a_question(context: Flask) -> None:
    published, person, other = courses.publish(), factories.person(), factories.person()
    item = queries.catalogue.bank(published.version_id, "en")[courses.CHECK].item
    for number in range(12):
        for who in (person, other) if number == 0 else (person,):
            with transaction():
                attempts.practise(
                    person_id=who,
                    course_id=published.course_id,
                    item=item,
                    answer=ChosenOption(0),
                    press=f"press-{number}",
                    now=NOW,
                )
    presses = list(db.session.scalars(select(PracticeAnswer.press).where(PracticeAnswer.person_id == person)))
    assert sorted(presses) == sorted(f"press-{number}" for number in range(2, 12))
    assert rows(PracticeAnswer) == 11


@pytest.mark.each_database
def test_saves_of_a_minute_are_counted_for_each_person_by_all_processes(context: Flask) -> None:
    person, other, past = factories.person(), factories.person(), NOW.replace(year=2020)

    def count(who: UUID, number: int, real_now: datetime) -> None:
        with transaction():
            attempts.count_saves(who, number, real_now)

    at_once(context, 4, lambda: count(person, saves.MOST_A_MINUTE // 4, past))
    count(other, saves.MOST_A_MINUTE, past)
    with pytest.raises(RateLimitedError) as refused:
        count(person, 1, past + timedelta(seconds=15))
    assert refused.value.seconds == 45
    count(person, 1, past + MINUTE)
    assert rows(SaveCount) == 2
    assert jobs.delete_counts() == 2


def test_no_device_blocks_an_attempt_by_a_high_number(context: Flask) -> None:
    attempt = begun(courses.publish(), factories.person())
    n = place(attempt, "T10-Q01")
    for number in (saves.MOST_COUNTER, saves.MOST_AHEAD + 1):
        with pytest.raises(NumberTooHighError):
            keep(attempt, Save(n, sequence(number, 1), {"place": 0}))
    with transaction():
        attempts.save_form(attempt, n, {"place": 1}, certainty=None, marked=False, arrived_at=NOW, now=NOW)
    assert bodies(attempt) == {n: {"place": 1}}


@pytest.mark.each_database
def test_fifty_saves_in_any_order_and_grouping_end_alike(context: Flask) -> None:
    published = courses.publish()
    for seed in range(6):
        random = Random(seed)
        attempt = begun(published, factories.person())
        ends = []
        written = [made(random, number, [place(attempt, "T10-Q01"), place(attempt, "T10-Q03")]) for number in range(50)]
        for _order in range(2):
            with transaction():
                db.session.execute(delete(AnswerSave))
            mixed = written + random.sample(written, 10)
            random.shuffle(mixed)
            while mixed:
                group = [mixed.pop() for _ in range(min(len(mixed), random.randint(1, 9)))]
                assert len(keep(attempt, *group).stored) == len(group)
            held = queries.counted_saves(look(attempt).row_id)
            ends.append({n: (one.sequence, one.body, one.certainty, one.marked) for n, one in held.items()})
        expected = saves.merge(written)
        assert ends[0] == {n: (s.sequence, s.body, s.certainty, s.marked) for n, s in expected.items()}
        assert ends[0] == ends[1]


def made(random: Random, number: int, questions: list[int]) -> Save:
    body = random.choice([None, {"place": random.randint(0, 1)}])
    counter = number if random.random() < 0.8 else random.randint(0, number)
    sure = random.choice([None, *Certainty])
    return Save(
        random.choice(questions), sequence(counter, random.choice([1, 2])), body, sure, marked=random.random() < 0.5
    )
