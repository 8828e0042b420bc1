"""What a change of an event means: which fields are fixed once it is announced, and of which people are told."""

from collections.abc import Iterable

from app.kernel.errors import DomainError

# who booked did so for these, and a second person cleared them: another one is another event
FIXED = {
    "code": DomainError("An announced event keeps its code."),
    "host_country": DomainError("An announced event keeps its host country."),
    "kind": DomainError("An announced event keeps its kind."),
    "outcomes": DomainError("An announced event keeps its competencies."),
    "sensitivity": DomainError("An announced event keeps its mark."),
}
# when, where and how one takes part
TOLD = frozenset({"sessions", "time_zone", "form", "town", "venue"})


def fixed(changed: Iterable[str]) -> list[DomainError]:
    """Return a refusal for each of these fields that an announced event keeps."""
    return [FIXED[name] for name in sorted(changed) if name in FIXED]


def is_told(changed: Iterable[str]) -> bool:
    """Say whether people with a seat, or in the queue, are told of such a change."""
    return not TOLD.isdisjoint(changed)


def moves_dates(changed: Iterable[str]) -> bool:
    """Say whether such a change moves what stands in people's calendars."""
    return "sessions" in changed


def opens_to_others(changed: Iterable[str]) -> bool:
    """Say whether after such a change other people of the waiting list may have a seat."""
    return not {"roles", "prerequisites"}.isdisjoint(changed)
