"""Rules of a check that is planned from the matrix: how many officers and competencies, and who lacks which."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.catalogue.domain.items import Level
from app.checks.domain.requests import MOST_PLANNED
from app.checks.domain.sittings import MOST_TASKS
from app.competence.domain.statuses import VerificationStatus, status

MOST_COMPETENCIES = MOST_TASKS
MOST_OFFICERS, MOST_OF_TEAM = MOST_PLANNED, 1  # a supervisor watches one own officer
Aim = tuple[str, Level]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckChoice:
    """A competency at a level that selected officers lack; `asked` of them asked for it.

    `in_sitting`: a sitting can verify it, by questions or a desk task.
    """

    competency: str
    level: Level
    officers: frozenset[UUID]
    asked: int
    in_sitting: bool


def lacks(until: date | None, today: date) -> bool:
    """Return whether a new watched result would help an officer whose last valid day is this (None: none)."""
    return status(True, until, today) is not VerificationStatus.VERIFIED


def officers_for(choices: Collection[CheckChoice], chosen: Collection[Aim]) -> frozenset[UUID]:
    """Return the officers who lack at least one of the chosen competencies."""
    return frozenset[UUID]().union(
        *(choice.officers for choice in choices if (choice.competency, choice.level) in chosen)
    )


def without(lacking: Mapping[Aim, set[UUID]], person_id: UUID) -> dict[Aim, frozenset[UUID]]:
    """Return the officers who lack each competency, without the person who plans the check."""
    others = {aim: frozenset(people - {person_id}) for aim, people in lacking.items()}
    return {aim: people for aim, people in others.items() if people}
