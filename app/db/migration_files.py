"""The migrations of this program, and whether the tables of the database are those of this program."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol, cast

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import inspect

from app.db.session import db


class TableState(StrEnum):
    """How the tables of the database compare with the migrations of this program."""

    EMPTY = "empty"  # there are no tables
    UNVERSIONED = "unversioned"  # made without migrations, as in tests
    OLDER = "older"  # migrations are missing
    CURRENT = "current"
    NEWER = "newer"  # made by a newer program: this one does not know their revision


@dataclass(frozen=True, slots=True)
class Migration:
    """A migration: its revision and the first line of its description."""

    revision: str
    title: str


class _Migrate(Protocol):
    """The attribute of the Flask-Migrate extension that is used here."""

    directory: str


def migrations_folder() -> Path:
    """Return the folder of the migrations of the current application."""
    return Path(_migrate().directory)


def head_revision() -> str:
    """Return the newest revision of the tables that this program knows."""
    return (migrations_folder() / ".head").read_text("ascii").strip()


def known_revisions() -> list[str]:
    """Return all revisions that this program knows, the newest first."""
    return [migration.revision for migration in _migrations()]


def applied_revision() -> str:
    """Return the revision of the tables of the database, "" if none is recorded."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def pending_migrations(applied: str) -> list[Migration]:
    """Return the migrations after a revision ("": all), the oldest first."""
    pending = []
    for migration in _migrations():
        if migration.revision == applied:
            break
        pending.append(migration)
    return pending[::-1]


def table_state(applied: str | None = None) -> TableState:
    """Return how the tables of the database compare with the migrations of this program.

    `applied` is their revision, if it was read before.
    """
    applied = applied_revision() if applied is None else applied
    if applied == head_revision():
        return TableState.CURRENT
    if not applied:
        return TableState.UNVERSIONED if inspect(db.engine).has_table("person") else TableState.EMPTY
    return TableState.OLDER if applied in known_revisions() else TableState.NEWER


def _migrations() -> list[Migration]:
    scripts = ScriptDirectory(str(migrations_folder())).walk_revisions()
    return [Migration(script.revision, script.doc) for script in scripts]


def _migrate() -> _Migrate:
    return cast("_Migrate", current_app.extensions["migrate"])
