"""The folder of the migrations."""

from pathlib import Path

from flask import current_app


def migrations_folder() -> Path:
    """Return the folder of the migrations of the current application."""
    return Path(current_app.extensions["migrate"].directory)
