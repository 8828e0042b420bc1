"""Read the results of a published course: counts, lessons, questions with flags, countries. No row names a person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from app.catalogue.domain.items import Choices, Item, ItemKind
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline, Question
from app.competence.domain.scoring import guess
from app.identity.queries import people, postings, visible_identity
from app.learning.queries import questions, reports, results as learning
from app.learning.queries.results import CourseCounts, LessonCounts
from app.plan.domain.cells import published_day
from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.item_flags import LEAST_SHOWN, ItemAnswers, ItemFlag, ItemKey, flags
from app.quizzes.domain.statistics import shrunken
from app.quizzes.queries import statistics
from app.quizzes.queries.statistics import TestCounts
from app.studio.domain.country_results import Cell, RoundedCell, published_countries


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """The first answers to the current revision of an item, its flags and its discrimination (None: not known)."""

    question: Question
    answers: ItemAnswers
    key: ItemKey
    flags: tuple[ItemFlag, ...]
    discrimination: float | None


@dataclass(frozen=True, slots=True)
class CourseResults:
    """The results of a course; `countries` are those that may be shown, as of `countries_on`, a quarter end."""

    outline: Outline
    counts: CourseCounts
    tests: TestCounts | None
    lessons: Mapping[str, LessonCounts]
    questions: Sequence[QuestionResult]
    reports: Mapping[str, int]  # by lesson
    learner_questions: Mapping[str, int]  # by item
    countries: Mapping[str, RoundedCell]
    countries_on: date


def course_results(version_id: UUID, now: datetime) -> CourseResults:
    """Return the results of the course of a published version; officers under threat are left out of all of them."""
    outline = catalogue.outline(version_id)
    without = visible_identity.protected()
    has_test = outline.facts.test is not None
    day = published_day(now.date())
    return CourseResults(
        outline=outline,
        counts=learning.course_counts(outline.course_id, without=without),
        tests=statistics.first_tests(outline.course_id, without=without) if has_test else None,
        lessons=learning.lesson_counts(outline.course_id, now, without=without),
        questions=_question_results(outline, without),
        reports=reports.counts_by_lesson(outline.course_id),
        learner_questions=questions.counts_by_item(outline.course_id),
        countries=_countries(outline, day, without),
        countries_on=day,
    )


def question_flags(version_id: UUID) -> Mapping[str, tuple[ItemFlag, ...]]:
    """Return the flags of the items of a published version by item, the most urgent first; others are left out."""
    results = _question_results(catalogue.outline(version_id), visible_identity.protected())
    flagged: dict[str, set[ItemFlag]] = {}
    for result in results:
        flagged.setdefault(result.question.item.id, set()).update(result.flags)
    return {item: tuple(flag for flag in ItemFlag if flag in raised) for item, raised in flagged.items() if raised}


def _question_results(outline: Outline, without: Collection[UUID]) -> list[QuestionResult]:
    """Return the results of all items of the version that were asked, in the order of the bank."""
    bank = catalogue.bank(outline.version_id, outline.facts.source_language)
    choices = {name for name, question in bank.items() if isinstance(question.item.answers, Choices)}
    read = statistics.item_answers(outline.course_id, choices=choices, without=without)
    asked = [
        (question, read[name, question.revision, purpose])
        for name, question in bank.items()
        for purpose in (Purpose.TEST, Purpose.PRETEST)
        if (name, question.revision, purpose) in read
    ]
    discriminations = _discriminations(asked)
    return [_question_result(question, answers, discriminations) for question, answers in asked]


def _question_result(
    question: Question, answers: ItemAnswers, discriminations: Mapping[tuple[str, Purpose], float]
) -> QuestionResult:
    key = item_key(question.item)
    discrimination = discriminations.get((question.item.id, answers.purpose))
    return QuestionResult(question, answers, key, flags(answers, key), discrimination)


def item_key(item: Item) -> ItemKey:
    """Return what the flags need of an item."""
    if not isinstance(item.answers, Choices):
        return ItemKey(0, frozenset(), guess(item))
    scores = [option.share for option in item.answers.options]
    least = 0.0 if item.kind is ItemKind.SEVERAL else max(scores, default=0.0) - 1e-9
    right = frozenset(option for option, score in enumerate(scores) if score > least)
    return ItemKey(len(scores), right, guess(item))


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


def _countries(outline: Outline, day: date, without: Collection[UUID]) -> dict[str, RoundedCell]:
    """Return the countries that may be shown: how many finished of those who began, up to a day."""
    serving, until = postings.serving(day), datetime.combine(day + timedelta(1), time(), UTC)
    counts = learning.course_counts_by_country(outline.course_id, serving, until, without=without)
    empty = CourseCounts(0, 0)
    begun = {code: counts.get(code, empty) for code in people.countries()}
    return published_countries({code: Cell(count.completed, count.begun) for code, count in begun.items()})
