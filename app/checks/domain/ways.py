"""Rules of the ways to a verification: which watched result can verify a level, and how an officer gets it.

Source: capacity measure, sections 3 and 9.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.catalogue.domain.items import Level
from app.checks.domain.pools import FULL_POOL, LEAST_POOL
from app.competence.domain.needs import at_least

WATCHED_CHECK = "watched_check"
ASSESSORS = frozenset({"assessor", "two_assessors"})


class WayKind(StrEnum):
    """A watched result that can verify a competency."""

    CHECK = "check"  # questions in a sitting
    DESK_TASK = "desk_task"
    WORKSHOP = "workshop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What exists for a competency at exactly a level: reserve items, desk tasks by id, a rubric."""

    pool: int = 0
    tasks: tuple[str, ...] = ()
    has_rubric: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleWay:
    """A way to verify a competency; `level` is that of the result, which may be above the level that is needed."""

    kind: WayKind
    level: Level
    pool: int = 0
    tasks: tuple[str, ...] = ()

    @property
    def is_small(self) -> bool:
        """Return whether the questions come from a small pool."""
        return self.kind is WayKind.CHECK and self.pool < FULL_POOL

    @property
    def in_sitting(self) -> bool:
        """Return whether a sitting is the place for it."""
        return self.kind is not WayKind.WORKSHOP


def possible_ways(
    offers: Mapping[Level, Offer], needed: Level, verified_by: Mapping[Level, frozenset[str]]
) -> list[PossibleWay]:
    """Return the ways to verify a level, the lowest level first: a result at a higher level verifies lower ones."""
    return [
        way
        for level in at_least(needed)
        if level in offers
        for way in _ways_at(offers[level], level, verified_by.get(level, frozenset()))
    ]


def _ways_at(offer: Offer, level: Level, verified_by: frozenset[str]) -> list[PossibleWay]:
    ways = []
    if WATCHED_CHECK in verified_by and offer.pool >= LEAST_POOL:
        ways.append(PossibleWay(kind=WayKind.CHECK, level=level, pool=offer.pool))
    if verified_by & ASSESSORS and offer.tasks:
        ways.append(PossibleWay(kind=WayKind.DESK_TASK, level=level, tasks=offer.tasks))
    if verified_by & ASSESSORS and offer.has_rubric:
        ways.append(PossibleWay(kind=WayKind.WORKSHOP, level=level))
    return ways


class OpenWayKind(StrEnum):
    """How near a verification is to an officer, the nearest first."""

    MARKING = "marking"  # a desk task is done and waits for its marking
    SEAT = "seat"  # the officer has a seat in a sitting
    SITTING = "sitting"  # a sitting of the own country or agency, open with its code
    NOT_PLANNED = "not_planned"  # possible, but no sitting is planned


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWay:
    """A way that is open to an officer: when and where, or what the contact point could plan.

    `at` is the beginning of the sitting, `marked_by` the day on which the marking is wanted.
    """

    kind: OpenWayKind
    how: WayKind
    level: Level
    at: datetime | None = None
    location: str = ""
    minutes: int = 0
    marked_by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingOffer:
    """What a planned or open sitting asks about a competency at a level; `has_seat`: the officer is expected there."""

    competency: str
    level: Level
    how: WayKind
    at: datetime
    location: str
    minutes: int
    has_seat: bool


def open_ways(
    possible: Sequence[PossibleWay],
    sittings: Iterable[SittingOffer],
    *,
    needed: Level,
    verified_by: Mapping[Level, frozenset[str]],
) -> list[OpenWay]:
    """Return the ways in sittings that are open for a level, the nearest first; a kind with a sitting is not repeated.

    `sittings` are those of the competency that the officer may attend.
    """
    levels = at_least(needed)
    planned = [
        OpenWay(
            kind=OpenWayKind.SEAT if sitting.has_seat else OpenWayKind.SITTING,
            how=sitting.how,
            level=sitting.level,
            at=sitting.at,
            location=sitting.location,
            minutes=sitting.minutes,
        )
        for sitting in sorted(sittings, key=lambda sitting: (not sitting.has_seat, sitting.at))
        if sitting.level in levels and _verifies(sitting.how, verified_by.get(sitting.level, frozenset()))
    ]
    return planned + _not_planned(possible, {way.how for way in planned})


def _not_planned(possible: Sequence[PossibleWay], planned: Collection[WayKind]) -> list[OpenWay]:
    """Return one way of each kind that a sitting could offer and none does, at the lowest level."""
    others = {way.kind: way for way in reversed(possible) if way.in_sitting and way.kind not in planned}
    return [
        OpenWay(kind=OpenWayKind.NOT_PLANNED, how=kind, level=others[kind].level) for kind in WayKind if kind in others
    ]


def _verifies(how: WayKind, verified_by: frozenset[str]) -> bool:
    return WATCHED_CHECK in verified_by if how is WayKind.CHECK else bool(verified_by & ASSESSORS)
