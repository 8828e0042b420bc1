"""Reading from a read replica: what it must have replayed; a replica that is behind, stops or is another database."""

import dataclasses
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from flask import Flask
from msgspec.structs import replace
from sqlalchemy import text
from sqlalchemy.exc import InternalError

from app.db.server import replica
from app.db.server.replica import Position, ReplicaState
from app.db.session import db, transaction
from app.identity.models import Country
from app.kernel import clock
from app.reports import jobs
from app.reports.domain.document import ReportDocument, decode
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import ReportKind, ReportRequest
from app.reports.queries import runs as queries
from app.reports.service import runs
from app.reports.service.contents import building
from app.web.settings import settings
from tests.support import live, plan_figures, postgres
from tests.support.polling import look_until
from tests.support.postgres import Cluster

COUNTRIES = text("SELECT count(*), pg_is_in_recovery() FROM country")
NEW_COUNTRY = (
    "INSERT INTO country (code, time_zone, second_factor, printed_codes, help_text, identity_months, exact_counts)"
    " VALUES ('BG', 'UTC', true, false, '', 24, false)"
)
HOUR = 3600.0
FALLBACK = (1, False)  # one country, read from the primary database


@pytest.fixture(scope="module")
def primary() -> Iterator[Cluster]:
    reason = postgres.why_not()
    if reason:
        pytest.skip(reason)
    with Cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def tables(primary: Cluster) -> Iterator[Flask]:
    with live.database(primary.url) as app:
        yield app


@pytest.fixture
def site(tables: Flask, primary: Cluster) -> Iterator[Flask]:
    with tables.app_context():
        yield tables
        db.session.remove()
    primary.execute("TRUNCATE country CASCADE")


@pytest.fixture(scope="module")
def replicating(tables: Flask, primary: Cluster) -> Iterator[Cluster]:
    with Cluster(primary) as cluster:
        yield cluster


@pytest.fixture
def standby(site: Flask, replicating: Cluster) -> Cluster:
    """A replica that runs and replays; a test may pause or kill it."""
    replicating.start()
    _pause(replicating, paused=False)
    return replicating


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let reports give up a replica that is behind at once."""
    monkeypatch.setattr(replica, "PATIENCE", 0)


def _add_country() -> None:
    with transaction():
        db.session.add(Country(code="IQ", time_zone="UTC"))


def _countries() -> tuple[int, bool]:
    """Return the number of countries, and whether a replica was asked."""
    count, is_replica = db.session.execute(COUNTRIES).one()
    return count, is_replica


def _backend() -> int:
    """Return the process of the server that answers this connection."""
    return int(db.session.execute(text("SELECT pg_backend_pid()")).scalar_one())


def _pause(standby: Cluster, *, paused: bool = True) -> None:
    standby.execute(f"SELECT pg_wal_replay_{'pause' if paused else 'resume'}()")


def test_replica_is_read_after_what_was_committed_before(standby: Cluster) -> None:
    _add_country()
    assert replica.read(standby.url, _countries) == (1, True)
    look_until(lambda: replica.state(standby.url, patience=0) == ReplicaState(""))


def test_primary_is_read_without_a_replica(site: Flask) -> None:
    _add_country()
    assert replica.read("", _countries) == FALLBACK


def test_replica_is_read_once_it_has_replayed(standby: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    _pause(standby)
    _add_country()
    pauses: list[float] = []

    def resume(seconds: float) -> None:
        pauses.append(seconds)
        _pause(standby, paused=False)

    monkeypatch.setattr("app.db.server.replica.time.sleep", resume)
    assert replica.read(standby.url, _countries) == (1, True)
    assert pauses


def test_one_connection_checks_waits_and_reads(standby: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address may name several replicas: another one may be further behind than that which was checked."""
    _pause(standby)
    _add_country()
    monkeypatch.setattr("app.db.server.replica.time.sleep", lambda _seconds: _pause(standby, paused=False))
    backends: list[int] = []
    missing_bytes = replica._missing_bytes

    def check(position: Position) -> int:
        backends.append(_backend())
        return missing_bytes(position)

    monkeypatch.setattr(replica, "_missing_bytes", check)
    backends.append(replica.read(standby.url, _backend))
    assert len(backends) >= 3
    assert len(set(backends)) == 1


def test_connection_that_breaks_after_the_check_is_not_replaced(
    standby: Cluster, primary: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second host of the address would be read without a check; here it is the primary database."""
    _add_country()
    url = f"{primary.url.partition('@')[0]}@/postgres?host=127.0.0.1:{standby.port}&host=127.0.0.1:{primary.port}"
    assert replica.read(url, _countries) == (1, True)
    missing_after = replica._missing_after

    def check_and_kill(position: Position, patience: float) -> int:
        missing = missing_after(position, patience)
        standby.kill()
        return missing

    monkeypatch.setattr(replica, "_missing_after", check_and_kill)
    urls: list[str] = []

    def count() -> tuple[int, bool]:
        result = _countries()
        urls.append(db.engine.url.render_as_string())
        return result

    assert replica.read(url, count) == FALLBACK
    assert urls == [db.engine.url.render_as_string()]


def test_primary_is_read_while_the_replica_is_behind(
    standby: Cluster, impatient: None, caplog: pytest.LogCaptureFixture
) -> None:
    _pause(standby)
    _add_country()
    assert replica.read(standby.url, _countries) == FALLBACK
    assert replica.state(standby.url, patience=0).missing_bytes > 0
    assert "bytes behind" in caplog.text


def test_replica_that_is_behind_is_no_fault_at_once(standby: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica, "PATIENCE", HOUR)
    _add_country()
    look_until(lambda: replica.state(standby.url, patience=0) == ReplicaState(""))
    _pause(standby)
    with transaction():
        db.session.get_one(Country, "IQ").help_text = "Ask the harbour."
    state = replica.state(standby.url, patience=0)
    assert state.missing_bytes > 0
    assert state.fault == ""


def test_replica_that_stays_behind_is_a_fault_without_a_longer_wait(
    standby: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pause(standby)
    _add_country()
    monkeypatch.setattr(replica, "PATIENCE", 2.0)
    look_until(lambda: replica.state(standby.url, patience=0).fault)
    state = replica.state(standby.url, patience=0)
    assert state.fault == f"it is {state.missing_bytes} bytes behind after 2 seconds"
    _pause(standby, paused=False)
    look_until(lambda: replica.state(standby.url, patience=0) == ReplicaState(""))


def test_replica_that_is_behind_after_the_wait_of_a_report_is_a_fault(standby: Cluster, impatient: None) -> None:
    _pause(standby)
    _add_country()
    state = replica.state(standby.url, patience=replica.PATIENCE)
    assert state.fault == f"it is {state.missing_bytes} bytes behind after 0 seconds"


def test_primary_is_read_when_the_replica_does_not_answer(standby: Cluster, caplog: pytest.LogCaptureFixture) -> None:
    _add_country()
    standby.kill()
    assert replica.read(standby.url, _countries) == FALLBACK
    assert replica.state(standby.url, patience=0).fault.startswith("it does not answer")
    assert str(standby.port) not in caplog.text
    assert postgres.USER not in caplog.text


def test_primary_is_read_when_the_replica_stops_during_the_work(standby: Cluster) -> None:
    _add_country()
    answers = []

    def count() -> tuple[int, bool]:
        answers.append(_countries())
        if answers[-1][1]:
            standby.kill()
        return _countries()

    assert replica.read(standby.url, count) == FALLBACK
    assert answers == [(1, True), FALLBACK]


def test_work_sees_one_snapshot_of_the_replica(standby: Cluster, primary: Cluster) -> None:
    def count() -> tuple[int, int]:
        before = _countries()[0]
        primary.execute(NEW_COUNTRY)
        look_until(lambda: standby.execute("SELECT count(*) FROM country") == [(1,)])
        return before, _countries()[0]

    assert replica.read(standby.url, count) == (0, 0)


def test_work_that_writes_is_refused_by_the_replica(standby: Cluster) -> None:
    with pytest.raises(InternalError, match="read-only transaction"):
        replica.read(standby.url, lambda: db.session.execute(text("DELETE FROM country")))


def test_report_reads_its_numbers_from_the_replica(
    standby: Cluster, site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = plan_figures.make(site)
    request = ReportRequest(
        kind=ReportKind.QUARTERLY, period_end=date(2026, 12, 31), compared_end=date(2026, 9, 30), language="ar",
        forms=frozenset({ReportFormat.JSON}),
    )  # fmt: skip
    sources: list[bool] = []
    document = building.document

    def recorded(request: ReportRequest, moment: datetime) -> ReportDocument:
        sources.append(_countries()[1])
        return document(request, moment)

    monkeypatch.setattr(building, "document", recorded)
    contents = []
    for url in ("", standby.url):
        monkeypatch.setitem(site.extensions, "settings", dataclasses.replace(settings(site), replica_url=url))
        with transaction():
            run_id = runs.request(request, by=scene.people["coordinator"], now=clock.now())
        assert jobs.make_reports() == 1
        contents.append(decode(queries.frozen(run_id) or b""))
    assert sources == [False, True]
    assert replace(contents[0], frozen_at="") == replace(contents[1], frozen_at="")


def test_other_database_is_not_read_as_a_replica(site: Flask, primary: Cluster) -> None:
    _add_country()
    other = primary.url.removesuffix("/postgres") + "/template1"
    for url in (primary.url, other):
        assert replica.read(url, _countries) == FALLBACK
        assert replica.state(url, patience=0).fault == "it is not a replica of the database of the academy"
