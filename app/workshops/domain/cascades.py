"""Rules of cascade sessions: national sessions in which a verified trainer passes on what an event practised.

They are counted apart in every figure, and they never change a verification.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.catalogue.domain.items import Level

TRAINER_COMPETENCIES = ("COP-06", "COP-07")  # a verified trainer has both, as the indicator OP7.1 counts
TRAINER_LEVEL = Level.PRACTITIONER
MOST_PEOPLE = 500
MOST_MINUTES = 3000
RECORDED_WITHIN = timedelta(days=90)  # of the day of a session
LIST_KEPT = timedelta(days=365)  # a signed list contains names
LIST_LIMIT = 2 * 1024 * 1024  # bytes
PDF = b"%PDF-"


class CascadeState(StrEnum):
    RECORDED = "recorded"
    WITHDRAWN = "withdrawn"


class CountedBy(StrEnum):
    """How the people of a cascade session are counted."""

    ALIAS = "alias"
    HEAD_COUNT = "head_count"


@dataclass(frozen=True, slots=True)
class CascadeTotals:
    """Sessions and people reached; of the people, those known by alias. A head count may count a person again."""

    sessions: int = 0
    people: int = 0
    by_alias: int = 0


def is_verified_trainer(levels: Mapping[str, Collection[Level]]) -> bool:
    """Return whether a person with these verified levels by competency is a verified trainer."""
    return all(TRAINER_LEVEL in levels.get(competency, ()) for competency in TRAINER_COMPETENCIES)


def is_day_possible(day: date, today: date) -> bool:
    """Return whether a session of this day can be recorded today: it is over, at most 90 days ago."""
    return today - RECORDED_WITHIN <= day <= today
