"""Rules of the delayed questions some months after a passed test: when they are due, once for each version."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from app.quizzes.domain.attempts import Purpose


@dataclass(frozen=True, slots=True)
class PassedOrDelayedAttempt:
    """A passed test or an attempt at delayed questions: the public id and its times (`ended_at` None: open)."""

    id: UUID
    version_id: UUID
    purpose: Purpose
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class DelayedQuestionsStatus:
    """The status of a person's delayed questions. `version_id` was passed first at `passed_at`.

    `open_id` is an open attempt at them; `done`: they were handed in after the test.
    """

    version_id: UUID
    passed_at: datetime
    open_id: UUID | None = None
    done: bool = False

    def waits(self, months: int, today: date) -> bool:
        """Return whether the questions are open or due on this UTC day."""
        return self.open_id is not None or (not self.done and opens_on(self.passed_at, months) <= today)


def delayed_questions_status(sittings: Iterable[PassedOrDelayedAttempt]) -> DelayedQuestionsStatus | None:
    """Return the status of a person's delayed questions in a course, for the version passed last; None without one."""
    sat = list(sittings)
    passed = _first_passed(sat)
    if not passed:
        return None
    version_id, passed_at = max(passed.items(), key=lambda entry: entry[1])
    after = [attempt for attempt in sat if attempt.purpose is Purpose.RETENTION]
    return DelayedQuestionsStatus(
        version_id,
        passed_at,
        open_id=next((attempt.id for attempt in after if attempt.ended_at is None), None),
        done=any(attempt.ended_at is not None and attempt.started_at >= passed_at for attempt in after),
    )


def _first_passed(attempts: Iterable[PassedOrDelayedAttempt]) -> dict[UUID, datetime]:
    """Return the time of the first passed test for each version."""
    passed: dict[UUID, datetime] = {}
    for attempt in attempts:
        if attempt.purpose is Purpose.TEST and attempt.ended_at is not None:
            passed[attempt.version_id] = min(attempt.ended_at, passed.get(attempt.version_id, attempt.ended_at))
    return passed


def opens_on(passed_at: datetime, months: int) -> date:
    """Return the UTC day this number of months after a test, or the last day of that month if there is none."""
    day = passed_at.astimezone(UTC).date()
    month_index = day.year * 12 + day.month - 1 + months
    year, month = month_index // 12, month_index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def opens_at(passed_at: datetime, months: int) -> datetime:
    """Return the beginning of the UTC day on which delayed questions open."""
    return datetime.combine(opens_on(passed_at, months), time.min, UTC)
