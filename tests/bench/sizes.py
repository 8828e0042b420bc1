"""Measure sites of four sizes, for the table in `docs/operations.md`: memory, processor, disk and backup."""

import time
from pathlib import Path

from app.competence import jobs as competence
from app.db.session import db
from app.plan import jobs as plan
from app.studio import jobs as studio
from tests.bench.backup import MIB, cpu_seconds, database_size
from tests.bench.figures import Figure
from tests.bench.ground import Ground, filled
from tests.bench.story import Story
from tests.support.backup_site import backup_site
from tests.support.live import Server

SIZES = (100, 1_000, 10_000, 100_000)
STORIES = 5


def measure(database: str, folder: Path) -> list[Figure]:
    """Return the figures of a site of each size."""
    return [figure for people in SIZES for figure in _of_site(database, folder / str(people), people)]


def _of_site(database: str, folder: Path, people: int) -> list[Figure]:
    with filled(database, people, folder / "filled") as ground:
        return [
            Figure(database, f"{people:,} officers: database", database_size(ground.app) / MIB, "MB"),
            *_web(ground, people),
            _night(ground, people),
            *_backup(ground, folder, people),
        ]


def _web(ground: Ground, people: int) -> list[Figure]:
    """Measure a worker of the web server after some learners have used it."""
    with Server(ground.folder, ground.url, workers=1) as server:
        warm, *learners = [Story(ground, name, server.port) for name in ground.fresh(STORIES + 1)]
        warm.whole()
        before = server.cpu()
        for learner in learners:
            learner.whole()
        spent, memory = (server.cpu() - before) / STORIES, server.memory()
        for story in (warm, *learners):
            story.visit.close()
    return [
        Figure(ground.database, f"{people:,} officers: memory of a web worker", memory / MIB, "MB"),
        Figure(ground.database, f"{people:,} officers: CPU of a learner's story", spent, "s"),
    ]


def _night(ground: Ground, people: int) -> Figure:
    """Measure the large jobs of a night: sums of competence, results of courses, the check of all figures."""
    with ground.app.app_context():
        began = time.process_time()
        competence.sum_up()
        studio.count_flags()
        plan.check_nightly()
        spent = time.process_time() - began
        db.session.remove()
    return Figure(ground.database, f"{people:,} officers: CPU of the jobs of a night", spent, "s")


def _backup(ground: Ground, folder: Path, people: int) -> list[Figure]:
    home = folder / "backup"
    home.mkdir()
    with backup_site(ground.app, home) as site:
        began, cpu = time.monotonic(), cpu_seconds()
        made = site.make()
        took, spent = time.monotonic() - began, cpu_seconds() - cpu
    return [
        Figure(ground.database, f"{people:,} officers: backup, proved and encrypted", took, "s"),
        Figure(ground.database, f"{people:,} officers: CPU of a backup", spent, "s"),
        Figure(ground.database, f"{people:,} officers: encrypted backup", made.sealed.size / MIB, "MB"),
    ]
