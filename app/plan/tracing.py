"""From a record that counts down to the evidence behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.plan.queries import Row

Fact = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Link:
    """A piece of evidence behind a record: its kind, its day, and plain facts that go with the kind.

    begun, completed        course, number (of the version)
    lesson, test, case      course (a day on which somebody was active)
    held                    competency, level, until (ISO day): a time in which a core competency is held
    evidence                competency, level, kind, share, watched, voided, number
    published               course, number, checked_on (ISO day)
    reviewed                course, number, language
    closed                  workshop (id), kind
    session                 session (id), workshop (id), attended
    served                  the posting it counts in: country, agency_kind, roles
    reported                observation (id), value, source, has_file; approved: the day of approval
    """

    kind: str
    day: date | None
    facts: Mapping[str, Fact] = field(default_factory=dict)


def chain(row: Row) -> list[Link]:
    """Return the evidence behind a record, the oldest first."""
    raise NotImplementedError
