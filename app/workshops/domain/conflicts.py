"""Conflicts of an event with others: the same room, or the same trainer or assessor, at the same time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupation:
    """A session with what it occupies: its room, "" without one, and the staff of its event."""

    code: str  # of the event
    number: int  # of the session
    starts_at: datetime
    ends_at: datetime
    town: tuple[str, str]  # host country and town
    room: str
    staff: frozenset[UUID]

    @property
    def location(self) -> tuple[str, str, str]:
        """Return what two sessions in the same room have in common."""
        country, town = self.town
        return country, town.strip().casefold(), " ".join(self.room.split()).casefold()


@dataclass(frozen=True, slots=True, order=True)
class EventConflict:
    """A session of the event that overlaps one of another event; exactly one of room and person is set."""

    number: int
    other_code: str
    other_number: int
    room: str = ""
    person_id: UUID | None = None


def conflicts(own: Iterable[Occupation], others: Iterable[Occupation]) -> list[EventConflict]:
    """Return the conflicts of an event's sessions with those of others, in the order of the event's sessions."""
    other_sessions = sorted(others, key=lambda session: (session.starts_at, session.code, session.number))
    return [
        conflict
        for session in own
        for other in other_sessions
        if _overlap(session, other)
        for conflict in _between(session, other)
    ]


def _overlap(session: Occupation, other: Occupation) -> bool:
    return session.starts_at < other.ends_at and other.starts_at < session.ends_at


def _between(session: Occupation, other: Occupation) -> Iterator[EventConflict]:
    if session.room.strip() and session.location == other.location:
        yield EventConflict(session.number, other.code, other.number, room=session.room)
    for person_id in sorted(session.staff & other.staff):
        yield EventConflict(session.number, other.code, other.number, person_id=person_id)
