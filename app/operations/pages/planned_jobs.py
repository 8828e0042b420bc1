"""The jobs and their periods, stored in the application by `app.cli`, as this package cannot import `app.schedule`."""

from collections.abc import Sequence
from typing import cast

from flask import Flask, current_app

from app.operations.domain import Planned


def init_app(app: Flask, jobs: Sequence[Planned]) -> None:
    """Save the planned jobs in the application."""
    app.extensions["jobs"] = jobs


def planned_jobs() -> Sequence[Planned]:
    """Return the planned jobs of the current application."""
    return cast("Sequence[Planned]", current_app.extensions["jobs"])
