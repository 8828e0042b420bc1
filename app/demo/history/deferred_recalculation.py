"""Calculate figures and completion once, at the end of `year.fill`, which is faster than after each action."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import current_app

from app.db.session import Handler, subscribe, subscriptions, transaction
from app.learning.handlers import completion
from app.learning.service import assignments
from app.plan import handlers
from app.plan.service import recalculation


@contextmanager
def put_off() -> Iterator[None]:
    """Inside the block, remove the handlers that calculate figures and completion. Call `count` afterwards."""
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


def count(now: datetime) -> None:
    """Calculate all figures of the plan, and the completion of courses on all days."""
    with transaction():
        recalculation.recount_all()
    for people in assignments.pages():
        with transaction():
            assignments.rebuild(people, now.date())


def _only_counts(handler: Handler) -> bool:
    counting = {handlers.__name__: handlers.on_reference_loaded, completion.__name__: completion.on_identity_removed}
    return handler.__module__ in counting and handler is not counting[handler.__module__]
