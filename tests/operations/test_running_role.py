"""On PostgreSQL, one role owns the tables and another runs the academy, which can only append to the audit log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, stamp, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import ProgrammingError

from app import schedule
from app.audit.domain.checkpoints import public_keys
from app.audit.service import verification
from app.backup.domain.manifest import BackupError
from app.db.server import privileges
from app.db.session import db
from app.factory import create_app
from app.operations import queries
from config import Mode
from tests.support import backup_site, databases, factories, sites
from tests.support.live import free_port
from tests.support.settings import KEYS, settings_for


@dataclass(frozen=True)
class Roles:
    """The academy as the owner of the tables, as the running role, and as the superuser."""

    owner: Flask
    running: Flask
    superuser: Flask
    names: tuple[str, str]

    def grant(self, role: str) -> str:
        return self.owner.test_cli_runner().invoke(args=["running-role", role]).output

    def say(self, statement: str) -> None:
        """Run a statement as the superuser; {0} and {1} are the names of the two roles."""
        _say(self.superuser, statement.format(*(f'"{name}"' for name in self.names)))


@dataclass(frozen=True)
class Owned:
    """A database that tests copy, its two roles, how an address is turned into one under each, and what was said."""

    database: str
    names: tuple[str, str]
    under: tuple[Callable[[str], str], Callable[[str], str]]
    output: str


@pytest.fixture(scope="module")
def owned(worker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Owned]:
    """Let the owner make the tables of a database and let the second role run it, once for all tests, which copy it."""
    if not databases.postgres_is_there():
        pytest.skip("no PostgreSQL on 127.0.0.1:5432")
    database, names = f"academy_owned_{worker}", (f"owner_{worker}", f"running_{worker}")
    with databases.postgres_role(names[0]) as owner, databases.postgres_role(names[1]) as running:
        url = databases.postgres_url(database)
        try:
            with _open(url, tmp_path_factory.mktemp("superuser")) as superuser:
                _say(superuser, f'ALTER DATABASE "{database}" OWNER TO "{names[0]}"')
            with _open(owner(url), tmp_path_factory.mktemp("owner")) as app:
                with app.app_context():
                    db.create_all()  # the tables that migrations make
                    stamp()
                    db.session.remove()
                result = app.test_cli_runner().invoke(args=["running-role", names[1]])
            yield Owned(database, names, (owner, running), result.output)
        finally:
            databases.drop_postgres(database)


@pytest.fixture
def roles(owned: Owned, worker: str, tmp_path: Path) -> Iterator[Roles]:
    """A migrated database whose second role was let run the academy."""
    database = f"academy_roles_{worker}"
    url, (owner, running) = databases.postgres_url(database, owned.database), owned.under
    try:
        with (
            _open(owner(url), tmp_path) as one,
            _open(running(url), tmp_path) as other,
            _open(url, tmp_path) as superuser,
        ):
            copy = Roles(one, other, superuser, owned.names)
            copy.say(f'ALTER DATABASE "{database}" OWNER TO {{0}}')
            yield copy
            copy.say("REVOKE {0} FROM {1}")
    finally:
        databases.drop_postgres(database)


@contextmanager
def _open(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app(settings_for(url, audit_path=folder))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _say(superuser: Flask, statement: str) -> None:
    with superuser.app_context(), db.engine.connect() as connection:
        connection.execute(text(statement))


def _refused(app: Flask, statement: str) -> bool:
    with app.app_context(), db.engine.connect() as connection:
        try:
            connection.execute(text(statement))
        except ProgrammingError as error:
            return getattr(error.orig, "sqlstate", "") == "42501"
    return False


def _doctor(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the findings of `flask doctor` on a live site about privileges."""
    with monkeypatch.context() as patched:
        patched.setitem(app.extensions, "settings", replace(app.extensions["settings"], mode=Mode.LIVE))
        output = app.test_cli_runner().invoke(args=["doctor"]).output
    return [line for line in output.splitlines() if "Rights: " in line]


def test_command_names_the_role_that_can_run_the_academy(owned: Owned) -> None:
    role = owned.names[1]
    assert owned.output == f"The role {role} can run the academy now, and only append to the audit log.\n"


def test_running_role_can_run_every_job(roles: Roles) -> None:
    app = roles.running
    site = sites.make(app)
    assert site.client("administrator").get("/audit").status_code == 200
    for job in schedule.JOBS:
        assert schedule.run(app, job, "one")
    with app.app_context():
        upgrade()  # as `flask start` does: there is nothing to do
        runs = {job.name: run.error for job in schedule.JOBS if (run := queries.run(job.name))}
        verdict = verification.verify(public_keys(KEYS.audit))
        db.session.remove()
    assert runs == dict.fromkeys((job.name for job in schedule.JOBS), "")
    assert (verdict.fault, verdict.checkpoints) == (None, 1)


def test_running_role_can_only_append_to_audit_log(roles: Roles) -> None:
    for table in ("audit_entry", "audit_checkpoint"):
        for statement in (
            f"UPDATE {table} SET hash = hash",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            f"DROP TRIGGER {table}_only_grows ON {table}",
            f"DROP TABLE {table}",
            f"CREATE TRIGGER other AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_all_but_growth()",
        ):
            assert _refused(roles.running, statement), statement
        assert not _refused(roles.running, f"SELECT * FROM {table}")
    for statement in (
        "CREATE OR REPLACE FUNCTION refuse_all_but_growth() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
        "SET session_replication_role = replica",
        "UPDATE alembic_version SET version_num = '0001'",
        "CREATE TABLE other (id int)",
    ):
        assert _refused(roles.running, statement), statement


def test_doctor_reports_excess_privileges(roles: Roles, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, running = roles.names
    good = [f"good   Rights: the role {running} owns no table and can only append to the audit log."]
    again = f"Run `flask running-role {running}` under the owner of the tables."
    assert _doctor(roles.running, monkeypatch) == good
    for right in ("UPDATE", "UPDATE (name)", "DELETE", "TRUNCATE", "TRIGGER"):
        roles.say(f"GRANT {right} ON audit_entry TO {{1}}")
        fault = f"FAULT  Rights: the role {running} may change or remove rows of audit_entry. {again}"
        assert _doctor(roles.running, monkeypatch) == [fault], right
        assert running in roles.grant(running)
        assert _doctor(roles.running, monkeypatch) == good
    roles.say("REVOKE DELETE ON person FROM {1}")
    fault = f"FAULT  Rights: the role {running} may not write as it has to into person. {again}"
    assert _doctor(roles.running, monkeypatch) == [fault]
    roles.say("GRANT {0} TO {1}")
    [fault] = _doctor(roles.running, monkeypatch)
    assert fault.startswith(f"FAULT  Rights: the role {running} owns ")
    assert _doctor(roles.owner, monkeypatch)[0].startswith(f"FAULT  Rights: the role {owner} owns ")
    assert "or may act as who does." in _doctor(roles.superuser, monkeypatch)[0]


def test_owner_of_tables_is_rejected_as_running_role(roles: Roles, lite_app: Flask) -> None:
    owner, running = roles.names
    assert f"the role {owner} owns " in roles.grant(owner)
    roles.say("GRANT {0} TO {1}")
    assert f"the role {running} owns " in roles.grant(running)
    assert "Is there such a role?" in roles.grant("unknown")
    result = lite_app.test_cli_runner().invoke(args=["running-role", running])
    assert "SQLite knows no roles" in result.output
    assert result.exit_code == 1


def test_tables_can_be_moved_to_another_owner(roles: Roles, monkeypatch: pytest.MonkeyPatch) -> None:
    before, owner = roles.names
    roles.say("REASSIGN OWNED BY {0} TO {1}")
    result = roles.running.test_cli_runner().invoke(args=["running-role", before])
    assert result.output == f"The role {before} can run the academy now, and only append to the audit log.\n"
    assert _doctor(roles.owner, monkeypatch)[0].startswith(f"good   Rights: the role {before} owns no table")
    assert _doctor(roles.running, monkeypatch)[0].startswith(f"FAULT  Rights: the role {owner} owns ")


def test_running_role_can_use_tables_of_later_migrations(roles: Roles) -> None:
    with roles.owner.app_context():
        downgrade(revision="0052")
        assert not inspect(db.engine).has_table("certificate")
        upgrade()
    with roles.running.app_context():
        assert privileges.privileges_of().closed == ()
        db.session.remove()


def test_start_reports_missing_migration_of_the_owner(roles: Roles) -> None:
    with roles.owner.app_context():
        downgrade()
    result = roles.running.test_cli_runner().invoke(args=["start", "--port", str(free_port())])
    assert "belong to another role: run `flask upgrade` under that one." in result.output
    assert result.exit_code == 1


def test_running_role_makes_a_backup_when_it_may_create_databases(roles: Roles, tmp_path: Path) -> None:
    with roles.running.app_context():
        factories.person()
    (tmp_path / "site").mkdir()
    with backup_site.backup_site(roles.running, tmp_path / "site") as site:
        with pytest.raises(BackupError, match="May its role create databases"):
            site.make()
        roles.say("ALTER ROLE {1} CREATEDB")
        assert site.make().rows > 0
