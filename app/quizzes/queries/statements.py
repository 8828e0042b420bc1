"""Queries that the pages of a test send, built once: to build one takes longer than to run it."""

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Date, Select, bindparam, func, or_, select

from app.catalogue.queries import courses as catalogue, versions
from app.db.base import table_of
from app.kernel import clock
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.models import AnswerSave, Attempt, PracticeAnswer, QuestionMark

_attempt = table_of(Attempt).c
_save = table_of(AnswerSave).c
_mark = table_of(QuestionMark).c
_practice = table_of(PracticeAnswer).c
_recent = 2  # attempts whose questions are not asked again if others are there
# of a person at a course
_AT_COURSE = (
    _attempt.person_id == bindparam("person_id"),
    _attempt.course_id == bindparam("course_id"),
    _attempt.purpose == bindparam("purpose"),
)
# what `shapes.AttemptLine` is made of
_LINE = (
    _attempt.public_id, _attempt.course_id, _attempt.version_id, _attempt.purpose, _attempt.number, _attempt.state,
    _attempt.started_at, _attempt.ended_at, _attempt.share, _attempt.passed,
)  # fmt: skip


def _counts() -> ColumnElement[bool]:
    """Return the condition of attempts that count: those at versions whose records have not ended, and open ones."""
    today = bindparam("today", type_=Date, callable_=clock.today)
    return or_(_attempt.version_id.not_in(versions.ended_versions(today)), _attempt.ended_at.is_(None))


def _locked() -> Select[*tuple[Any, ...]]:
    """Return the query that locks an attempt.

    It returns also the highest sequence of its saves, and the largest number of saves of a question.
    """
    saves = select(func.max(_save.sequence)).where(_save.attempt_id == _attempt.id)
    size = func.count()
    counts = select(size).where(_save.attempt_id == _attempt.id).group_by(_save.question)
    most = counts.order_by(size.desc()).limit(1)
    columns = (saves.scalar_subquery().label("highest"), most.scalar_subquery().label("most_saves"))
    return BY_PUBLIC_ID.add_columns(*columns).with_for_update(of=table_of(Attempt))


def _counted_saves() -> Select[*tuple[Any, ...]]:
    row_id: BindParameter[int] = bindparam("row_id")
    top = (
        select(_save.question, func.max(_save.sequence).label("sequence"))
        .where(_save.attempt_id == row_id, _save.late.is_(False))
        .group_by(_save.question)
        .subquery()
    )
    return (
        select(_save.question, _save.sequence, _save.body, _save.certainty, _save.marked, _save.locked)
        .join(top, (top.c.question == _save.question) & (top.c.sequence == _save.sequence))
        .where(_save.attempt_id == row_id)
    )


def _latest_practice() -> Select[*tuple[Any, ...]]:
    newest = (
        select(func.max(_practice.id))
        .where(
            _practice.person_id == bindparam("person_id"),
            _practice.course_id == bindparam("course_id"),
            _practice.item.in_(bindparam("items")),
        )
        .group_by(_practice.item)
    )
    columns = (_practice.item, _practice.body, _practice.share, _practice.answered_at)
    return select(*columns).where(_practice.id.in_(newest))


BY_PUBLIC_ID = select(table_of(Attempt)).where(_attempt.public_id == bindparam("public_id"))
OWN = BY_PUBLIC_ID.where(
    _attempt.person_id == bindparam("person_id"), _attempt.course_id.in_(catalogue.READABLE)
)  # with `catalogue.readable_levels`
LOCKED = _locked()
OPEN = select(table_of(Attempt)).where(*_AT_COURSE, _attempt.state == AttemptState.OPEN)
COUNTED_SAVES = _counted_saves()
_OF_TESTS = (
    _attempt.person_id == bindparam("person_id"),
    _attempt.purpose.in_((Purpose.TEST, Purpose.RETENTION)),
    _counts(),
)
STATUSES = select(
    _attempt.public_id, _attempt.version_id, _attempt.purpose, _attempt.started_at, _attempt.ended_at,
    _attempt.course_id, _attempt.share, _attempt.passed,
).where(*_OF_TESTS)  # fmt: skip
PAST = select(_attempt.ended_at).where(*_AT_COURSE, _counts()).order_by(_attempt.number)
PAST_SINCE = PAST.where(or_(_attempt.started_at >= bindparam("since"), _attempt.ended_at.is_(None)))
LAST_NUMBER = select(func.max(_attempt.number)).where(*_AT_COURSE)
RECENT_PAPERS = (
    select(_attempt.paper)
    .where(*_AT_COURSE[:2], _attempt.purpose != Purpose.WATCHED)
    .order_by(_attempt.started_at.desc())
    .limit(_recent)
)
_LINES = select(*_LINE).order_by(_attempt.started_at.desc(), _attempt.id.desc())
LINES_OF_PERSON = _LINES.where(_attempt.person_id == bindparam("person_id"))
LINES_AT_COURSE = LINES_OF_PERSON.where(_attempt.course_id == bindparam("course_id"))
LINE = _LINES.where(_attempt.public_id == bindparam("public_id"))
MARKS = (
    select(_mark.item, _mark.competency, _mark.share)
    .join(table_of(Attempt), _attempt.id == _mark.attempt_id)
    .where(_attempt.public_id == bindparam("public_id"))
    .order_by(_mark.question)
)
LATEST_PRACTICE = _latest_practice()
_ENDED_DAYS = (
    select(_attempt.person_id, _attempt.course_id, func.date(_attempt.ended_at, type_=Date))
    .distinct()
    .where(_attempt.person_id.in_(bindparam("people")), _attempt.ended_at.is_not(None))
)
DAYS = _ENDED_DAYS.where(_attempt.purpose.not_in((Purpose.PRACTICE, Purpose.WATCHED)))
PRACTICE_DAYS = _ENDED_DAYS.where(_attempt.purpose == Purpose.PRACTICE)
PASSED_DAYS = DAYS.where(_attempt.purpose == Purpose.TEST, _attempt.passed.is_(True))
