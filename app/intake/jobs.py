"""Timed work of sheets."""

from app.db.session import transaction
from app.intake import service, taking_along
from app.kernel import clock


def forget_old() -> int:
    """Remove sheets whose day is over, and what was before imports that cannot be undone any more."""
    with transaction():
        return service.forget_old(clock.real_now()) + taking_along.forget_old(clock.real_now())
