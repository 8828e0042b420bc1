"""Rules of the coverage: how each core competency of each role can be verified at the level that the role asks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.checks.domain.ways import PossibleWay, WayKind
from app.competence.domain.needs import of_roles


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """A core competency of a role at the required level, with the ways to verify it."""

    role: str
    competency: str
    level: Level
    ways: Sequence[PossibleWay]


def core(framework: Competencies) -> list[tuple[str, str, Level]]:
    """Return role, competency and required level of the first-year core of each role."""
    return [
        (role.id, name, level) for role in framework.roles for name, level in of_roles(framework, [role.id]).items()
    ]


def coverage(
    framework: Competencies, ways: Mapping[tuple[str, Level], Sequence[PossibleWay]]
) -> Iterator[CoverageLine]:
    """Yield the lines of all roles in the order of the framework."""
    for role, name, level in core(framework):
        yield CoverageLine(role, name, level, ways.get((name, level), ()))


def text_of(line: CoverageLine) -> str:
    """Return the ways of a line as the console shows them; "NO WAY" without one."""
    return "; ".join(_way(way, line.level) for way in line.ways) or "NO WAY"


def _way(way: PossibleWay, needed: Level) -> str:
    above = "" if way.level is needed else f" ({way.level})"
    match way.kind:
        case WayKind.CHECK:
            size = f"{way.pool} items, small pool" if way.is_small else f"{way.pool} items"
            return f"watched check{above}: {size}"
        case WayKind.DESK_TASK:
            return f"desk task{above}: {', '.join(way.tasks)}"
        case WayKind.WORKSHOP:
            return f"workshop{above}"
        case _:
            assert_never(way.kind)
