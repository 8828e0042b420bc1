"""Alembic's entry: the application's engine and tables."""

from alembic import context
from flask import current_app

from app.db.session import db, prepare_for_migration

config = context.config


def run() -> None:
    """Run the migrations in one transaction each, foreign keys of SQLite off while tables are copied."""
    engine = prepare_for_migration(current_app.extensions["migrate"].db.engine)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
            include_object=_ours,
        )
        with context.begin_transaction():
            context.run_migrations()


def _ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    # the full-text index of SQLite lives in shadow tables of its own
    return not (kind == "table" and (name or "").startswith("search_text"))


run()
