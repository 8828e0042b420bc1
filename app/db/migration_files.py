"""The folder of the migrations, for `flask doctor`, backups and the operations page."""

from pathlib import Path
from typing import Protocol, cast

from flask import current_app


class _Migrate(Protocol):
    """The attribute of the Flask-Migrate extension that is used here."""

    directory: str


def migrations_folder() -> Path:
    """Return the folder of the migrations of the current application."""
    return Path(_migrate().directory)


def head_revision() -> str:
    """Return the newest revision of the tables that this program knows."""
    return (migrations_folder() / ".head").read_text("ascii").strip()


def _migrate() -> _Migrate:
    return cast("_Migrate", current_app.extensions["migrate"])
