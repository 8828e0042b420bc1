"""Use cases of an attempt: start, save answers, hand in, end by time; and answer a practice question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from secrets import randbits
from typing import assert_never
from uuid import UUID

from app.catalogue.domain.items import Bank, Item
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.db.session import db, record
from app.kernel.errors import DomainError, InputError, RateLimitedError
from app.quizzes import queries
from app.quizzes.domain import answers, attempts, papers, rules, saves, selection
from app.quizzes.domain.answers import Answer
from app.quizzes.domain.attempts import Arrival, AttemptAfter, AttemptState, AttemptStep, NoAttemptsLeft, Purpose
from app.quizzes.domain.grading import ItemScore, grade, own_score
from app.quizzes.domain.saves import Certainty, Save
from app.quizzes.events import AttemptEnded, AttemptStarted
from app.quizzes.queries import corrections
from app.quizzes.service import store
from app.quizzes.shapes import AttemptView, MetBefore

_SERVER = 0  # the server's own number among devices, for answers that came by a plain form


@dataclass(frozen=True, slots=True)
class Started:
    """A new attempt, by its public id."""

    public_id: UUID


@dataclass(frozen=True, slots=True)
class AttemptInProgress:
    """An attempt is open already; the person continues it."""

    public_id: UUID


@dataclass(frozen=True, slots=True)
class Saved:
    """The stored saves by question and sequence: in time, or late (stored, never counted)."""

    stored: tuple[tuple[int, int], ...]
    late: tuple[tuple[int, int], ...]
    ended: bool
    seconds_left: int | None


def start(
    *, person_id: UUID, outline: Outline, language: str, purpose: Purpose, extra_time: int, now: datetime
) -> Started | AttemptInProgress | AttemptAfter | NoAttemptsLeft:
    """Draw questions and begin an attempt; a repeated request returns the same one. `extra_time` is in percent.

    Raises DomainError if the course has no such questions for the person, or its bank has too few items.
    """
    running = _running(person_id, outline.course_id, purpose, now)
    if running is not None:
        return running
    may_start = queries.may_start(person_id, outline, purpose, now)
    match may_start:
        case AttemptAfter() | NoAttemptsLeft() as refusal:
            return refusal
        case attempts.AttemptOpen():
            return _other_press(person_id, outline.course_id, purpose)
        case attempts.AttemptAllowed():
            pass
        case _:
            assert_never(may_start)
    number = queries.last_number(person_id, outline.course_id, purpose) + 1
    return _begin(person_id, outline, language, purpose, number=number, extra_time=extra_time, now=now)


def save(attempt: UUID, sent: Sequence[Save], *, arrived_at: datetime, now: datetime) -> Saved:
    """Save answers; a repeat changes nothing. `arrived_at` is the server's time when the request began.

    Raises InputError if a question or an option does not exist or a number is out of range, NumberTooHighError if a
    number is too far above the stored ones.
    """
    return _keep(queries.lock(attempt), sent, arrived_at=arrived_at, now=now)


def save_form(
    attempt: UUID,
    question: int,
    body: object,
    *,
    certainty: Certainty | None,
    marked: bool,
    arrived_at: datetime,
    now: datetime,
) -> Saved:
    """Save an answer of a form without script, with a sequence above all stored ones; a repeat is saved once.

    If the test explains each answer, the answer is locked.
    """
    current = queries.lock(attempt)
    saved_answer = queries.counted_saves(current.row_id).get(question)
    locked = body is not None and locks_answers(current)
    new_answer = (body, certainty, marked)
    same = saved_answer is not None and (saved_answer.body, saved_answer.certainty, saved_answer.marked) == new_answer
    if saved_answer is not None and (saved_answer.locked or (same and not locked)):
        seconds_left = attempts.seconds_left(current.sitting, now)
        return Saved(((question, saved_answer.sequence),), (), not current.is_open, seconds_left)
    numbers = queries.sequences(current.row_id).values()
    sent = Save(question, saves.next_sequence(numbers, _SERVER), body, certainty, marked)
    return _keep(current, [sent], arrived_at=arrived_at, now=now, locked=locked)


def locks_answers(attempt: AttemptView) -> bool:
    """Return whether each answer of the attempt is explained and locked after it is saved."""
    return rules.locks_answers(catalogue.outline(attempt.version_id).facts, attempt.purpose)


def count_saves(person_id: UUID, count: int, real_now: datetime) -> None:
    """Count a person's saves for the rate limit; call it first, because it locks the person's count before other rows.

    Raises RateLimitedError over the limit of a minute.
    """
    seconds = saves.seconds_until_more(store.count_saves(person_id, count, saves.minute_of(real_now)), real_now)
    if seconds:
        raise RateLimitedError(seconds)


def hand_in(attempt: UUID, now: datetime) -> None:
    """End an attempt at the request of its person; a repeated request changes nothing."""
    current = queries.lock(attempt)
    if current.is_open:
        _end(current, AttemptStep.TIME_UP if attempts.is_over(current.sitting, now) else AttemptStep.HAND_IN, now)


def end_by_time(attempt: UUID, now: datetime) -> bool:
    """End an attempt whose time is over; return whether this call ended it."""
    current = queries.lock(attempt)
    if not attempts.is_over(current.sitting, now):
        return False
    _end(current, AttemptStep.TIME_UP, now)
    return True


def practise(*, person_id: UUID, course_id: UUID, item: Item, answer: Answer, press: str, now: datetime) -> ItemScore:
    """Grade an answer to a practice question and store it; a repeated form changes nothing.

    The writer marks an open answer: its score is own judgement.

    The caller must check that the item is in a lesson: feedback on another item would reveal the item bank.
    """
    result = grade(item, answer)
    store.save_practice(
        person_id=person_id,
        course_id=course_id,
        item=item.id,
        press=press,
        body=saves.answer_text(answers.to_json(answer)),
        share=own_score(item, answer) if result.needs_person else result.share,
        answered_at=now,
    )
    return result


def _begin(
    person_id: UUID, outline: Outline, language: str, purpose: Purpose, *, number: int, extra_time: int, now: datetime
) -> Started | AttemptInProgress:
    facts = outline.facts
    seed = randbits(63)
    paper = _draw(person_id, outline, language, purpose, seed=seed)
    public_id = store.add_attempt(
        person_id=person_id,
        course_id=outline.course_id,
        version_id=outline.version_id,
        purpose=purpose,
        number=number,
        language=language,
        seed=seed,
        paper=saves.answer_text(selection.to_stored(paper)),
        pass_mark=rules.course_test(facts).pass_mark,
        state=AttemptState.OPEN,
        started_at=now,
        deadline_at=attempts.deadline(now, rules.minutes(facts, purpose), Fraction(extra_time, 100)),
    )
    if public_id is None:
        return _other_press(person_id, outline.course_id, purpose)
    record(
        AttemptStarted(
            at=now,
            attempt=public_id,
            person_id=person_id,
            course_id=outline.course_id,
            version_id=outline.version_id,
            purpose=purpose,
            number=number,
        )
    )
    return Started(public_id)


def _draw(person_id: UUID, outline: Outline, language: str, purpose: Purpose, *, seed: int) -> selection.DrawnQuestions:
    met = MetBefore(
        queries.papers_met(person_id, outline.course_id), queries.recent_items(person_id, outline.course_id)
    )
    return draw(outline, language, purpose, met, seed=seed)


def draw(outline: Outline, language: str, purpose: Purpose, met: MetBefore, *, seed: int) -> selection.DrawnQuestions:
    """Draw the questions of an attempt from the bank in a language; the same seed draws the same questions.

    Papers come first, each with its documents, then the free questions.
    """
    facts, bank = outline.facts, catalogue.bank(outline.version_id, language)
    revisions = {name: question.revision for name, question in bank.items()}
    in_lessons = queries.items_in_text(outline)
    rule = papers.rule(facts, purpose, in_lessons=in_lessons)
    linked: list[selection.DrawnQuestion] = []
    if rule.count:
        possible = papers.possible(facts, rule.form, in_lessons if purpose is Purpose.PRETEST else ())
        chosen = papers.choose(possible, rule.count, met=met.papers, seed=seed)
        items = {name: question.item for name, question in bank.items()}
        linked = papers.questions(chosen, items, revisions, seed=seed)
    never_alone = papers.items_of_papers(facts)
    drawable = rules.drawable_items(facts, (question.item for question in bank.values()))
    free = selection.draw(
        Bank(tuple(item for item in drawable if item.id not in never_alone)),
        rules.blueprint(facts, purpose, linked=len(linked)),
        form=rules.FORMS[purpose],
        seed=seed,
        avoid=met.items,
        last=in_lessons,
        revisions=revisions,
    )
    return selection.DrawnQuestions((*linked, *free.questions))


def _running(person_id: UUID, course_id: UUID, purpose: Purpose, now: datetime) -> AttemptInProgress | None:
    """Return the attempt that is open; end it if its time is over."""
    running = queries.open_one(person_id, course_id, purpose)
    if running is None:
        return None
    if attempts.is_over(running.sitting, now):
        end_by_time(running.id, now)
        return None
    return AttemptInProgress(running.id)


def _other_press(person_id: UUID, course_id: UUID, purpose: Purpose) -> AttemptInProgress:
    running = queries.open_one(person_id, course_id, purpose)
    if running is None:
        raise DomainError("Another attempt was begun and ended meanwhile.")
    return AttemptInProgress(running.id)


def _keep(
    attempt: AttemptView, sent: Sequence[Save], *, arrived_at: datetime, now: datetime, locked: bool = False
) -> Saved:
    """Store saves; those of a locked question are acknowledged and change nothing."""
    checked = _checked(attempt, sent)
    saves.check_numbers((save.sequence for save in checked), attempt.highest)
    late = attempts.accepts(attempt.sitting, arrived_at) is not Arrival.COUNTS
    shut = queries.locked_questions(attempt.row_id) if locks_answers(attempt) else frozenset[int]()
    stored = [save for save in saves.distinct(checked) if save.question not in shut]
    store.save_answers(attempt.row_id, stored, arrived_at=arrived_at, late=late, locked=locked)
    if attempt.most_saves + len(stored) > saves.LAST:
        store.delete_older_saves(attempt.row_id, {save.question for save in stored})
    return _saved(attempt, checked, late=late, now=now)


def _checked(attempt: AttemptView, sent: Sequence[Save]) -> list[Save]:
    questions = queries.questions_of_attempt(attempt).questions
    return [_checked_one(questions, save) for save in sent]


def _checked_one(questions: Sequence[selection.DrawnQuestion], sent: Save) -> Save:
    if not 1 <= sent.question <= len(questions):
        raise InputError("This question is not on the paper.")
    if not 0 <= sent.sequence < 2**63:
        raise InputError("The number of this save is out of range.")
    body = None
    if sent.body is not None:
        body = answers.to_json(answers.parse(questions[sent.question - 1].item, sent.body))
    return Save(sent.question, sent.sequence, body, sent.certainty, sent.marked)


def _saved(attempt: AttemptView, checked: Sequence[Save], *, late: bool, now: datetime) -> Saved:
    keys = tuple((save.question, save.sequence) for save in checked)
    ended = not attempt.is_open
    if attempts.is_over(attempt.sitting, now):
        _end(attempt, AttemptStep.TIME_UP, now)
        ended = True
    seconds_left = None if ended else attempts.seconds_left(attempt.sitting, now)
    return Saved(() if late else keys, keys if late else (), ended, seconds_left)


def _end(attempt: AttemptView, step: AttemptStep, now: datetime) -> None:
    paper = corrections.questions_of_attempt(attempt)
    bodies = {question: answer.body for question, answer in queries.counted_saves(attempt.row_id).items()}
    marks = attempts.grades_of(paper, bodies)
    outline = catalogue.outline(attempt.version_id)
    counted = None
    if attempt.purpose is Purpose.PRACTICE:  # it may be stopped: questions without an answer do not count
        counted = {number for number, body in bodies.items() if body is not None}
        result = attempts.result(
            *attempts.answered_part(paper, marks, counted), attempt.pass_mark, rules.lessons_of(outline.facts)
        )
    else:
        floor = rules.floor(outline.facts, attempt.purpose)
        result = attempts.result(paper, marks, attempt.pass_mark, rules.lessons_of(outline.facts), floor)
    by_time = step is AttemptStep.TIME_UP
    store.end(
        attempt.row_id,
        state=attempts.after(attempt.state, step),
        # the time that the person had, not the minute in which the server came to it
        ended_at=attempt.deadline_at if by_time and attempt.deadline_at is not None else now,
        score=result.score,
        passed=result.passed,
    )
    store.save_marks(attempt.row_id, paper, marks, only=counted)
    _note_for_statistics(attempt)
    db.session.flush()
    record(
        AttemptEnded(
            at=now,
            attempt=attempt.id,
            person_id=attempt.person_id,
            course_id=attempt.course_id,
            version_id=attempt.version_id,
            purpose=attempt.purpose,
            number=attempt.number,
            share=result.score,
            passed=result.passed,
            by="time" if by_time else "person",
        )
    )


def _note_for_statistics(attempt: AttemptView) -> None:
    if attempt.number == 1 and attempt.purpose in (Purpose.PRETEST, Purpose.TEST):
        store.add_uncounted(attempt.course_id, attempt.row_id)
