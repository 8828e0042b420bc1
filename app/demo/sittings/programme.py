"""Data of the demonstration's watched sittings, which `room` and `marks` carry out.

Days count from the first day of the demonstration; a time without a day is that of the running sitting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from app.demo.cast import roster

FIRST_CONTACT_POINT = "Contact point 1"
INVIGILATORS = ("Invigilator 1", "Invigilator 2", "Invigilator 3", "Invigilator 4")
OUTLIER = "Invigilator 2"  # whose officers pass more often than chance allows
RUNS_FOR = timedelta(minutes=35)  # the running sitting, at the beginning of the tour


class SeatStage(StrEnum):
    """How far an officer is in the running sitting."""

    EXPECTED = "expected"
    ARRIVED = "arrived"
    CONFIRMED = "confirmed"
    WORKING = "working"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedSitting:
    """A sitting with desk tasks by their ids, and questions of the reserve on competencies at foundation level.

    Officers are counted from 0.
    """

    key: str
    country: str = roster.FIRST
    location: str
    day: int
    hour: time = time(7)
    tasks: Sequence[str] = ()
    questions: Sequence[str] = ()
    invigilators: Sequence[str]  # aliases; the first one plans and opens it
    seats: int = 1
    is_group: bool = True
    late: int | None = None  # officer who comes late
    moved: int | None = None  # officer whose telephone stops working
    absent: int | None = None  # officer who does not come
    interruption: str = ""  # its reason
    note: str = "No incidents."

    @property
    def parts(self) -> int:
        """Return how many pieces of work each officer does."""
        return len(self.tasks) + len(self.questions)

    def starts(self, now: datetime) -> datetime:
        """Return the time at which it is planned."""
        return datetime.combine(now.date() + timedelta(days=self.day), self.hour, UTC)


@dataclass(frozen=True, slots=True)
class MarksGiven:
    """The scores that an assessor gives, in tenths of all points, and how many days after the sitting."""

    assessor: str
    tenths: int
    days: int
    asks_second: bool = False


SETTLED, DIFFERENT, OVERDUE = (0, 2), (6, 2), (7, 1)  # officer and position of three products of the group of eight
GROUP_OF_EIGHT = WatchedSitting(
    key="group",
    location="Training room 2, Baghdad (fictional)",
    day=-17,
    tasks=("M90-T06", "M90-T17"),
    invigilators=(FIRST_CONTACT_POINT, "Invigilator 1"),
    seats=8,
    late=5,
    moved=3,
    interruption="The power failed for nine minutes.",
    note="One officer came late. One telephone stopped working, and the officer continued on a computer.",
)
GROUP_MARKS: Mapping[tuple[int, int], Sequence[MarksGiven]] = {
    (0, 1): (MarksGiven("Assessor 2", 9, 4),),
    SETTLED: (
        MarksGiven("Assessor 2", 9, 4, asks_second=True),
        MarksGiven("Assessor 3", 5, 6),
        MarksGiven("Assessor 1", 8, 8),
    ),
    (1, 1): (MarksGiven("Assessor 3", 7, 5),),
    (1, 2): (MarksGiven("Assessor 2", 10, 5),),
    (2, 1): (MarksGiven("Assessor 2", 5, 5),),
    (2, 2): (MarksGiven("Assessor 3", 8, 6),),
    (3, 1): (MarksGiven("Assessor 3", 8, 6),),
    (3, 2): (MarksGiven("Assessor 2", 7, 6),),
    (4, 1): (MarksGiven("Assessor 2", 4, 7),),
    (4, 2): (MarksGiven("Assessor 1", 6, 7),),
    (5, 1): (MarksGiven("Assessor 3", 9, 7),),
    (5, 2): (MarksGiven("Assessor 3", 9, 8),),
    (6, 1): (MarksGiven("Assessor 2", 10, 8, asks_second=True), MarksGiven("Assessor 3", 9, 9)),
    DIFFERENT: (MarksGiven("Assessor 2", 8, 8, asks_second=True), MarksGiven("Assessor 3", 4, 9)),
    (7, 2): (MarksGiven("Assessor 2", 7, 9),),
}  # without OVERDUE
GROUP_OF_SIX = WatchedSitting(
    key="six",
    location="Border post, training room (fictional)",
    day=-4,
    tasks=("M90-T19", "M91-T14"),
    invigilators=("Invigilator 1", FIRST_CONTACT_POINT),
    seats=6,
    absent=5,
)
SIX_MARKS: Mapping[tuple[int, int], Sequence[MarksGiven]] = {
    (0, 1): (MarksGiven("Assessor 2", 8, 2),),
    (0, 2): (MarksGiven("Assessor 3", 6, 3),),
    (1, 1): (MarksGiven("Assessor 3", 9, 3),),
}  # the others wait
FIRST_RESPONDERS = WatchedSitting(
    key="first-responders",
    location="Border post, training room (fictional)",
    day=-6,
    questions=("LRE-01", "LRE-02"),
    invigilators=("Invigilator 1", FIRST_CONTACT_POINT),
    seats=3,
)


def questions_answered(officer: int, position: int) -> int:
    """Return the tenths that a first responder knows: the first passes both parts, the second one, the third none."""
    return 5 if officer >= position else 10


RUNNING = WatchedSitting(
    key="running",
    location="Training room 1, Baghdad (fictional)",
    day=0,
    tasks=("M90-T15", "M90-T16"),
    invigilators=(FIRST_CONTACT_POINT, "Invigilator 1"),
    seats=6,
    moved=3,
)
# the first officer is the practitioner of the tour
STAGES = (
    SeatStage.EXPECTED,
    SeatStage.ARRIVED,
    SeatStage.CONFIRMED,
    SeatStage.WORKING,
    SeatStage.WORKING,
    SeatStage.FINISHED,
)
PLANNED = (
    WatchedSitting(
        key="planned-1", location="Training room 2, Baghdad (fictional)", day=6,
        tasks=("M90-T06", "M90-T12", "M90-T13"),
        invigilators=(FIRST_CONTACT_POINT,), seats=7,
    ),
    WatchedSitting(
        key="planned-2", location="Police academy, room 4 (fictional)", day=15, tasks=("M91-T04", "M90-T10"),
        invigilators=("Invigilator 1", FIRST_CONTACT_POINT), seats=4,
    ),
    WatchedSitting(
        key="planned-3", country="BG", location="Training house, Sofia (fictional)", day=9,
        tasks=("M90-T04", "M90-T17"),
        invigilators=("Contact point 3",), seats=5,
    ),
)  # fmt: skip
CANCELLED = WatchedSitting(
    key="cancelled", location="Training room 2, Baghdad (fictional)", day=2, tasks=("M90-T18",),
    invigilators=(FIRST_CONTACT_POINT,), seats=3, note="The room is needed for another course. A new date follows.",
)  # fmt: skip
