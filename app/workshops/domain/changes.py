"""What a change of an event means: which fields are fixed once it is announced, and of which people are told."""

from collections.abc import Iterable

# who booked did so for these: another one is another event
FIXED = frozenset({"code", "kind", "sensitivity", "outcomes"})
# when, where and how one takes part
TOLD = frozenset({"sessions", "time_zone", "form", "host_country", "town", "venue"})


def fixed(changed: Iterable[str]) -> list[str]:
    """Return the fields among these that an announced event keeps."""
    return sorted(FIXED.intersection(changed))


def is_told(changed: Iterable[str]) -> bool:
    """Say whether people with a seat, or in the queue, are told of such a change."""
    return not TOLD.isdisjoint(changed)
