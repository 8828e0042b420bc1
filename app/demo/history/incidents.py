"""Security incidents of the demonstration: a drill, and a lost device some weeks later."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from uuid import UUID

from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.sign_in.domain import IncidentReason
from app.sign_in.service import incident

# early in the year, before the open requests and invitations, which an incident ends
INCIDENTS = (
    (IncidentReason.DRILL, -160, timedelta(hours=2)),
    (IncidentReason.LOST_DEVICE, -140, timedelta(days=2)),
)
NO_PEOPLE: tuple[UUID, ...] = ()  # no second factor becomes invalid


def actions(office: DemoStaff) -> Iterator[TimedAction]:
    """Return the beginning and the end of each incident, by an administrator."""
    by = office.staff["Administrator 1"]
    for reason, day, lasts in INCIDENTS:
        begins = office.at(day)
        yield TimedAction(begins, by, partial(incident.begin, reason, NO_PEOPLE, begins))
        yield TimedAction(begins + lasts, by, partial(incident.end, begins + lasts))
