"""Append-only tables, such as the audit log: database triggers reject each update and delete of a row.

Migrations repeat the triggers: a change needs a new one. `privileges` protects the same tables on PostgreSQL.
"""

from collections.abc import Callable
from typing import cast

from sqlalchemy import DDL, FromClause, MetaData, Table, event

_MARK = "only grows"
# what replaces a row on SQLite removes it without a word to the second of these
_ON_SQLITE = (
    """CREATE TRIGGER %(table)s_never_changes BEFORE UPDATE ON %(table)s BEGIN
    SELECT RAISE(ABORT, '%(table)s only grows');
END""",
    """CREATE TRIGGER %(table)s_never_shrinks BEFORE DELETE ON %(table)s BEGIN
    SELECT RAISE(ABORT, '%(table)s only grows');
END""",
    """CREATE TRIGGER %(table)s_never_replaced BEFORE INSERT ON %(table)s
WHEN EXISTS (SELECT 1 FROM %(table)s WHERE id = new.id) BEGIN
    SELECT RAISE(ABORT, '%(table)s only grows');
END""",
)
_ON_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION refuse_all_but_growth() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'this table only grows' USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$""",
    """CREATE TRIGGER %(table)s_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON %(table)s
FOR EACH STATEMENT EXECUTE FUNCTION refuse_all_but_growth()""",
)


def make_append_only(table: FromClause) -> None:
    """Create a table with triggers that reject updates and deletes; its migration must create the same ones."""
    cast("Table", table).info[_MARK] = True
    make = cast("Callable[[str], DDL]", DDL)  # SQLAlchemy gives it no types
    for dialect, statements in (("sqlite", _ON_SQLITE), ("postgresql", _ON_POSTGRESQL)):
        for statement in statements:
            event.listen(table, "after_create", make(statement).execute_if(dialect=dialect))


def append_only_tables(metadata: MetaData) -> list[Table]:
    """Return the append-only tables."""
    return [table for table in metadata.sorted_tables if table.info.get(_MARK)]
