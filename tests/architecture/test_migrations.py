import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.factory import MIGRATIONS, create_app
from app.rights.service import roles as accounts
from app.workshops.domain.allocation import ExceptionCategory, SeatException
from app.workshops.service import selection
from tests.support import databases, factories, migrated_sites
from tests.support.nominated_events import CLOSED, nominated_event
from tests.support.settings import LITE, POSTGRES, settings_for

REVISIONS = [script.revision for script in reversed(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions()))]
# rows of a kind that the revision before does not know
UNKNOWN_BEFORE = {
    "0002": {"reference": 1},
    "0004": {"reference": 1},
    "0054": {"reference": 1},
}  # rubrics, treaties, cards
on_sqlite = pytest.mark.parametrize("bare", [LITE], indirect=True)  # where PostgreSQL takes the same statements
NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"


def upgrade():
    with op.batch_alter_table("person", recreate="auto") as batch:
        batch.add_column(sa.Column("rank", sa.Integer(), nullable=False, server_default="1"))
        batch.create_check_constraint("rank_is_positive", "rank > 0")


def downgrade():
    with op.batch_alter_table("person", recreate="auto") as batch:
        batch.drop_constraint(op.f("ck_person_rank_is_positive"), type_="check")
        batch.drop_column("rank")
"""


@dataclass(frozen=True, slots=True)
class Copies:
    """Databases at the newest revision, which tests copy: without rows, and with those of the sample site.

    They are files of SQLite, or names on the PostgreSQL server.
    """

    migrated: str
    filled: str


@pytest.fixture(scope="module", autouse=True)
def scripts_read_once() -> Iterator[None]:
    """Let Alembic read the scripts of a folder once, not for each migration."""
    directories: dict[str | None, ScriptDirectory] = {}
    read = ScriptDirectory.from_config

    def from_config(config: Config) -> ScriptDirectory:
        folder = config.get_main_option("script_location")
        if folder not in directories:
            directories[folder] = read(config)
        return directories[folder]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ScriptDirectory, "from_config", from_config)
        yield


@pytest.fixture(scope="module")
def lite_copies(tmp_path_factory: pytest.TempPathFactory, run_folder: Path) -> Copies:
    """Migrate and fill a database of SQLite once for all tests."""
    folder = tmp_path_factory.mktemp("newest")
    with migrated_sites.copy_of_newest(run_folder, folder) as app:
        migrated_sites.fill(app)
    return Copies(str(migrated_sites.newest_on_sqlite(run_folder)), str(databases.sqlite_path(folder)))


@pytest.fixture(scope="module")
def postgres_copies(worker: str) -> Iterator[Copies]:
    """Migrate and fill a database of PostgreSQL once for all tests."""
    copies = Copies(f"academy_newest_{worker}", f"academy_filled_{worker}")
    with migrated_sites.newest(databases.postgres_url(copies.migrated)):
        pass
    migrated_sites.fill(_open(databases.postgres_url(copies.filled, copies.migrated)))
    yield copies
    databases.drop_postgres(copies.migrated)
    databases.drop_postgres(copies.filled)


@pytest.fixture
def migrated(bare: Flask, request: pytest.FixtureRequest) -> Flask:
    """An application on a database at the newest revision."""
    _copy_database(bare, request, "migrated")
    return bare


@pytest.fixture
def filled(bare: Flask, request: pytest.FixtureRequest) -> Flask:
    """An application on a database at the newest revision with the rows of the sample site."""
    _copy_database(bare, request, "filled")
    return bare


def _copy_database(app: Flask, request: pytest.FixtureRequest, name: str) -> None:
    """Replace the database of an application by a copy, while no connection to it is open."""
    with app.app_context():
        url = db.engine.url
    if url.get_backend_name() == LITE:
        shutil.copyfile(getattr(request.getfixturevalue("lite_copies"), name), str(url.database))
    else:
        databases.postgres_url(str(url.database), getattr(request.getfixturevalue("postgres_copies"), name))


@pytest.fixture(params=[LITE, POSTGRES])
def bare(request: pytest.FixtureRequest, worker: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database without any table."""
    name = f"academy_migrated_{worker}"
    if request.param == POSTGRES:
        if not databases.postgres_is_there():
            pytest.skip("no PostgreSQL on 127.0.0.1:5432")
        url = databases.postgres_url(name)
    else:
        url = databases.sqlite_url(tmp_path)
    app = _open(url)
    yield app
    with app.app_context():
        migrated_sites.disconnect()
    if request.param == POSTGRES:
        databases.drop_postgres(name)


def _open(url: str) -> Flask:
    app = create_app(settings_for(url))
    with app.app_context():
        databases.let_no_commit_wait(db.engine)
    return app


def test_there_is_one_head_and_it_is_named() -> None:
    heads = ScriptDirectory(str(MIGRATIONS)).get_heads()
    assert [(MIGRATIONS / ".head").read_text("ascii")] == [f"{head}\n" for head in heads]


def test_models_and_migrations_give_the_same_tables(migrated: Flask, request: pytest.FixtureRequest) -> None:
    with migrated.app_context(), db.engine.connect() as connection:
        assert _differences(connection) == []
        schema, kind = _schema(connection), connection.dialect.name
    created = request.getfixturevalue("sqlite_app" if kind == LITE else "postgres_app")
    with created.app_context(), db.engine.connect() as connection:
        created_schema = _schema(connection)
    assert schema == created_schema
    assert any("CHECK" in line for line in created_schema)
    assert any("WHERE" in line for line in created_schema)
    assert any("search_text" in line for line in created_schema)
    assert any("TRIGGER" in line and "audit_entry" in line for line in created_schema)


def test_a_changed_condition_is_seen(migrated: Flask) -> None:
    with migrated.app_context(), db.engine.connect() as connection:
        before = _schema(connection)
        connection.execute(text("DROP INDEX uq_attempt_open"))
        index = "CREATE UNIQUE INDEX uq_attempt_open ON attempt (person_id, course_id, purpose)"
        connection.execute(text(f"{index} WHERE state <> 'open'"))
        assert _schema(connection) != before
        connection.rollback()


def test_every_migration_goes_up_down_and_up_with_rows_in_the_tables(filled: Flask) -> None:
    with filled.app_context():
        rows = migrated_sites.rows()
        for revision, before in zip(reversed(REVISIONS[1:]), reversed(REVISIONS[:-1]), strict=True):
            counts = {name: len(of_table) for name, of_table in rows.items()}
            downgrade(revision=before)
            rows = migrated_sites.rows()
            losses = {name: counts[name] - len(of_table) for name, of_table in rows.items()}
            assert {name: loss for name, loss in losses.items() if loss} == UNKNOWN_BEFORE.get(revision, {})
            upgrade(revision=revision)
            downgrade(revision=before)
            assert migrated_sites.rows() == rows
        downgrade(revision="base")
        assert migrated_sites.rows() == {}
        upgrade(revision=REVISIONS[0])
        assert set(migrated_sites.rows()) == set(rows)


def test_who_supervised_a_service_keeps_the_role_in_the_revision_before(migrated: Flask) -> None:
    with migrated.app_context():
        with transaction():
            first, second = factories.agency("IQ"), factories.agency("IQ")
        chief, twice, both = (factories.person(roles=()) for _ in range(3))
        for person_id, scope, reach in (
            (chief, Scope.AGENCY, first.hex),
            (twice, Scope.AGENCY, first.hex),
            (twice, Scope.AGENCY, second.hex),
            (both, Scope.AGENCY, first.hex),
            (both, Scope.COUNTRY, "IQ"),
        ):
            with transaction():
                accounts.add_role(person_id, Role.SUPERVISOR, scope=scope, reach=reach, since=date(2027, 1, 1))
        db.session.remove()
        downgrade(revision="0005")
        with db.engine.connect() as connection:
            rows = connection.execute(text("SELECT role, scope, reach FROM role_grant")).all()
        assert [tuple(row) for row in rows] == [("supervisor", "country", "IQ")] * 3


@on_sqlite
def test_evidence_was_done_when_it_was_recorded_before_deeds_had_a_time(filled: Flask) -> None:
    with filled.app_context():
        downgrade(revision="0006")
        upgrade(revision="0007")
        with db.engine.connect() as connection:
            evidence = connection.execute(text("SELECT done_at, recorded_at FROM evidence")).all()
            editions = connection.execute(text("SELECT DISTINCT edition FROM competence_state")).scalars().all()
        assert evidence
        assert all(row.done_at == row.recorded_at for row in evidence)
        assert editions == [1]


@on_sqlite
def test_exception_to_the_allocation_stored_before_categories_keeps_its_reason_and_has_none(migrated: Flask) -> None:
    with migrated.app_context():
        event = nominated_event()
        people = event.officers("IQ", 2)
        event.nominate("IQ", people)
        exception = SeatException(
            event.row(people[1]).id, True, event.coordinator.id, ExceptionCategory.OTHER, "speaks at the event"
        )
        with transaction():
            proposal = selection.propose(event.workshop_id, event.coordinator, exceptions=[exception], now=CLOSED)
            selection.confirm_selection(
                event.workshop_id,
                event.coordinator,
                fingerprint=proposal.fingerprint,
                exceptions=[exception],
                now=CLOSED,
            )
        db.session.remove()
        downgrade(revision="0056")
        upgrade(revision="0057")
        query = "SELECT reason, exception_reason, exception_category FROM seat_decision ORDER BY position"
        with db.engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(text(query))]
            assert rows[0] == ("set_in", "speaks at the event", None)
            assert {category for _reason, _note, category in rows} == {None}
            with pytest.raises(IntegrityError):
                connection.execute(text("UPDATE seat_decision SET exception_category = 'unknown'"))


@on_sqlite
def test_a_table_that_sqlite_copies_keeps_what_refers_to_it(filled: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    _copy(MIGRATIONS, folder)
    (folder / "versions" / "next.py").write_text(NEXT.format(head=REVISIONS[-1]))
    with filled.app_context():
        rows = migrated_sites.rows()
        upgrade(directory=str(folder))
        assert {name: of_table for name, of_table in migrated_sites.rows().items() if name != "person"} == {
            name: of_table for name, of_table in rows.items() if name != "person"
        }
        downgrade(directory=str(folder), revision=REVISIONS[-1])
        assert migrated_sites.rows() == rows
        with db.engine.connect() as connection:
            assert _differences(connection) == []


def test_a_migration_that_fails_leaves_nothing_behind(migrated: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    _copy(MIGRATIONS, folder)
    broken = NEXT.format(head=REVISIONS[-1]).replace("def downgrade", "    raise OSError('halfway')\n\n\ndef downgrade")
    (folder / "versions" / "next.py").write_text(broken)
    with migrated.app_context():
        with db.engine.connect() as connection:
            before = _schema(connection)
        with pytest.raises(OSError, match="halfway"):
            upgrade(directory=str(folder))
        with db.engine.connect() as connection:
            assert _schema(connection) == before


def _copy(source: Path, target: Path) -> None:
    for path in [*source.glob("*.*"), *source.glob("versions/*.py")]:
        there = target / path.relative_to(source)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_bytes(path.read_bytes())


def _differences(connection: Connection) -> list[Any]:
    def ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        return not (kind in {"table", "index", "column"} and (name or "").startswith("search_text"))

    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
    return compare_metadata(context, db.metadata)


def _schema(connection: Connection) -> list[str]:
    """Return what the database itself says of its tables, columns, constraints, indexes and triggers, as text."""
    ask = _LITE if connection.dialect.name == "sqlite" else _POSTGRES
    return sorted(_normal(" ".join(map(str, row))) for query in ask for row in connection.execute(text(query)))


_LITE = (
    "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    # sqlite_stat1 is where ANALYZE writes
    " AND name NOT LIKE 'search\\_text\\__%' ESCAPE '\\' AND name NOT IN ('alembic_version', 'sqlite_stat1')",
)
_POSTGRES = (
    "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'",
    "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, is_identity"
    " FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'",
    "SELECT tgenabled, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
)


def _normal(line: str) -> str:
    line = re.sub(r"\s+", " ", line.replace('"', "")).strip()
    head, bracket, parts = line.partition("(")
    if not line.startswith("table") or "VIRTUAL" in head:
        return line
    # the order of constraints says nothing; that of columns little
    inside = parts.rpartition(")")[0]
    return head + bracket + ", ".join(sorted(_split(inside)))


def _split(text_: str) -> list[str]:
    """Split at the commas outside of brackets."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(text_):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            parts.append(text_[start:place].strip())
            start = place + 1
    return [*parts, text_[start:].strip()]
