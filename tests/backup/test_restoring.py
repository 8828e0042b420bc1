"""A restore drill: a site is lost as a whole, restored from its backup, and used."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app.audit import jobs as audit
from app.audit.domain.checkpoints import read_folder
from app.audit.models import Entry
from app.audit.service import public_keys, verification
from app.backup.domain.manifest import BackupError
from app.backup.queries.invariants import checks
from app.db.session import db
from app.identity.models import Person
from app.web.settings import settings
from tests.support import databases, factories, restored_sites, sites
from tests.support.backup_site import BackupSite
from tests.support.restored_sites import EmptyHost


@pytest.fixture
def host(app: Flask, backed_up: BackupSite, tmp_path: Path, worker: str) -> Iterator[EmptyHost]:
    with restored_sites.empty_host(backed_up, tmp_path, worker) as host:
        yield host


@pytest.mark.each_database
def test_site_is_restored_whole_on_an_empty_host(
    app: Flask, backed_up: BackupSite, host: EmptyHost, worker: str
) -> None:
    with app.app_context():
        factories.person(mail="drill@example.org")
    made, before = backed_up.make(), restored_sites.site_hashes(backed_up)
    done = host.restore(made.path)
    assert host.row_hashes() == before
    assert (done.old_database, done.replaced_files, done.newer_audit_files) == ("", 0, [])
    assert backed_up.left_in_work() == []
    assert list(host.settings.backups.work_path.glob("work-*")) == []
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        assert [name for name in databases.postgres_family("academy_") if worker in name and "scratch" in name] == []
    assert (host.settings.media_path / "ab" / "picture").read_bytes() == bytes(range(256)) * 20
    with host.started() as restored:
        with restored.app_context():
            assert list(checks.faults()) == []
            assert _verify().fault is None
        fields = {"name": "drill@example.org", "password": factories.PASSWORD}
        response = sites.post(restored, restored.test_client(), "/sign-in", fields)
        assert response.status_code == 302
        assert response.location == "/"
        _refuse_while_it_runs(restored, host, made.path)


def _refuse_while_it_runs(restored: Flask, host: EmptyHost, archive: Path) -> None:
    """Restore a site that runs: it is refused, and what was written since stays."""
    with restored.app_context():
        person_id = factories.person()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
            with pytest.raises(BackupError, match="in use"):
                host.restore(archive)
        assert db.session.get(Person, person_id) is not None


def test_sessions_of_the_backup_are_ended_by_the_restore(app: Flask, backed_up: BackupSite, host: EmptyHost) -> None:
    with app.app_context():
        person_id = factories.person()
    cookie = factories.sign_in(app, person_id).get_cookie("academy")
    host.restore(backed_up.make().path)
    with host.started() as restored:
        visit = restored.test_client()
        assert cookie is not None
        visit.set_cookie("academy", cookie.value, domain="localhost")
        assert visit.get("/settings").status_code == 302
        with restored.app_context():
            (entry,) = db.session.query(Entry).filter(Entry.name == "SiteRestored").all()
            assert '"sessions":1' in entry.facts


def test_newer_audit_files_are_named_and_verified_without(app: Flask, backed_up: BackupSite, host: EmptyHost) -> None:
    host.restore(backed_up.make().path)
    with host.started() as restored, restored.app_context():
        factories.person()
        audit.sign()
        db.session.remove()
    before = host.row_hashes()
    done = host.restore(next(backed_up.folder.glob("*.age")))
    assert host.row_hashes() != before
    assert len(done.newer_audit_files) == 1
    assert done.old_database
    with host.started() as restored, restored.app_context():
        assert _verify().fault is not None
        done.newer_audit_files[0].unlink()
        assert _verify().fault is None


def test_backup_of_newer_tables_is_refused(app: Flask, backed_up: BackupSite) -> None:
    archive = backed_up.make().path
    with app.app_context(), pytest.raises(BackupError, match="which is newer"):
        from app.backup.service import reading

        with reading.opened(archive, backed_up.keys[0], backed_up.settings, revisions=["0001"]):
            pass


def test_missing_key_lines_are_named(app: Flask, backed_up: BackupSite) -> None:
    archive = backed_up.make().path
    keys = replace(backed_up.settings.keys, identity=(("2", b"z" * 32),))
    other = replace(backed_up.settings, keys=keys)
    with pytest.raises(BackupError, match=r"identity.key lacks the keys 1"), backed_up.opened(archive, settings_=other):
        pass


def _verify() -> verification.VerificationResult:
    keys = public_keys.trusted(settings().keys)
    return verification.verify(keys, read_folder(settings().audit_path))
