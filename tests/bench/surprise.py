"""The surprise draw of a quarter at a hundred thousand officers: how long it takes to draw and to store."""

import time
from pathlib import Path

from app.checks.service import surprise
from app.db.session import db, transaction
from app.kernel import clock
from tests.bench import what_if
from tests.bench.capacity import made
from tests.bench.figures import Figure

MOST_SECONDS = 10


def measure(database: str, folder: Path) -> list[Figure]:
    """Return how long the draw takes on one database."""
    with made(database, folder) as (app, _url):
        what_if.fill(app)
        with app.app_context():
            now = clock.now()
            began = time.perf_counter()
            draws = surprise.prepare(now)
            db.session.rollback()
            for draw in draws:
                with transaction():
                    surprise.store(draw, now)
            seconds = time.perf_counter() - began
            db.session.remove()
    return [Figure(database, f"surprise draw of {what_if.OFFICERS:,} officers", seconds, "s", MOST_SECONDS)]
