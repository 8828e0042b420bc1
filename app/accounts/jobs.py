"""Timed work of accounts."""

from app.accounts import invitations, service
from app.db.session import transaction
from app.kernel import clock


def forget_old() -> int:
    """Remove ended sessions and old failures of signing in."""
    with transaction():
        return service.forget_old(clock.real_now()) + invitations.forget_old(clock.real_now())
