"""Read the results of a published course: counts, lessons, questions with flags, countries. No row names a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import NoResultFound

from app.catalogue.domain.items import Choices
from app.catalogue.domain.result_filters import ResultFilter
from app.catalogue.queries import courses as catalogue, versions
from app.catalogue.queries.versions import VersionLine
from app.catalogue.shapes import Outline, Question
from app.competence.domain.scoring import item_key
from app.competence.queries import borderline
from app.identity.queries import people, visible_identity
from app.learning.queries import questions, reports
from app.learning.queries.results import CourseCounts
from app.plan.domain.cells import PlanCell, Published, outside_table
from app.quizzes.domain.answer_sums import CourseSums
from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.item_flags import LEAST_FLAGGED, LEAST_SHOWN, ItemAnswers, ItemFlag, ItemKey, flags
from app.quizzes.domain.statistics import AnswerSums, reliability, shrunken
from app.quizzes.queries import course_sums, item_statistics, statistics
from app.quizzes.shapes import CourseStatistics
from app.scenarios import queries as scenarios
from app.studio.domain.result_choices import ResultChoice
from app.studio.queries import learner_figures
from app.studio.queries.learner_figures import LearnerFigures


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """The first answers to the current revision of an item, its flags and its discrimination (None: not known)."""

    question: Question
    answers: ItemAnswers
    key: ItemKey
    flags: tuple[ItemFlag, ...]
    discrimination: float | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """How much the questions of a competency agree in first attempts at the test (KR-20); None: not defined."""

    competency: str
    tests: int
    kr20: float | None


@dataclass(frozen=True, slots=True)
class TestCounts:
    """First attempts at a test that have ended, and how many of them were passed."""

    ended: int
    passed: int


@dataclass(frozen=True, slots=True)
class CourseResults:
    """The results of a course; `countries` are all, as of the quarter end of `figures`, and never filtered.

    `reports` and `learner_questions` are of all versions.
    """

    outline: Outline
    choice: ResultChoice
    tests: TestCounts | None
    counted_at: datetime | None  # of the stored statistics, None if they were counted for this page
    reliability: Sequence[Reliability]
    figures: LearnerFigures
    questions: Sequence[QuestionResult]
    reports: Mapping[str, int]  # by lesson
    learner_questions: Mapping[str, int]  # by item
    countries: Mapping[str, Published]


def course_results(editions: Sequence[VersionLine], choice: ResultChoice, now: datetime) -> CourseResults:
    """Return the results of a course with these published versions, the newest first.

    Officers under threat are left out of all of them. Raises NoResultFound for a version that does not exist.
    """
    shown = edition_of(editions, choice.version)
    outline = catalogue.outline(shown.id)
    selected = _filter(outline, choice)
    of_learners = learner_figures.figures(outline, selected, [edition.id for edition in editions], now)
    statistics_of_items, counted_at = _statistics(outline, selected)
    results = _question_results(outline, statistics_of_items)
    return CourseResults(
        outline=outline,
        choice=choice,
        tests=_tests(statistics_of_items) if outline.facts.test is not None else None,
        counted_at=counted_at,
        reliability=_reliabilities(statistics_of_items, results),
        figures=of_learners,
        questions=results,
        reports=reports.counts_by_lesson(outline.course_id),
        learner_questions=questions.counts_by_item(outline.course_id),
        countries=_countries(of_learners),
    )


def case_choices(outline: Outline, name: str) -> Mapping[str, Mapping[int, int]]:
    """Return how often each move of a case was chosen in first runs at a version, by node and index.

    Officers under threat are left out.
    """
    choice = ResultChoice(version=outline.number)
    return scenarios.first_choices(_filter(outline, choice), name)


def edition_of(editions: Sequence[VersionLine], number: int | None) -> VersionLine:
    """Return the version of a number, the newest one for None. Raises NoResultFound without it."""
    matching = [edition for edition in editions if number in (None, edition.number)]
    if not matching:
        raise NoResultFound
    return matching[0]


def _filter(outline: Outline, choice: ResultChoice) -> ResultFilter:
    return ResultFilter(
        course_id=outline.course_id,
        without=visible_identity.protected(),
        version_id=None if choice.version is None else outline.version_id,
        begins=choice.begins,
        ends=choice.ends,
        language=choice.language,
    )


def learner_figures_of(version_id: UUID, without: frozenset[UUID], now: datetime) -> LearnerFigures:
    """Count the figures of all learners of a course but these, for the job that stores them."""
    outline = catalogue.outline(version_id)
    versions_of_course = [edition.id for edition in versions.published(outline.course_id)]
    selected = ResultFilter(course_id=outline.course_id, without=without)
    return learner_figures.counted(outline, selected, versions_of_course, now)


def question_flags(version_id: UUID) -> Mapping[str, tuple[ItemFlag, ...]]:
    """Return the flags of the items of a published version by item, the most urgent first; others are left out."""
    outline = catalogue.outline(version_id)
    results = _question_results(outline, _statistics(outline, _filter(outline, ResultChoice()))[0])
    flagged: dict[str, set[ItemFlag]] = {}
    for result in results:
        flagged.setdefault(result.question.item.id, set()).update(result.flags)
    return {item: tuple(flag for flag in ItemFlag if flag in raised) for item, raised in flagged.items() if raised}


def statistics_of(version_id: UUID, sums: CourseSums) -> CourseStatistics:
    """Return the statistics of the first answers to the current revisions of the items of a published version."""
    outline = catalogue.outline(version_id)
    return _statistics_of(outline, _filter(outline, ResultChoice()), sums)


def right_rate(version_id: UUID, item: str) -> float | None:
    """Return the rate of right first answers to an item in the test of a published version, None below 20 answers."""
    outline = catalogue.outline(version_id)
    counted = _statistics(outline, _filter(outline, ResultChoice()))[0]
    rates = [
        answers.all.facility
        for answers in counted.answers
        if answers.item == item and answers.purpose is Purpose.TEST and answers.has_numbers
    ]
    return rates[0] if rates else None


def _statistics(outline: Outline, selected: ResultFilter) -> tuple[CourseStatistics, datetime | None]:
    """Return the stored statistics with the time of their count, or count them now: filtered, or before the job.

    Those of a version published since follow from the stored sums.
    """
    if not selected.is_limited:
        stored = item_statistics.stored(outline.course_id, outline.version_id)
        if stored is not None:
            return stored
        sums = course_sums.stored(outline.course_id, selected.without)
        if sums is not None:
            return _statistics_of(outline, selected, sums[0]), sums[1]
    return _statistics_of(outline, selected, statistics.count(selected)), None


def _statistics_of(outline: Outline, selected: ResultFilter, sums: CourseSums) -> CourseStatistics:
    bank = catalogue.bank(outline.version_id, outline.facts.source_language)
    choices = {name for name, question in bank.items() if isinstance(question.item.answers, Choices)}
    judged = {name for name, question in bank.items() if question.item.pass_value is not None}
    officers = borderline.borderline_officers(outline.facts.competencies)
    read = statistics.item_answers(sums, choices, statistics.borderline_answers(selected, judged, officers))
    return CourseStatistics(
        tests=sums.tests,
        passed=sums.passed,
        answers=tuple(
            answers
            for (item, revision, _purpose), answers in read.items()
            if item in bank and bank[item].revision == revision
        ),
        totals=sums.totals_by_competency(),
    )


def _tests(counted: CourseStatistics) -> TestCounts:
    return TestCounts(counted.tests, counted.passed)


def _reliabilities(counted: CourseStatistics, results: Sequence[QuestionResult]) -> list[Reliability]:
    """Return the agreement of the questions of each competency with enough first attempts, by competency."""
    by_competency: dict[str, list[AnswerSums]] = {}
    for result in results:
        if result.answers.purpose is Purpose.TEST:
            by_competency.setdefault(result.question.item.competency, []).append(result.answers.all)
    return [
        Reliability(competency, totals.n, reliability(totals, by_competency.get(competency, [])))
        for competency, totals in sorted(counted.totals.items())
        if totals.n >= LEAST_SHOWN
    ]


def _question_results(outline: Outline, counted: CourseStatistics) -> list[QuestionResult]:
    """Return the results of all items of the version that were asked, in the order of the bank."""
    bank = catalogue.bank(outline.version_id, outline.facts.source_language)
    read = {(answers.item, answers.revision, answers.purpose): answers for answers in counted.answers}
    asked = [
        (question, read[name, question.revision, purpose])
        for name, question in bank.items()
        for purpose in (Purpose.TEST, Purpose.PRETEST)
        if (name, question.revision, purpose) in read
    ]
    discriminations = _discriminations(asked)
    before = {
        answers.item: answers.all.facility
        for answers in counted.answers
        if answers.purpose is Purpose.PRETEST and answers.all.n >= LEAST_FLAGGED
    }
    return [_question_result(question, answers, discriminations, before) for question, answers in asked]


def _question_result(
    question: Question,
    answers: ItemAnswers,
    discriminations: Mapping[tuple[str, Purpose], float],
    before: Mapping[str, float],
) -> QuestionResult:
    key = item_key(question.item, before.get(question.item.id))
    discrimination = discriminations.get((question.item.id, answers.purpose))
    return QuestionResult(question, answers, key, flags(answers, key), discrimination)


def _discriminations(asked: Sequence[tuple[Question, ItemAnswers]]) -> dict[tuple[str, Purpose], float]:
    """Return the discrimination of each item, moved towards the mean of the items of its competency and purpose."""
    groups: dict[tuple[str, Purpose], list[tuple[str, float, int]]] = {}
    for question, answers in asked:
        measured = answers.all.discrimination
        if measured is not None and answers.all.n >= LEAST_SHOWN:
            group = groups.setdefault((question.item.competency, answers.purpose), [])
            group.append((question.item.id, measured, answers.all.n))
    values = {}
    for (_competency, purpose), group in groups.items():
        estimates = shrunken([(measured, n) for _item, measured, n in group])
        for (item, _measured, _n), estimate in zip(group, estimates, strict=True):
            values[item, purpose] = estimate
    return values


def _countries(figures: LearnerFigures) -> dict[str, Published]:
    """Return how many finished of those who began, up to a day, by the rule for readers outside a country.

    The table is never filtered: rule O allows a fixed table only.
    """
    empty = CourseCounts(0, 0)
    begun = {code: figures.countries.get(code, empty) for code in people.countries()}
    return outside_table({code: PlanCell(count.completed, count.begun) for code, count in begun.items()})
