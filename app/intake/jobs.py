"""The hourly job that deletes expired sheets, export requests and previous values of imports."""

from app.db.session import transaction
from app.intake.service import export, sheet_import
from app.kernel import clock


def delete_expired() -> int:
    """Delete expired sheets and export requests, and the previous values of imports that can no longer be undone."""
    with transaction():
        return sheet_import.delete_expired(clock.real_now()) + export.delete_expired(clock.real_now())
