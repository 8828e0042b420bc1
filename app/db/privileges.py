"""Rights on PostgreSQL: one role owns the tables, another runs the academy and may only add to those that only grow."""

from dataclasses import dataclass

from sqlalchemy import text

from app.db.append_only import growing
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
    EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO %I', role);
    -- for what the next migrations make
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public'
                   ' GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I', role);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO %I', role);
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
    """What a role may do.

    `owned`: how many tables are its own, or of a role that it belongs to; `changed`: tables that only grow and that it
    may change all the same; `closed`: tables that it may not write as the academy does.
    """

    role: str
    owned: int
    changed: tuple[str, ...]
    closed: tuple[str, ...]


def held(role: str | None = None) -> Rights:
    """Return the rights of a role of PostgreSQL, of this process' own when none is named."""
    connection = db.session.connection()
    name: str = role or connection.execute(text("SELECT current_user")).scalar_one()
    row = connection.execute(_HELD, {"role": name, "growing": _growing()}).one()
    return Rights(name, row.owned, tuple(row.changed or ()), tuple(row.closed or ()))


def grant(role: str) -> None:
    """Let a role of PostgreSQL read and write all tables, add to those that only grow, and read their version."""
    connection = db.session.connection()
    connection.execute(_NAME, {"role": role, "growing": " ".join(_growing())})
    connection.execute(_GRANT)


def _growing() -> list[str]:
    return [table.name for table in growing(db.metadata)]
