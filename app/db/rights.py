"""Rights on PostgreSQL: one role owns the tables, another runs the academy and may only add to those that only grow."""

from dataclasses import dataclass

from sqlalchemy import bindparam, text

from app.db.growing import growing
from app.db.session import db

VERSIONS = "alembic_version"
_WRITE = "SELECT, INSERT, UPDATE, DELETE"
_GRANT = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    f"GRANT {_WRITE} ON ALL TABLES IN SCHEMA public TO {{role}}",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
    # for what the next migrations make
    f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {_WRITE} ON TABLES TO {{role}}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {role}",
)
_NARROW = ("REVOKE ALL ON {table} FROM {role}", "GRANT {rights} ON {table} TO {role}")
_HELD = """
SELECT count(*) FILTER (WHERE pg_has_role(:role, relowner, 'MEMBER')) AS owned,
       array_agg(relname ORDER BY relname) FILTER (
           WHERE relname IN :growing AND (has_any_column_privilege(:role, oid, 'UPDATE')
                                          OR has_table_privilege(:role, oid, 'DELETE, TRUNCATE, TRIGGER'))) AS changed,
       array_agg(relname ORDER BY relname) FILTER (
           WHERE relname <> :versions
           AND NOT (has_table_privilege(:role, oid, 'SELECT') AND has_table_privilege(:role, oid, 'INSERT')
                    AND (relname IN :growing OR (has_table_privilege(:role, oid, 'UPDATE')
                                                 AND has_table_privilege(:role, oid, 'DELETE'))))) AS closed
FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
"""


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
    asked = {"role": name, "growing": [table.name for table in growing(db.metadata)], "versions": VERSIONS}
    found = connection.execute(text(_HELD).bindparams(bindparam("growing", expanding=True)), asked).one()
    return Rights(name, found.owned, tuple(found.changed or ()), tuple(found.closed or ()))


def grant(role: str) -> None:
    """Let a role of PostgreSQL read and write all tables, add to those that only grow, and read their version."""
    narrow = {table.name: "SELECT, INSERT" for table in growing(db.metadata)} | {VERSIONS: "SELECT"}
    for statement in _GRANT:
        _execute(statement, role)
    for table, rights in narrow.items():
        for statement in _NARROW:
            _execute(statement, role, table=table, rights=rights)


def _execute(statement: str, role: str, **more: str) -> None:
    connection = db.session.connection()
    quoted = connection.dialect.identifier_preparer.quote_identifier(role)
    connection.exec_driver_sql(statement.format(role=quoted, **more))
