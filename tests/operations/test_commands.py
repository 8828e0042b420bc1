import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from app.backup.models import BackupRow
from app.db.migration_files import TableState
from app.db.server import database_info
from app.db.session import db, transaction
from app.kernel import clock, disks, pdf_library
from app.kernel.disks import Disk
from app.operations import queries
from app.operations.commands import doctor
from app.operations.labels.jobs import job_name
from app.operations.service import job_runs
from config import Mail
from tests.support import backup_runs
from tests.support.mail_server import running


@pytest.fixture
def well(lite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A site without faults."""
    monkeypatch.setattr(doctor, "table_state", lambda: TableState.CURRENT)
    monkeypatch.setattr(disks, "disk", lambda _folder: Disk(50 * 1024**3, 100 * 1024**3))
    now = clock.real_now()
    with lite_app.app_context():
        for job in lite_app.extensions["jobs"]:
            with transaction():
                job_runs.record_start(job.name, now)
                job_runs.record_end(job.name, now, took_ms=5)
        backup_runs.add(now, checked_at=now)
    with running() as sink:
        settings = replace(lite_app.extensions["settings"], mail=Mail(host="127.0.0.1", port=sink.port))
        monkeypatch.setitem(lite_app.extensions, "settings", settings)
        yield lite_app


def _doctor(app: Flask) -> Result:
    return app.test_cli_runner().invoke(args=["doctor"])


@pytest.mark.usefixtures("patient")
def test_healthy_site_has_no_faults(well: Flask) -> None:
    result = _doctor(well)
    assert "FAULT" not in result.output
    assert result.exit_code == 0


def test_full_disk_is_a_fault(well: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disks, "disk", lambda _folder: Disk(1024**2, 100 * 1024**3))
    result = _doctor(well)
    assert "FAULT  Disk: 0.0 of 100.0 GB free." in result.output
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("is_available", "missing", "expected"),
    [
        (False, [], "good   PDF: the library Pango is missing, so reports have no PDF. Print their pages, or install"),
        (True, ["Noto Nastaliq Urdu"], "good   PDF: Pango is installed. Fonts are missing: Noto Nastaliq Urdu."),
        (True, [], "good   PDF: Pango and the fonts for Arabic, Urdu and Bengali are installed."),
    ],
)
def test_library_of_pdf_files_is_no_fault(
    well: Flask, monkeypatch: pytest.MonkeyPatch, is_available: bool, missing: list[str], expected: str
) -> None:
    monkeypatch.setattr(pdf_library, "is_available", lambda: is_available)
    monkeypatch.setattr(pdf_library, "missing_fonts", lambda: missing)
    assert expected in _doctor(well).output


def test_different_database_clock_is_a_fault(well: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "database_clock", lambda: clock.real_now() - timedelta(minutes=1))
    assert "FAULT  Clock: the database's clock differs" in _doctor(well).output


def test_database_that_may_lose_data_is_a_fault(well: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "durability_faults", lambda: ["fsync is off, must be on"])
    assert "FAULT  Database: an answer could be lost after a power cut: fsync is off" in _doctor(well).output


def test_late_job_is_a_fault(well: Flask) -> None:
    name = well.extensions["jobs"][0].name
    long_ago = clock.real_now() - timedelta(days=2)
    with well.app_context(), transaction():
        job_runs.record_end(name, long_ago, took_ms=5)
    assert f"FAULT  Jobs: 1 is late. Look whether `flask jobs` runs. {job_name(name)}." in _doctor(well).output


def test_failed_job_is_a_fault_with_its_error(well: Flask) -> None:
    name = well.extensions["jobs"][0].name
    with well.app_context(), transaction():
        job_runs.record_end(name, clock.real_now(), took_ms=5, error="OSError at jobs.py:7")
    assert f"FAULT  Jobs: “{job_name(name)}” failed. Its error: OSError at jobs.py:7." in _doctor(well).output


def test_old_backup_is_a_fault(well: Flask) -> None:
    long_ago = clock.real_now() - timedelta(hours=14)
    with well.app_context(), transaction():
        db.session.execute(update(BackupRow).values(started_at=long_ago))
    assert f"FAULT  Backups: The last one is of {long_ago:%Y-%m-%d %H:%M} UTC. Look whether" in _doctor(well).output


def test_failed_backup_is_a_fault_with_its_error(well: Flask) -> None:
    with well.app_context():
        backup_runs.add(clock.real_now(), error="The disk of /backups is full.")
    assert "FAULT  Backups: the last attempt failed. The disk of /backups is full. The last" in _doctor(well).output


def test_old_check_by_a_holder_is_a_fault(well: Flask) -> None:
    long_ago = clock.real_now() - timedelta(days=93)
    with well.app_context(), transaction():
        db.session.execute(update(BackupRow).values(checked_at=long_ago))
    assert f"FAULT  Backups: no holder has checked one since {long_ago:%Y-%m-%d}" in _doctor(well).output


def test_site_without_backups_says_what_to_set(app: Flask) -> None:
    output = _doctor(app).output
    assert "FAULT  Backups: none are made by the jobs. Set BACKUP_PATH and BACKUP_HOLDERS." in output
    assert "FAULT  Backups: There is none." in output
    assert "FAULT  Backups: no holder has checked one so far." in output


def test_unreachable_mail_server_is_a_fault(well: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with running() as gone:
        mail = Mail(host="127.0.0.1", port=gone.port)
    monkeypatch.setitem(well.extensions, "settings", replace(well.extensions["settings"], mail=mail))
    assert "FAULT  Mail: the mail server does not answer (ConnectionRefusedError)." in _doctor(well).output


def test_new_site_shows_which_jobs_to_start(app: Flask) -> None:
    result = _doctor(app)
    assert re.search(r"FAULT  Jobs: all \d+ have never run. Start `flask jobs`.\n", result.output)
    assert "no mail server is set (SMTP_HOST)" in result.output
    assert result.exit_code == 1


def test_outdated_tables_are_reported_and_not_read(well: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "table_state", lambda: TableState.OLDER)
    output = _doctor(well).output
    assert "FAULT  Tables: not those of this program. Run `flask upgrade`." in output
    assert "Jobs: " not in output
    assert "cannot be read" not in output


def test_unreadable_database_is_a_fault(well: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr(database_info, "database", away)
    result = _doctor(well)
    assert "FAULT  Database: cannot be read (OperationalError)." in result.output
    assert "Mail: the mail server answers." in result.output
    assert result.exit_code == 1
