from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete, select, update

from app import schedule
from app.accounts.events import SignInFailed
from app.audit import jobs, queries
from app.audit.domain.chain import Fault, Kind
from app.audit.models import Entry, Head, Signed
from app.db.session import db, record, transaction
from app.operations import queries as operations
from app.schedule import Job
from tests import databases


@pytest.fixture
def site(lite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A site with five entries, the first three of them signed."""
    settings = replace(lite_app.extensions["settings"], audit_path=tmp_path / "audit")
    monkeypatch.setitem(lite_app.extensions, "settings", settings)
    with lite_app.app_context():
        _write(3)
        jobs.sign()
        _write(2)
    return lite_app


def _write(count: int) -> None:
    for _n in range(count):
        with transaction():
            record(SignInFailed(account="a"))


def _run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["audit", *words])


def _damage(app: Flask, *statements: object) -> None:
    with app.app_context(), db.engine.connect() as connection, databases.guards_off(connection):
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


def test_an_intact_trail(site: Flask, tmp_path: Path) -> None:
    for more, said in (((), "as far as this machine can tell"), (("--checkpoints", str(tmp_path / "audit")), ".")):
        result = _run(site, "verify", *more)
        assert "The trail is intact" in result.output
        assert said in result.output
        assert result.output.startswith("5 entries, 2 checkpoints, ")
        assert result.exit_code == 0


def test_the_first_damaged_entry_is_named(site: Flask) -> None:
    _damage(site, update(Entry.__table__).where(Entry.id.in_([2, 4])).values(name="Other"))
    result = _run(site, "verify")
    assert "Entry 2 is not what was written" in result.output
    assert result.exit_code == 1


def test_what_was_written_anew_with_its_checkpoints_is_found_by_those_kept_elsewhere(
    site: Flask, tmp_path: Path
) -> None:
    with site.app_context():
        second = db.session.scalars(select(Entry).where(Entry.id == 2)).one()
        end = update(Head.__table__).values(last_id=2, hash=second.hash)
        db.session.remove()
    _damage(site, delete(Entry.__table__).where(Entry.id > 2), delete(Signed.__table__), end)
    here = _run(site, "verify")
    assert "Entry 3 is missing." in here.output
    assert here.exit_code == 1
    key = _run(site, "key").output.strip()
    result = _run(site, "verify", "--checkpoints", str(tmp_path / "audit"), "--key", key)
    assert "Entry 3 is missing." in result.output
    assert result.exit_code == 1


def test_an_end_that_was_cut_off_with_its_checkpoints_and_files_is_missed_by_the_last_verification(
    site: Flask, tmp_path: Path
) -> None:
    with site.app_context():
        jobs.verify()
        second = db.session.scalars(select(Entry).where(Entry.id == 2)).one()
        end = update(Head.__table__).values(last_id=2, hash=second.hash)
        db.session.remove()
    _damage(site, delete(Entry.__table__).where(Entry.id > 2), delete(Signed.__table__), end)
    for path in (tmp_path / "audit").iterdir():
        path.unlink()
    result = _run(site, "verify")
    assert "Entry 3 is missing." in result.output
    assert result.exit_code == 1
    with site.app_context(), pytest.raises(jobs.DamagedTrailError):
        jobs.verify()


def test_the_nightly_job_compares_the_trail_with_its_signed_files(site: Flask) -> None:
    with site.app_context():
        second = db.session.scalars(select(Entry).where(Entry.id == 2)).one()
        end = update(Head.__table__).values(last_id=2, hash=second.hash)
        db.session.remove()
    _damage(site, delete(Entry.__table__).where(Entry.id > 2), delete(Signed.__table__), end)
    with site.app_context(), pytest.raises(jobs.DamagedTrailError):
        jobs.verify()


def test_a_folder_without_checkpoints_proves_nothing(site: Flask, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = _run(site, "verify", "--checkpoints", str(tmp_path / "empty"))
    assert "holds no checkpoints" in result.output
    assert result.exit_code == 1


def test_another_key_makes_every_checkpoint_forged(site: Flask) -> None:
    result = _run(site, "verify", "--key", "1:" + "A" * 43 + "=")
    assert "The checkpoint at entry 3 is forged" in result.output
    assert _run(site, "verify", "--key", "nonsense").exit_code == 2


def test_a_file_that_is_no_checkpoint_is_refused(site: Flask, tmp_path: Path) -> None:
    [path] = (tmp_path / "audit").iterdir()
    path.write_bytes(path.read_bytes().replace(b'"count":3', b'"count": 3'))
    result = _run(site, "verify", "--checkpoints", str(tmp_path / "audit"))
    assert "is no checkpoint, or was changed" in result.output
    assert result.exit_code == 1


def test_a_file_that_was_not_written_is_written_the_next_time(site: Flask, tmp_path: Path) -> None:
    [path] = (tmp_path / "audit").iterdir()
    content = path.read_bytes()
    path.unlink()
    with site.app_context():
        jobs.sign()
    assert path.read_bytes() == content
    assert len(list((tmp_path / "audit").iterdir())) == 2


def test_the_nightly_job_keeps_what_it_found_and_fails_where_operations_sees_it(site: Flask) -> None:
    job = Job("verify the trail", jobs.verify, schedule.JOBS[0].every)
    assert schedule.run(site, job, "one")
    with site.app_context():
        found, run = queries.last_verification(), operations.run("verify the trail")
        db.session.remove()
    assert found is not None
    assert run is not None
    assert (found.entries, found.fault, run.error) == (5, None, "")
    _damage(site, update(Entry.__table__).where(Entry.id == 4).values(name="Other"))
    assert schedule.run(site, job, "one")
    with site.app_context():
        found, run = queries.last_verification(), operations.run("verify the trail")
    assert found is not None
    assert run is not None
    assert found.fault == Fault(Kind.CHANGED, 4)
    assert run.error.startswith("DamagedTrailError at jobs.py:")
