"""Read what exists to verify competencies: reserve items, desk tasks and rubrics, by competency and level."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import lru_cache
from uuid import UUID

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.domain.references.rubrics import Rubrics
from app.catalogue.queries import courses as catalogue, versions
from app.checks.domain.ways import WATCHED_CHECK, Offer, PossibleWay, possible_ways
from app.checks.queries import desk_tasks, pools
from app.competence.domain.evidence import LEVELS
from app.kernel import clock

Wanted = Collection[tuple[str, Level]]  # competencies, each at a level
Sizes = Mapping[tuple[str, Level], int]
Tasks = Mapping[tuple[str, Level], tuple[str, ...]]


def verified_by(framework: Competencies) -> Mapping[Level, frozenset[str]]:
    """Return who may verify each level."""
    return {rule.id: frozenset(rule.verified_by) for rule in framework.levels}


def asks_questions(framework: Competencies, level: Level) -> bool:
    """Return whether the framework lets a watched check verify a level; above it, only an assessor can."""
    return WATCHED_CHECK in verified_by(framework).get(level, frozenset())


def possible(framework: Competencies, wanted: Wanted) -> Mapping[tuple[str, Level], list[PossibleWay]]:
    """Return the ways to verify each of these competencies at its level; none for an unknown competency.

    Flags that items got today count from tomorrow on.
    """
    by_level, rubrics = verified_by(framework), catalogue.rubrics() or Rubrics()
    sizes, tasks = _published(tuple(versions.current_ids()), clock.today())
    names = {entry.id for entry in framework.competencies}
    offers = {
        name: {
            level: Offer(
                pool=sizes.get((name, level), 0),
                tasks=tasks.get((name, level), ()),
                has_rubric=rubrics.get(name, level) is not None,
            )
            for level in LEVELS
        }
        for name, _level in wanted
        if name in names
    }
    return {(name, level): possible_ways(offers.get(name, {}), level, by_level) for name, level in wanted}


def in_sittings(framework: Competencies, wanted: Wanted) -> list[tuple[str, Level]]:
    """Return, in this order, the level at which a sitting asks each of these competencies, the lowest that is enough.

    Those that no sitting can verify are left out.
    """
    ways = possible(framework, wanted)
    nearest = [(name, next((way for way in ways[name, level] if way.in_sitting), None)) for name, level in wanted]
    return [(name, way.level) for name, way in nearest if way is not None]


def only_in_workshops(ways: Mapping[tuple[str, Level], Sequence[PossibleWay]]) -> frozenset[tuple[str, Level]]:
    """Return those of these competencies that an assessor in a workshop can verify and no sitting."""
    return frozenset(aim for aim, options in ways.items() if options and not any(way.in_sitting for way in options))


@lru_cache(maxsize=4)
def _published(_versions: tuple[UUID, ...], _today: date) -> tuple[Sizes, Tasks]:
    """Return the sizes of the pools and the desk tasks of the published versions, once a day."""
    tasks: dict[tuple[str, Level], tuple[str, ...]] = {}
    for line in desk_tasks.all_tasks():
        aim = (line.task.competency, line.task.level)
        tasks[aim] = (*tasks.get(aim, ()), f"{line.course_code}/{line.task.id}")
    return {aim: pool.size for aim, pool in pools.pools().items()}, tasks
