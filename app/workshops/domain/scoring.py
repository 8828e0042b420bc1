"""Rules of scoring by rubric: period, complete scores, ratio of points."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from app.workshops.domain import times

HIGHEST = 3  # a criterion is scored 0 to 3
SCORED_WITHIN = timedelta(days=14)  # of the last day of the event


def open_until(last_day: date, zone: str, reopened_at: datetime | None = None) -> datetime:
    """Return the deadline for scoring: 14 days after the last day, or after the event was reopened."""
    first = times.end_of(last_day + SCORED_WITHIN, zone)
    return first if reopened_at is None else max(first, reopened_at + SCORED_WITHIN)


def is_open(
    now: datetime, *, starts_at: datetime, last_day: date, zone: str, reopened_at: datetime | None = None
) -> bool:
    """Return whether assessors may score: from the start of the first session until the deadline."""
    return starts_at <= now < open_until(last_day, zone, reopened_at)


def is_complete(scores: Mapping[str, int], criteria: Sequence[str]) -> bool:
    """Return whether each criterion, and nothing else, has a score from 0 to 3."""
    return scores.keys() == set(criteria) and all(0 <= score <= HIGHEST for score in scores.values())


def score_ratio(scores: Mapping[str, int]) -> float:
    """Return the ratio of the points to the highest possible points."""
    return sum(scores.values()) / (HIGHEST * len(scores))


def is_possible(scores: Mapping[str, int], criteria: Sequence[str]) -> bool:
    """Return whether each score is from 0 to 3 and of a criterion of the rubric; some may be missing."""
    return scores.keys() <= set(criteria) and all(0 <= score <= HIGHEST for score in scores.values())
