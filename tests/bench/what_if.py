"""Officers with postings, competencies and states, for the what-if page: every second one a first responder."""

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import text

from app.catalogue.domain.items import Level
from app.competence.domain.measure import EDITION
from app.db.session import db
from tests.bench.capacity import ROLES, TODAY, Row, made, pages, people_without_records, write
from tests.bench.figures import Figure
from tests.support.live import Server

CORE = ("VIC-01", "VIC-02", "VIC-06", "PRO-01", "PRO-02", "LRE-04")
OFFICERS = 100_000
DAY = TODAY + timedelta(days=31)
PATH = (
    "/plan/what-if?code=OC2.1&on=2027-12-31&do=workshop:A07:20:2027-09-14"
    f"&do=practice:{DAY.isoformat()}:28&do=refresher:{DAY.isoformat()}:40"
)
MOST_MS = 500


def measure(database: str, folder: Path) -> list[Figure]:
    """Return how long the what-if page takes on one database."""
    settings = {"ACADEMY_MODE": "demo", "DEMO_PATH": str(folder)}
    with made(database, folder) as (app, url):
        fill(app)
        with Server(folder, url, workers=1, settings=settings) as server:
            return pages(database, app, server, (PATH,), f"{OFFICERS:,} officers: ", MOST_MS)


def fill(app: Flask, officers: int = OFFICERS) -> None:
    """Write the postings, validities and states of officers."""
    random = Random(3)
    with app.app_context():
        people = people_without_records(app, officers)
        with db.engine.connect() as connection:
            agencies = [
                (_uuid(row.id), row.country) for row in connection.execute(text("SELECT id, country FROM agency"))
            ]
            cells = [random.choice(agencies) for _ in people]
            write(connection, "posting", [_posting(key, cell) for key, cell in zip(people, cells, strict=True)])
            ends = [(key, cell, name, _end(random)) for key, cell in zip(people, cells, strict=True) for name in CORE]
            write(connection, "competence_held", [_held(*end) for end in ends])
            write(connection, "competence_state", [_state(key, name, until) for key, _cell, name, until in ends])
            connection.execute(text("ANALYZE"))
            connection.commit()
        db.session.remove()


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def _end(random: Random) -> date:
    return TODAY + timedelta(days=random.randrange(-20, 240))


def _role(person: UUID) -> str:
    return ROLES[0] if person.int % 2 else ROLES[1]


def _posting(person: UUID, cell: tuple[UUID, str]) -> Row:
    row: Row = {"id": UUID(int=person.int ^ 1), "person_id": person, "agency_id": cell[0], "country": cell[1]}
    return row | {"roles": _role(person), "since": date(2027, 1, 4), "until": None}


def _held(person: UUID, cell: tuple[UUID, str], name: str, until: date) -> Row:
    row: Row = {"person_id": person, "agency_id": cell[0], "country": cell[1], "role": _role(person)}
    return row | {"competency": name, "level": Level.FOUNDATION, "since": date(2027, 2, 1), "until": until}


def _state(person: UUID, name: str, until: date) -> Row:
    day = date(2027, 5, 1)
    row: Row = {"person_id": person, "competency": name, "level": Level.FOUNDATION, "edition": EDITION}
    row |= {"mu": 2.0, "var": 1.0, "du": 0.0, "uvar": 0.36, "peak": 2.0, "trained": True, "last_on": day}
    return row | {"watched_on": day, "verified_from": day, "verified_until": until}
