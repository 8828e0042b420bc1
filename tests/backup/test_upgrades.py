"""`flask upgrade` on migrated databases: what it keeps, what it checks, and what a failure leaves behind."""

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask_migrate import downgrade, stamp
from sqlalchemy import select, text

from app.audit.models import Entry
from app.backup.domain.upgrades import UpgradePlan
from app.backup.queries import tables_as_expected
from app.db.migration_files import applied_revision, head_revision, known_revisions
from app.db.session import db
from app.factory import create_app
from config import Backups
from tests.support import databases, factories, migrated_sites
from tests.support.examples import FULL
from tests.support.live import free_port
from tests.support.settings import LITE, POSTGRES, REPOSITORY, settings_for

NOTES = (REPOSITORY / "CHANGELOG.md").read_text("utf-8").partition("### Operator notes")[2]
NAMED = sorted(set(re.findall(r"\b\d{4}\b", NOTES)))  # revisions
UPGRADED = NAMED if FULL else [NAMED[0], *NAMED[-3:]]  # `make soak` upgrades from each
EARLIER = "0055"
WRITTEN = {"audit_entry", "audit_head", "search_entry"}  # by the upgrade itself
# a connection that a stopped program leaves is closed by the collector
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def sites_by_revision(tmp_path_factory: pytest.TempPathFactory, run_folder: Path) -> Mapping[str, Path]:
    """Databases of SQLite with the rows of the sample site, at each revision that is upgraded."""
    folder = tmp_path_factory.mktemp("revisions")
    sites = {revision: folder / f"{revision}.sqlite" for revision in UPGRADED}
    with migrated_sites.copy_of_newest(run_folder, folder) as app:
        migrated_sites.fill(app)
        with app.app_context():
            path = Path(str(db.engine.url.database))
            for revision in reversed(UPGRADED):
                if revision != applied_revision():
                    downgrade(revision=revision)
                migrated_sites.disconnect()
                shutil.copyfile(path, sites[revision])
    return sites


@pytest.fixture(scope="module")
def lite_template(tmp_path_factory: pytest.TempPathFactory, run_folder: Path) -> Path:
    """A database of SQLite at the newest revision with two people, which tests copy."""
    folder = tmp_path_factory.mktemp("template")
    with migrated_sites.copy_of_newest(run_folder, folder) as app, app.app_context():
        _add_people()
    return databases.sqlite_path(folder)


@pytest.fixture(scope="module")
def postgres_template(worker: str, postgres_tables: str) -> Iterator[str]:
    """The same on PostgreSQL: its name. Its tables are those that migrations make, of the newest revision."""
    name = f"academy_upgrade_template_{worker}"
    app = create_app(settings_for(databases.postgres_url(name, postgres_tables)))
    with app.app_context():
        stamp()
        _add_people()
    yield name
    databases.drop_postgres(name)


@pytest.fixture
def lite_site(lite_template: Path, tmp_path: Path) -> Flask:
    """A site with two people at the newest revision on SQLite."""
    shutil.copyfile(lite_template, tmp_path / "academy.sqlite")
    return _app(databases.sqlite_url(tmp_path), tmp_path)


@pytest.fixture
def postgres_site(postgres_template: str, tmp_path: Path, worker: str) -> Iterator[Flask]:
    """The same on PostgreSQL."""
    name = f"academy_upgraded_{worker}"
    app = _app(databases.postgres_url(name, postgres_template), tmp_path)
    yield app
    with app.app_context():
        migrated_sites.disconnect()
    databases.drop_postgres_family(name)


@pytest.fixture(params=[LITE, POSTGRES])
def each_site(request: pytest.FixtureRequest) -> Flask:
    """The same on each database."""
    site = request.getfixturevalue("lite_site" if request.param == LITE else "postgres_site")
    assert isinstance(site, Flask)
    return site


def _add_people() -> None:
    factories.person()
    factories.person()
    migrated_sites.disconnect()


def _app(url: str, folder: Path) -> Flask:
    return create_app(settings_for(url, backups=Backups(work_path=folder / "work")))


def _run(app: Flask, *words: str) -> Result:
    result = app.test_cli_runner().invoke(args=list(words))
    with app.app_context():
        migrated_sites.disconnect()
    return result


def _rows(app: Flask) -> Mapping[str, list[str]]:
    with app.app_context():
        rows = migrated_sites.rows()
        migrated_sites.disconnect()
    return rows


def _downgraded(app: Flask, revision: str) -> Mapping[str, list[str]]:
    with app.app_context():
        downgrade(revision=revision)
        migrated_sites.disconnect()
    return _rows(app)


def _revision(app: Flask) -> str:
    with app.app_context():
        return applied_revision()


def test_operator_notes_name_the_first_and_the_newest_revision(lite_site: Flask) -> None:
    with lite_site.app_context():
        known = known_revisions()
    assert set(NAMED) <= set(known)
    assert {known[0], known[-1]} <= set(NAMED)


@pytest.mark.parametrize("revision", UPGRADED)
def test_upgrade_from_a_named_revision_keeps_all_rows(
    sites_by_revision: Mapping[str, Path], revision: str, tmp_path: Path
) -> None:
    path = tmp_path / "academy.sqlite"
    shutil.copyfile(sites_by_revision[revision], path)
    app = _app(f"sqlite:///{path}", tmp_path)
    before = _rows(app)
    assert before["answer_save"]
    result = _run(app, "upgrade")
    assert result.exit_code == 0, result.output
    assert "up to date" in _run(app, "upgrade").output
    after = _rows(app)
    assert {name: len(lines) for name, lines in before.items() if name not in WRITTEN} == {
        name: len(after[name]) for name in before if name not in WRITTEN
    }
    with app.app_context():
        assert (applied_revision(), list(tables_as_expected.faults())) == (head_revision(), [])
    assert [path.name for path in (tmp_path / "work").glob("work-*")] == []


def test_failed_check_puts_the_site_back_and_the_next_upgrade_is_recorded(
    each_site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _downgraded(each_site, EARLIER)
    monkeypatch.setattr(tables_as_expected, "faults", lambda: iter(["the table person cannot be read"]))
    result = _run(each_site, "upgrade")
    assert result.exit_code == 1
    assert "the table person cannot be read. The site is as it was before" in result.output
    assert (_revision(each_site), _rows(each_site)) == (EARLIER, before)
    monkeypatch.undo()
    result = _run(each_site, "upgrade")
    assert result.exit_code == 0, result.output
    assert _rows(each_site)["person"] == before["person"]
    with each_site.app_context():
        assert applied_revision() == head_revision()
        assert list(db.session.scalars(select(Entry.name).where(Entry.name == "SiteUpgraded"))) == ["SiteUpgraded"]


def test_failed_migration_puts_the_site_back(lite_site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _downgraded(lite_site, EARLIER)

    def fail_halfway(**_options: object) -> None:
        with db.engine.begin() as connection:
            connection.execute(text("DELETE FROM identity"))
        raise OSError("secret@example.org")

    monkeypatch.setattr("app.backup.commands.upgrade.migrate", fail_halfway)
    result = _run(lite_site, "upgrade")
    assert "The upgrade failed: OSError. The site is as it was before" in result.output
    assert "secret" not in result.output
    assert (_revision(lite_site), _rows(lite_site)) == (EARLIER, before)


def test_upgrade_is_refused_while_the_site_is_in_use(each_site: Flask) -> None:
    _downgraded(each_site, EARLIER)
    with each_site.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    other = create_app(settings_for(url))
    with other.app_context():
        connection = db.engine.connect()
        connection.execute(text("SELECT 1 FROM person"))
        result = _run(each_site, "upgrade")
        connection.close()
        migrated_sites.disconnect()
    assert result.exit_code == 1
    assert "is in use" in result.output
    assert _revision(each_site) == EARLIER


def test_check_and_rehearsal_change_nothing(lite_site: Flask) -> None:
    before = _downgraded(lite_site, EARLIER)
    result = _run(lite_site, "upgrade", "--check")
    assert result.exit_code == 0, result.output
    with lite_site.app_context():
        newer = [revision for revision in known_revisions() if revision > EARLIER]
    assert f"{len(newer)} migrations:\n  0056  Contents of media that were moved out of the database" in result.output
    assert all(f"\n  {revision}  " in result.output for revision in newer)
    assert "Estimated time: " in result.output
    assert "MB free" in result.output
    result = _run(lite_site, "upgrade", "--rehearse")
    assert "Rehearsed: a copy was migrated and checked" in result.output, result.output
    assert (_revision(lite_site), _rows(lite_site)) == (EARLIER, before)


@pytest.mark.parametrize("command", ["serve", "jobs", "start", "upgrade --check", "backup folder"])
def test_program_refuses_tables_of_a_newer_version(lite_site: Flask, command: str) -> None:
    with lite_site.app_context(), db.engine.connect() as connection:
        connection.execution_options(write=True)
        with connection.begin():
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        migrated_sites.disconnect()
    port = ["--port", str(free_port())] if command in {"serve", "start"} else []
    result = _run(lite_site, *command.split(), *port)
    assert result.exit_code == 1
    assert "newer version" in result.output or "not those of this program" in result.output


@pytest.mark.parametrize("command", ["serve", "jobs"])
def test_processes_refuse_tables_of_an_earlier_version(lite_site: Flask, command: str) -> None:
    _downgraded(lite_site, EARLIER)
    port = ["--port", str(free_port())] if command == "serve" else []
    result = _run(lite_site, command, *port)
    assert (result.exit_code, "Run `flask upgrade`" in result.output) == (1, True)


def _plan(**values: object) -> UpgradePlan:
    plan = {"applied": "0001", "head": "0003", "pending": (("0002", "a"), ("0003", "b")), "database_size": 10 * 1024**2}
    return UpgradePlan(**(plan | {"free": (("/srv", 10**9), ("/db", 10**6))} | values))  # type: ignore[arg-type]


def test_plan_names_disks_without_space_for_three_copies() -> None:
    assert _plan().needed_space == 30 * 1024**2
    assert _plan().full_disks() == ["/db"]
    assert _plan(pending=()).full_disks() == []
    assert _plan(applied="").needed_space == 0


def test_estimated_time_grows_with_migrations_and_size() -> None:
    assert _plan(pending=(), database_size=0).estimated_seconds == 1
    assert _plan(database_size=1024**3).estimated_seconds > _plan().estimated_seconds
    assert _plan(pending=(("0002", "a"),) * 50).estimated_seconds > _plan().estimated_seconds


def test_upgrade_with_too_little_space_changes_nothing(lite_site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    _downgraded(lite_site, EARLIER)
    monkeypatch.setattr(UpgradePlan, "needed_space", 10**18)
    for words in (["upgrade"], ["upgrade", "--check"]):
        result = _run(lite_site, *words)
        assert (result.exit_code, "Too little space on the disk of" in result.output) == (1, True)
    assert _revision(lite_site) == EARLIER
