"""Events of sittings, desk tasks, marking, requests and surprise checks.

Events of an assessor name a product by its number alone, and those about its officer by its id alone: together they
would tell whose product an assessor marks.
"""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationDone(Event):
    """An assessor scored the calibration case of a rubric."""

    rubric: str
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkingCommentAdded(Event):
    """An assessor added a comment to the bank of a rubric."""

    rubric: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductMarked(Event):
    """An assessor submitted the scores of a product; `part` is first, second or settling."""

    number: int
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductReturned(Event):
    """A product went back to the queue: its assessor returned it, or had it open for too long."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSettled(Event):
    """The result of a desk task is recorded as evidence."""

    product_id: UUID
    person_id: UUID
    competency: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductTaken(Event):
    """An assessor took a product from the queue."""

    number: int
    part: str
