"""`python -m tests.bench`: measure the academy on this machine, on both databases, beside what is wanted."""

import argparse
import tempfile
import time
from pathlib import Path

from tests.bench import (
    backup,
    capacity,
    item_statistics,
    kinds,
    marking,
    matrix,
    measures,
    report,
    requirement,
    search,
    sittings,
    sizes,
    studio,
    surprise,
    telling,
    truth,
    what_if,
)
from tests.bench.figures import HEAD, Figure, machine
from tests.bench.ground import Ground, filled
from tests.support import databases
from tests.support.settings import LITE, POSTGRES

AUTHORS, FEW, MANY = 100, 1_000, 100_000  # people: the studio does not depend on their number
PARTS = LEARNER, LISTS, MARKING, MATRIX, PLAN, REPORT, SEARCH, STUDIO, ITEMS, KINDS, SITTINGS, BACKUP, SIZES = (
    "learner", "lists", "marking", "matrix", "plan", "report", "search", "studio", "items", "kinds", "sittings",
    "backup", "sizes",
)  # fmt: skip
# what is measured with few people
ON_FEW = {
    LEARNER: (measures.bytes_of_lessons, measures.cpu, measures.at_once, telling.telling),
    STUDIO: (studio.studio,),
    ITEMS: (item_statistics.measure,),
}
# what is measured on a site of its own, in a folder
ON_OWN_SITE = {
    MARKING: marking.measure,
    MATRIX: matrix.measure,
    REPORT: report.measure,
    KINDS: kinds.measure,
    SITTINGS: sittings.measure,
    BACKUP: backup.measure,
    SIZES: sizes.measure,
    SEARCH: search.measure,
}


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    asked.add_argument("--small", action="store_true", help=f"only {FEW} people")
    asked.add_argument("--people", type=int, default=MANY, help="people for the test of lists")
    asked.add_argument("--only", choices=[LITE, POSTGRES], help="one database")
    asked.add_argument("--only-part", choices=PARTS, help="one part")
    given = asked.parse_args()
    # sites of four sizes take an hour: only if they are asked for
    parts = frozenset([given.only_part] if given.only_part else [part for part in PARTS if part != SIZES])
    print(*machine(), HEAD, sep="\n", flush=True)  # noqa: T201 - a command's output
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as folder:
        figures = []
        for database in [given.only] if given.only else [LITE, POSTGRES]:
            if database == POSTGRES and not databases.postgres_is_there():
                print("postgresql: not there, left out")  # noqa: T201
                continue
            figures += _measure(database, Path(folder) / database, 0 if given.small else given.people, parts)
    if PLAN in parts:
        figures += _tell(truth.measure(truth.SEEDS[:2] if given.small else truth.SEEDS))
    late = sum(figure.late for figure in figures)
    print(f"{late} of {len(figures)} late, {time.monotonic() - began:.0f} s in all")  # noqa: T201


def _measure(database: str, folder: Path, many: int, parts: frozenset[str]) -> list[Figure]:
    """Measure parts on a database; the lists of many people are compared with those of few."""
    found: list[Figure] = []

    def tell(figures: list[Figure]) -> None:
        found.extend(_tell(figures))

    if parts & {LEARNER, LISTS, STUDIO, ITEMS}:
        people = FEW if parts & {LEARNER, LISTS} else AUTHORS
        with filled(database, people, folder / "few") as ground:
            tell([_filling(ground, people)])
            for part in sorted(parts & ON_FEW.keys()):
                for measure in ON_FEW[part]:
                    tell(measure(ground))
            small = measures.lists(ground) if LISTS in parts else {}
    if PLAN in parts:
        tell(capacity.measure(database, folder / "plan"))
        tell(what_if.measure(database, folder / "what-if"))
        tell(requirement.measure(database, folder / "requirement"))
        tell(surprise.measure(database, folder / "surprise"))
    for part, measure_part in ON_OWN_SITE.items():
        if part in parts:
            tell(measure_part(database, folder / part))
    if many and LISTS in parts:
        with filled(database, many, folder / "many") as ground:
            tell([_filling(ground, many)])
            tell(measures.flat(ground, small, measures.lists(ground)))
            tell(measures.people(ground))
    return found


def _tell(figures: list[Figure]) -> list[Figure]:
    print(*figures, sep="\n", flush=True)  # noqa: T201
    return figures


def _filling(ground: Ground, people: int) -> Figure:
    return Figure(ground.database, f"courses and {people:,} people filled in", ground.seconds, "s", 180)


if __name__ == "__main__":
    main()
