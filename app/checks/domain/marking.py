"""Rules of marking by rubric: scores, differences of two assessors, result, calibration, fair load.

Source: capacity measure, sections 3 and 9; plan OP7.2.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, StrEnum, auto
from typing import assert_never
from uuid import UUID

from app.catalogue.domain.items import Level
from app.checks.domain.products import MarkingPart, ProductState

HIGHEST = 3  # a criterion is scored 0 to 3
FAR = 2  # steps at one criterion from which two assessors differ, whatever the results
MOST_OPEN = 3  # products that an assessor has open at once
RETURNED_AFTER = timedelta(days=10)  # an open product goes back to the queue, so that nobody keeps it for good
NEAR_STEPS, NEAR_SHARE = 1, 0.17  # of the model scores, to pass a calibration case
FEW = 2  # other assessors; a product with fewer comes first
GUESS = 0.05  # chance of reaching a step of a rubric without the skill
ROUNDING = 1e-9

Scores = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class GivenMarking:
    """A marking of a product; `scores` is None until it is submitted."""

    part: MarkingPart
    country: str
    scores: Scores | None = None


@dataclass(frozen=True, slots=True)
class Assessor:
    """An active assessor with the posting of the day and the rubrics whose calibration case was passed."""

    country: str
    agency: UUID
    rubrics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state of a product after a marking; `share` is the result of a marked one."""

    state: ProductState
    share: float | None = None


class Calibrated(StrEnum):
    """What an assessor has to do before marking by a rubric."""

    PASSED = "passed"
    NO_CASE = "no_case"  # the rubric has no calibration case yet: marking is open
    OPEN = "open"
    TOMORROW = "tomorrow"  # not passed today; the next day it can be done again


class NotTaken(Enum):
    """Why an assessor did not get a product."""

    GONE = auto()  # another assessor took it, or it is none of theirs to mark
    TOO_MANY = auto()
    NOT_CALIBRATED = auto()
    NONE_WAITS = auto()


class Submitted(Enum):
    """What a submission led to."""

    MARKED = auto()
    WAITS = auto()  # for a second assessor
    DIFFERS = auto()  # a third assessor settles it
    REPEATED = auto()  # it was submitted before


def are_valid(scores: Scores, criteria: Collection[str]) -> bool:
    """Return whether the scores name only these criteria, each with 0 to 3; some may be missing."""
    return scores.keys() <= set(criteria) and all(0 <= score <= HIGHEST for score in scores.values())


def are_complete(scores: Scores, criteria: Collection[str]) -> bool:
    """Return whether each criterion, and nothing else, has a score from 0 to 3."""
    return are_valid(scores, criteria) and len(scores) == len(set(criteria))


def share_of(scores: Scores) -> float:
    """Return the ratio of the points to the highest possible points."""
    return sum(scores.values()) / (HIGHEST * len(scores))


def reaches(share: float, mark: float) -> bool:
    """Return whether a share reaches the mark of the rubric."""
    return share >= mark - ROUNDING


def differ(first: Scores, second: Scores, mark: float) -> bool:
    """Return whether two markings differ: in pass or fail, or by two steps or more at a criterion."""
    if reaches(share_of(first), mark) != reaches(share_of(second), mark):
        return True
    return any(abs(score - second[criterion]) >= FAR for criterion, score in first.items())


def outcome(level: Level, given: Sequence[GivenMarking], mark: float, *, second_asked: bool = False) -> Outcome:
    """Return the state and result of a product by its markings.

    `second_asked`: the first assessor asks for a second one. At level specialist there are always two.
    """
    submitted = {marking.part: marking.scores for marking in given if marking.scores is not None}
    parts = {marking.part for marking in given}
    first, second = submitted.get(MarkingPart.FIRST), submitted.get(MarkingPart.SECOND)
    if (settling := submitted.get(MarkingPart.SETTLING)) is not None:
        return Outcome(ProductState.MARKED, share_of(settling))
    if first is not None and second is not None:
        return _of_two(first, second, mark, is_settled_now=MarkingPart.SETTLING in parts)
    needs_two = level is Level.SPECIALIST or second_asked
    if first is not None and not needs_two and MarkingPart.SECOND not in parts:
        return Outcome(ProductState.MARKED, share_of(first))
    wanted = {MarkingPart.FIRST, MarkingPart.SECOND} if needs_two else {MarkingPart.FIRST}
    return Outcome(ProductState.MARKING if wanted <= parts else ProductState.WAITING)


def _of_two(first: Scores, second: Scores, mark: float, *, is_settled_now: bool) -> Outcome:
    if differ(first, second, mark):
        return Outcome(ProductState.MARKING if is_settled_now else ProductState.DIFFERENT)
    return Outcome(ProductState.MARKED, (share_of(first) + share_of(second)) / 2)


def free_part(state: ProductState, parts: Collection[MarkingPart]) -> MarkingPart | None:
    """Return the part that the next assessor takes, or None if the product waits for nobody."""
    match state:
        case ProductState.WAITING:
            return MarkingPart.SECOND if MarkingPart.FIRST in parts else MarkingPart.FIRST
        case ProductState.DIFFERENT:
            return MarkingPart.SETTLING
        case ProductState.MARKING | ProductState.MARKED | ProductState.WITHDRAWN:
            return None
        case _:
            assert_never(state)


def counted(level: Level, given: Sequence[GivenMarking], mark: float) -> list[MarkingPart]:
    """Return the markings of a marked product that become evidence, each with the result of the product.

    One piece, at level specialist one for each assessor. After a difference: that of the third assessor, and of the
    earlier assessor of another country who came to the same result, pass or fail.
    """
    scores = {marking.part: marking.scores for marking in given if marking.scores is not None}
    if level is not Level.SPECIALIST:
        return [MarkingPart.SETTLING if MarkingPart.SETTLING in scores else MarkingPart.FIRST]
    if MarkingPart.SETTLING not in scores:
        return [part for part in (MarkingPart.FIRST, MarkingPart.SECOND) if part in scores]
    countries = {marking.part: marking.country for marking in given}
    is_reached = reaches(share_of(scores[MarkingPart.SETTLING]), mark)
    agreeing = [
        part
        for part in (MarkingPart.FIRST, MarkingPart.SECOND)
        if part in scores
        and reaches(share_of(scores[part]), mark) == is_reached
        and countries[part] != countries[MarkingPart.SETTLING]
    ]
    return [*agreeing[:1], MarkingPart.SETTLING]


def is_near(scores: Scores, model: Scores) -> bool:
    """Return whether scores of a calibration case pass: no criterion off by more than one, the share by 0.17."""
    if any(abs(score - scores[criterion]) > NEAR_STEPS for criterion, score in model.items()):
        return False
    return abs(share_of(scores) - share_of(model)) <= NEAR_SHARE + ROUNDING


def load_by_country(finished: Mapping[str, int], assessors: Collection[Assessor]) -> dict[str, float]:
    """Return the finished markings for each assessor of a country."""
    people: dict[str, int] = {}
    for assessor in assessors:
        people[assessor.country] = people.get(assessor.country, 0) + 1
    return {country: finished.get(country, 0) / count for country, count in people.items()}


def scarce_agencies(
    rubric: str, *, own_country: str, others: Collection[Assessor], loads: Mapping[str, float]
) -> frozenset[UUID] | None:
    """Return the agencies whose products few others can mark by a rubric, None for all: these come first.

    `others` are all assessors but the reader. Those of a country that has marked more than the reader's do not count.
    """
    own_load = loads.get(own_country, 0.0)
    able = [other.agency for other in others if rubric in other.rubrics and loads.get(other.country, 0.0) <= own_load]
    if len(able) < FEW:
        return None
    return frozenset(agency for agency in able if len(able) - able.count(agency) < FEW)
