"""Ways to a verification: which watched result verifies which level, what is open to an officer, and the coverage."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies, Competency, Fading, JobRole, LevelRule
from app.checks.domain.coverage import coverage, text_of
from app.checks.domain.keys import key_of, new_sitting_query, parsed
from app.checks.domain.ways import (
    Offer,
    OpenWayKind,
    PossibleWay,
    SittingOffer,
    WayKind,
    open_ways,
    possible_ways,
)

FOUNDATION, PRACTITIONER, SPECIALIST = Level
VERIFIED_BY: Mapping[Level, frozenset[str]] = {
    FOUNDATION: frozenset({"watched_check", "assessor"}),
    PRACTITIONER: frozenset({"assessor"}),
    SPECIALIST: frozenset({"two_assessors"}),
}
CHECK, TASK, WORKSHOP = WayKind
MORNING = datetime(2026, 12, 8, 9, tzinfo=UTC)


def _ways(offers: Mapping[Level, Offer], needed: Level) -> list[tuple[WayKind, Level]]:
    return [(way.kind, way.level) for way in possible_ways(offers, needed, VERIFIED_BY)]


@pytest.mark.parametrize(("pool", "expected"), [(23, []), (24, [(CHECK, FOUNDATION)])])
def test_questions_need_twenty_four_items(pool: int, expected: list[tuple[WayKind, Level]]) -> None:
    assert _ways({FOUNDATION: Offer(pool=pool)}, FOUNDATION) == expected


@pytest.mark.parametrize(("pool", "small"), [(59, True), (60, False)])
def test_pool_below_sixty_items_is_small(pool: int, small: bool) -> None:
    [way] = possible_ways({FOUNDATION: Offer(pool=pool)}, FOUNDATION, VERIFIED_BY)
    assert way.is_small is small


@pytest.mark.parametrize("level", [PRACTITIONER, SPECIALIST])
def test_questions_never_verify_a_level_of_assessors(level: Level) -> None:
    assert _ways({level: Offer(pool=500)}, level) == []
    assert _ways({level: Offer(pool=500)}, FOUNDATION) == []


def test_desk_task_of_a_higher_level_covers_a_lower_one() -> None:
    offers = {SPECIALIST: Offer(tasks=("M06/T1",)), FOUNDATION: Offer(pool=30, has_rubric=True)}
    assert _ways(offers, PRACTITIONER) == [(TASK, SPECIALIST)]
    assert _ways(offers, FOUNDATION) == [(CHECK, FOUNDATION), (WORKSHOP, FOUNDATION), (TASK, SPECIALIST)]


def test_lower_offers_do_not_cover_a_higher_level() -> None:
    assert _ways({FOUNDATION: Offer(pool=60, tasks=("M02/T1",), has_rubric=True)}, PRACTITIONER) == []


def _sitting(level: Level, how: WayKind, *, day: int = 8, has_seat: bool = False) -> SittingOffer:
    at = MORNING.replace(day=day)
    return SittingOffer(
        competency="VIC-01", level=level, how=how, at=at, location="Room 4", minutes=30, has_seat=has_seat
    )


def test_own_seat_precedes_an_earlier_sitting() -> None:
    sittings = [_sitting(PRACTITIONER, TASK, day=3), _sitting(PRACTITIONER, TASK, day=9, has_seat=True)]
    ways = open_ways([], sittings, needed=PRACTITIONER, verified_by=VERIFIED_BY)
    assert [(way.kind, way.at and way.at.day) for way in ways] == [(OpenWayKind.SEAT, 9), (OpenWayKind.SITTING, 3)]


@pytest.mark.parametrize(
    "sitting", [_sitting(FOUNDATION, TASK), _sitting(PRACTITIONER, CHECK)], ids=["level too low", "cannot verify it"]
)
def test_sitting_that_cannot_verify_the_level_is_no_way(sitting: SittingOffer) -> None:
    assert open_ways([], [sitting], needed=PRACTITIONER, verified_by=VERIFIED_BY) == []


def test_possible_way_is_left_out_when_a_sitting_has_it() -> None:
    possible = possible_ways({FOUNDATION: Offer(pool=30, tasks=("M02/T1",), has_rubric=True)}, FOUNDATION, VERIFIED_BY)
    ways = open_ways(possible, [_sitting(FOUNDATION, TASK)], needed=FOUNDATION, verified_by=VERIFIED_BY)
    assert [(way.kind, way.how) for way in ways] == [(OpenWayKind.SITTING, TASK), (OpenWayKind.NOT_PLANNED, CHECK)]


def test_coverage_names_the_ways_of_each_core_competency() -> None:
    levels = tuple(LevelRule(level, (), tuple(sorted(VERIFIED_BY[level]))) for level in Level)  # type: ignore[arg-type]
    framework = Competencies(
        levels=levels,
        roles=(JobRole("investigator", ("VIC-01", "VIC-02")),),
        competencies=tuple(
            Competency(name, "VIC", tuple(Level), 12, Fading.DECISION, required={"investigator": PRACTITIONER})
            for name in ("VIC-01", "VIC-02", "VIC-03")
        ),
    )
    ways = {("VIC-01", PRACTITIONER): [PossibleWay(kind=TASK, level=SPECIALIST, tasks=("M02/T1", "M02/T2"))]}
    assert [(line.role, line.competency, text_of(line)) for line in coverage(framework, ways)] == [
        ("investigator", "VIC-01", "desk task (specialist): M02/T1, M02/T2"),
        ("investigator", "VIC-02", "NO WAY"),
    ]


@pytest.mark.parametrize("key", ["", "VIC-01", "VIC-01.master", "vic-01.foundation", "VIC-01.foundation ", "../x.y"])
def test_other_texts_are_no_key(key: str) -> None:
    assert parsed(key) is None


def test_key_of_a_competency_is_parsed() -> None:
    assert parsed(key_of("VIC-01", SPECIALIST)) == ("VIC-01", SPECIALIST)
    assert new_sitting_query([("VIC-01", SPECIALIST)], []) == "competency=VIC-01.specialist"
