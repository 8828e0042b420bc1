"""What people did and when: services carry it out in the order of time, as they would have that year."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.db.session import transaction
from app.kernel import clock, context


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody did at a time, in a transaction of its own; nobody: the academy's jobs."""

    at: datetime
    who: UUID | None
    act: Callable[[], object]


def carry_out(deeds: Iterable[Deed]) -> None:
    """Do what is written, the earliest first; what one deed brings about is heard before the next one."""
    for deed in sorted(deeds, key=lambda deed: deed.at):
        with as_of(deed.at), acting(deed.who), transaction():
            deed.act()


@contextmanager
def acting(person_id: UUID | None) -> Iterator[None]:
    """Let somebody be the one who acts."""
    before = context.actor_id.set(person_id)
    try:
        yield
    finally:
        context.actor_id.reset(before)


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Let events that name no time of their own happen then."""
    real_now = clock.real_now()
    before = clock.now() - real_now
    clock.move(lambda: moment - real_now)
    try:
        yield
    finally:
        clock.move(lambda: before)
