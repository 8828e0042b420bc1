"""Read attempts, the answers that count, scores and practice answers from the database."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor
from app.catalogue.domain.courses import ShownResult
from app.catalogue.domain.items import Item
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import DocumentText, Outline
from app.db.session import db
from app.kernel.errors import DomainError
from app.kernel.shapes import ready
from app.quizzes.domain import attempts, delayed_questions, reviews, rules, selection
from app.quizzes.domain.attempts import GRACE, AttemptState, PastAttempt, Purpose, StartDecision
from app.quizzes.domain.delayed_questions import DelayedQuestionsStatus, PassedOrDelayedAttempt
from app.quizzes.domain.selection import DrawnQuestions, StoredQuestion
from app.quizzes.models import AnswerSave, Attempt, QuestionMark
from app.quizzes.queries import statements
from app.quizzes.shapes import AttemptLine, AttemptView, CurrentAnswer, Drawn, Marked, Practised, TestStatus

ready(tuple[StoredQuestion, ...])
# what `domain.later.Sat` is made of
_SAT = (Attempt.public_id, Attempt.version_id, Attempt.purpose, Attempt.started_at, Attempt.ended_at)


def visible(actor: Actor, attempt: UUID) -> AttemptView:
    """Return the actor's own attempt with the answers that count, or raise NoResultFound."""
    own_attempt = own(actor, attempt)
    return replace(own_attempt, saves=counted_saves(own_attempt.row_id))


def own(actor: Actor, attempt: UUID) -> AttemptView:
    """Return the actor's attempt without answers, or raise NoResultFound, also if the course is no longer in scope."""
    values = {"public_id": attempt, "person_id": actor.id, "readable_levels": catalogue.readable_levels(actor)}
    return _view(db.session.execute(statements.OWN, values).one())


def of_id(attempt: UUID) -> AttemptView:
    """Return an attempt of any person without its answers, or raise NoResultFound; the caller checks the right."""
    return _view(db.session.execute(statements.BY_PUBLIC_ID, {"public_id": attempt}).one())


def lock(attempt: UUID) -> AttemptView:
    """Lock an attempt until the transaction ends and return it without its answers."""
    row = db.session.execute(statements.LOCKED, {"public_id": attempt}).one()
    return replace(_view(row), highest=row.highest or 0, most_saves=row.most_saves or 0)


def counted_saves(row_id: int) -> dict[int, CurrentAnswer]:
    """Return the save that counts for each question: of the saves in time, the highest sequence."""
    return {
        question: CurrentAnswer(sequence, msgspec.json.decode(body), certainty, marked, locked)
        for question, sequence, body, certainty, marked, locked in db.session.execute(
            statements.COUNTED_SAVES, {"row_id": row_id}
        )
    }


def locked_questions(row_id: int) -> frozenset[int]:
    """Return the questions of an attempt whose answers are locked."""
    query = select(AnswerSave.question).where(AnswerSave.attempt_id == row_id, AnswerSave.locked)
    return frozenset(db.session.scalars(query))


def sequences(row_id: int) -> dict[int, int]:
    """Return the highest sequence of each question, late saves included."""
    query = (
        select(AnswerSave.question, func.max(AnswerSave.sequence))
        .where(AnswerSave.attempt_id == row_id)
        .group_by(AnswerSave.question)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def questions_of_attempt(attempt: AttemptView) -> DrawnQuestions:
    """Return the drawn questions with their items, in the language in which the attempt began."""
    bank = catalogue.bank(attempt.version_id, attempt.language)
    return selection.from_stored(attempt.slips, {name: question.item for name, question in bank.items()})


def questions_with_texts(attempt: AttemptView) -> list[Drawn]:
    """Return the questions of an attempt with their texts, in order."""
    bank = catalogue.bank(attempt.version_id, attempt.language)
    source = catalogue.outline(attempt.version_id).facts.source_language
    otherwise = catalogue.bank(attempt.version_id, source)
    drawn_questions = []
    for number, question in enumerate(questions_of_attempt(attempt).questions, 1):
        texts = bank[question.item.id].texts
        same = texts == otherwise[question.item.id].texts
        papers = documents_of(question.item, attempt.version_id, attempt.language)
        drawn_questions.append(Drawn(number, question, texts, source if same else attempt.language, papers))
    return drawn_questions


def documents_of(item: Item, version_id: UUID, language: str) -> tuple[DocumentText, ...]:
    """Return the documents beside an item in a language, in the item's order."""
    if not item.document:
        return ()
    documents = catalogue.documents(version_id, language)
    return tuple(documents[name] for name in item.document if name in documents)


def marks(attempt: UUID) -> list[Marked]:
    """Return the score of each question of an ended attempt in order; empty for a reduced attempt."""
    return [Marked(*row) for row in db.session.execute(statements.MARKS, {"public_id": attempt})]


def items_seen(person_id: UUID, line: AttemptLine, *, since: datetime) -> frozenset[str]:
    """Return the items that other attempts at the course showed this person from `since` until this attempt ended."""
    query = (
        select(QuestionMark.item)
        .join(Attempt, Attempt.id == QuestionMark.attempt_id)
        .where(
            Attempt.person_id == person_id,
            Attempt.course_id == line.course_id,
            Attempt.public_id != line.id,
            Attempt.ended_at > since,
            Attempt.ended_at <= line.ended_at,
        )
        .distinct()
    )
    return frozenset(db.session.scalars(query))


def statuses_of_tests(person_id: UUID) -> Mapping[UUID, TestStatus]:
    """Return a person's status in every test begun, by course; attempts at ended versions do not count."""
    grouped: dict[UUID, list[Row[*tuple[Any, ...]]]] = {}
    for row in db.session.execute(statements.STATUSES, {"person_id": person_id}):
        grouped.setdefault(row.course_id, []).append(row)
    return {course_id: _standing(rows) for course_id, rows in grouped.items()}


def after_tests(people: Collection[UUID]) -> Mapping[UUID, Mapping[UUID, DelayedQuestionsStatus]]:
    """Return the status of these people's delayed questions, by person and course."""
    passed = and_(Attempt.purpose == Purpose.TEST, Attempt.passed.is_(True))
    query = select(*_SAT, Attempt.person_id, Attempt.course_id).where(
        Attempt.person_id.in_(people), or_(passed, Attempt.purpose == Purpose.RETENTION)
    )
    grouped: dict[tuple[UUID, UUID], list[PassedOrDelayedAttempt]] = {}
    for row in db.session.execute(query):
        grouped.setdefault((row.person_id, row.course_id), []).append(_sat(row))
    by_person: dict[UUID, dict[UUID, DelayedQuestionsStatus]] = {}
    for (person_id, course_id), sat in grouped.items():
        if (later := delayed_questions.delayed_questions_status(sat)) is not None:
            by_person.setdefault(person_id, {})[course_id] = later
    return by_person


def past_attempts(
    person_id: UUID, course_id: UUID, purpose: Purpose, *, since: datetime | None = None
) -> list[PastAttempt]:
    """Return a person's attempts for the retake rule; with `since`, only the open one and those begun since then.

    Attempts at versions whose records have ended do not count.
    """
    values = {"person_id": person_id, "course_id": course_id, "purpose": purpose}
    if since is None:
        ends = db.session.scalars(statements.PAST, values)
    else:
        ends = db.session.scalars(statements.PAST_SINCE, {**values, "since": since})
    return [PastAttempt(ended_at) for ended_at in ends]


def last_number(person_id: UUID, course_id: UUID, purpose: Purpose) -> int:
    """Return the number of a person's last attempt, also at a version whose records have ended; 0 without one."""
    values = {"person_id": person_id, "course_id": course_id, "purpose": purpose}
    return db.session.scalar(statements.LAST_NUMBER, values) or 0


def may_start(person_id: UUID, outline: Outline, purpose: Purpose, now: datetime) -> StartDecision:
    """Return whether the person may begin an attempt now; raise DomainError if the course has no such questions."""
    if purpose is not Purpose.RETENTION:
        before = past_attempts(person_id, outline.course_id, purpose)
        return attempts.may_start(before, rules.rule(outline.facts, purpose), now)
    later = after_tests([person_id]).get(person_id, {}).get(outline.course_id)
    if later is None:
        raise DomainError("These questions come some months after a test that was passed.")
    before = past_attempts(person_id, outline.course_id, purpose, since=later.passed_at)
    return attempts.may_start(before, rules.rule_after(outline.facts, later.passed_at), now)


def open_one(person_id: UUID, course_id: UUID, purpose: Purpose) -> AttemptView | None:
    """Return the person's open attempt without its answers, or None."""
    values = {"person_id": person_id, "course_id": course_id, "purpose": purpose}
    row = db.session.execute(statements.OPEN, values).one_or_none()
    return None if row is None else _view(row)


def recent_items(person_id: UUID, course_id: UUID) -> frozenset[str]:
    """Return the items of a person's last two attempts at a course, unless their questions were deleted."""
    papers = db.session.scalars(statements.RECENT_PAPERS, {"person_id": person_id, "course_id": course_id})
    return frozenset(slip.item for text in papers for slip in _slips(text))


def papers_met(person_id: UUID, course_id: UUID) -> Mapping[str, datetime]:
    """Return when a person last began an attempt with each paper of a course, unless its questions were deleted."""
    query = (
        select(Attempt.paper, Attempt.started_at)
        .where(Attempt.person_id == person_id, Attempt.course_id == course_id)
        .order_by(Attempt.started_at)
    )
    return {slip.paper: at for text, at in db.session.execute(query) for slip in _slips(text) if slip.paper}


def items_in_text(outline: Outline) -> frozenset[str]:
    """Return the items that are practice questions in the lessons of a version."""
    source = outline.facts.source_language
    lessons = (catalogue.lesson(outline.version_id, slug, source) for slug in outline.lessons)
    return frozenset(item for text in lessons for item in text.rendered.items)


def latest_practice(person_id: UUID, course_id: UUID, items: Iterable[str]) -> Mapping[str, Practised]:
    """Return a person's newest practice answer to each of these items, in one query."""
    values = {"person_id": person_id, "course_id": course_id, "items": sorted(items)}
    return {
        item: Practised(item, msgspec.json.decode(body), score, answered_at)
        for item, body, score, answered_at in db.session.execute(statements.LATEST_PRACTICE, values)
    }


def ended_due(now: datetime, limit: int) -> list[UUID]:
    """Return open attempts whose deadline and grace period have passed, the earliest deadline first."""
    query = (
        select(Attempt.public_id)
        .where(Attempt.state == AttemptState.OPEN, Attempt.deadline_at < now - GRACE)
        .order_by(Attempt.deadline_at)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def attempts_of(person_id: UUID) -> list[AttemptLine]:
    """Return a person's attempts, the newest first."""
    return _lines(statements.LINES_OF_PERSON, person_id=person_id)


def attempts_at(person_id: UUID, course_id: UUID) -> list[AttemptLine]:
    """Return a person's attempts at a course, the newest first."""
    return _lines(statements.LINES_AT_COURSE, person_id=person_id, course_id=course_id)


def attempt_line(attempt: UUID) -> AttemptLine:
    """Return an attempt by its public id, or raise NoResultFound."""
    lines = _lines(statements.LINE, public_id=attempt)
    if not lines:
        raise NoResultFound
    return lines[0]


def days(people: Collection[UUID]) -> list[tuple[UUID, UUID, date]]:
    """Return person, course and UTC day of the tests that these people handed in, each day once; no practice."""
    return [(row[0], row[1], row[2]) for row in db.session.execute(statements.DAYS, {"people": list(people)})]


def practice_days(people: Collection[UUID]) -> list[tuple[UUID, UUID, date]]:
    """Return person, course and UTC day of the practice that these people finished, each day once."""
    rows = db.session.execute(statements.PRACTICE_DAYS, {"people": list(people)})
    return [(row[0], row[1], row[2]) for row in rows]


def passed_days(people: Collection[UUID]) -> list[tuple[UUID, UUID, date]]:
    """Return person, course and UTC day of the tests that these people passed, each day once."""
    return [(row[0], row[1], row[2]) for row in db.session.execute(statements.PASSED_DAYS, {"people": list(people)})]


def _lines(query: Select[*tuple[Any, ...]], **values: UUID) -> list[AttemptLine]:
    rows: Iterable[Any] = db.session.execute(query, values)
    return [AttemptLine(*row) for row in rows]


def _view(row: Row[*tuple[Any, ...]]) -> AttemptView:
    return AttemptView(
        row_id=row.id,
        id=row.public_id,
        person_id=row.person_id,
        course_id=row.course_id,
        version_id=row.version_id,
        purpose=row.purpose,
        number=row.number,
        language=row.language,
        slips=_slips(row.paper),
        pass_mark=row.pass_mark,
        state=row.state,
        started_at=row.started_at,
        deadline_at=row.deadline_at,
        ended_at=row.ended_at,
        score=row.share,
        passed=row.passed,
    )


def _slips(text: str) -> tuple[StoredQuestion, ...]:
    return msgspec.json.decode(text, type=tuple[StoredQuestion, ...])


def _sat(row: Row[*tuple[Any, ...]]) -> PassedOrDelayedAttempt:
    return PassedOrDelayedAttempt(row.public_id, row.version_id, row.purpose, row.started_at, row.ended_at)


def _standing(rows: list[Row[*tuple[Any, ...]]]) -> TestStatus:
    tests = [row for row in rows if row.purpose is Purpose.TEST]
    ended = [row for row in tests if row.ended_at is not None]
    relevant = (row for row in rows if row.purpose is not Purpose.TEST or row.passed)
    return TestStatus(
        passed=any(row.passed for row in ended),
        shown=reviews.shown_result([row.share for row in sorted(ended, key=_ended_at)], _shown_result(ended)),
        number=len(tests),
        open_id=_open_id(tests),
        later=delayed_questions.delayed_questions_status(map(_sat, relevant)),
    )


def _ended_at(row: Row[*tuple[Any, ...]]) -> datetime:
    ended_at: datetime = row.ended_at
    return ended_at


def _shown_result(ended: list[Row[*tuple[Any, ...]]]) -> ShownResult:
    """Return the rule of the version that was attempted last."""
    if len(ended) < 2:
        return ShownResult.BEST
    test = catalogue.outline(max(ended, key=_ended_at).version_id).facts.test
    return test.shown_result if test is not None else ShownResult.BEST


def _open_id(tests: list[Row[*tuple[Any, ...]]]) -> UUID | None:
    return next((row.public_id for row in tests if row.ended_at is None), None)
