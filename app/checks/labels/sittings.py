"""Names of the states of sittings, seats and work in the language of the user, each with the shape of a status."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import format_time, lazy_gettext as _, lazy_pgettext
from flask_babel.speaklater import LazyString

from app.checks.domain.sittings import SeatState, SittingState, Way, WorkState
from app.i18n.languages import current

SOURCE_LANGUAGE = "en"
SITTINGS: Mapping[SittingState, tuple[LazyString, str]] = {
    SittingState.PLANNED: (lazy_pgettext("sitting", "Planned"), "open"),
    SittingState.OPEN: (lazy_pgettext("sitting", "Open"), "here"),
    SittingState.INTERRUPTED: (_("Interrupted"), "wait"),
    SittingState.CLOSED: (lazy_pgettext("sitting", "Closed"), "good"),
    SittingState.CANCELLED: (lazy_pgettext("sitting", "Cancelled"), "none"),
}
SEATS: Mapping[SeatState, tuple[LazyString, str]] = {
    SeatState.EXPECTED: (_("Not here yet"), "wait"),
    SeatState.ARRIVED: (_("Waits for confirmation"), "risk"),
    SeatState.CONFIRMED: (_("Confirmed"), "open"),
    SeatState.WORKING: (_("Working"), "here"),
    SeatState.FINISHED: (lazy_pgettext("seat", "Finished"), "good"),
    SeatState.ABSENT: (_("Absent"), "none"),
    SeatState.REFUSED: (_("Ended by an invigilator"), "bad"),
}
WORKS: Mapping[WorkState, tuple[LazyString, str]] = {
    WorkState.WAITING: (_("Not begun"), "open"),
    WorkState.OPEN: (_("In progress"), "here"),
    WorkState.SUBMITTED: (_("Handed in"), "good"),
    WorkState.COUNTED: (_("Result recorded"), "good"),
    WorkState.VOID: (_("Without a result"), "none"),
}
WAYS: Mapping[Way, LazyString] = {Way.QUESTIONS: _("12 questions"), Way.DESK_TASK: _("Desk task")}


def hour(value: datetime) -> str:
    """Return a time of day in the user's time zone, such as 09:04."""
    return str(format_time(value, "HH:mm" if current() == SOURCE_LANGUAGE else "short"))
