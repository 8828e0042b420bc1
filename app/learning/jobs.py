"""Daily job that deletes visits to lessons and keys of steps after 60 days."""

from app.db.session import transaction
from app.kernel import clock
from app.learning import store


def delete_expired() -> int:
    """Delete visits and step keys that are older than 60 days; return how many."""
    with transaction():
        return store.delete_expired(clock.now())
