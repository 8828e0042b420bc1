"""The questions some months after a test: from which day they are asked, once for each version that was passed."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from app.quizzes.domain.attempts import Purpose


@dataclass(frozen=True, slots=True)
class Sat:
    """A test that was passed, or questions after one: the id of its address, and when (`ended_at` None: open)."""

    id: UUID
    version_id: UUID
    purpose: Purpose
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Later:
    """How a person stands with the questions after a test; `version_id` is what was passed, `passed_at` when first.

    `open_id` are questions under way, `done` says that they were handed in since the test.
    """

    version_id: UUID
    passed_at: datetime
    open_id: UUID | None = None
    done: bool = False

    def waits(self, months: int, today: date) -> bool:
        """Say whether the questions are to be answered on this UTC day: begun, or due and not done."""
        return self.open_id is not None or (not self.done and opens_on(self.passed_at, months) <= today)


def of(sittings: Iterable[Sat]) -> Later | None:
    """Return how one person stands in one course, None without a passed test; the version passed last counts."""
    sat = list(sittings)
    passed: dict[UUID, datetime] = {}
    for one in sat:
        if one.purpose is Purpose.TEST and one.ended_at is not None:
            passed[one.version_id] = min(one.ended_at, passed.get(one.version_id, one.ended_at))
    if not passed:
        return None
    version_id, passed_at = max(passed.items(), key=lambda found: found[1])
    after = [one for one in sat if one.purpose is Purpose.RETENTION]
    return Later(
        version_id,
        passed_at,
        open_id=next((one.id for one in after if one.ended_at is None), None),
        done=any(one.ended_at is not None and one.started_at >= passed_at for one in after),
    )


def opens_on(passed_at: datetime, months: int) -> date:
    """Return the UTC day so many months after a test, or the last one of that month."""
    day = passed_at.astimezone(UTC).date()
    place = day.year * 12 + day.month - 1 + months
    year, month = place // 12, place % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def opens_at(passed_at: datetime, months: int) -> datetime:
    """Return when that day begins."""
    return datetime.combine(opens_on(passed_at, months), time.min, UTC)
