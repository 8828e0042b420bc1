"""Timed work of sheets."""

from app.db.session import transaction
from app.intake.service import export, sheet_import
from app.kernel import clock


def delete_expired() -> int:
    """Remove sheets whose day is over, and what was before imports that cannot be undone any more."""
    with transaction():
        return sheet_import.delete_expired(clock.real_now()) + export.delete_expired(clock.real_now())
