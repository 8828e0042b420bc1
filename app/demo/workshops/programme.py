"""The workshops and study visits of the demonstration's year, as a plan that services carry out; all of it is invented.

Days count from the day on which the demonstration begins: for 1 July 2027, day -114 is 9 March.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from app.demo.workshops import subjects
from app.demo.workshops.subjects import Subject, Texts
from app.workshops.domain.events import SessionKind, WorkshopKind


class Fate(StrEnum):
    """How far an event has come on the day on which the demonstration begins."""

    HELD = "held"
    RUNNING = "running"
    ANNOUNCED = "announced"
    DRAFT = "draft"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Hours:
    """A session: on which day of the event (0 is the first), what kind, local times, title."""

    day: int
    kind: SessionKind
    starts: time
    ends: time
    title: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """A workshop or study visit. `made`, `first`: days; `people`: how many book, those without a seat wait."""

    code: str
    kind: WorkshopKind = WorkshopKind.WORKSHOP
    subject: Subject
    host: str
    town: str
    venue: str
    activity: str
    made: int
    first: int
    sessions: Sequence[Hours]
    capacity: int = 20
    people: int = 0
    with_tour: bool = False  # the tour's practitioner is one of them
    with_investigators: bool = False  # the tour's investigators are among them
    withdraws: int = 0  # which of them gives the seat back, 0 for nobody
    trainers: tuple[str, ...] = ("Trainer 2",)
    assessors: tuple[str, ...] = ()
    fate: Fate
    reason: str = ""
    by: tuple[str, str] = ("Coordinator 1", "Coordinator 2")  # who writes it, who clears it
    unkept: tuple[int, ...] = ()  # sessions, from 0, without recorded attendance
    closed_because: str = ""  # why it was closed without what was missing
    reopened_because: str = ""  # why it was reopened, to be closed again
    left_open: bool = False  # held, and not closed: its staff asked the coordinators
    marks: tuple[int, ...] = ()  # in tenths, how sure the hand of those is who are assessed: drawn for each of them

    @property
    def last(self) -> int:
        """Return the day on which it ends."""
        return self.first + max(session.day for session in self.sessions)


NINE, NOON, HALF_PAST_ONE, HALF_PAST_FOUR = time(9), time(12), time(13, 30), time(16, 30)
THREE_DAYS = (
    Hours(0, SessionKind.LECTURE, NINE, NOON, subjects.OPENING),
    Hours(0, SessionKind.PRACTICE, HALF_PAST_ONE, HALF_PAST_FOUR, subjects.PAIRS),
    Hours(1, SessionKind.PRACTICE, NINE, NOON, subjects.GROUPS),
    Hours(1, SessionKind.ASSESSMENT, HALF_PAST_ONE, HALF_PAST_FOUR, subjects.ASSESSED),
    Hours(2, SessionKind.ASSESSMENT, NINE, NOON, subjects.ASSESSED),
)
VISIT = (
    Hours(0, SessionKind.VISIT, NINE, NOON, subjects.UNIT),
    Hours(1, SessionKind.VISIT, NINE, NOON, subjects.CENTRE),
    Hours(2, SessionKind.DISCUSSION, NINE, NOON, subjects.TALK),
)
TWO_DAYS = THREE_DAYS[:4]

# in the order of the days on which they were made
GATHERINGS = (
    Gathering(
        code="WS-2027-01", subject=subjects.FIRST_CONTACT,
        host="MK", town="Skopje", venue="Training house A (fictional)",
        activity="A07", made=-170, first=-114, sessions=THREE_DAYS, people=22, withdraws=5, trainers=("Trainer 2",),
        assessors=("Assessor 1", "Assessor 2"), fate=Fate.HELD, marks=(6, 8, 9, 10, 10, 10),
    ),
    Gathering(
        code="NW-2027-01", subject=subjects.LIMITS,
        host="IQ", town="Baghdad", venue="Training house H (fictional)",
        activity="A06", made=-149, first=-136, sessions=TWO_DAYS, capacity=8, people=8, with_tour=True,
        assessors=("Assessor 2",), fate=Fate.HELD, marks=(7, 8, 9, 10),
    ),
    Gathering(
        code="WS-2027-02", subject=subjects.ONLINE_TRACES,
        host="AT", town="Vienna", venue="Training house B (fictional)",
        activity="A06", made=-121, first=-65, sessions=THREE_DAYS, people=20, with_investigators=True,
        trainers=("Trainer 1",), assessors=("Assessor 2", "Assessor 3"), fate=Fate.HELD, marks=(7, 8, 9, 10, 10, 10),
        reopened_because="One participant came to the last session after all. The list has to be corrected.",
    ),
    Gathering(
        code="WS-2027-03", subject=subjects.FIRST_CONTACT,
        host="RS", town="Belgrade", venue="Training house C (fictional)",
        activity="A07", made=-93, first=-37, sessions=THREE_DAYS, people=21, with_tour=True,
        trainers=("Trainer 1", "Trainer 2"), assessors=("Assessor 2", "Assessor 3"),
        fate=Fate.HELD, marks=(8, 9, 10, 10, 10, 10),
    ),
    Gathering(
        code="WS-2027-04", subject=subjects.INTERPRETERS,
        host="BD", town="Dhaka", venue="Training house D (fictional)",
        activity="A07", made=-80, first=-10, sessions=TWO_DAYS, people=6, fate=Fate.CANCELLED,
        reason="The house has water damage. A new date follows.",
    ),
    Gathering(
        code="SV-2027-01", kind=WorkshopKind.STUDY_VISIT, subject=subjects.REFERRAL, host="NL", town="Amsterdam",
        venue="Referral centre A (fictional)", activity="A10", made=-72, first=-23, sessions=VISIT, capacity=8,
        people=9, trainers=("Trainer 1",), fate=Fate.HELD, unkept=(2,),
        closed_because="The list of the last session stayed in the referral centre and was lost.",
    ),
    Gathering(
        code="SV-2027-02", kind=WorkshopKind.STUDY_VISIT, subject=subjects.REFERRAL, host="AT", town="Vienna",
        venue="Referral centre B (fictional)", activity="A10", made=-70, first=-24, sessions=VISIT, capacity=6,
        people=5, trainers=("Trainer 2",), fate=Fate.HELD, unkept=(1, 2), left_open=True,
    ),
    Gathering(
        code="WS-2027-05", subject=subjects.FIRST_CONTACT,
        host="BG", town="Sofia", venue="Training house E (fictional)",
        activity="A07", made=-57, first=-1, sessions=THREE_DAYS, capacity=16, people=15, with_tour=True,
        trainers=("Trainer 1",), assessors=("Assessor 1", "Assessor 3"), fate=Fate.RUNNING,
    ),
    Gathering(
        code="WS-2027-06", subject=subjects.FIRST_CONTACT,
        host="PK", town="Islamabad", venue="Training house F (fictional)",
        activity="A07", made=-30, first=75, sessions=THREE_DAYS, people=27, trainers=("Trainer 1",),
        assessors=("Assessor 1", "Assessor 2"), fate=Fate.ANNOUNCED,
    ),
    Gathering(
        code="WS-2027-07", subject=subjects.ONLINE_TRACES,
        host="DE", town="Berlin", venue="Training house G (fictional)",
        activity="A06", made=-20, first=103, sessions=THREE_DAYS, people=11, with_investigators=True,
        assessors=("Assessor 3",), fate=Fate.ANNOUNCED,
    ),
    Gathering(
        code="WS-2027-08", subject=subjects.INTERPRETERS,
        host="BD", town="Dhaka", venue="Training house D (fictional)",
        activity="A07", made=-3, first=131, sessions=TWO_DAYS, by=("Coordinator 2", "Coordinator 1"), fate=Fate.DRAFT,
    ),
)  # fmt: skip
