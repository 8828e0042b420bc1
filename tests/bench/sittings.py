"""A sitting of 40 officers who begin within a third of a minute, and the evidence of the sitting when it is closed."""

import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

from flask import Flask

from app.checks.service import closing, seats
from app.competence.models import Evidence
from app.db.session import db, transaction
from app.kernel import clock
from tests.bench.capacity import made
from tests.bench.figures import Figure, percentile
from tests.support import factories, sitting_scene, watched_course
from tests.support.http_client import Answer, Visit
from tests.support.live import Server

OFFICERS = 40
WITHIN_SECONDS = 20  # three times as dense as the same minute
WORST_SECONDS, CLOSING_SECONDS = 1.0, 2.0


def measure(database: str, folder: Path) -> list[Figure]:
    """Return the figures of one database."""
    settings = {"ACADEMY_MODE": "demo", "DEMO_PATH": str(folder)}
    with made(database, folder) as (app, url):
        with app.app_context():
            watched_course.publish()
            with transaction():
                invigilator = factories.person(roles=(), grants=sitting_scene.INVIGILATOR)
                officers = [factories.person() for _ in range(OFFICERS)]
            sitting_id = sitting_scene.plan(officers, by=invigilator)
            sitting_scene.open_it(sitting_id, invigilator)
            code = sitting_scene.details(sitting_id).code
            db.session.remove()
        with Server(folder, url, workers=2, settings=settings) as server:
            visits = [_visit(app, server, officer) for officer in officers]
            watcher = _visit(app, server, invigilator)
            figures = _begin(database, app, visits, watcher, code, sitting_id)
        with app.app_context():
            began = time.perf_counter()
            with transaction():
                closing.close(sitting_id, by=invigilator, note="No incidents.", now=clock.now())
            took = time.perf_counter() - began
            assert db.session.query(Evidence).count() == OFFICERS
            db.session.remove()
    return [*figures, Figure(database, f"evidence of a sitting of {OFFICERS}", took, "s", CLOSING_SECONDS)]


def _visit(app: Flask, server: Server, person_id: UUID) -> Visit:
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = factories.sign_in(app, person_id).get_cookie(name)
    assert cookie is not None
    visit = Visit(server.port)
    visit.cookies[name] = cookie.value
    visit.page("/sittings")
    return visit


def _begin(
    database: str, app: Flask, visits: Sequence[Visit], watcher: Visit, code: str, sitting_id: UUID
) -> list[Figure]:
    took: list[float] = []
    faults: list[int] = []

    def ask(answer: Answer, wanted: int, began: float) -> Answer:
        took.append(time.perf_counter() - began)
        if answer.status != wanted:
            faults.append(answer.status)
        return answer

    def begin(number: int) -> None:
        visit = visits[number]
        time.sleep(random.Random(number).uniform(0, WITHIN_SECONDS))
        began = time.perf_counter()
        ask(visit.get(f"/sittings/{code}"), 200, began)
        began = time.perf_counter()
        first = ask(visit.post(f"/sittings/{code}/parts/1"), 302, began).to
        began = time.perf_counter()
        ask(visit.get(first), 200, began)
        began = time.perf_counter()
        ask(visit.post(first, {"step": "next"}), 302, began)

    for visit in visits:
        assert visit.post("/sittings", {"code": code}).status == 302
    with app.app_context():
        for line in sitting_scene.seats_of(sitting_id):
            with transaction():
                seats.confirm(line.id, by=sitting_scene.details(sitting_id).created_by, now=clock.now())
        db.session.remove()
    with ThreadPoolExecutor(OFFICERS) as pool:
        list(pool.map(begin, range(OFFICERS)))
    began = time.perf_counter()
    watcher.page(f"/sittings/{sitting_id}")
    page = time.perf_counter() - began
    return [
        Figure(database, f"{OFFICERS} officers begin: faults", len(faults), "", 0),
        Figure(database, f"{OFFICERS} officers begin: p50", percentile(took, 0.5), "s"),
        Figure(database, f"{OFFICERS} officers begin: p99", percentile(took, 0.99), "s", WORST_SECONDS),
        Figure(database, "page of the invigilator", page, "s"),
    ]
