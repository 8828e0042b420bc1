"""How many desk tasks with all points verify an officer: what the path announces is what the measure then does."""

from datetime import date, timedelta

import pytest

from app.competence.domain.desk_tasks import (
    ASSESSORS,
    desk_tasks_needed,
    is_verified,
)
from app.competence.domain.evidence import EvidenceKind, Piece
from app.competence.domain.history import CompetencyRule, last_state
from app.competence.domain.measure import Parameters, SkillState

TODAY = date(2027, 7, 1)
FOUNDATION = CompetencyRule(Parameters(), frozenset({"watched_check", "assessor"}), frozenset({"quiz", "scenario"}))
PRACTITIONER = CompetencyRule(Parameters(), frozenset({"assessor"}), frozenset({"scenario"}))
SPECIALIST = CompetencyRule(Parameters(), frozenset({"two_assessors"}), frozenset())
RULES = (FOUNDATION, PRACTITIONER, SPECIALIST)
CLAIM = Piece(day=TODAY - timedelta(days=20), kind=EvidenceKind.CLAIM)


def task(criteria: int, share: float = 1.0, *, assessor: int = 0, days_ago: int = 0) -> Piece:
    person_id, country = ASSESSORS[assessor]
    return Piece(
        day=TODAY - timedelta(days=days_ago), kind=EvidenceKind.DESK_TASK, share=share, mark=2 / 3, items=criteria,
        trust=1.0, guess=0.05, watched=True, assessor=person_id, assessor_country=country,
    )  # fmt: skip


def state(rule: CompetencyRule, *pieces: Piece) -> SkillState | None:
    return last_state(pieces, rule)


@pytest.mark.parametrize(
    ("rule", "earlier", "criteria", "expected"),
    [
        (PRACTITIONER, [], 3, (3, False, None)),
        (PRACTITIONER, [], 5, (2, False, None)),
        (PRACTITIONER, [CLAIM], 5, (1, False, None)),
        (PRACTITIONER, [task(5, days_ago=20)], 5, (1, True, None)),
        (PRACTITIONER, [task(4, days_ago=20)], 4, (2, True, None)),
        (PRACTITIONER, [task(5, 0.0, days_ago=20)] * 3, 3, None),
        (FOUNDATION, [], 5, (2, False, 1)),
        (FOUNDATION, [task(5, days_ago=20)], 5, (1, True, None)),
        (SPECIALIST, [], 5, (1, False, None)),  # two assessors score each
    ],
)
def test_number_of_desk_tasks_depends_on_earlier_evidence(
    rule: CompetencyRule, earlier: list[Piece], criteria: int, expected: tuple[int, bool, int | None] | None
) -> None:
    needed = desk_tasks_needed(state(rule, *earlier), rule, criteria=criteria, today=TODAY)
    assert (None if needed is None else (needed.count, needed.is_watched, needed.after_test)) == expected


@pytest.mark.parametrize("criteria", range(3, 8))
@pytest.mark.parametrize("rule", RULES)
def test_announced_number_verifies_and_fewer_do_not(rule: CompetencyRule, criteria: int) -> None:
    needed = desk_tasks_needed(None, rule, criteria=criteria, today=TODAY)
    assert needed is not None
    scored = [task(criteria, assessor=number) for number in range(2 if rule is SPECIALIST else 1)]
    after = state(rule, *scored * needed.count)
    assert is_verified(after, TODAY)
    assert is_verified(after, needed.until)
    assert not is_verified(after, needed.until + timedelta(days=1))
    assert not is_verified(state(rule, *scored * (needed.count - 1)), TODAY)
