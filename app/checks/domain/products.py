"""Rules of products of desk tasks: states, parts of the marking, deadlines.

Source: capacity measure, sections 3 and 9.
"""

from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

MARKED_WITHIN_DAYS = 10
COMMENT_LIMIT = 1000
LOWEST_NUMBER, HIGHEST_NUMBER = 10_000, 999_999


class ProductState(StrEnum):
    WAITING = "waiting"  # no assessor has taken it, or another one is wanted
    MARKING = "marking"
    DIFFERENT = "different"  # two assessors differ; a third one settles it
    MARKED = "marked"
    WITHDRAWN = "withdrawn"  # the officer erased the account, or the sitting was void


class MarkingPart(StrEnum):
    FIRST = "first"
    SECOND = "second"
    SETTLING = "settling"


QUEUED = (ProductState.WAITING, ProductState.DIFFERENT)
UNMARKED = (ProductState.WAITING, ProductState.MARKING, ProductState.DIFFERENT)


def wanted_by(sat_on: date) -> date:
    """Return the day until which the result of a desk task is wanted."""
    return sat_on + timedelta(days=MARKED_WITHIN_DAYS)


def product_of_source(source: str) -> UUID | None:
    """Return the product that a piece of evidence names as its source, or None.

    Source: `sitting:<sitting>:<product>:<assessor>`; other kinds of evidence have a competency at its place.
    """
    try:
        kind, _sitting, product_id, _assessor = source.split(":")
        return UUID(product_id) if kind == "sitting" else None
    except ValueError:
        return None


def is_overdue(wanted: date, today: date) -> bool:
    """Return whether the day until which a result is wanted has passed."""
    return wanted < today
