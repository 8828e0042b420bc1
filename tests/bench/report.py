"""A quarterly report in all forms, made by the job: processor time and memory with ten thousand officers."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final

from flask import Flask

from app.db.session import db, transaction
from app.kernel import clock
from app.reports import jobs
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import ReportKind, ReportRequest, RunState
from app.reports.queries import runs as queries
from app.reports.service import runs
from tests.bench import completion
from tests.bench.capacity import COUNTRIES, LEARNERS, ROLES, fill_learners, made
from tests.bench.figures import Figure

SECONDS, MEGABYTES = 20, 400
PAGE: Final = 4096  # bytes of a page of memory, as /proc counts them
REQUEST = ReportRequest(
    kind=ReportKind.QUARTERLY,
    period_end=date(2027, 6, 30),
    compared_end=date(2027, 3, 31),
    language="en",
    forms=frozenset(ReportFormat),
)


def measure(database: str, folder: Path) -> list[Figure]:
    """Return what a report costs on one database."""
    with made(database, folder) as (app, _url):
        fill_learners(app)
        with app.app_context(), db.engine.connect() as connection:
            completion.fill(connection, COUNTRIES, ROLES)
            connection.commit()
        return _report(database, app)


def _report(database: str, app: Flask) -> list[Figure]:
    peak: list[int] = []
    with app.app_context():
        with transaction():
            run_id = runs.request(REQUEST, by=None, now=clock.now())
        before, began = _memory(), time.process_time()
        with _sampled(peak):
            jobs.make_reports()
        spent = time.process_time() - began
        assert queries.line(run_id).state is RunState.READY
        db.session.remove()
    name = f"quarterly report of {LEARNERS:,} officers"
    grown = (max(peak) - before) / 2**20
    return [
        Figure(database, f"{name}: CPU", spent, "s", SECONDS),
        Figure(database, f"{name}: memory more", grown, "MB", MEGABYTES),
    ]


@contextmanager
def _sampled(peak: list[int]) -> Iterator[None]:
    """Sample the memory of this process until the block ends."""
    ended = threading.Event()

    def sample() -> None:
        while not ended.wait(0.02):
            peak.append(_memory())

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        peak.append(_memory())


def _memory() -> int:
    """Return the resident memory of this process in bytes (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE
