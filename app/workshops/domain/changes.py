"""What a change of an event means: which fields are fixed once it is announced, and of which people are told."""

from collections.abc import Iterable

# who booked did so for these, and a second person cleared them: another one is another event
FIXED = {
    "code": "code",
    "host_country": "host country",
    "kind": "kind",
    "outcomes": "competencies",
    "sensitivity": "mark",
}
# when, where and how one takes part
TOLD = frozenset({"sessions", "time_zone", "form", "town", "venue"})


def fixed(changed: Iterable[str]) -> list[str]:
    """Return what an announced event keeps among these fields, in words."""
    return [FIXED[name] for name in sorted(changed) if name in FIXED]


def is_told(changed: Iterable[str]) -> bool:
    """Say whether people with a seat, or in the queue, are told of such a change."""
    return not TOLD.isdisjoint(changed)


def moves_dates(changed: Iterable[str]) -> bool:
    """Say whether such a change moves what stands in people's calendars."""
    return "sessions" in changed
