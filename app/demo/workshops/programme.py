"""Data of the demonstration's workshops and study visits, which `preparation` and `delivery` carry out.

Days count from the first day of the demonstration: for 1 July 2027, day -114 is 9 March.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from app.demo.workshops import subjects
from app.demo.workshops.subjects import Subject, Texts
from app.workshops.domain.events import SessionKind, WorkshopKind


class Fate(StrEnum):
    """The state of an event on the first day of the demonstration."""

    HELD = "held"
    RUNNING = "running"
    ANNOUNCED = "announced"
    DRAFT = "draft"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Hours:
    """A session: its day in the event (0 is the first), kind, local times and title."""

    day: int
    kind: SessionKind
    starts: time
    ends: time
    title: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """A workshop or study visit. `people` is how many officers book; those without a seat wait."""

    code: str
    kind: WorkshopKind = WorkshopKind.WORKSHOP
    subject: Subject
    host: str
    town: str
    venue: str
    activity: str
    created: int  # day
    first: int  # day
    sessions: Sequence[Hours]
    capacity: int = 20
    people: int = 0
    countries: tuple[str, ...] = ()  # whose officers book; () for all countries
    again: bool = False  # officers of earlier events on the subject book first, not last
    with_tour: bool = False  # the practitioner of the tour books
    with_investigators: bool = False  # the investigators of the tour book
    withdraws: int = 0  # number of the participant who withdraws, 0 for none
    trainers: tuple[str, ...] = ("Trainer 2",)
    assessors: tuple[str, ...] = ()
    fate: Fate
    reason: str = ""
    by: tuple[str, str] = ("Coordinator 1", "Coordinator 2")  # the coordinators who create and clear it
    unrecorded: tuple[int, ...] = ()  # sessions, from 0, without attendance
    closed_because: str = ""  # reason for closing it with missing data
    reopened_because: str = ""  # reason for reopening it before it is closed again
    left_open: bool = False  # held and not closed: the staff asked the coordinators
    scored_by_two: bool = False  # each seat by two assessors, as a specialist needs; else each third one
    skills: tuple[int, ...] = ()  # in tenths of all points, drawn for each participant

    @property
    def last(self) -> int:
        """Return the last day."""
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

# by the day of creation
GATHERINGS = (
    Gathering(
        code="WS-2027-01", subject=subjects.FIRST_CONTACT,
        host="MK", town="Skopje", venue="Training house A (fictional)",
        activity="A07", created=-170, first=-114, sessions=THREE_DAYS, people=22, withdraws=5, trainers=("Trainer 2",),
        assessors=("Assessor 1", "Assessor 2"), fate=Fate.HELD, skills=(6, 8, 9, 10, 10, 10),
    ),
    Gathering(
        code="NW-2027-01", subject=subjects.LIMITS,
        host="IQ", town="Baghdad", venue="Training house H (fictional)",
        activity="A06", created=-149, first=-136, sessions=TWO_DAYS, capacity=8, people=8, with_tour=True,
        assessors=("Assessor 2",), fate=Fate.HELD, skills=(7, 8, 9, 10),
    ),
    Gathering(
        code="WS-2027-02", subject=subjects.ONLINE_TRACES,
        host="AT", town="Vienna", venue="Training house B (fictional)",
        activity="A06", created=-121, first=-65, sessions=THREE_DAYS, people=20, with_investigators=True,
        trainers=("Trainer 1",), assessors=("Assessor 2", "Assessor 3"), fate=Fate.HELD, skills=(7, 8, 9, 10, 10, 10),
        reopened_because="One participant came to the last session after all. The list has to be corrected.",
    ),
    Gathering(
        code="WS-2027-03", subject=subjects.FIRST_CONTACT,
        host="RS", town="Belgrade", venue="Training house C (fictional)",
        activity="A07", created=-93, first=-37, sessions=THREE_DAYS, people=21, with_tour=True,
        trainers=("Trainer 1", "Trainer 2"), assessors=("Assessor 2", "Assessor 3"),
        fate=Fate.HELD, skills=(8, 9, 10, 10, 10, 10),
    ),
    Gathering(
        code="WS-2027-04", subject=subjects.INTERPRETERS,
        host="BD", town="Dhaka", venue="Training house D (fictional)",
        activity="A07", created=-80, first=-10, sessions=TWO_DAYS, people=6, fate=Fate.CANCELLED,
        reason="The house has water damage. A new date follows.",
    ),
    Gathering(
        code="SV-2027-01", kind=WorkshopKind.STUDY_VISIT, subject=subjects.REFERRAL, host="NL", town="Amsterdam",
        with_tour=True, venue="Referral centre A (fictional)", activity="A10", created=-72, first=-23, sessions=VISIT,
        capacity=8, people=9, trainers=("Trainer 1",), fate=Fate.HELD, unrecorded=(2,),
        closed_because="The list of the last session stayed in the referral centre and was lost.",
    ),
    Gathering(
        code="SV-2027-02", kind=WorkshopKind.STUDY_VISIT, subject=subjects.REFERRAL, host="AT", town="Vienna",
        venue="Referral centre B (fictional)", activity="A10", created=-70, first=-24, sessions=VISIT, capacity=6,
        people=5, trainers=("Trainer 2",), fate=Fate.HELD, unrecorded=(1, 2), left_open=True,
    ),
    Gathering(
        code="WS-2027-05", subject=subjects.FIRST_CONTACT,
        host="BG", town="Sofia", venue="Training house E (fictional)",
        activity="A07", created=-57, first=-1, sessions=THREE_DAYS, capacity=16, people=15, with_tour=True,
        trainers=("Trainer 1",), assessors=("Assessor 1", "Assessor 3"), fate=Fate.RUNNING,
    ),
    Gathering(
        code="WS-2027-06", subject=subjects.FIRST_CONTACT,
        host="PK", town="Islamabad", venue="Training house F (fictional)",
        activity="A07", created=-30, first=75, sessions=THREE_DAYS, people=27, trainers=("Trainer 1",),
        assessors=("Assessor 1", "Assessor 2"), fate=Fate.ANNOUNCED,
    ),
    Gathering(
        code="WS-2027-07", subject=subjects.ONLINE_TRACES,
        host="DE", town="Berlin", venue="Training house G (fictional)",
        activity="A06", created=-20, first=103, sessions=THREE_DAYS, people=11, with_investigators=True,
        assessors=("Assessor 3",), fate=Fate.ANNOUNCED,
    ),
    Gathering(
        code="WS-2027-08", subject=subjects.INTERPRETERS,
        host="BD", town="Dhaka", venue="Training house D (fictional)",
        activity="A07", created=-3, first=104, sessions=TWO_DAYS, fate=Fate.DRAFT,
        by=("Coordinator 2", "Coordinator 1"),
    ),
)  # fmt: skip
