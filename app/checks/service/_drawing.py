"""Begin the attempt of a task of a sitting: questions by chance, or the items of a desk task."""

from datetime import datetime
from fractions import Fraction
from secrets import randbits
from uuid import UUID

from app.catalogue.domain.translations import TranslationState
from app.catalogue.queries import courses as catalogue
from app.checks.domain import pools as draws
from app.checks.domain.pools import LEAST_POOL, UNMET
from app.checks.domain.sittings import Way
from app.checks.models import SittingTask
from app.checks.queries import desk_tasks, pools, resting
from app.checks.shapes import AttemptReader
from app.kernel.errors import DomainError
from app.quizzes.domain import attempts
from app.quizzes.domain.practice import NOT_JUDGED
from app.quizzes.domain.selection import pass_mark_of
from app.quizzes.queries import watched as watched_queries
from app.quizzes.service import watched


def start(task: SittingTask, reader: AttemptReader, opened_at: datetime, now: datetime) -> UUID:
    """Begin the attempt of a task: 12 drawn questions, or the items of the desk task.

    `opened_at` is when the sitting was opened: what it shows itself lets no item rest before its end.
    """
    deadline = attempts.deadline(now, task.minutes, Fraction(reader.extra_time, 100))
    asks_questions = task.way is Way.QUESTIONS
    version_id, items, pass_mark = _questions(task, reader.person_id, opened_at, now) if asks_questions else _desk(task)
    return watched.start(
        person_id=reader.person_id,
        version_id=version_id,
        language=_language(version_id, reader.language),
        items=items,
        pass_mark=pass_mark,
        deadline_at=deadline,
        now=now,
    )


def _questions(task: SittingTask, person_id: UUID, opened_at: datetime, now: datetime) -> tuple[UUID, list[str], float]:
    pool = pools.pool(task.competency, task.level)
    rests = resting.resting_for(pool, person_id, opened_at) if pool is not None else frozenset()
    if pool is None or pool.size - len(rests) < LEAST_POOL:
        raise DomainError("%(code)s has too few questions for a check. Choose a desk task.", code=task.competency)
    met = watched_queries.items_met(person_id, pool.course_id, now - UNMET)
    items = pools.items_of(pool.version_id, task.competency, task.level)
    drawn = draws.draw([item for item in items if item.id not in rests], met, seed=randbits(63))
    bank = catalogue.bank(pool.version_id, catalogue.outline(pool.version_id).facts.source_language)
    return pool.version_id, drawn, pass_mark_of(bank[name].item for name in drawn) or NOT_JUDGED


def _desk(task: SittingTask) -> tuple[UUID, list[str], float]:
    line = desk_tasks.task_of(task.course_id, task.task)
    if line is None:
        raise DomainError("The desk task is not offered any more. Talk to the invigilator.")
    rubrics = catalogue.rubrics()
    rubric = rubrics.get(task.competency, task.level) if rubrics else None
    return line.version_id, list(line.task.items), rubric.mark if rubric else NOT_JUDGED


def _language(version_id: UUID, wanted: str) -> str:
    """Return the wanted language if the version has it, otherwise the source language."""
    outline = catalogue.outline(version_id)
    translated = outline.words.get(wanted)
    is_translated = translated is not None and translated.translation in (
        TranslationState.CURRENT,
        TranslationState.STALE,
    )
    return wanted if is_translated else outline.facts.source_language
