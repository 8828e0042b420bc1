"""The questions some months after a test: when they fall due, and that each version passed asks them once."""

import calendar
from datetime import UTC, date, datetime, time, timedelta, timezone
from uuid import UUID, uuid4

import pytest
from hypothesis import given, strategies as st

from app.quizzes.domain import delayed_questions
from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.delayed_questions import DelayedQuestionsStatus, PassedOrDelayedAttempt

FIRST, SECOND = UUID(int=1), UUID(int=2)
SPRING = datetime(2027, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def a_test(version: UUID, at: datetime) -> PassedOrDelayedAttempt:
    return PassedOrDelayedAttempt(uuid4(), version, Purpose.TEST, at, at)


def asked(at: datetime, *, ended: datetime | None) -> PassedOrDelayedAttempt:
    return PassedOrDelayedAttempt(UUID(int=9), FIRST, Purpose.RETENTION, at, ended)


@pytest.mark.parametrize(
    ("passed", "months", "day"),
    [
        (datetime(2026, 9, 1, tzinfo=UTC), 6, date(2027, 3, 1)),
        (datetime(2026, 8, 31, tzinfo=UTC), 6, date(2027, 2, 28)),
        (datetime(2027, 8, 30, tzinfo=UTC), 6, date(2028, 2, 29)),
        (datetime(2026, 12, 15, tzinfo=UTC), 1, date(2027, 1, 15)),
        (datetime(2026, 12, 15, tzinfo=UTC), 12, date(2027, 12, 15)),
        (datetime(2027, 1, 1, 1, tzinfo=timezone(timedelta(hours=5))), 6, date(2027, 6, 30)),
    ],
)
def test_the_day_is_so_many_months_on_or_the_last_of_its_month(passed: datetime, months: int, day: date) -> None:
    assert delayed_questions.opens_on(passed, months) == day
    assert delayed_questions.opens_at(passed, months) == datetime(day.year, day.month, day.day, tzinfo=UTC)


@given(st.dates(date(2026, 1, 1), date(2090, 1, 1)), st.integers(1, 60))
def test_opening_day_never_leaves_its_month(passed: date, months: int) -> None:
    day = delayed_questions.opens_on(datetime.combine(passed, time(23), UTC), months)
    assert (day.year - passed.year) * 12 + day.month - passed.month == months
    assert day.day == min(passed.day, calendar.monthrange(day.year, day.month)[1])


def test_delayed_questions_need_a_passed_test() -> None:
    assert delayed_questions.delayed_questions_status([]) is None
    assert delayed_questions.delayed_questions_status([asked(SPRING, ended=SPRING)]) is None


def test_the_first_time_that_a_version_was_passed_counts() -> None:
    assert delayed_questions.delayed_questions_status(
        [a_test(FIRST, SPRING + DAY), a_test(FIRST, SPRING)]
    ) == DelayedQuestionsStatus(FIRST, SPRING)


def test_passing_a_newer_version_restarts_the_months() -> None:
    once = [a_test(FIRST, SPRING), asked(SPRING + 200 * DAY, ended=SPRING + 200 * DAY)]
    assert delayed_questions.delayed_questions_status(once) == DelayedQuestionsStatus(FIRST, SPRING, done=True)
    again = SPRING + 300 * DAY
    assert delayed_questions.delayed_questions_status([*once, a_test(SECOND, again)]) == DelayedQuestionsStatus(
        SECOND, again
    )
    assert delayed_questions.delayed_questions_status(
        [*once, a_test(SECOND, again), a_test(FIRST, again + DAY)]
    ) == DelayedQuestionsStatus(SECOND, again)


def test_begun_questions_wait_on_any_day() -> None:
    stands = delayed_questions.delayed_questions_status([a_test(FIRST, SPRING), asked(SPRING + DAY, ended=None)])
    assert stands == DelayedQuestionsStatus(FIRST, SPRING, open_id=UUID(int=9))
    assert stands.waits(6, SPRING.date())


def test_questions_wait_from_their_day_until_done() -> None:
    waits = [DelayedQuestionsStatus(FIRST, SPRING).waits(6, date(2027, 8, 31) + n * DAY) for n in range(3)]
    assert waits == [False, True, True]
    assert not DelayedQuestionsStatus(FIRST, SPRING, done=True).waits(6, date(2030, 1, 1))
