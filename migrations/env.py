"""Alembic's entry: the application's engine and tables."""

from alembic import context
from flask import current_app

from app.db.session import db, prepare_for_migration


def run() -> None:
    """Run each migration in a transaction of its own, foreign keys of SQLite off while tables are copied."""
    engine = prepare_for_migration(current_app.extensions["migrate"].db.engine)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
            transactional_ddl=True,  # SQLite can, too: our engine says BEGIN itself
            include_object=ours,
            on_version_apply=refuse_lost_references,
        )
        with context.begin_transaction():
            context.run_migrations()


def ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """Leave the full-text index out of the comparison: shadow tables on SQLite, a vector on PostgreSQL."""
    return not (kind in {"table", "index", "column"} and (name or "").startswith("search_text"))


def refuse_lost_references(*, ctx: object, **_rest: object) -> None:
    """Stop before a migration is committed that leaves a row pointing nowhere."""
    connection = ctx.connection
    if connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if lost:
            raise RuntimeError(f"rows that point nowhere: {lost[:5]}")


run()
