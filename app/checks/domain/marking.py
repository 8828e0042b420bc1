"""Rules of marking by rubric: scores, differences of two assessors, result, calibration, fair load.

Source: capacity measure, sections 3 and 9; plan OP7.2.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
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
RETURNED_AFTER = timedelta(days=10)  # an open product goes back to the queue, so that no assessor has it for good
NEAR_STEPS, NEAR_SHARE = 1, 0.17  # of the model scores, to pass a calibration case
FEW = 2  # other assessors; a product with fewer comes first
GUESS = 0.05  # chance of reaching a step of a rubric without the skill
ROUNDING = 1e-9
PART_ORDER = tuple(MarkingPart)
BOTH = frozenset({MarkingPart.FIRST, MarkingPart.SECOND})

Scores = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class MarkingFacts:
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
class MarkingOutcome:
    """The state of a product after a marking; `ratio` is the result of a marked one."""

    state: ProductState
    ratio: float | None = None


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


def ratio_of(scores: Scores) -> float:
    """Return the ratio of the points to the highest possible points."""
    return sum(scores.values()) / (HIGHEST * len(scores))


def reaches(ratio: float, pass_mark: float) -> bool:
    """Return whether a ratio of points reaches the mark of the rubric."""
    return ratio >= pass_mark - ROUNDING


def differ(first: Scores, second: Scores, pass_mark: float) -> bool:
    """Return whether two markings differ: in pass or fail, or by two steps or more at a criterion."""
    if reaches(ratio_of(first), pass_mark) != reaches(ratio_of(second), pass_mark):
        return True
    return any(abs(score - second[criterion]) >= FAR for criterion, score in first.items())


def outcome(
    level: Level, markings: Sequence[MarkingFacts], pass_mark: float, *, second_asked: bool = False
) -> MarkingOutcome:
    """Return the state and result of a product by its markings.

    `second_asked`: the first assessor asks for a second one. At level specialist there are always two.
    """
    submitted, parts = _submitted(markings), {marking.part for marking in markings}
    if MarkingPart.SETTLING in submitted:
        return MarkingOutcome(ProductState.MARKED, ratio_of(submitted[MarkingPart.SETTLING]))
    if submitted.keys() >= BOTH:
        return _of_two(submitted, parts, pass_mark)
    return _of_one(submitted, parts, needs_two=level is Level.SPECIALIST or second_asked)


def _submitted(markings: Iterable[MarkingFacts]) -> dict[MarkingPart, Scores]:
    return {marking.part: marking.scores for marking in markings if marking.scores is not None}


def _of_two(
    submitted: Mapping[MarkingPart, Scores], parts: Collection[MarkingPart], pass_mark: float
) -> MarkingOutcome:
    first, second = submitted[MarkingPart.FIRST], submitted[MarkingPart.SECOND]
    if not differ(first, second, pass_mark):
        return MarkingOutcome(ProductState.MARKED, (ratio_of(first) + ratio_of(second)) / 2)
    return MarkingOutcome(ProductState.MARKING if MarkingPart.SETTLING in parts else ProductState.DIFFERENT)


def _of_one(submitted: Mapping[MarkingPart, Scores], parts: Set[MarkingPart], *, needs_two: bool) -> MarkingOutcome:
    if submitted and parts == {MarkingPart.FIRST} and not needs_two:
        return MarkingOutcome(ProductState.MARKED, ratio_of(submitted[MarkingPart.FIRST]))
    wanted = BOTH if needs_two else {MarkingPart.FIRST}
    return MarkingOutcome(ProductState.MARKING if wanted <= parts else ProductState.WAITING)


def free_part(state: ProductState, parts: Collection[MarkingPart]) -> MarkingPart | None:
    """Return the part that the next assessor takes, or None if the product waits for no assessor."""
    match state:
        case ProductState.WAITING:
            return MarkingPart.SECOND if MarkingPart.FIRST in parts else MarkingPart.FIRST
        case ProductState.DIFFERENT:
            return MarkingPart.SETTLING
        case ProductState.MARKING | ProductState.MARKED | ProductState.WITHDRAWN:
            return None
        case _:
            assert_never(state)


def counted(level: Level, markings: Sequence[MarkingFacts], pass_mark: float) -> list[MarkingPart]:
    """Return the markings of a marked product that become evidence, each with the result of the product.

    One piece, at level specialist one for each assessor. After a difference: that of the third assessor, and of the
    earlier assessor of another country who came to the same result, pass or fail.
    """
    submitted = _submitted(markings)
    if MarkingPart.SETTLING not in submitted:
        return sorted(submitted, key=PART_ORDER.index)[: 2 if level is Level.SPECIALIST else 1]
    if level is not Level.SPECIALIST:
        return [MarkingPart.SETTLING]
    return [*_agreeing(markings, submitted, pass_mark)[:1], MarkingPart.SETTLING]


def _agreeing(
    markings: Iterable[MarkingFacts], submitted: Mapping[MarkingPart, Scores], pass_mark: float
) -> list[MarkingPart]:
    """Return the earlier markings of another country with the result of the third assessor."""
    countries = {marking.part: marking.country for marking in markings}
    results = {part: reaches(ratio_of(scores), pass_mark) for part, scores in submitted.items()}
    settling = MarkingPart.SETTLING
    return [
        part
        for part in PART_ORDER
        if part in results and results[part] == results[settling] and countries[part] != countries[settling]
    ]


def is_near(scores: Scores, model: Scores) -> bool:
    """Return whether scores of a calibration case pass: no criterion off by more than one, the share by 0.17."""
    if any(abs(score - scores[criterion]) > NEAR_STEPS for criterion, score in model.items()):
        return False
    return abs(ratio_of(scores) - ratio_of(model)) <= NEAR_SHARE + ROUNDING


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
