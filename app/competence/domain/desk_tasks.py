"""How many desk tasks with all points would verify an officer, by the measure, and whether a course test helps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from app.competence.domain.evidence import EvidenceKind, Piece
from app.competence.domain.forecast import RUBRIC_GUESS, RUBRIC_MARK
from app.competence.domain.history import CompetencyRule, next_state
from app.competence.domain.measure import SkillState

MOST = 3  # tasks that are tried
ASSESSORS = ((UUID(int=1), "-1"), (UUID(int=2), "-2"))  # of two countries that evidence does not have
TEST_SHARE, TEST_MARK, TEST_ITEMS, TEST_TRUST = 0.8, 0.7, 10, 0.5  # a good result, not a perfect one


@dataclass(frozen=True, slots=True)
class DeskTasksNeeded:
    """The fewest desk tasks with all points that verify, and until when; `is_watched`: after an earlier watched result.

    `after_test`: the number after a passed course test, or None if a test does not count or changes nothing.
    """

    count: int
    until: date
    is_watched: bool
    after_test: int | None = None


@lru_cache(maxsize=1024)  # newcomers share a state
def desk_tasks_needed(
    state: SkillState | None, rule: CompetencyRule, *, criteria: int, today: date
) -> DeskTasksNeeded | None:
    """Return how many desk tasks with these criteria would verify at a level today; None if 3 are not enough."""
    result, is_watched = _count(state, rule, criteria, today), state is not None and state.watched is not None
    if result is None:
        return None
    count, until = result
    after_test = _count(_after_test(state, rule, today), rule, criteria, today) if count > 1 else None
    return DeskTasksNeeded(count, until, is_watched, after_test[0] if after_test and after_test[0] < count else None)


def is_verified(state: SkillState | None, today: date) -> bool:
    """Return whether a state verifies on a day."""
    return state is not None and state.verified_until is not None and state.verified_until >= today.toordinal()


def _count(state: SkillState | None, rule: CompetencyRule, criteria: int, today: date) -> tuple[int, date] | None:
    """Return how many desk tasks verify a state, and the last valid day after them."""
    earlier: list[Piece] = []
    for number in range(1, MOST + 1):
        for piece in _pieces(rule, criteria, today):
            state = next_state(state, piece, earlier, rule)
            earlier.append(piece)
        if state is not None and state.verified_until is not None and is_verified(state, today):
            return number, date.fromordinal(state.verified_until)
    return None


def _pieces(rule: CompetencyRule, criteria: int, today: date) -> Iterator[Piece]:
    """Yield the results of a desk task: one of each assessor."""
    assessors = ASSESSORS if rule.verified_by == {"two_assessors"} else ASSESSORS[:1]
    for assessor, country in assessors:
        yield Piece(
            day=today,
            kind=EvidenceKind.DESK_TASK,
            share=1.0,
            mark=RUBRIC_MARK,
            items=criteria,
            trust=1.0,
            watched=True,
            guess=RUBRIC_GUESS,
            assessor=assessor,
            assessor_country=country,
        )


def _after_test(state: SkillState | None, rule: CompetencyRule, today: date) -> SkillState | None:
    """Return the state after a passed course test, unchanged where tests do not count or training has counted."""
    if state is not None and state.trained:
        return state
    test = Piece(
        day=today,
        kind=EvidenceKind.QUIZ,
        share=TEST_SHARE,
        mark=TEST_MARK,
        items=TEST_ITEMS,
        trust=TEST_TRUST,
        training="course",
    )
    return next_state(state, test, (), rule)
