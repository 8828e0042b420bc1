"""Who lacks what for an indicator of verified officers: the pools that actions can gain officers from."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from app.catalogue.domain.items import Level
from app.competence.domain.evidence import LEVELS
from app.competence.domain.needs import at_least

Aim = tuple[str, Level]


@dataclass(frozen=True, slots=True)
class AskedCompetencies:
    """The competencies that an indicator asks for, of which roles (none: of all), at which level.

    `level` None: the level that the officer's roles require, by `required` (role, then competency).
    """

    core: tuple[str, ...]
    roles: frozenset[str]
    level: Level | None
    required: Mapping[str, Mapping[str, Level]]

    def aims(self, roles: Collection[str]) -> frozenset[Aim]:
        """Return what is asked of an officer with these roles, nothing of others."""
        counted = [role for role in roles if not self.roles or role in self.roles]
        if self.roles and not counted:
            return frozenset()
        return frozenset((name, self.level or self._required(name, counted)) for name in self.core)

    def every_aim(self) -> list[Aim]:
        """Return each competency at each level that it may be asked at, in a fixed order."""
        roles = self.roles or {*self.required, ""}
        return sorted({aim for role in roles for aim in self.aims((role,))})

    def _required(self, name: str, roles: Collection[str]) -> Level:
        levels = [self.required.get(role, {}).get(name, LEVELS[0]) for role in roles]
        return max(levels, key=LEVELS.index, default=LEVELS[0])


class GroupOfHolders(Protocol):
    """Officers with the same roles and the same competencies ever, today and on a later day."""

    @property
    def roles(self) -> tuple[str, ...]: ...
    @property
    def ever(self) -> frozenset[Aim]: ...
    @property
    def today(self) -> frozenset[Aim]: ...
    @property
    def later(self) -> frozenset[Aim]: ...
    @property
    def count(self) -> int: ...


def ending(groups: Iterable[GroupOfHolders], asked: AskedCompetencies) -> int:
    """Return how many officers are verified today and no longer on the later day: the pool of practice."""
    return sum(group.count for group in groups if _counts_now(group, asked) and lacks(group.later, group, asked))


def verified_before(groups: Iterable[GroupOfHolders], asked: AskedCompetencies) -> int:
    """Return how many officers lack on the later day only what they had before: the pool of watched checks."""
    return sum(group.count for group in groups if _gap(group, asked) <= group.ever and _is_short(group, asked))


def short(groups: Iterable[GroupOfHolders], asked: AskedCompetencies) -> int:
    """Return how many officers lack something on the later day."""
    return sum(group.count for group in groups if _is_short(group, asked))


def closable(groups: Iterable[GroupOfHolders], asked: AskedCompetencies, covered: Collection[Aim]) -> int:
    """Return for how many officers an event closes the last gap: the pool of its seats."""
    return sum(group.count for group in groups if _is_short(group, asked) and covers(covered, _gap(group, asked)))


def covers(covered: Collection[Aim], wanted: Iterable[Aim]) -> bool:
    """Return whether an event practises all of these competencies, at their level or above it."""
    return all(any((name, above) in covered for above in at_least(level)) for name, level in wanted)


def gap_on(ends: Mapping[Aim, date], aims: Collection[Aim], day: date) -> frozenset[Aim]:
    """Return which of the aims an officer with these last days lacks on a day."""
    return frozenset(aim for aim in aims if aim not in ends or ends[aim] < day)


def lacks(had: frozenset[Aim], group: GroupOfHolders, asked: AskedCompetencies) -> frozenset[Aim]:
    """Return what is asked of a group and not among these competencies."""
    return asked.aims(group.roles) - had


def _gap(group: GroupOfHolders, asked: AskedCompetencies) -> frozenset[Aim]:
    return lacks(group.later, group, asked)


def _is_short(group: GroupOfHolders, asked: AskedCompetencies) -> bool:
    return bool(_gap(group, asked))


def _counts_now(group: GroupOfHolders, asked: AskedCompetencies) -> bool:
    return bool(asked.aims(group.roles)) and not lacks(group.today, group, asked)
