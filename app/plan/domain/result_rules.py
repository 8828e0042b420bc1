"""Rules on results of officers: gain, retention, accuracy in cases, and agreement of two assessors."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from app.plan.domain.contributions import ContributionPeriod, Settings, of_person
from app.plan.domain.result_records import (
    AssessorScore,
    AttemptResult,
    CourseAttempts,
    EventScores,
    FinishedCase,
    OfficerCases,
    OfficerResults,
)
from app.plan.domain.spans import DAY, days_later, served_on
from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.delayed_questions import opens_on

FEWEST_ITEMS = 8  # of a paper: with fewer, chance decides about the gain
WAIT = 45  # days after delayed questions open; without an answer they then count as not retained
YEAR = 365  # days
RETAINED = 0.9  # of the share of the passed test
MONTHS = 6  # of the delayed questions that count
ROUNDING = 1e-9
THING = 120  # characters of the name of a record


def mean_gain(results: OfficerResults, settings: Settings) -> list[ContributionPeriod]:
    """Count the gain in percentage points from the pre-test to the first test handed in, once for each course."""
    wanted = frozenset(settings.get("modules", ()))
    return [
        of_person(
            results.person_id,
            served_on(results.postings, test.ended_at.date()),
            thing=f"gain:{course.course}",
            since=test.ended_at.date(),
            numerator=100 * (test.score - before.score),
            denominator=1.0,
        )
        for course in results.courses
        if course.course in wanted
        for before, test in pairs(course)
    ]


def pairs(course: CourseAttempts) -> list[tuple[AttemptResult, AttemptResult]]:
    """Return the pre-test and the first test handed in, if they can be compared: one pair, or none."""
    before, test = _first(course.attempts, Purpose.PRETEST), _first(course.attempts, Purpose.TEST)
    if before is None or test is None or not _are_comparable(before, test, course.first_lesson_at):
        return []
    return [(before, test)]


def _are_comparable(before: AttemptResult, test: AttemptResult, first_lesson_at: datetime | None) -> bool:
    """Return whether the pre-test precedes test and lessons, and both have enough questions, none in common."""
    if before.ended_at > test.ended_at:
        return False
    late = first_lesson_at is not None and before.started_at >= first_lesson_at
    short = min(before.questions, test.questions) < FEWEST_ITEMS
    return not (late or short or before.items & test.items)


def _first(attempts: Iterable[AttemptResult], purpose: Purpose) -> AttemptResult | None:
    of_purpose = (attempt for attempt in attempts if attempt.purpose is purpose and attempt.handed_in)
    return min(of_purpose, key=lambda attempt: attempt.ended_at, default=None)


def retained_share(results: OfficerResults, settings: Settings) -> list[ContributionPeriod]:
    """Count each passed course once its delayed questions were answered, or 45 days after they opened.

    They count for officers who served on the day on which the questions opened.
    """
    months, least = settings.get("after_months", MONTHS), settings.get("share_of_post_test", RETAINED)
    return [
        span
        for course in results.courses
        for passed, following in _passed(course.attempts)
        if passed.months == months
        for span in _retained(results, course, passed, following=following, least=float(least))
    ]


def _passed(attempts: Sequence[AttemptResult]) -> list[tuple[AttemptResult, AttemptResult | None]]:
    """Return the first passed test of each version, with that of the next version."""
    first: dict[UUID, AttemptResult] = {}
    for attempt in sorted(attempts, key=lambda attempt: attempt.ended_at):
        if attempt.purpose is Purpose.TEST and attempt.passed:
            first.setdefault(attempt.version_id, attempt)
    passed = list(first.values())
    return list(zip(passed, [*passed[1:], None], strict=False))


def _retained(
    results: OfficerResults,
    course: CourseAttempts,
    passed: AttemptResult,
    *,
    following: AttemptResult | None,
    least: float,
) -> list[ContributionPeriod]:
    opened = opens_on(passed.ended_at, passed.months)
    served = served_on(results.postings, opened)
    is_serving = served is not None and served.since <= opened <= served.until
    if not is_serving or (following is not None and following.ended_at.date() <= opened):
        return []
    answer = _answer(course.attempts, opened, following)
    return [
        of_person(
            results.person_id,
            served,
            thing=f"{thing}:{passed.version_id}",
            since=since,
            until=until,
            numerator=numerator,
            denominator=1.0,
        )
        for thing, numerator, since, until in _retention_spans(opened, answer, least * passed.score - ROUNDING)
    ]


def _retention_spans(
    opened: date, answer: AttemptResult | None, needed: float
) -> Iterator[tuple[str, float, date, date | None]]:
    """Yield name, numerator, first and last day: unanswered once overdue, then by the score of the answer."""
    overdue = days_later(opened, WAIT)
    if answer is None:
        yield "unanswered", 0.0, overdue, None
        return
    day = answer.ended_at.date()
    if day > overdue:
        yield "unanswered", 0.0, overdue, day - DAY
    yield "retained", float(answer.score >= needed), day, None


def _answer(attempts: Iterable[AttemptResult], opened: date, following: AttemptResult | None) -> AttemptResult | None:
    """Return the first answered paper of delayed questions that opened on a day."""
    answers = (
        attempt
        for attempt in attempts
        if attempt.purpose is Purpose.RETENTION
        and attempt.started_at.date() >= opened
        and (following is None or attempt.started_at < following.ended_at)
    )
    return min(answers, key=lambda attempt: attempt.ended_at, default=None)


def scenario_accuracy(cases: OfficerCases, settings: Settings) -> list[ContributionPeriod]:
    """Count the first finished run of each case of these truths, for a year, and whether it is free of the error."""
    wanted = frozenset(settings.get("truth", ()))
    return [
        of_person(
            cases.person_id,
            served_on(cases.postings, run.finished_at.date()),
            thing=f"case:{run.course}:{run.name}"[:THING],
            since=run.finished_at.date(),
            until=run.finished_at.date() + timedelta(YEAR - 1),
            numerator=float(not _errors(run, settings)),
            denominator=1.0,
        )
        for run in _first_runs(cases.runs)
        if run.truth in wanted
    ]


def _first_runs(runs: Iterable[FinishedCase]) -> list[FinishedCase]:
    """Return the first finished run of each case: the officer has not seen its end before."""
    first: dict[tuple[str, str], FinishedCase] = {}
    for run in sorted(runs, key=lambda run: (run.finished_at, run.number)):
        first.setdefault((run.course, run.name), run)
    return list(first.values())


def _errors(run: FinishedCase, settings: Settings) -> int:
    return run.false_alarms if settings.get("without") == "false_alarms" else run.misses


def assessors_agree(event: EventScores, settings: Settings) -> list[ContributionPeriod]:
    """Count each result scored by two assessors for a year: 1 if both reach the mark, or neither does."""
    scores: dict[tuple[UUID, str, str], list[AssessorScore]] = {}
    for score in event.scores:
        scores.setdefault((score.booking_id, score.competency, score.level), []).append(score)
    return [
        of_person(
            second.person_id,
            second.served,
            thing=f"agreement:{booking_id}:{competency}:{level}",
            since=second.scored_at.date(),
            until=second.scored_at.date() + timedelta(YEAR - 1),
            numerator=float(_reaches(latest[0]) == _reaches(latest[1])),
            denominator=1.0,
        )
        for (booking_id, competency, level), of_result in scores.items()
        for second, latest in _two(of_result)
    ]


def _two(scores: Sequence[AssessorScore]) -> list[tuple[AssessorScore, list[AssessorScore]]]:
    """Return the first score of the second assessor, and the latest scores of the first two; empty for only one."""
    first: dict[UUID, AssessorScore] = {}
    latest: dict[UUID, AssessorScore] = {}
    for score in sorted(scores, key=lambda score: (score.scored_at, score.number)):
        first.setdefault(score.assessor_id, score)
        latest[score.assessor_id] = score
    assessors = list(first)[:2]
    return [(first[assessors[1]], [latest[assessor] for assessor in assessors])] if len(assessors) == 2 else []


def _reaches(score: AssessorScore) -> bool:
    return score.score >= score.pass_mark - ROUNDING
