"""Statistics of the items of a course over first answers, aggregated in the database: five statements for a course.

First answers are those of a person's first attempt at a test, and at the questions before a course, as long as their
scores are stored. The number of rows returned depends on the items and their options, not on the number of answers.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    cast,
    extract,
    func,
    select,
)

from app.catalogue.domain.result_filters import ResultFilter
from app.db.session import db
from app.kernel.shapes import ready
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.domain.item_flags import LATEST, STRATA, ItemAnswers
from app.quizzes.domain.statistics import AnswerSums, TotalSums
from app.quizzes.models import AnswerSave, Attempt, QuestionMark

BUCKET = 5  # seconds
LONGEST = 3600  # seconds; a longer time is a break
THIRDS = 3
Group = tuple[str, int, Purpose]  # item, revision, purpose


@dataclass(frozen=True, slots=True)
class TestCounts:
    """First attempts at a test that have ended, and how many of them were passed."""

    __test__ = False  # its name makes pytest look for test functions in it

    ended: int
    passed: int


class StoredOptions(msgspec.Struct):
    """The options in a stored answer."""

    option: int | None = msgspec.field(name="place", default=None)
    options: tuple[int, ...] = msgspec.field(name="places", default=())


ready(StoredOptions | None)


def item_answers(
    selected: ResultFilter, *, choices: Collection[str], borderline: Select[UUID, str] | None = None
) -> Mapping[Group, ItemAnswers]:
    """Return the answers to each revision of the items of a course, by purpose; `choices` are those with options.

    `borderline` are the people, by competency, who are about as likely as not to have the skill.
    """
    answers = _answers(selected)
    sums = _sums(answers)
    attempts = select(Attempt.id).where(*_counted_attempts(selected))
    chosen = _chosen(answers, attempts, choices)
    seconds = _seconds(answers, attempts)
    strata = _strata(answers)
    of_borderline = _borderline(answers, borderline) if borderline is not None else {}
    return {
        group: ItemAnswers(
            *group,
            earlier=parts.get(False, AnswerSums()),
            latest=parts.get(True, AnswerSums()),
            chosen=chosen.get((group, False), {}),
            best=chosen.get((group, True), {}),
            earlier_seconds=seconds.get((group, False), {}),
            latest_seconds=seconds.get((group, True), {}),
            strata=strata.get(group, {}),
            borderline=of_borderline.get(group, AnswerSums()),
        )
        for group, parts in sums.items()
    }


def first_tests(selected: ResultFilter) -> TestCounts:
    """Return how many people have ended their first attempt at the test of a course, and passed it."""
    of_tests = (*first_attempts(selected), Attempt.purpose == Purpose.TEST)
    query = select(func.count(), func.count(case((Attempt.passed.is_(True), 1)))).where(*of_tests)
    return TestCounts(*db.session.execute(query).one())


def total_scores(selected: ResultFilter) -> Mapping[str, TotalSums]:
    """Return the sums of the total scores of first attempts at the test, by competency."""
    total, number = func.sum(QuestionMark.share), func.count()
    attempts = (
        select(QuestionMark.competency, total.label("total"), number.label("number"))
        .join(Attempt, Attempt.id == QuestionMark.attempt_id)
        .where(*first_attempts(selected), Attempt.purpose == Purpose.TEST)
        .group_by(QuestionMark.competency, QuestionMark.attempt_id)
        .subquery("totals")
    )
    sums = map(func.sum, (attempts.c.total, attempts.c.total * attempts.c.total, attempts.c.number))
    query = select(attempts.c.competency, func.count(), *sums).group_by(attempts.c.competency)
    return {row[0]: TotalSums(row[1], row[2], row[3], float(row[4])) for row in _rows(query)}


def first_attempts(selected: ResultFilter) -> list[ColumnElement[bool]]:
    """Return the conditions for first attempts that have ended."""
    conditions = [
        Attempt.course_id == selected.course_id,
        Attempt.number == 1,
        Attempt.state != AttemptState.OPEN,
        Attempt.person_id.not_in(selected.without),
    ]
    return conditions + within(selected, Attempt)


def within(selected: ResultFilter, attempt: Any) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter for the columns of an attempt."""
    conditions: list[ColumnElement[bool]] = []
    if selected.version_id is not None:
        conditions.append(attempt.version_id == selected.version_id)
    if selected.begins is not None:
        conditions.append(attempt.ended_at >= selected.begins)
    if selected.ends is not None:
        conditions.append(attempt.ended_at < selected.ends)
    if selected.language:
        conditions.append(attempt.language == selected.language)
    return conditions


def _counted_attempts(selected: ResultFilter) -> tuple[ColumnElement[bool], ...]:
    return (*first_attempts(selected), Attempt.purpose.in_((Purpose.PRETEST, Purpose.TEST)))


def _answers(selected: ResultFilter) -> Any:
    """Return the first answers as a subquery: their scores, and the mean score of the rest of the attempt."""
    first = (
        select(Attempt.id, Attempt.person_id, Attempt.purpose, Attempt.language, Attempt.started_at, Attempt.ended_at)
        .where(*_counted_attempts(selected))
        .subquery("first")
    )
    others = func.count().over(partition_by=QuestionMark.attempt_id) - 1
    sum_of_others = func.sum(QuestionMark.share).over(partition_by=QuestionMark.attempt_id) - QuestionMark.share
    return (
        select(
            first.c.id.label("attempt_id"),
            first.c.person_id,
            first.c.purpose,
            first.c.language,
            first.c.started_at,
            first.c.ended_at,
            QuestionMark.question,
            QuestionMark.item,
            QuestionMark.competency,
            QuestionMark.revision,
            QuestionMark.share.label("score"),
            case((others > 0, sum_of_others / others), else_=0.0).label("rest"),
        )
        .join(first, first.c.id == QuestionMark.attempt_id)
        .subquery("answers")
    )


def _ranked(answers: Any) -> Any:
    """Return the answers with `is_latest`: whether an answer is one of the last 30 to its item."""
    number = func.row_number().over(
        partition_by=_group(answers), order_by=(answers.c.ended_at.desc(), answers.c.attempt_id.desc())
    )
    return select(answers, (number <= LATEST).label("is_latest")).subquery("ranked")


def _sums(answers: Any) -> dict[Group, dict[bool, AnswerSums]]:
    ranked = _ranked(answers)
    score, rest = ranked.c.score, ranked.c.rest
    query = select(
        *_group(ranked),
        ranked.c.is_latest,
        func.count(),
        *map(func.sum, (score, rest, score * score, rest * rest, score * rest)),
    ).group_by(*_group(ranked), ranked.c.is_latest)
    sums: dict[Group, dict[bool, AnswerSums]] = {}
    for item, revision, purpose, is_latest, n, *values in _rows(query):
        sums.setdefault((item, revision, purpose), {})[bool(is_latest)] = AnswerSums(n, *values)
    return sums


def _chosen(answers: Any, attempts: Select[int], choices: Collection[str]) -> dict[tuple[Group, bool], dict[int, int]]:
    """Return how often each option was chosen: under False by all people, under True by the best third."""
    third = func.ntile(THIRDS).over(
        partition_by=_group(answers), order_by=(answers.c.rest.desc(), answers.c.attempt_id)
    )
    ranked = select(answers, third.label("third")).where(answers.c.item.in_(choices)).subquery("ranked")
    counted = _counted_saves(attempts)
    same = and_(counted.c.attempt_id == ranked.c.attempt_id, counted.c.question == ranked.c.question)
    is_best = cast(ranked.c.third == 1, Boolean)
    query = (
        select(*_group(ranked), is_best, counted.c.body, func.count())
        .join(counted, same)
        .group_by(*_group(ranked), is_best, counted.c.body)
    )
    chosen: dict[tuple[Group, bool], dict[int, int]] = {}
    for item, revision, purpose, best, body, count in _rows(query):
        group = (item, revision, purpose)
        for option in _options(body):
            for key in ((group, False), (group, True)) if best else ((group, False),):
                counts = chosen.setdefault(key, {})
                counts[option] = counts.get(option, 0) + count
    return chosen


def _counted_saves(attempts: Select[int]) -> Any:
    """Return the save that counts for each question: of the saves in time, the highest sequence."""
    number = func.row_number().over(
        partition_by=(AnswerSave.attempt_id, AnswerSave.question), order_by=AnswerSave.sequence.desc()
    )
    saves = (
        select(AnswerSave.attempt_id, AnswerSave.question, AnswerSave.body, number.label("number"))
        .where(AnswerSave.attempt_id.in_(attempts), AnswerSave.late.is_(False))
        .subquery("saves")
    )
    return select(saves).where(saves.c.number == 1).subquery("counted")


def _seconds(answers: Any, attempts: Select[int]) -> dict[tuple[Group, bool], dict[int, int]]:
    """Return histograms of the seconds between the first save of a question and the save of another one before."""
    ranked = _ranked(answers)
    saved = (
        select(AnswerSave.attempt_id, AnswerSave.question, func.min(AnswerSave.arrived_at).label("saved_at"))
        .where(AnswerSave.attempt_id.in_(attempts), AnswerSave.late.is_(False))
        .group_by(AnswerSave.attempt_id, AnswerSave.question)
        .subquery("saved")
    )
    before = func.lag(saved.c.saved_at).over(
        partition_by=saved.c.attempt_id, order_by=(saved.c.saved_at, saved.c.question)
    )
    timed = select(saved, before.label("before")).subquery("timed")
    spent = _seconds_between(func.coalesce(timed.c.before, ranked.c.started_at), timed.c.saved_at)
    bucket = cast(func.round(spent / BUCKET), Integer)
    same = and_(timed.c.attempt_id == ranked.c.attempt_id, timed.c.question == ranked.c.question)
    query = (
        select(*_group(ranked), ranked.c.is_latest, bucket, func.count())
        .join(timed, same)
        .where(spent >= 1, spent <= LONGEST)
        .group_by(*_group(ranked), ranked.c.is_latest, bucket)
    )
    seconds: dict[tuple[Group, bool], dict[int, int]] = {}
    for item, revision, purpose, is_latest, number, count in _rows(query):
        seconds.setdefault(((item, revision, purpose), bool(is_latest)), {})[number * BUCKET] = count
    return seconds


def _strata(answers: Any) -> dict[Group, dict[str, list[tuple[float, int]]]]:
    """Return the sum of scores and the number of answers by language and fifth of the rest, the lowest first."""
    fifth = func.ntile(STRATA).over(partition_by=_group(answers), order_by=(answers.c.rest, answers.c.attempt_id))
    ranked = select(answers, fifth.label("fifth")).subquery("ranked")
    keys = (*_group(ranked), ranked.c.language, ranked.c.fifth)
    query = select(*keys, func.sum(ranked.c.score), func.count()).group_by(*keys)
    strata: dict[Group, dict[str, list[tuple[float, int]]]] = {}
    for item, revision, purpose, language, number, score, count in _rows(query):
        languages = strata.setdefault((item, revision, purpose), {})
        languages.setdefault(language, [(0.0, 0)] * STRATA)[number - 1] = (score, count)
    return strata


def _borderline(answers: Any, borderline: Select[UUID, str]) -> dict[Group, AnswerSums]:
    people = borderline.subquery("borderline")
    person_id, competency = people.c[0], people.c[1]
    same = and_(person_id == answers.c.person_id, competency == answers.c.competency)
    score = answers.c.score
    query = (
        select(*_group(answers), func.count(), func.sum(score), func.sum(score * score))
        .join(people, same)
        .group_by(*_group(answers))
    )
    return {
        (item, revision, purpose): AnswerSums(n, total, score_squared=squared)
        for item, revision, purpose, n, total, squared in _rows(query)
    }


def _group(table: Any) -> tuple[ColumnElement[Any], ...]:
    return table.c.item, table.c.revision, table.c.purpose


def _rows(query: Select[*tuple[Any, ...]]) -> Iterable[Any]:
    return db.session.execute(query)


def _options(body: str) -> set[int]:
    """Return the options of a stored answer; empty for a withdrawn one."""
    try:
        chosen = msgspec.json.decode(body, type=StoredOptions | None)
    except msgspec.ValidationError:
        return set()
    if chosen is None:
        return set()
    return set(chosen.options) | ({chosen.option} if chosen.option is not None else set())


def _seconds_between(earlier: Any, later: Any) -> Any:
    """Return the seconds between two times, in the SQL of the database."""
    if db.session.get_bind().dialect.name == "postgresql":
        return extract("epoch", later) - extract("epoch", earlier)
    return (func.julianday(later) - func.julianday(earlier)) * 86_400
