"""Rules of peer marking of open answers in lessons: who may ask and when, how long a request lasts, what a comment is.

A request asks two colleagues to mark an answer. A colleague draws an answer (a reading), then marks it. Nothing here is
evidence.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import assert_never

from app.catalogue.domain import items
from app.catalogue.domain.items import Item

MARKINGS = 2  # of an answer, by different people
MOST_REQUESTS = 5  # of a person within 24 hours
MOST_READINGS = 10  # of a person within 24 hours, so that no person reads all answers of a course
DAY = timedelta(days=1)
REQUEST_LASTS = timedelta(days=30)
READING_LASTS = timedelta(days=1)  # after that the answer goes to another colleague
LONGEST_COMMENT = 300
_LINK = re.compile(r"://|\bwww\.|\S@\S", re.IGNORECASE)


class PeerRequestState(Enum):
    OPEN = auto()
    MARKED = auto()
    LAPSED = auto()
    WITHDRAWN = auto()


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A request: when its answer was written, when it was asked, and how many colleagues have marked it."""

    answered_at: datetime
    asked_at: datetime
    is_withdrawn: bool
    markings: int


def request_state(request: RequestFacts, now: datetime) -> PeerRequestState:
    """Return the state of a request; one that lapsed keeps the marking that it has."""
    if request.is_withdrawn:
        return PeerRequestState.WITHDRAWN
    if request.markings >= MARKINGS:
        return PeerRequestState.MARKED
    return PeerRequestState.LAPSED if now >= request.asked_at + REQUEST_LASTS else PeerRequestState.OPEN


def may_ask(last: RequestFacts | None, answered_at: datetime, now: datetime) -> bool:
    """Return whether the writer may ask for the answer written at `answered_at`, after the last request if any.

    An answer that a colleague has marked is not sent a second time: the same person could mark it again.
    """
    if last is None:
        return True
    state = request_state(last, now)
    match state:
        case PeerRequestState.OPEN:
            return False
        case PeerRequestState.WITHDRAWN:
            return True
        case PeerRequestState.MARKED | PeerRequestState.LAPSED:
            return last.markings == 0 or answered_at > last.answered_at
        case _:
            assert_never(state)


def may_withdraw(request: RequestFacts, now: datetime) -> bool:
    """Return whether the writer may withdraw a request: it is open, and no colleague has marked it."""
    return request_state(request, now) is PeerRequestState.OPEN and request.markings == 0


def has_link(comment: str) -> bool:
    """Return whether a comment has a web or mail address."""
    return _LINK.search(comment) is not None


def positions(item: Item) -> range:
    """Return the positions of the criteria of an open item; none for other items."""
    return range(len(item.answers.criteria) if isinstance(item.answers, items.Open) else 0)


def valid_points(item: Item, earned: Iterable[int]) -> tuple[int, ...]:
    """Return the ticked criteria in order, without repeats and without those that the item does not have."""
    return tuple(sorted(set(earned) & set(positions(item))))
