"""The nightly sums: who needs a competency, who holds it, how many are likely up to it that day."""

from datetime import date, datetime


def sum_up(day: date, now: datetime) -> int:
    """Write the sums of a day and return how many rows they are."""
    raise NotImplementedError
