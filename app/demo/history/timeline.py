"""Run the demonstration's actions in the order of time: set clock and actor, then act in one transaction."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.db.session import transaction
from app.kernel import clock, context


@dataclass(frozen=True, slots=True)
class TimedAction:
    """An action of a person at a time, in one transaction. `actor_id` is None for a job."""

    at: datetime
    actor_id: UUID | None
    act: Callable[[], object]


def carry_out(actions: Iterable[TimedAction]) -> None:
    """Run actions by time. Events of an action are handled before the next one."""
    for action in sorted(actions, key=lambda action: action.at):
        with as_of(action.at), acting(action.actor_id), transaction():
            action.act()


@contextmanager
def acting(person_id: UUID | None) -> Iterator[None]:
    """Set the current actor of events."""
    before = context.actor_id.set(person_id)
    try:
        yield
    finally:
        context.actor_id.reset(before)


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Set the time of the academy to a moment."""
    real_now = clock.real_now()
    before = clock.now() - real_now
    clock.move(lambda: moment - real_now)
    try:
        yield
    finally:
        clock.move(lambda: before)
