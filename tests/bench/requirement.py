"""A new required course for a hundred thousand officers: how long the job takes that derives their dates."""

import time
from pathlib import Path

from app.db.session import db
from app.learning import jobs
from tests.bench import what_if
from tests.bench.capacity import made
from tests.bench.figures import Figure
from tests.support import completion_site

MOST_SECONDS = 60


def measure(database: str, folder: Path) -> list[Figure]:
    """Return how long the job takes on one database, after two people agreed to the requirement."""
    with made(database, folder) as (app, _url):
        with app.app_context():
            site = completion_site.make()
            db.session.remove()
        what_if.fill(app)
        with app.app_context():
            completion_site.require(site)
            db.session.remove()
            began = time.perf_counter()
            jobs.recalculate_due()
            seconds = time.perf_counter() - began
            db.session.remove()
    return [Figure(database, f"required course of {what_if.OFFICERS:,} officers", seconds, "s", MOST_SECONDS)]
