"""Input of the rules in `rules.py`: the records of one subject, as `queries/sources.py` loads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.catalogue.domain.items import Level
from app.plan.domain.spans import PostingInterval


class RecordSource(StrEnum):
    """The records that a rule reads; a change of them recalculates its figures."""

    ENROLMENTS = "enrolments"  # of a person
    ACTIVITY = "activity"  # of a person
    STANDING = "standing"  # what a person holds
    COURSE = "course"
    EVENT = "event"
    ATTENDANCE = "attendance"  # of an event
    OBSERVATION = "observation"  # a figure entered by hand
    RESULTS = "results"  # of a person: tests, pre-tests and delayed questions
    CASES = "cases"  # of a person
    ASSESSMENTS = "assessments"  # of an event
    CONTENT = "content"  # of a course
    INCIDENTS = "incidents"  # of the whole academy
    ACTIONS = "actions"  # an action agreed at a meeting
    EVALUATIONS = "evaluations"  # of an event
    FOLLOW_UPS = "follow_ups"  # of an event
    COMMITMENTS = "commitments"  # of an event
    SEATS = "seats"  # of an event


PEOPLE = frozenset({
    RecordSource.ENROLMENTS, RecordSource.ACTIVITY, RecordSource.STANDING, RecordSource.RESULTS, RecordSource.CASES,
})  # fmt: skip
OF_EVENTS = frozenset({
    RecordSource.EVENT, RecordSource.ATTENDANCE, RecordSource.EVALUATIONS, RecordSource.FOLLOW_UPS,
    RecordSource.COMMITMENTS, RecordSource.SEATS,
})  # fmt: skip
# of events, with officers in the posting of a day
POSTED = frozenset({
    RecordSource.ATTENDANCE, RecordSource.ASSESSMENTS, RecordSource.FOLLOW_UPS, RecordSource.COMMITMENTS,
    RecordSource.SEATS,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A course begun; `module`: it teaches competencies, unlike a guide."""

    id: UUID
    module: bool
    begun: date
    completed: date | None


@dataclass(frozen=True, slots=True)
class Learner:
    """An officer and the courses begun."""

    person_id: UUID
    postings: tuple[PostingInterval, ...]
    enrolments: tuple[Enrolled, ...]


@dataclass(frozen=True, slots=True)
class Active:
    """An officer and the days on which something was learned, in any order."""

    person_id: UUID
    postings: tuple[PostingInterval, ...]
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class CompetencyPeriod:
    """A period in which a competency is valid at a level or above it; both days inclusive."""

    competency: str
    level: Level
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class WatchedDay:
    """A day on which a competency was watched; `own_chain`: by the officer's own chain alone."""

    competency: str
    level: Level
    day: date
    own_chain: bool


@dataclass(frozen=True, slots=True)
class OfficerRecord:
    """An officer with competency periods; `required` is the level by role, then competency.

    `watched` are the watched pieces of evidence, the oldest first; empty if the own chain alone watched none.
    """

    person_id: UUID
    postings: tuple[PostingInterval, ...]
    periods: tuple[CompetencyPeriod, ...]
    required: Mapping[str, Mapping[str, Level]]
    watched: tuple[WatchedDay, ...] = ()


@dataclass(frozen=True, slots=True)
class CourseEdition:
    """A published version of a course; `replaced` is the day of the next one, `checked` the day of its facts.

    `languages` are those that a practitioner has read.
    """

    number: int
    published: date
    replaced: date | None
    checked: date | None
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Module:
    """A course that teaches competencies, with its published versions in order."""

    course_id: UUID
    editions: tuple[CourseEdition, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """A workshop or study visit."""

    kind: str
    country: str
    closed: date | None


@dataclass(frozen=True, slots=True)
class SessionAttendance:
    """An officer with a seat at a session; `came` None: not recorded. `served` is the posting of that day."""

    session_id: UUID
    day: date
    person_id: UUID
    came: bool | None
    served: PostingInterval | None


@dataclass(frozen=True, slots=True)
class Sessions:
    """The attendance of an event."""

    attended: tuple[SessionAttendance, ...]


@dataclass(frozen=True, slots=True)
class ApprovedFigure:
    """An approved figure; `followed` is the day of the next approved one of the same indicator and country."""

    observation_id: UUID
    code: str
    country: str
    day: date
    value: float
    followed: date | None


@dataclass(frozen=True, slots=True)
class ActionPoint:
    """An action agreed at a meeting, with its first due date; `country` "": an office of no country acts."""

    id: UUID
    country: str
    agreed: date
    first_due: date
    done: date | None
