"""Interim figures of the demonstration: indicators that the academy does not count yet, entered with a document.

One coordinator enters them for the ends of both quarters, another one agrees. All values are invented.
"""

from collections.abc import Iterator

from app.demo.history import manual_entries
from app.demo.history.manual_entries import DemoStaff, ReportedFigure
from app.demo.history.timeline import TimedAction
from app.plan.domain.observations import ObservationState

FIRST_ENTRY, FIRST_BACK = -84, 8  # entered on 8 April, before the first quarter is locked, for 31 March
SECOND_ENTRY, SECOND_BACK = -3, 0  # entered and agreed in the last days of June
DIRECTORY = "Contact directory of the secretariat, entries confirmed within 90 days (fictional)"
MEETING_RECORD = "Record of the general meeting with its attendance list (fictional)"
OFFLINE_LIST = "Reports of learning without a line, from contact points (fictional)"
PAIRED = {  # code: values of both quarters, source
    "OC3.1": (21, 28, DIRECTORY),
    "OC3.5": (31, 38.5, "Question to 13 contact points: five of 13 used a contact of another member (fictional)"),
    "OP2.5": (11, 14, OFFLINE_LIST),
    "OP5.1": (5, 5, MEETING_RECORD),
    "OP5.2": (10, 10, MEETING_RECORD),
}
SINGLE = {  # code: value of the second quarter, source
    "OC3.3": (58, "Trial exercise of four members, two markers (fictional)"),
    "OC4.1": (2, "Notes of two members on a practice that they took up (fictional)"),
    "OP6.1": (1, "Brief on routes and recruitment, with its reviewers (fictional)"),
    "OP6.2": (100, "List of sources of the course that cites the brief (fictional)"),
}


def actions(office: DemoStaff) -> Iterator[TimedAction]:
    """Return the entries of all interim figures, and the agreement of a second coordinator."""
    for figure in figures():
        yield from manual_entries.figure_actions(office, figure)


def figures() -> list[ReportedFigure]:
    """Return the interim figures of all members together, the oldest first."""
    first = [_figure(code, values[0], values[2], FIRST_ENTRY, FIRST_BACK) for code, values in PAIRED.items()]
    second = {code: (values[1], values[2]) for code, values in PAIRED.items()} | SINGLE
    return [
        *first,
        *(_figure(code, value, source, SECOND_ENTRY, SECOND_BACK) for code, (value, source) in second.items()),
    ]


def _figure(code: str, value: float, source: str, day: int, back: int) -> ReportedFigure:
    return ReportedFigure("", day, value, ObservationState.APPROVED, code=code, source=source, back=back)
