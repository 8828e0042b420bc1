"""The commands and the job, on a site that records its backups."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app.audit.models import Entry
from app.backup import jobs
from app.backup.commands import backups as commands
from app.backup.domain import manifest
from app.backup.domain.manifest import BackupError
from app.backup.domain.status import BackupSummary
from app.backup.models import BackupRow
from app.backup.queries import runs
from app.db.session import db
from app.kernel import clock
from app.web import settings as site_settings
from tests.support import backup_runs
from tests.support.backup_site import BackupSite


@pytest.fixture(autouse=True)
def newest_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables of tests are made without migrations."""
    monkeypatch.setattr(commands, "refuse_other_tables", lambda: None)


def _run(app: Flask, *words: object) -> Result:
    return app.test_cli_runner().invoke(args=[str(word) for word in words])


def _summary(app: Flask) -> BackupSummary:
    with app.app_context():
        return runs.summary()


def _errors(app: Flask) -> list[str]:
    """Return the errors of all attempts, "" for a backup that was made."""
    with app.app_context():
        return list(db.session.scalars(select(BackupRow.error).order_by(BackupRow.id)))


def _events(app: Flask) -> list[str]:
    names = ("BackupMade", "BackupsDeleted", "BackupChecked")
    with app.app_context():
        return list(db.session.scalars(select(Entry.name).where(Entry.name.in_(names)).order_by(Entry.id)))


def test_backup_is_made_checked_by_a_holder_and_recorded(app: Flask, backed_up: BackupSite) -> None:
    result = _run(app, "backup")
    assert result.exit_code == 0, result.output
    assert "Proved: " in result.output
    (archive,) = backed_up.folder.iterdir()
    result = _run(app, "restore", archive, "--key", backed_up.keys[1], "--check")
    assert result.exit_code == 0, result.output
    assert len(re.findall("Officer [0-9]+", result.output)) == 3
    assert "Test Person" not in result.output
    code = re.findall(r"code of this check: ([0-9a-f]{32})", result.output)[0]
    assert _run(app, "backup-checked", "0" * 32).exit_code == 1
    assert archive.name in _run(app, "backup-checked", code.upper()).output
    with app.app_context():
        summary = runs.summary()
    assert summary.check is not None
    assert summary.check.name == archive.name
    assert _events(app) == ["BackupMade", "BackupChecked"]


def test_failed_backup_of_another_scheduler_is_recorded_with_its_reason(app: Flask, backed_up: BackupSite) -> None:
    backups = replace(backed_up.settings.backups, path=None)
    keys = backed_up.settings.media_path / "keys"
    site_settings.init_app(app, replace(backed_up.settings, secrets_path=keys, backups=backups))
    result = _run(app, "backup", backed_up.folder)
    assert result.exit_code == 1
    assert "Error: SECRETS_PATH is inside of" in result.output
    last = _summary(app).last
    assert last is not None
    assert "SECRETS_PATH is inside of" in last.error


@pytest.mark.parametrize("is_in_place", [True, False])
def test_failed_backup_by_hand_leaves_the_state_of_the_schedule(
    app: Flask, backed_up: BackupSite, tmp_path: Path, caplog: pytest.LogCaptureFixture, *, is_in_place: bool
) -> None:
    with app.app_context():
        jobs.back_up()
    before = _summary(app)
    keys = backed_up.settings.media_path / "keys"
    site_settings.init_app(app, replace(backed_up.settings, secrets_path=keys))
    folder = backed_up.folder if is_in_place else tmp_path / "elsewhere"
    result = _run(app, "backup", folder)
    assert result.exit_code == 1
    assert "Error: SECRETS_PATH is inside of" in result.output
    assert f"A backup by hand into {folder} failed: SECRETS_PATH is inside of" in caplog.text
    assert _summary(app) == before
    assert _errors(app)[0] == ""
    assert "SECRETS_PATH is inside of" in _errors(app)[1]


def test_backup_by_hand_in_place_counts_and_one_elsewhere_does_not(
    app: Flask, backed_up: BackupSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        backup_runs.add(clock.real_now() - timedelta(hours=1), error="The disk is full.")
    failed = _summary(app)
    assert _run(app, "backup", tmp_path / "elsewhere").exit_code == 0
    assert _summary(app) == failed
    monkeypatch.chdir(backed_up.folder.parent)
    assert _run(app, "backup", backed_up.folder.name).exit_code == 0
    (archive,) = backed_up.folder.iterdir()
    summary = _summary(app)
    assert summary.last == summary.good is not None
    assert summary.good.name == archive.name


def test_backup_elsewhere_does_not_put_off_the_next_one_of_the_job(
    app: Flask, backed_up: BackupSite, tmp_path: Path
) -> None:
    assert _run(app, "backup", tmp_path / "elsewhere").exit_code == 0
    with app.app_context():
        jobs.back_up()
    assert len(list(backed_up.folder.iterdir())) == 1


def test_old_backups_are_deleted_and_other_files_stay(app: Flask, backed_up: BackupSite) -> None:
    now = clock.machine_now()
    old = [now - timedelta(days=30, minutes=number) for number in range(3)]
    backed_up.folder.mkdir()
    for name in ["notes.txt", *map(manifest.file_name, old)]:
        (backed_up.folder / name).touch()
    assert "Deleted: " in _run(app, "backup").output
    names = {path.name for path in backed_up.folder.iterdir()}
    assert "notes.txt" in names
    assert manifest.file_name(old[0]) in names
    assert not {manifest.file_name(moment) for moment in old[1:]} & names
    assert _events(app) == ["BackupMade", "BackupsDeleted"]


def test_job_makes_a_backup_when_one_is_due(app: Flask, backed_up: BackupSite) -> None:
    with app.app_context():
        jobs.back_up()
        jobs.back_up()
    assert len(list(backed_up.folder.iterdir())) == 1
    with app.app_context():
        assert [row.error for row in db.session.scalars(select(BackupRow))] == [""]


def test_job_without_a_folder_makes_no_backup(lite_app: Flask) -> None:
    with lite_app.app_context():
        jobs.back_up()
        assert runs.summary().last is None


def test_job_fails_when_the_backup_fails(app: Flask, backed_up: BackupSite) -> None:
    backed_up.folder.touch()  # a file where the folder should be
    with app.app_context():
        with pytest.raises(BackupError, match="backups"):
            jobs.back_up()
        jobs.back_up()  # it is tried again later
        assert len(db.session.scalars(select(BackupRow)).all()) == 1


def test_summary_is_of_the_newest_rows(app: Flask) -> None:
    now = clock.real_now()
    with app.app_context():
        backup_runs.add(now - timedelta(days=2), checked_at=now - timedelta(days=1))
        backup_runs.add(now - timedelta(hours=1))
        backup_runs.add(now, error="full")
        summary = runs.summary()
    assert summary.last is not None
    assert summary.last.error == "full"
    assert summary.good is not None
    assert summary.good.started_at == now - timedelta(hours=1)
    assert summary.check is not None
    assert summary.check.at == now - timedelta(days=1)


def test_key_of_a_holder_is_private_and_never_overwritten(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "holder.key"
    result = _run(app, "backup-key", path)
    assert result.exit_code == 0
    assert re.match(r"age1[a-z0-9]{58}\n", result.stdout)
    assert path.stat().st_mode & 0o777 == 0o600
    assert "AGE-SECRET-KEY-1" in path.read_text()
    assert "AGE-SECRET-KEY" not in result.output
    assert _run(app, "backup-key", path).exit_code == 1
