"""Gain, retention, accuracy in cases and agreement of assessors: hand-made records, no database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.scenarios import Truth
from app.plan.domain.contributions import ContributionPeriod
from app.plan.domain.result_records import (
    AssessorScore,
    AttemptResult,
    CourseAttempts,
    EventScores,
    FinishedCase,
    OfficerCases,
    OfficerResults,
)
from app.plan.domain.result_rules import assessors_agree, mean_gain, retained_share, scenario_accuracy
from app.plan.domain.spans import PostingInterval
from app.quizzes.domain.attempts import Purpose

PERSON, FIRST, SECOND, THIRD = (UUID(int=n) for n in range(1, 5))
VERSION, NEWER = UUID(int=21), UUID(int=22)
BOOKING = UUID(int=31)
D = datetime(2027, 3, 1, 9, tzinfo=UTC)
SERVED = PostingInterval("IQ", "police", ("investigator",), date(2026, 1, 1))
MODULES = {"modules": ["M05"]}
RETENTION = {"share_of_post_test": 0.9, "after_months": 6}
OPENS = date(2027, 9, 1)  # six months after D


def attempt(purpose: Purpose, hours: float, share: float, items: range = range(10), **changed: object) -> AttemptResult:
    """Return an attempt that ends some hours after D."""
    at = D + timedelta(hours=hours)
    result = AttemptResult(
        version_id=VERSION,
        purpose=purpose,
        started_at=at - timedelta(minutes=20),
        ended_at=at,
        handed_in=True,
        score=share,
        passed=share >= 0.8,
        items=frozenset(f"{purpose}-{number}" for number in items),
        questions=len(items),
        months=6,
    )
    return replace(result, **changed)  # type: ignore[arg-type]


def before(hours: float = 1, share: float = 0.5, **changed: object) -> AttemptResult:
    return attempt(Purpose.PRETEST, hours, share, **changed)  # type: ignore[arg-type]


def after(hours: float = 48, share: float = 0.8, **changed: object) -> AttemptResult:
    return attempt(Purpose.TEST, hours, share, **changed)  # type: ignore[arg-type]


def results(*attempts: AttemptResult, lesson: float | None = 24, served: PostingInterval = SERVED) -> OfficerResults:
    first = None if lesson is None else D + timedelta(hours=lesson)
    return OfficerResults(PERSON, (served,), (CourseAttempts("M05", first, attempts),))


def gains(*attempts: AttemptResult, lesson: float | None = 24) -> list[float]:
    return [round(span.numerator, 6) for span in mean_gain(results(*attempts, lesson=lesson), MODULES)]


def test_gain_counts_once_from_the_day_of_the_first_test() -> None:
    [span] = mean_gain(results(before(), after(), after(90, 1.0)), MODULES)
    assert round(span.numerator, 6) == 30
    assert (span.thing, span.denominator, span.since, span.until) == ("gain:M05", 1, date(2027, 3, 3), None)
    assert (span.country, span.agency_kind, span.role, span.person_id) == ("IQ", "police", "investigator", PERSON)


def test_gain_may_be_negative() -> None:
    assert gains(before(share=0.9), after(share=0.6)) == [-30]


@pytest.mark.parametrize(("lesson", "counts"), [(None, 1), (24, 1), (0.5, 0), (0.66, 0), (0.67, 1)])
def test_pretest_counts_only_if_begun_before_the_first_lesson(lesson: float | None, counts: int) -> None:
    assert len(gains(before(), after(), lesson=lesson)) == counts


def test_gain_needs_papers_without_a_common_item() -> None:
    common = frozenset({"pretest-0", *(f"test-{number}" for number in range(9))})
    assert gains(before(), replace(after(), items=common)) == []


@pytest.mark.parametrize(("questions", "counts"), [(7, 0), (8, 1)])
def test_gain_needs_eight_items_in_both_papers(questions: int, counts: int) -> None:
    short = range(questions)
    assert len(gains(before(items=short), after())) == counts
    assert len(gains(before(), after(items=short))) == counts


def test_gain_uses_the_first_test_that_was_handed_in() -> None:
    ended = after(30, 0.2, handed_in=False)
    assert gains(before(), ended, after()) == [30]
    assert gains(before(), ended) == []
    assert gains(before(handed_in=False), after()) == []


def test_gain_needs_pretest_before_the_test_and_a_named_course() -> None:
    assert gains(before(60), after(), lesson=None) == []
    assert gains(after()) == []
    assert mean_gain(results(before(), after()), {"modules": ["M06"]}) == []


def test_gain_stays_when_the_questions_were_deleted() -> None:
    gone = frozenset[str]()
    assert gains(replace(before(), items=gone), replace(after(), items=gone)) == [30]


def test_gain_counts_in_the_posting_of_the_test_day() -> None:
    postings = (
        replace(SERVED, until=date(2027, 3, 2)),
        PostingInterval("BG", "border", ("first_responder",), date(2027, 3, 3)),
    )
    moved = OfficerResults(PERSON, postings, results(before(), after()).courses)
    assert [span.country for span in mean_gain(moved, MODULES)] == ["BG"]


def later(day: date, share: float, **changed: object) -> AttemptResult:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return attempt(Purpose.RETENTION, (at - D).total_seconds() / 3600, share, **changed)  # type: ignore[arg-type]


def retained(*attempts: AttemptResult, served: PostingInterval = SERVED) -> list[tuple[str, float, date, date | None]]:
    spans = retained_share(results(*attempts, served=served), RETENTION)
    return [(span.thing.partition(":")[0], span.numerator, span.since, span.until) for span in spans]


PASSED = after(0, 0.8)


@pytest.mark.parametrize(("share", "counts"), [(0.72, 1), (0.71, 0), (1.0, 1)])
def test_answer_counts_from_its_day_with_nine_tenths_of_the_test(share: float, counts: int) -> None:
    answered = OPENS + timedelta(3)
    assert retained(PASSED, later(answered, share)) == [("retained", counts, answered, None)]


def test_missing_answer_counts_as_zero_after_45_days() -> None:
    assert retained(PASSED) == [("unanswered", 0, OPENS + timedelta(45), None)]


def test_answer_on_day_45_is_in_time_and_a_later_one_replaces_the_zero() -> None:
    last = OPENS + timedelta(45)
    assert retained(PASSED, later(last, 0.8)) == [("retained", 1, last, None)]
    late = last + timedelta(10)
    assert retained(PASSED, later(late, 0.8)) == [
        ("unanswered", 0, last, late - timedelta(1)),
        ("retained", 1, late, None),
    ]


def test_only_officers_who_serve_on_the_opening_day_are_asked() -> None:
    assert retained(PASSED, served=replace(SERVED, until=OPENS - timedelta(1))) == []
    assert len(retained(PASSED, served=replace(SERVED, until=OPENS))) == 1


def test_failed_test_and_other_delay_ask_nothing() -> None:
    assert retained(after(0, 0.5)) == []
    assert retained(replace(PASSED, months=0)) == []
    assert retained(replace(PASSED, months=3)) == []


def test_replaced_version_is_not_asked_when_the_new_one_was_passed_before() -> None:
    newer = after(24 * 90, 0.9, version_id=NEWER)
    spans = retained_share(results(PASSED, newer), RETENTION)
    assert [span.thing for span in spans] == [f"unanswered:{NEWER}"]
    newest = after(24 * 200, 0.9, version_id=NEWER)
    spans = retained_share(results(PASSED, newest), RETENTION)
    assert [span.thing for span in spans] == [f"unanswered:{VERSION}", f"unanswered:{NEWER}"]


def test_second_pass_of_the_same_version_changes_nothing() -> None:
    assert retained(PASSED, after(100, 1.0)) == retained(PASSED)


@given(st.integers(0, 120), st.floats(0, 1))
def test_a_passed_course_is_counted_at_most_once_on_each_day(waited: int, share: float) -> None:
    spans = retained_share(results(PASSED, later(OPENS + timedelta(waited), share)), RETENTION)
    for n in range(200):
        day = OPENS + timedelta(n)
        count = sum(span.since <= day <= (span.until or date.max) for span in spans)
        assert count == (n >= min(waited, 45))


# cases


def case(truth: Truth, hours: float = 0, *, number: int = 1, name: str = "S01", **errors: int) -> FinishedCase:
    at = D + timedelta(hours=hours)
    return FinishedCase("M02", name, truth, number, at, errors.get("misses", 0), errors.get("alarms", 0))


def accuracy(without: str, truths: list[str], *runs: FinishedCase) -> list[ContributionPeriod]:
    return scenario_accuracy(OfficerCases(PERSON, (SERVED,), runs), {"truth": truths, "without": without})


VICTIMS, OTHERS = ("misses", ["trafficking", "mixed"]), ("false_alarms", ["smuggling", "other"])


def test_case_counts_for_365_days_from_the_day_it_was_finished() -> None:
    [span] = accuracy(*VICTIMS, case(Truth.TRAFFICKING))
    assert (span.thing, span.numerator, span.denominator) == ("case:M02:S01", 1, 1)
    assert (span.since, span.until) == (D.date(), D.date() + timedelta(364))


@pytest.mark.parametrize("truth", Truth)
def test_each_truth_counts_on_one_side_only_with_its_own_error(truth: Truth) -> None:
    run = case(truth, misses=1)
    of_victims, of_others = accuracy(*VICTIMS, run), accuracy(*OTHERS, run)
    assert len(of_victims) + len(of_others) == 1
    assert [span.numerator for span in of_victims] == [0] * len(of_victims)
    assert [span.numerator for span in of_others] == [1] * len(of_others)
    alarm = case(truth, alarms=1)
    assert [span.numerator for span in accuracy(*OTHERS, alarm)] == [0] * len(of_others)


def test_second_run_of_a_case_does_not_count() -> None:
    wrong, right = case(Truth.MIXED, misses=1), case(Truth.MIXED, 5, number=2)
    assert [span.numerator for span in accuracy(*VICTIMS, right, wrong)] == [0]
    another = case(Truth.MIXED, 6, name="S02")
    assert [span.numerator for span in accuracy(*VICTIMS, right, wrong, another)] == [0, 1]


# agreement


def score(assessor: UUID, share: float, hours: float = 0, **changed: object) -> AssessorScore:
    line = AssessorScore(
        booking_id=BOOKING,
        person_id=PERSON,
        competency="VIC-01",
        level="foundation",
        assessor_id=assessor,
        number=1,
        scored_at=D + timedelta(hours=hours),
        score=share,
        pass_mark=0.6,
        served=SERVED,
    )
    return replace(line, **changed)  # type: ignore[arg-type]


def agreement(*scores: AssessorScore) -> list[float]:
    return [span.numerator for span in assessors_agree(EventScores(scores), {})]


@pytest.mark.parametrize(("one", "other", "agree"), [(0.6, 1.0, 1), (0.2, 0.59, 1), (0.6, 0.59, 0), (0.1, 0.9, 0)])
def test_two_assessors_agree_on_the_same_side_of_the_mark(one: float, other: float, agree: int) -> None:
    assert agreement(score(FIRST, one), score(SECOND, other, 1)) == [agree]


def test_agreement_counts_from_the_day_of_the_second_score_for_a_year() -> None:
    [span] = assessors_agree(EventScores((score(SECOND, 0.7, 30), score(FIRST, 0.7))), {})
    assert (span.since, span.until) == (date(2027, 3, 2), date(2027, 3, 2) + timedelta(364))
    assert (span.denominator, span.country, span.person_id) == (1, "IQ", PERSON)


def test_single_score_and_other_competency_are_no_agreement() -> None:
    assert agreement(score(FIRST, 0.7)) == []
    assert agreement(score(FIRST, 0.7), score(SECOND, 0.7, competency="VIC-02")) == []
    assert agreement(score(FIRST, 0.7), score(SECOND, 0.7, level="practitioner")) == []
    assert agreement(score(FIRST, 0.7), score(SECOND, 0.7, booking_id=UUID(int=32))) == []


def test_corrected_score_counts_and_the_day_stays() -> None:
    corrected = score(SECOND, 0.7, 50, number=2)
    assert agreement(score(FIRST, 0.7), score(SECOND, 0.3, 1), corrected) == [1]
    [span] = assessors_agree(EventScores((score(FIRST, 0.7), score(SECOND, 0.3, 1), corrected)), {})
    assert span.since == D.date()


def test_third_assessor_is_left_out() -> None:
    assert agreement(score(FIRST, 0.7), score(SECOND, 0.7, 1), score(THIRD, 0.1, 2)) == [1]
