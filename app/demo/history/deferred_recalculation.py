"""The plan's counting put off: one count at the end makes what a count after each deed would have made, and sooner."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app

from app.db.session import Handler, subscribe, subscriptions, transaction
from app.plan import handlers
from app.plan.service import recalculation


@contextmanager
def put_off() -> Iterator[None]:
    """Let the plan count nothing of what happens inside; `count` has to follow."""
    before = subscriptions()
    kept = {kind: tuple(handler for handler in found if not _only_counts(handler)) for kind, found in before.items()}
    subscribe(current_app, kept)
    try:
        yield
    finally:
        subscribe(current_app, before)


def count() -> None:
    """Count all that there is."""
    with transaction():
        recalculation.recount_all()


def _only_counts(handler: Handler) -> bool:
    return handler.__module__ == handlers.__name__ and handler is not handlers.on_reference_loaded
