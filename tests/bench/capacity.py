"""The plan at the size it may reach: roll-ups of a million officers, ten courses of ten thousand learners."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from itertools import product
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import Connection, delete, insert, text

from app.access.policy import Role, Scope
from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.items import Level
from app.catalogue.service import publication as catalogue
from app.competence.domain.evidence import EvidenceKind
from app.competence.domain.periods import EVERY
from app.competence.service import evidence_records as competence
from app.competence.service.evidence_records import NewEvidence
from app.db.session import db, transaction
from app.demo import demo_folder
from app.factory import create_app
from app.identity import service as accounts
from app.identity.domain.people import AgencyKind
from app.identity.queries import people
from app.kernel import clock
from app.plan.domain.figures import summed_in
from tests.bench import completion
from tests.bench.figures import Figure, percentile
from tests.support import databases, factories
from tests.support.http_client import Visit
from tests.support.live import Server
from tests.support.settings import LITE, REPOSITORY, settings_for

OFFICERS, COMPETENCIES, LEARNERS, COURSES = 1_000_000, 30, 10_000, 10
KINDS = (AgencyKind.BORDER, AgencyKind.POLICE, AgencyKind.LABOUR)
ROLES = ("first_responder", "investigator", "digital_investigator", "victim_liaison", "prosecutor_liaison", "trainer")
COUNTRIES = ("AT", "AZ", "BA", "BD", "BG", "DE", "FR", "HU", "IQ", "MK", "NL", "PK", "RS")
TODAY = date(2027, 7, 1)
MONTHS = 36
REPEATS = 40
PLAN_MS, VIEW_MS, FIRST_BYTE_MS, CSV_SECONDS, CSV_MB, EVIDENCE_MS = 150, 100, 150, 0.4, 8, 5
NAME = "academy_bench_plan"
CODES: list[str] = []  # for the second step, each serves once
COORDINATOR = "Coordinator of the bench"
VIEWS = (
    "/plan", "/plan/outcomes/OC1", "/plan/outcomes/OC2", "/plan/outputs/OP2", "/plan/indicators/OC1.1",
    "/plan/indicators/OC2.1", "/plan/indicators/OP2.1", "/plan/indicators/OP2.2", "/plan/countries/IQ",
    "/plan/capacity",
)  # fmt: skip
ROWS = "/plan/indicators/OP2.1/rows.csv"
Row = dict[str, Any]


def measure(database: str, folder: Path) -> list[Figure]:
    """Return the figures of all of this on one database."""
    with made(database, folder) as (app, url):
        found = [_evidence(database, app)]
        fill_learners(app)
        settings = {"ACADEMY_MODE": "demo", "DEMO_PATH": str(folder)}
        with Server(folder, url, workers=1, settings=settings) as server:
            found += pages(database, app, server, ("/plan",), f"{LEARNERS:,} x {COURSES}: ", PLAN_MS)
            found += _rows(database, app, server)
        _roll_ups(app)
        with Server(folder, url, workers=1, settings=settings) as server:
            found += pages(database, app, server, VIEWS, f"{OFFICERS:,} x {COMPETENCIES}: ", VIEW_MS)
        with app.app_context(), db.engine.connect() as connection:
            completion.fill(connection, COUNTRIES, ROLES)
            connection.commit()
        with Server(folder, url, workers=1, settings=settings) as server:
            size = f"{completion.OFFICERS:,} x {completion.COURSES}: "
            found += pages(database, app, server, completion.MATRIX, size, completion.MATRIX_MS)
            found += pages(database, app, server, completion.BY_ROLE, size, completion.BY_ROLE_MS)
    return found


@contextmanager
def made(database: str, folder: Path) -> Iterator[tuple[Flask, str]]:
    folder.mkdir(parents=True)
    demo_folder.begin(folder, clock.real_now())
    clock.begin_ahead(lambda: demo_folder.begins_ahead(folder))
    clock.move(lambda: demo_folder.offset(folder))
    url = databases.sqlite_url(folder) if database == LITE else databases.postgres_url(NAME)
    app = create_app(settings_for(url))
    library, _mistakes = read_folder(files_on_disk(REPOSITORY / "courses"))
    with app.app_context():
        db.create_all()
        with transaction():
            catalogue.store_references(library.references, clock.now() - timedelta(days=170))
            for code, kind in product(COUNTRIES, KINDS):
                if kind is KINDS[0]:
                    accounts.add_country(code, "UTC", exact_counts=True)
                accounts.add_agency(code, kind, f"{kind} {code}")
        with transaction():
            grants = ((Role.COORDINATOR, Scope.ALL, ""),)
            factories.person(alias=COORDINATOR, country="AT", roles=(), grants=grants)
        db.session.remove()
    try:
        yield app, url
    finally:
        clock.set_right()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        if database != LITE:
            databases.drop_postgres(NAME)


def _evidence(database: str, app: Flask) -> Figure:
    """Record a course, its test and a workshop for some officers, piece by piece, as services do."""
    core = ("VIC-01", "VIC-02", "VIC-06", "PRO-01", "PRO-02", "LRE-04")
    spent = 0.0
    with app.app_context():
        people = [factories.person(country="IQ", now=datetime(2027, 1, 10, tzinfo=UTC)) for _ in range(12)]
        assessor = factories.person(country="BG", roles=("trainer",))
        for person, name in product(people, core):
            for kind, day in ((EvidenceKind.MODULE, 40), (EvidenceKind.QUIZ, 41), (EvidenceKind.WORKSHOP, 60)):
                piece = _piece(person, name, kind, assessor, clock.now() - timedelta(days=170 - day))
                began = time.perf_counter()
                with transaction():
                    competence.add_evidence(piece, clock.now())
                spent += time.perf_counter() - began
        db.session.remove()
    return Figure(
        database, "evidence with all roll-ups", spent / (len(people) * len(core) * 3) * 1000, "ms", EVIDENCE_MS
    )


def _piece(person: UUID, name: str, kind: EvidenceKind, assessor: UUID, at: datetime) -> NewEvidence:
    seen: dict[str, Any] = {"share": 0.9, "mark": 0.62, "items": 5, "trust": 0.5}
    if kind is EvidenceKind.MODULE:
        seen = {}
    if kind is EvidenceKind.WORKSHOP:
        seen |= {"trust": 1.0, "watched": True, "guess": 0.05, "assessor_id": assessor, "assessor_country": "BG"}
    return NewEvidence(
        person_id=person,
        competency=name,
        level=Level.PRACTITIONER,
        day=at.date(),
        kind=kind,
        source=f"bench:{kind}",
        **seen,
    )


def fill_learners(app: Flask) -> None:
    """Write what ten thousand learners of ten courses add to the figures, and the roll-ups of it."""
    random = Random(1)
    rows: list[Row] = []
    with app.app_context():
        people = people_without_records(app, LEARNERS)
        for person in people:
            cell = {
                "country": random.choice(COUNTRIES),
                "agency_kind": str(random.choice(KINDS)),
                "role": random.choice(ROLES),
            }
            begun = date(2027, 1, 5) + timedelta(days=random.randrange(80))
            rows.append(_row("OP2.1", person, "completion", begun, None, 1.0, 0.0, cell))
            rows.append(_row("OP2.4", person, "active", begun, begun + timedelta(days=170), 1.0, 0.0, cell))
            for _course in range(COURSES):
                done = float(random.random() < 0.6)
                since = begun + timedelta(days=90)
                rows.append(_row("OP2.2", person, f"enrolment:{uuid4()}", since, None, done, 1.0, cell))
            held = float(random.random() < 0.4)
            until = TODAY + timedelta(days=random.randrange(-60, 200))
            rows.append(_row("OC2.1", person, "core", begun, until, held, 1.0, cell))
            if random.random() < 0.2:
                rows.append(_row("OC1.1", person, "core", begun, until, 1.0, 0.0, cell))
        with db.engine.connect() as connection:
            for table in ("contribution", "figure_day", "figure_month"):  # those few of the evidence
                connection.execute(delete(db.metadata.tables[table]))
            write(connection, "contribution", rows)
            for name, table in (("day", "figure_day"), ("month", "figure_month")):
                write(connection, table, _rolled(rows, name))
            connection.execute(text("ANALYZE"))
            connection.commit()
        db.session.remove()


def people_without_records(app: Flask, count: int) -> list[UUID]:
    ids = [uuid4() for _ in range(count)]
    person: Row = {
        "state": "active", "password_hash": "-", "language": "en", "appearance": "device", "more_contrast": False,
        "data_saver": False, "mail_rhythm": "weekly", "time_zone": "UTC", "extra_time": 0,
        "created_at": datetime(2027, 1, 4, tzinfo=UTC),
    }  # fmt: skip
    with db.engine.connect() as connection:
        write(connection, "person", [person | {"id": one, "alias": f"L {n}"} for n, one in enumerate(ids)])
        connection.commit()
    return ids


def _row(
    code: str,
    person: UUID,
    thing: str,
    since: date,
    until: date | None,
    top: float,
    below: float,
    cell: Mapping[str, str],
) -> Row:
    return {
        "code": code, "version": 1, "subject": person, "thing": thing, "person_id": person, "since": since,
        "until": until, "numerator": top, "denominator": below, **cell,
    }  # fmt: skip


def _rolled(rows: Iterable[Row], by: str) -> list[Row]:
    sums: dict[tuple[Any, ...], list[float]] = {}
    for row in rows:
        ends = [] if row["until"] is None else [(row["until"] + timedelta(days=1), -1.0)]
        for day, sign in [(row["since"], 1.0), *ends]:
            when = day if by == "day" else day.year * 12 + day.month - 1
            for cell in summed_in(row["agency_kind"], row["role"]):
                found = sums.setdefault((row["code"], 1, when, row["country"], *cell), [0.0, 0.0])
                found[0] += sign * row["numerator"]
                found[1] += sign * row["denominator"]
    names = ("code", "version", by, "country", "agency_kind", "role")
    return [
        dict(zip(names, key, strict=True)) | {"numerator": top, "denominator": below}
        for key, (top, below) in sums.items()
    ]


def _roll_ups(app: Flask) -> None:
    """Write what a million officers would leave in the roll-ups, whole months and the days of this one."""
    random = Random(2)
    first = TODAY.year * 12 + TODAY.month - 1 - MONTHS // 2
    with app.app_context(), db.engine.connect() as connection:
        agencies = list(connection.execute(text("SELECT id, country FROM agency")))
        names = _competencies(connection)
        each = OFFICERS // (len(COUNTRIES) * len(ROLES) * MONTHS)
        levels = (Level.FOUNDATION, Level.PRACTITIONER)
        cells = list(product(COUNTRIES, (*ROLES, EVERY), names, levels, range(first, first + MONTHS)))
        for table in ("cap_month", "cap_month_c", "figure_month", "figure_day"):
            connection.execute(text(f"DELETE FROM {table}"))
        write(
            connection,
            "cap_month_c",
            [
                {
                    "country": a,
                    "role": b,
                    "competency": c,
                    "level": d,
                    "month": e,
                    "n": random.randrange(each * 2),
                }  # the sums over EVERY role as well: nothing here adds up
                for a, b, c, d, e in cells
            ],
        )
        agency_ids = [row.id if isinstance(row.id, UUID) else UUID(str(row.id)) for row in agencies]
        write(
            connection,
            "cap_month",
            [
                {"agency_id": a, "competency": c, "level": d, "month": e, "n": random.randrange(each * 2)}
                for a, c, d, e in product(agency_ids, names, levels, range(first, first + MONTHS))
            ],
        )
        write(connection, "cap_day", _sums(agencies, names, levels, random))
        write(connection, "figure_month", _figures(random, by_day=False))
        write(connection, "figure_day", _figures(random, by_day=True))
        connection.execute(text("ANALYZE"))
        connection.commit()


def _competencies(connection: Connection) -> list[str]:
    import msgspec

    body = connection.execute(text("SELECT body FROM reference WHERE kind = 'competencies'")).scalar_one()
    return [one["id"] for one in msgspec.json.decode(body)["competencies"]][:COMPETENCIES]


def _sums(agencies: Iterable[Any], names: list[str], levels: Iterable[Level], random: Random) -> list[Row]:
    days = (TODAY, TODAY - timedelta(days=2), TODAY - timedelta(days=1), date(2027, 3, 31))
    rows = []
    for day, agency, name, level in product(days, list(agencies), names, levels):
        need = random.randrange(10_000, 40_000)
        rows.append(
            {
                "day": day, "country": agency.country, "agency_id": UUID(str(agency.id)), "competency": name,
                "level": level, "need": need, "headcount": need // 3, "expected": need * 0.4, "var": need * 0.2,
                "watched": need // 2, "checks": 0,
            }
        )  # fmt: skip
    return rows


def _figures(random: Random, *, by_day: bool) -> list[Row]:
    codes = ("OC1.1", "OC2.1", "OP7.1", "OP2.1", "OP2.2", "OP2.4", "OP3.2")
    month = TODAY.year * 12 + TODAY.month - 1
    when: list[Any] = [*range(month - 30, month)] if not by_day else [TODAY.replace(day=1)]
    if by_day:
        when += [date(2027, 6, 1) + timedelta(days=n) for n in range(30)]
    sums: dict[tuple[Any, ...], list[float]] = {}
    for code, one, country, kind, role in product(codes, when, COUNTRIES, ("prosecution", "migration", "other"), ROLES):
        top, below = float(random.randrange(200)), float(random.randrange(200, 500))
        for cell in summed_in(kind, role):
            found = sums.setdefault((code, 1, one, country, *cell), [0.0, 0.0])
            found[0], found[1] = found[0] + top, found[1] + below
    names = ("code", "version", "day" if by_day else "month", "country", "agency_kind", "role")
    return [
        dict(zip(names, key, strict=True)) | {"numerator": top, "denominator": below}
        for key, (top, below) in sums.items()
    ]


def write(connection: Connection, name: str, rows: list[Row]) -> None:
    for start in range(0, len(rows), 5_000):
        connection.execute(insert(db.metadata.tables[name]), rows[start : start + 5_000])


def visit_as(app: Flask, server: Server, alias: str = COORDINATOR) -> Visit:
    """Return a visit of a user, past the second step."""
    with app.app_context():
        person_id = people.person_by_alias(alias)
    assert person_id is not None
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = factories.sign_in(app, person_id).get_cookie(name)
    assert cookie is not None
    visit = Visit(server.port)
    visit.cookies[name] = cookie.value
    return visit


def _enter(visit: Visit) -> None:
    visit.sign_in(COORDINATOR, factories.PASSWORD)
    visit.page("/sign-in/second-step")
    assert visit.post("/sign-in/second-step", {"code": CODES.pop()}).status == 302


def pages(database: str, app: Flask, server: Server, paths: Iterable[str], name: str, most: float) -> list[Figure]:
    return pages_of(database, visit_as(app, server), paths, name, most)


def pages_of(database: str, visit: Visit, paths: Iterable[str], name: str, most: float) -> list[Figure]:
    """Return how long pages take a user, at the 95th percentile."""
    found = []
    for path in paths:
        visit.page(path)
        took = []
        for _ in range(REPEATS):
            began = time.perf_counter()
            visit.page(path)
            took.append((time.perf_counter() - began) * 1000)
        found.append(Figure(database, f"{name}{path} p95", percentile(took, 0.95), "ms", most))
    visit.close()
    return found


def first_byte(server: Server, visit: Visit, path: str, lines: int) -> float:
    """Return the milliseconds until the first byte of a file, the longest of five; it has at least so many lines."""
    visit.page(path)
    cookies = "; ".join(f"{name}={value}" for name, value in visit.cookies.items())
    most = 0.0
    for _ in range(5):
        connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookies})
        response = connection.getresponse()
        response.read(1)
        most = max(most, (time.perf_counter() - began) * 1000)
        count = response.read().count(b"\n")
        assert (response.status, count >= lines) == (200, True), (response.status, count)
        connection.close()
    return most


def _rows(database: str, app: Flask, server: Server) -> list[Figure]:
    """Take ten thousand rows along: until the first byte, processor time, and what the worker grows by."""
    visit = visit_as(app, server)
    visit.page(ROWS)
    cpu_before, memory_before = server.cpu(), server.memory()
    most = first_byte(server, visit, ROWS, LEARNERS)
    spent = (server.cpu() - cpu_before) / 6
    grown = max(0, server.memory() - memory_before) / 2**20
    return [
        Figure(database, f"CSV of {LEARNERS:,}: first byte", most, "ms", FIRST_BYTE_MS),
        Figure(database, f"CSV of {LEARNERS:,}: CPU", spent, "s", CSV_SECONDS),
        Figure(database, f"CSV of {LEARNERS:,}: memory more", grown, "MB", CSV_MB),
    ]
