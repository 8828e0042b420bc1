"""Calculate the plan's figures once, at the end of `year.fill`, which is faster than after each action."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app

from app.db.session import Handler, subscribe, subscriptions, transaction
from app.plan import handlers
from app.plan.service import recalculation


@contextmanager
def put_off() -> Iterator[None]:
    """Inside the block, remove the handlers of the plan that calculate figures. Call `count` afterwards."""
    before = subscriptions()
    others = {
        kind: tuple(handler for handler in subscribed if not _only_counts(handler))
        for kind, subscribed in before.items()
    }
    subscribe(current_app, others)
    try:
        yield
    finally:
        subscribe(current_app, before)


def count() -> None:
    """Calculate all figures of the plan."""
    with transaction():
        recalculation.recount_all()


def _only_counts(handler: Handler) -> bool:
    return handler.__module__ == handlers.__name__ and handler is not handlers.on_reference_loaded
