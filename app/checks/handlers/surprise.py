"""Handlers of events of sittings: the picks of a surprise draw follow a sitting that was cancelled."""

from app.checks.events import SittingCancelled
from app.checks.service import surprise


def on_sitting_cancelled(event: SittingCancelled) -> None:
    """Take back the seats of surprise checks; their officers are drawn as before."""
    surprise.release(event.sitting_id)
