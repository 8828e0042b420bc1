"""The queue of ten thousand desk tasks, for an assessor among sixty of thirteen countries."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import insert, select

from app.access.policy import Role, Scope
from app.catalogue.queries import courses as catalogue
from app.checks.domain.products import MarkingPart, ProductState, wanted_by
from app.checks.domain.sittings import SeatState, SittingState
from app.checks.models import Marking, Product, Sitting, SittingSeat
from app.db.session import db, transaction
from app.identity.models import Agency
from app.kernel import clock
from tests.bench.capacity import COUNTRIES, made, pages_of, visit_as
from tests.bench.figures import Figure
from tests.support import factories, published_documents
from tests.support.live import Server

WAITING, MARKED, SEATS, ASSESSORS = 10_000, 5_000, 40, 60
READER = "Assessor of the bench"
QUEUE_MS = 100
PATHS = ("/teaching/marking", "/teaching/marking?rubric=VIC-02.practitioner", "/teaching")
Row = dict[str, Any]


def measure(database: str, folder: Path) -> list[Figure]:
    """Return the figures of one database."""
    settings = {"ACADEMY_MODE": "demo", "DEMO_PATH": str(folder)}
    with made(database, folder) as (app, url):
        fill(app)
        with Server(folder, url, workers=1, settings=settings) as server:
            return pages_of(database, visit_as(app, server, READER), PATHS, f"{WAITING:,} desk tasks: ", QUEUE_MS)


def fill(app: Flask) -> None:
    """Add desk tasks of all rubrics and agencies, of which a third are marked, and assessors of each country."""
    with app.app_context():
        grants = ((Role.ASSESSOR, Scope.ALL, ""),)
        assessors = [
            factories.person(country=COUNTRIES[number % len(COUNTRIES)], roles=(), grants=grants)
            for number in range(ASSESSORS)
        ]
        factories.person(alias=READER, country="BG", roles=(), grants=grants)
        officers = [factories.person(country=COUNTRIES[number % len(COUNTRIES)]) for number in range(SEATS)]
        version_id = published_documents.publish()
        with transaction():
            _fill(Random(1), officers, assessors, version_id)
        db.session.remove()


def _fill(random: Random, officers: list[UUID], assessors: list[UUID], version_id: UUID) -> None:
    seats = list(_seats(officers, (WAITING + MARKED) // SEATS))
    agencies = [(row.id, row.country) for row in db.session.execute(select(Agency.id, Agency.country))]
    rubrics = catalogue.rubrics()
    assert rubrics is not None
    course_id = catalogue.outline(version_id).course_id
    rows: list[Row] = []
    for number, seat_id in enumerate(seats):
        rubric, (agency_id, country) = random.choice(rubrics.rubrics), random.choice(agencies)
        at = clock.now() - timedelta(hours=random.randrange(600))
        is_marked = number >= WAITING
        rows.append({
            "id": uuid4(), "seat_id": seat_id, "position": 0, "number": 10_000 + number, "attempt_id": uuid4(),
            "competency": rubric.competency, "level": rubric.level, "course_id": course_id, "version_id": version_id,
            "task": "D01-T01", "language": "en", "country": country, "agency_id": agency_id, "sat_on": at.date(),
            "submitted_at": at, "wanted_by": wanted_by(at.date()), "share": 0.75 if is_marked else None,
            "state": ProductState.MARKED if is_marked else ProductState.WAITING,
            "marked_at": clock.now() if is_marked else None,
        })  # fmt: skip
    _insert(Product, rows)
    _insert(Marking, [
        {
            "id": uuid4(), "product_id": row["id"], "marker_id": random.choice(assessors), "part": MarkingPart.FIRST,
            "country": random.choice(COUNTRIES), "taken_at": row["submitted_at"], "submitted_at": row["submitted_at"],
            "scores": '{"a":2}', "comment": "",
        }
        for row in rows[WAITING:]
    ])  # fmt: skip


def _seats(officers: list[UUID], sittings: int) -> Iterator[UUID]:
    at, ids = clock.now() - timedelta(days=30), [uuid4() for _ in range(sittings)]
    _insert(Sitting, [
        {
            "id": sitting_id, "code": f"B{number}", "country": "IQ", "place": "", "is_group": True, "planned_for": at,
            "state": SittingState.CLOSED, "opened_at": at, "closed_at": at, "created_by": officers[0],
            "created_at": at, "note": "",
        }
        for number, sitting_id in enumerate(ids)
    ])  # fmt: skip
    rows = [
        {
            "id": uuid4(), "sitting_id": sitting_id, "person_id": officer, "state": SeatState.FINISHED,
            "is_surprise": False, "is_late": False, "moves": 0, "note": "",
        }
        for sitting_id, officer in product(ids, officers)
    ]  # fmt: skip
    _insert(SittingSeat, rows)
    yield from (row["id"] for row in rows)  # type: ignore[misc]


def _insert(table: Any, rows: list[Row]) -> None:
    for start in range(0, len(rows), 1_000):
        db.session.execute(insert(table), rows[start : start + 1_000])
