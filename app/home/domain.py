"""Rules of the pages for one person: the greeting, what is to do first, when the week's mail goes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MOST_TODOS = 5
DIGEST_WEEKDAY = 0  # Monday
DIGEST_HOUR = 7  # in the reader's own zone


class PartOfDay(StrEnum):
    MORNING = "morning"
    DAY = "day"
    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class Todo:
    """Something to do, with the time by which (None: when you like)."""

    name: str
    href: str
    sub: str
    word: str
    kind: str
    lang: str
    dir: str
    by: datetime | None = None
    reason: str = ""  # in the words of whoever suggested it
    aside: str = ""  # address at which it is set aside


def part_of_day(local: datetime) -> PartOfDay:
    """Return the part of the day by the reader's own clock."""
    if local.hour < 12:
        return PartOfDay.MORNING
    return PartOfDay.DAY if local.hour < 18 else PartOfDay.EVENING


def first(todos: Sequence[Todo]) -> list[Todo]:
    """Return at most five things, the nearest date first; those without a date keep their order at the end."""
    dated = [(todo.by, place) for place, todo in enumerate(todos) if todo.by is not None]
    return [*(todos[place] for _by, place in sorted(dated)), *(t for t in todos if t.by is None)][:MOST_TODOS]


def digest_is_due(local: datetime) -> bool:
    """Say whether the week's mail goes out in this hour of the reader's."""
    return local.weekday() == DIGEST_WEEKDAY and local.hour >= DIGEST_HOUR


def digest_occasion(local: datetime) -> str:
    """Return the name of the week's occasion: one mail a person and ISO week."""
    year, week, _day = local.isocalendar()
    return f"week:{year}-{week:02}"
