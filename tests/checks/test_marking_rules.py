from uuid import UUID

import pytest

from app.catalogue.domain.items import Level
from app.checks.domain import marking
from app.checks.domain.marking import Assessor, MarkingFacts, MarkingOutcome
from app.checks.domain.products import MarkingPart, ProductState

MARK = 2 / 3
FIRST, SECOND, SETTLING = MarkingPart
WAITING, MARKING, DIFFERENT, MARKED, _WITHDRAWN = ProductState


def facts(part: MarkingPart, *scores: int, country: str = "BG") -> MarkingFacts:
    """Return a marking with these scores, or an open one."""
    return MarkingFacts(part, country, dict(zip("abcd", scores, strict=False)) if scores else None)


@pytest.mark.parametrize(
    ("scores", "valid", "complete"),
    [
        ({"a": 0, "b": 3}, True, True),
        ({"a": 0}, True, False),
        ({}, True, False),
        ({"a": 4, "b": 0}, False, False),
        ({"a": -1, "b": 0}, False, False),
        ({"a": 1, "b": 1, "c": 1}, False, False),
    ],
)
def test_scores_are_valid_from_0_to_3_of_known_criteria(scores: dict[str, int], valid: bool, complete: bool) -> None:
    assert marking.are_valid(scores, ("a", "b")) is valid
    assert marking.are_complete(scores, ("a", "b")) is complete


@pytest.mark.parametrize(
    ("first", "second", "differ"),
    [
        ((2, 2, 2, 2), (2, 2, 2, 2), False),
        ((2, 2, 2, 2), (3, 3, 3, 3), False),  # both pass, one step apart
        ((2, 2, 2, 2), (2, 2, 2, 1), True),  # pass and fail
        ((3, 3, 3, 1), (3, 3, 3, 3), True),  # two steps at one criterion
        ((0, 0, 0, 0), (1, 1, 1, 1), False),
    ],
)
def test_markings_differ_by_result_or_by_two_steps(
    first: tuple[int, ...], second: tuple[int, ...], differ: bool
) -> None:
    one, two = facts(FIRST, *first).scores, facts(SECOND, *second).scores
    assert one is not None
    assert two is not None
    assert marking.differ(one, two, MARK) is differ
    assert marking.differ(two, one, MARK) is differ


@pytest.mark.parametrize(
    ("level", "markings", "asked", "outcome"),
    [
        (Level.PRACTITIONER, [], False, MarkingOutcome(WAITING)),
        (Level.PRACTITIONER, [facts(FIRST)], False, MarkingOutcome(MARKING)),
        (Level.PRACTITIONER, [facts(FIRST, 2, 2, 2, 2)], False, MarkingOutcome(MARKED, 2 / 3)),
        (Level.PRACTITIONER, [facts(FIRST, 2, 2, 2, 2)], True, MarkingOutcome(WAITING)),
        (Level.PRACTITIONER, [facts(FIRST, 2, 2, 2, 2), facts(SECOND)], False, MarkingOutcome(MARKING)),
        (
            Level.PRACTITIONER,
            [facts(FIRST, 2, 2, 2, 2), facts(SECOND, 3, 3, 3, 3)],
            False,
            MarkingOutcome(MARKED, 5 / 6),
        ),
        (Level.SPECIALIST, [facts(FIRST)], False, MarkingOutcome(WAITING)),
        (Level.SPECIALIST, [facts(SECOND)], False, MarkingOutcome(WAITING)),
        (Level.SPECIALIST, [facts(FIRST, 2, 2, 2, 2)], False, MarkingOutcome(WAITING)),
        (Level.SPECIALIST, [facts(FIRST), facts(SECOND, 2, 2, 2, 2)], False, MarkingOutcome(MARKING)),
        (
            Level.SPECIALIST,
            [facts(FIRST, 3, 3, 3, 3), facts(SECOND, 1, 3, 3, 3)],
            False,
            MarkingOutcome(DIFFERENT),
        ),
        (
            Level.SPECIALIST,
            [facts(FIRST, 3, 3, 3, 3), facts(SECOND, 1, 3, 3, 3), facts(SETTLING)],
            False,
            MarkingOutcome(MARKING),
        ),
        (
            Level.SPECIALIST,
            [facts(FIRST, 3, 3, 3, 3), facts(SECOND, 1, 3, 3, 3), facts(SETTLING, 3, 3, 3, 0)],
            False,
            MarkingOutcome(MARKED, 0.75),
        ),
    ],
)
def test_outcome_follows_from_the_markings(
    level: Level, markings: list[MarkingFacts], asked: bool, outcome: MarkingOutcome
) -> None:
    reached = marking.outcome(level, markings, MARK, second_asked=asked)
    assert reached.state is outcome.state
    assert reached.ratio == pytest.approx(outcome.ratio)


def test_free_part_is_the_first_that_is_missing() -> None:
    assert marking.free_part(WAITING, ()) is FIRST
    assert marking.free_part(WAITING, (SECOND,)) is FIRST
    assert marking.free_part(WAITING, (FIRST,)) is SECOND
    assert marking.free_part(DIFFERENT, (FIRST, SECOND)) is SETTLING
    assert [marking.free_part(state, (FIRST,)) for state in (MARKING, MARKED, _WITHDRAWN)] == [None] * 3


def test_counted_are_two_assessors_at_level_specialist_alone() -> None:
    two = [facts(FIRST, 2, 2, 2, 2, country="BG"), facts(SECOND, 3, 3, 3, 3, country="IQ")]
    assert marking.counted(Level.PRACTITIONER, two, MARK) == [FIRST]
    assert marking.counted(Level.SPECIALIST, two, MARK) == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("settling", "country", "parts"),
    [
        ((3, 3, 3, 3), "TR", [FIRST, SETTLING]),
        ((0, 0, 0, 0), "TR", [SECOND, SETTLING]),
        ((3, 3, 3, 3), "BG", [SETTLING]),  # the assessor who agrees is of the same country
    ],
)
def test_counted_after_a_difference_are_those_who_agree(
    settling: tuple[int, ...], country: str, parts: list[MarkingPart]
) -> None:
    three = [
        facts(FIRST, 3, 3, 3, 3, country="BG"),
        facts(SECOND, 1, 1, 1, 1, country="IQ"),
        facts(SETTLING, *settling, country=country),
    ]
    assert marking.counted(Level.SPECIALIST, three, MARK) == parts
    assert marking.counted(Level.PRACTITIONER, three, MARK) == [SETTLING]


@pytest.mark.parametrize(
    ("scores", "near"),
    [
        ((2, 2, 2, 2), True),
        ((3, 1, 2, 2), True),
        ((3, 3, 2, 2), True),  # the share is off by 0.17
        ((3, 3, 3, 2), False),
        ((0, 2, 2, 2), False),  # two steps at one criterion
    ],
)
def test_calibration_is_near_within_a_step_and_a_share(scores: tuple[int, ...], near: bool) -> None:
    model = dict.fromkeys("abcd", 2)
    assert marking.is_near(dict(zip("abcd", scores, strict=True)), model) is near


def test_scarce_counts_assessors_of_countries_with_less_work() -> None:
    able, agencies = frozenset({"R"}), [UUID(int=number) for number in range(5)]
    others = [
        Assessor("BG", agencies[1], able),
        Assessor("BG", agencies[2], able),
        Assessor("TR", agencies[3], frozenset()),
    ]
    loads = marking.load_by_country({"BG": 6, "IQ": 2}, [*others, Assessor("IQ", agencies[4], able)])
    assert loads == {"BG": 3.0, "IQ": 2.0, "TR": 0.0}

    def scarce(rubric: str, country: str, among: list[Assessor]) -> frozenset[UUID] | None:
        return marking.scarce_agencies(rubric, own_country=country, others=among, loads=loads)

    assert scarce("R", "BG", others) == {agencies[1], agencies[2]}  # each has one other assessor left
    assert scarce("R", "BG", [*others, Assessor("TR", agencies[3], able)]) == frozenset()
    assert scarce("other", "BG", others) is None
    assert scarce("R", "IQ", others) is None  # Bulgaria has marked more: the reader's country takes them first
