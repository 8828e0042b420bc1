"""Count the statistics of the items of a course over first attempts, which are read in portions.

First attempts are a person's first attempt at a test, and at the questions before a course. Those whose answers were
deleted after the retention period count as tests only.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, DateTime, Select, func, select, type_coerce

from app.catalogue.domain.result_filters import ResultFilter
from app.db.session import db
from app.kernel.shapes import ready
from app.quizzes.domain.answer_sums import Count, CourseSums, FirstAnswer, FirstAttempt, Group
from app.quizzes.domain.answers import Line
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.domain.form_answers import line_name
from app.quizzes.domain.item_flags import ItemAnswers
from app.quizzes.domain.statistics import AnswerSums
from app.quizzes.models import AnswerSave, Attempt, QuestionMark

BUCKET = 5  # seconds
LONGEST = 3600  # seconds; a longer time is a break
PORTION = 1000  # attempts read at once
PURPOSES = (Purpose.PRETEST, Purpose.TEST)
NOTHING: tuple[frozenset[int], str] = (frozenset(), "")


class StoredOptions(msgspec.Struct):
    """The options in a stored answer, and the line that is to prove it."""

    option: int | None = msgspec.field(name="place", default=None)
    options: tuple[int, ...] = msgspec.field(name="places", default=())
    proof: Line | None = None


ready(StoredOptions | None)
_decoder = msgspec.json.Decoder(StoredOptions | None)


def count(selected: ResultFilter) -> CourseSums:
    """Return the sums over the first attempts of a filter, counted now: about 10 seconds for 100,000 attempts."""
    counting = Count(CourseSums())
    row_ids = db.session.scalars(select(Attempt.id).where(*first_attempts(selected)).order_by(Attempt.id)).all()
    for portion in portions(row_ids):
        for attempt in portion:
            counting.add(attempt)
    return counting.sums


def portions(row_ids: Sequence[int]) -> Iterator[list[FirstAttempt]]:
    """Yield these attempts with their answers, in portions."""
    for start in range(0, len(row_ids), PORTION):
        yield _portion(row_ids[start : start + PORTION])


def item_answers(
    sums: CourseSums, choices: Collection[str], borderline: Mapping[Group, AnswerSums]
) -> Mapping[Group, ItemAnswers]:
    """Return the answers to each revision of the items of a course, by purpose; `choices` are those with options."""
    return {
        (item.item, item.revision, item.purpose): item.answers(
            has_options=item.item in choices,
            borderline=borderline.get((item.item, item.revision, item.purpose), AnswerSums()),
        )
        for item in sums.items
    }


def borderline_answers(
    selected: ResultFilter, items: Collection[str], officers: Select[UUID, str]
) -> Mapping[Group, AnswerSums]:
    """Return the sums of the first answers of officers who are about as likely as not to have the skill, today.

    `officers` are these people by competency. No sums can be stored, because the people change.
    """
    by_competency: dict[str, list[UUID]] = {}
    for person_id, competency in db.session.execute(officers) if items else ():
        by_competency.setdefault(competency, []).append(person_id)
    sums: dict[Group, AnswerSums] = {}
    for competency, people in by_competency.items():
        for start in range(0, len(people), PORTION):
            for group, part in _sums_of(selected, items, competency, people[start : start + PORTION]).items():
                sums[group] = sums.get(group, AnswerSums()) + part
    return sums


def first_attempts(selected: ResultFilter) -> list[ColumnElement[bool]]:
    """Return the conditions for first attempts that have ended."""
    conditions = [
        Attempt.course_id == selected.course_id,
        Attempt.number == 1,
        Attempt.purpose.in_(PURPOSES),
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


def _sums_of(
    selected: ResultFilter, items: Collection[str], competency: str, people: Sequence[UUID]
) -> dict[Group, AnswerSums]:
    group, score = (QuestionMark.item, QuestionMark.revision, Attempt.purpose), QuestionMark.share
    query = (
        select(*group, func.count(), func.sum(score), func.sum(score * score))
        .join(Attempt, Attempt.id == QuestionMark.attempt_id)
        .where(
            *first_attempts(selected),
            Attempt.person_id.in_(people),
            QuestionMark.competency == competency,
            QuestionMark.item.in_(items),
        )
        .group_by(*group)
    )
    return {
        (item, revision, purpose): AnswerSums(n, total, score_squared=squared)
        for item, revision, purpose, n, total, squared in db.session.execute(query)
    }


def _portion(row_ids: Sequence[int]) -> list[FirstAttempt]:
    began = type_coerce(Attempt.started_at, DateTime)
    query = select(Attempt.id, Attempt.purpose, Attempt.language, began, Attempt.ended_at, Attempt.passed).where(
        Attempt.id.in_(row_ids)
    )
    rows = db.session.execute(query).all()
    marks, saves = _marks(row_ids), _saves(row_ids)
    return [
        FirstAttempt(
            row_id, purpose, language, ended_at, bool(passed),
            _answers(marks.get(row_id, ()), saves.get(row_id, ()), started_at),
        )
        for row_id, purpose, language, started_at, ended_at, passed in rows
        if ended_at is not None
    ]  # fmt: skip


def _marks(row_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return the scores of attempts in the order of their questions."""
    columns = (QuestionMark.question, QuestionMark.item, QuestionMark.revision, QuestionMark.competency)
    query = select(QuestionMark.attempt_id, *columns, QuestionMark.share).where(QuestionMark.attempt_id.in_(row_ids))
    rows = db.session.execute(query.order_by(QuestionMark.attempt_id, QuestionMark.question))
    return {row_id: list(of_attempt) for row_id, of_attempt in groupby(rows, key=itemgetter(0))}


def _saves(row_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return the saves in time of attempts, in the order of questions and sequences."""
    # without a time zone: to add it to each time would take a fifth of the count
    columns = (AnswerSave.question, AnswerSave.body, type_coerce(AnswerSave.arrived_at, DateTime))
    query = select(AnswerSave.attempt_id, *columns).where(
        AnswerSave.attempt_id.in_(row_ids), AnswerSave.late.is_(False)
    )
    rows = db.session.execute(query.order_by(AnswerSave.attempt_id, AnswerSave.question, AnswerSave.sequence))
    return {row_id: list(of_attempt) for row_id, of_attempt in groupby(rows, key=itemgetter(0))}


def _answers(marks: Sequence[Any], saves: Sequence[Any], started_at: datetime) -> list[FirstAnswer]:
    """Return the answers of an attempt: the save with the highest sequence counts, the first one has the time."""
    bodies: dict[int, str] = {}
    saved_at: dict[int, datetime] = {}
    for _row_id, question, body, arrived_at in saves:
        bodies[question] = body
        saved_at[question] = min(arrived_at, saved_at.get(question, arrived_at))
    seconds = _seconds(saved_at, started_at)
    read = {question: _read(body) for question, body in bodies.items()}
    answers = []
    for _row_id, question, item, revision, competency, score in marks:
        options, proof = read.get(question, NOTHING)
        answers.append(FirstAnswer(item, revision, competency, score, options, seconds.get(question), proof))
    return answers


def _seconds(saved_at: Mapping[int, datetime], started_at: datetime) -> dict[int, int]:
    """Return the seconds between the first save of each question and that of another one before, in steps of 5."""
    seconds: dict[int, int] = {}
    before = started_at
    for at, question in sorted((at, question) for question, at in saved_at.items()):
        spent = (at - before).total_seconds()
        if 1 <= spent <= LONGEST:
            seconds[question] = int(spent / BUCKET + 0.5) * BUCKET
        before = at
    return seconds


def _read(body: str | None) -> tuple[frozenset[int], str]:
    """Return the options of a stored answer and the line that is to prove it; none of a withdrawn one."""
    if body is None:
        return NOTHING
    try:
        chosen = _decoder.decode(body)
    except msgspec.ValidationError:
        return NOTHING
    if chosen is None:
        return NOTHING
    options = frozenset(chosen.options if chosen.option is None else (*chosen.options, chosen.option))
    return options, "" if chosen.proof is None else line_name(chosen.proof)
