"""Competencies that an officer needs: by the roles of the posting, and by name (`NamedNeed`)."""

from collections.abc import Iterable, Mapping

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.competence.domain.evidence import LEVELS


def of_roles(framework: Competencies, roles: Iterable[str]) -> dict[str, Level]:
    """Return the competencies that roles need in the first year; of two levels the higher one."""
    levels: dict[str, Level] = {}
    framework_roles = {role.id: role for role in framework.roles}
    for role in roles:
        core = framework_roles[role].core_first_year if role in framework_roles else ()
        required = framework.required_of(role)
        levels = higher_levels(levels, {name: required[name] for name in core if name in required})
    return levels


def needed_levels(
    framework: Competencies, roles: Iterable[str], named: Mapping[str, Level]
) -> dict[str, tuple[Level, bool]]:
    """Return the needs of an officer: the level, and whether only a need by name asks for that level.

    Needs of roles come first, then needs by name, each in the framework's order; competencies that are no longer in
    the framework are left out.
    """
    by_role = of_roles(framework, roles)
    both = higher_levels(by_role, named)
    places = {competency.id: place for place, competency in enumerate(framework.competencies)}
    names = sorted(both.keys() & places.keys(), key=lambda name: (name not in by_role, places[name]))
    return {name: (both[name], by_role.get(name) is not both[name]) for name in names}


def higher_levels(levels: Mapping[str, Level], other: Mapping[str, Level]) -> dict[str, Level]:
    """Return the union of two sets of needs; of two levels the higher one."""
    result = dict(levels)
    for name, level in other.items():
        result[name] = higher(result.get(name, level), level)
    return result


def higher(level: Level, other: Level) -> Level:
    """Return the higher one of two levels."""
    return max(level, other, key=LEVELS.index)


def at_least(level: Level) -> tuple[Level, ...]:
    """Return this level and those above it, low to high."""
    return LEVELS[LEVELS.index(level) :]
