"""Which fields of an announced event are fixed, and which changes notify participants or move calendar dates."""

from collections.abc import Iterable, Mapping
from datetime import date

from app.kernel.errors import DomainError

# participants booked because of these fields and a second person approved them: a change makes another event
FIXED = {
    "code": DomainError("The code of an announced event cannot change."),
    "enrolment": DomainError("The enrolment of an announced event cannot change."),
    "guaranteed": DomainError("The guaranteed seats of an announced event cannot change."),
    "host_country": DomainError("The host country of an announced event cannot change."),
    "kind": DomainError("The kind of an announced event cannot change."),
    "outcomes": DomainError("The competencies of an announced event cannot change."),
    "sensitivity": DomainError("The sensitivity of an announced event cannot change."),
}
# when, where and how people take part
NOTIFIED = frozenset({"sessions", "rooms", "time_zone", "form", "town", "venue"})


def fixed_field_errors(changed: Iterable[str]) -> list[DomainError]:
    """Return an error for each of these fields that cannot change once the event is announced."""
    return [FIXED[name] for name in sorted(changed) if name in FIXED]


def is_notified(changed: Iterable[str]) -> bool:
    """Return whether people with a seat or on the waiting list are notified of such a change."""
    return not NOTIFIED.isdisjoint(changed)


def moves_dates(changed: Iterable[str]) -> bool:
    """Return whether such a change moves the dates in people's calendars."""
    return "sessions" in changed


def day_facts(before: tuple[date, date] | None, after: tuple[date, date] | None) -> Mapping[str, str]:
    """Return the first and last days of an event before and after a change as facts of a notice, none if equal."""
    if before == after:
        return {}
    return {name: f"{days[0]}/{days[1]}" for name, days in (("before", before), ("after", after)) if days}


def postponed_facts(days: tuple[date, date], reason: str) -> Mapping[str, str]:
    """Return the days on which a postponed event does not take place, and the reason, as facts of a notice."""
    return {**day_facts(days, None), "reason": reason}


def resumed_facts(postponed: tuple[date, date] | None, days: tuple[date, date]) -> Mapping[str, str]:
    """Return the days of a resumed event as a fact of a notice: as planned if they are those that were postponed."""
    name = "as_planned" if postponed == days else "after"
    return {name: f"{days[0]}/{days[1]}"}


def opens_to_others(changed: Iterable[str]) -> bool:
    """Return whether such a change makes other people of the waiting list eligible for a seat."""
    return not {"roles", "prerequisites"}.isdisjoint(changed)
