"""Rules of products of desk tasks: states, parts of the marking, deadlines.

Source: capacity measure, sections 3 and 9.
"""

from enum import StrEnum

MARKED_WITHIN_DAYS = 10
COMMENT_LIMIT = 1000


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
