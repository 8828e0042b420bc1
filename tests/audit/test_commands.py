import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete, select, update

from app import schedule
from app.access.policy import Role, Scope
from app.audit import jobs, queries
from app.audit.domain.chain import GENESIS, ChainEntry, ChainFault, FaultKind, link
from app.audit.domain.checkpoints import sign, to_file
from app.audit.models import AuditHead, Entry, Signed, Verification
from app.db.session import db, record, transaction
from app.kernel.errors import DomainError
from app.operations import queries as operations
from app.schedule import Job
from app.sign_in.events import SignInFailed
from tests.support import databases, factories
from tests.support.settings import KEYS, NOW


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


def test_intact_audit_log_is_verified(site: Flask, tmp_path: Path) -> None:
    for more, said in (((), "as far as this machine can tell"), (("--checkpoints", str(tmp_path / "audit")), ".")):
        result = _run(site, "verify", *more)
        assert "The audit log is intact" in result.output
        assert said in result.output
        assert result.output.startswith("5 entries, 2 checkpoints, ")
        assert result.exit_code == 0


def test_signing_is_refused_with_keys_of_another_audit_log(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = site.extensions["settings"]
    other = replace(settings, keys=replace(settings.keys, audit=(("other", bytes(32)),)))
    monkeypatch.setitem(site.extensions, "settings", other)
    with site.app_context(), pytest.raises(DomainError, match="put its line back"):
        jobs.sign()
    told = site.test_cli_runner().invoke(args=["doctor", "--keys"])
    assert "FAULT  Audit log: it is signed with" in told.output
    monkeypatch.setitem(site.extensions, "settings", settings)
    assert "The audit log is intact" in _run(site, "verify").output
    assert "FAULT" not in site.test_cli_runner().invoke(args=["doctor", "--keys"]).output


def test_unwritable_folder_is_reported(site: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    moved = replace(site.extensions["settings"], audit_path=tmp_path / "file")
    monkeypatch.setitem(site.extensions, "settings", moved)
    told = site.test_cli_runner().invoke(args=["doctor", "--keys"])
    assert "FAULT  Audit log: signed files cannot be written to" in told.output


def test_the_first_damaged_entry_is_named(site: Flask) -> None:
    _damage(site, update(Entry.__table__).where(Entry.id.in_([2, 4])).values(name="Other"))
    result = _run(site, "verify")
    assert "Entry 2 is not what was written" in result.output
    assert result.exit_code == 1


def test_rewritten_log_is_found_by_checkpoints_kept_elsewhere(site: Flask, tmp_path: Path) -> None:
    with site.app_context():
        second = db.session.scalars(select(Entry).where(Entry.id == 2)).one()
        end = update(AuditHead.__table__).values(last_id=2, hash=second.hash)
        db.session.remove()
    _damage(site, delete(Entry.__table__).where(Entry.id > 2), delete(Signed.__table__), end)
    here = _run(site, "verify")
    assert "Entry 3 is missing." in here.output
    assert here.exit_code == 1
    key = _run(site, "key").output.strip()
    result = _run(site, "verify", "--checkpoints", str(tmp_path / "audit"), "--key", key)
    assert "Entry 3 is missing." in result.output
    assert result.exit_code == 1


def test_cut_end_without_files_is_found_by_last_verification(site: Flask, tmp_path: Path) -> None:
    with site.app_context():
        jobs.verify()
        second = db.session.scalars(select(Entry).where(Entry.id == 2)).one()
        end = update(AuditHead.__table__).values(last_id=2, hash=second.hash)
        db.session.remove()
    _damage(site, delete(Entry.__table__).where(Entry.id > 2), delete(Signed.__table__), end)
    for path in (tmp_path / "audit").iterdir():
        path.unlink()
    result = _run(site, "verify")
    assert "Entry 3 is missing." in result.output
    assert result.exit_code == 1
    with site.app_context(), pytest.raises(jobs.DamagedAuditLogError):
        jobs.verify()


def test_nightly_job_compares_with_signed_files(site: Flask) -> None:
    with site.app_context():
        second = db.session.scalars(select(Entry).where(Entry.id == 2)).one()
        end = update(AuditHead.__table__).values(last_id=2, hash=second.hash)
        db.session.remove()
    _damage(site, delete(Entry.__table__).where(Entry.id > 2), delete(Signed.__table__), end)
    with site.app_context(), pytest.raises(jobs.DamagedAuditLogError):
        jobs.verify()


def test_folder_without_checkpoints_is_refused(site: Flask, tmp_path: Path) -> None:
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


def test_spoiled_file_is_a_fault_and_verification_continues(site: Flask, tmp_path: Path) -> None:
    """A power cut once left a name without content: verification must not stop at it, nor hide what else is wrong."""
    folder = tmp_path / "audit"
    [path] = folder.iterdir()
    (folder / "20270301T000000000000Z-2.json").write_bytes(b"")
    huge = path.read_bytes().replace(b'"last_id":3', b'"last_id":' + b"9" * 30)
    (folder / "20270301T000000000001Z-4.json").write_bytes(huge)
    (folder / "20270301T000000000002Z-5.json").mkdir()
    for more in ((), ("--checkpoints", str(folder))):
        result = _run(site, "verify", *more)
        assert result.output.count("is no checkpoint, or was changed") == 3
        assert "The checkpoint at entry 5 is forged or spoiled" in result.output
        assert result.exit_code == 1
    with site.app_context(), pytest.raises(jobs.DamagedAuditLogError):
        jobs.verify()
    _cut(site)
    with site.app_context(), pytest.raises(jobs.DamagedAuditLogError):
        jobs.verify()
    with site.app_context():
        found = queries.verifications()[0]
        newest = select(Entry.facts).where(Entry.name == "TrailVerified").order_by(Entry.id.desc()).limit(1)
        told = json.loads(db.session.scalars(newest).one())
    assert found is not None
    assert found.fault == ChainFault(FaultKind.MISSING, 3)
    assert (told["fault"], told["entry"]) == ("missing", 3)


def test_checkpoint_file_is_synced_before_it_is_named(
    site: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int, bool]] = []
    folder, real = tmp_path / "audit", os.fsync

    def fsync(number: int) -> None:
        path = Path(f"/proc/self/fd/{number}").resolve()
        if tmp_path in path.parents:
            seen.append(
                (path.suffix, path.stat().st_size if path.is_file() else 0, len(list(folder.glob("*.json"))) == 2)
            )
        real(number)

    monkeypatch.setattr(os, "fsync", fsync)
    with site.app_context():
        jobs.sign()
    sizes = {path.stat().st_size for path in folder.glob("*-5.json")}
    assert seen == [(".part", sizes.pop(), False), ("", 0, True)]


def _cut(site: Flask) -> None:
    """Cut off the end of the trail with its checkpoints."""
    with site.app_context():
        second = db.session.scalars(select(Entry).where(Entry.id == 2)).one()
        end = update(AuditHead.__table__).values(last_id=2, hash=second.hash)
        db.session.remove()
    _damage(site, delete(Entry.__table__).where(Entry.id > 2), delete(Signed.__table__), end)


def test_restored_older_database_gets_a_hint(site: Flask, tmp_path: Path) -> None:
    _cut(site)
    result = _run(site, "verify")
    assert (result.exit_code, f"move aside the files of {tmp_path / 'audit'}" in result.output) == (1, True)
    for path in (tmp_path / "audit").iterdir():
        path.unlink()
    assert "The audit log is intact" in _run(site, "verify").output


def test_cut_end_is_reported_each_night(site: Flask, tmp_path: Path) -> None:
    with site.app_context():
        jobs.verify()
    _cut(site)
    for path in (tmp_path / "audit").iterdir():
        path.unlink()
    for _night in range(3):
        with site.app_context(), pytest.raises(jobs.DamagedAuditLogError):
            jobs.verify()
    result = _run(site, "verify")  # a verification is an entry, too: the trail has grown to where it was
    assert (result.exit_code, "UTC found: Entry 5 is missing." in result.output) == (0, True)


def test_fault_is_reported_after_its_files_are_deleted(site: Flask, tmp_path: Path) -> None:
    _cut(site)
    with site.app_context(), pytest.raises(jobs.DamagedAuditLogError):
        jobs.verify()
    for path in (tmp_path / "audit").iterdir():
        path.unlink()
    with site.app_context(), transaction():
        db.session.execute(delete(Verification))  # what was counted goes, too
        db.session.add(Verification(at=NOW, entries=2, took_ms=1, fault=FaultKind.MISSING, fault_entry=3))
    with site.app_context():
        jobs.verify()
        last, fault = queries.verifications()[0], queries.last_fault()
        db.session.remove()
        reader = factories.person(country="BG", roles=(), grants=((Role.ADMINISTRATOR, Scope.ALL, ""),))
    assert last is not None
    assert fault is not None
    assert (last.fault, fault.fault) == (None, ChainFault(FaultKind.MISSING, 3))
    client = factories.sign_in(site, reader)
    for path in ("/operations", "/audit"):
        page = client.get(path).text
        assert "Intact" in page
        assert "Last found damaged" in page


def test_old_signed_files_are_compared(site: Flask, tmp_path: Path) -> None:
    """A trail that was rewritten long ago is found by the one old file that says otherwise."""
    folder = tmp_path / "audit"
    [old] = folder.iterdir()
    content = old.read_bytes()
    _damage(site, update(Entry.__table__).where(Entry.id == 1).values(name="Other"))
    with site.app_context():  # the chain is rebuilt over what was changed, and signed again
        before = GENESIS
        hashes = {}
        for line in db.session.execute(select(*queries.COLUMNS).order_by(Entry.id)):
            before = hashes[line[0]] = link(before, ChainEntry(*line))
        db.session.remove()
    changes = [update(Entry.__table__).where(Entry.id == number).values(hash=one) for number, one in hashes.items()]
    _damage(site, *changes, delete(Signed.__table__), update(AuditHead.__table__).values(hash=before))
    old.unlink()
    for hour in range(1_100):
        with site.app_context():
            made = sign(*reversed(KEYS.audit[0]), last_id=5, hash_=before, count=5, at=NOW + timedelta(hours=hour))
        (folder / f"{made.at:%Y%m%dT%H%M%S%fZ}-5.json").write_bytes(to_file(made))
    with site.app_context():
        jobs.verify()
    old.write_bytes(content)
    old.rename(folder / "20260101T000000000000Z-3.json")
    with site.app_context(), pytest.raises(jobs.DamagedAuditLogError):
        jobs.verify()


def test_missing_checkpoint_file_is_written_next_time(site: Flask, tmp_path: Path) -> None:
    [path] = (tmp_path / "audit").iterdir()
    content = path.read_bytes()
    path.unlink()
    with site.app_context():
        jobs.sign()
    assert path.read_bytes() == content
    assert len(list((tmp_path / "audit").iterdir())) == 2


def test_nightly_job_records_the_fault_and_fails(site: Flask) -> None:
    job = Job("verify the trail", jobs.verify, schedule.JOBS[0].every)
    assert schedule.run(site, job, "one")
    with site.app_context():
        found, run = queries.verifications()[0], operations.run("verify the trail")
        db.session.remove()
    assert found is not None
    assert run is not None
    assert (found.entries, found.fault, run.error) == (5, None, "")
    _damage(site, update(Entry.__table__).where(Entry.id == 4).values(name="Other"))
    assert schedule.run(site, job, "one")
    with site.app_context():
        found, run = queries.verifications()[0], operations.run("verify the trail")
    assert found is not None
    assert run is not None
    assert found.fault == ChainFault(FaultKind.CHANGED, 4)
    assert run.error.startswith("DamagedAuditLogError at jobs.py:")
