"""PostgreSQL privileges: a role owns the tables; the role that runs the academy cannot change append-only ones."""

from dataclasses import dataclass

from sqlalchemy import text

from app.db.append_only import append_only_tables
from app.db.session import db

# such statements take no values: the database itself puts the names into them, from settings of the transaction
_NAME = text("SELECT set_config('academy.role', :role, true), set_config('academy.growing', :growing, true)")
_GRANT = text(
    """
DO $$ DECLARE
    role text = current_setting('academy.role');
    one text;
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', role);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %I', role);
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO %I', role);
    -- for what the next migrations make
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public'
                   ' GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I', role);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO %I', role);
    FOREACH one IN ARRAY string_to_array(current_setting('academy.growing'), ' ') LOOP
        EXECUTE format('REVOKE ALL ON %I FROM %I', one, role);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO %I', one, role);
    END LOOP;
    EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM %I', role);
END $$"""
)
_HELD = text(
    """
SELECT count(*) FILTER (WHERE pg_has_role(:role, relowner, 'MEMBER')) AS owned,
       array_agg(relname ORDER BY relname) FILTER (
           WHERE relname = ANY(:growing)
           AND (has_any_column_privilege(:role, oid, 'UPDATE')
                OR has_table_privilege(:role, oid, 'DELETE, TRUNCATE, TRIGGER'))) AS changed,
       array_agg(relname ORDER BY relname) FILTER (
           WHERE relname <> 'alembic_version'
           AND NOT (has_table_privilege(:role, oid, 'SELECT') AND has_table_privilege(:role, oid, 'INSERT')
                    AND (relname = ANY(:growing) OR (has_table_privilege(:role, oid, 'UPDATE')
                                                     AND has_table_privilege(:role, oid, 'DELETE'))))) AS closed
FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"""
)


@dataclass(frozen=True, slots=True)
class Rights:
    """The privileges of a role.

    `owned`: number of tables that it owns, itself or as a member of another role; `changed`: append-only tables that it
    may change; `closed`: tables for which it lacks a privilege that the academy needs.
    """

    role: str
    owned: int
    changed: tuple[str, ...]
    closed: tuple[str, ...]


def privileges_of(role: str | None = None) -> Rights:
    """Return the privileges of a role of PostgreSQL, by default of the role of this process."""
    connection = db.session.connection()
    name: str = role or connection.execute(text("SELECT current_user")).scalar_one()
    row = connection.execute(_HELD, {"role": name, "growing": _growing()}).one()
    return Rights(name, row.owned, tuple(row.changed or ()), tuple(row.closed or ()))


def grant(role: str) -> None:
    """Let a role read and write all tables, only read and insert in append-only ones, only read `alembic_version`."""
    connection = db.session.connection()
    connection.execute(_NAME, {"role": role, "growing": " ".join(_growing())})
    connection.execute(_GRANT)


def _growing() -> list[str]:
    return [table.name for table in append_only_tables(db.metadata)]
