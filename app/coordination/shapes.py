"""Values that queries return: actions with their owner, dates, notes; requirements and exemptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.access.policy import Role
from app.coordination.domain.actions import ActionOrigin, ActionState, Office, SubjectKind
from app.coordination.domain.late import LateCounts, LateKind, LateOffice, LateRule
from app.coordination.domain.reminders import (
    AnswerKind,
    AnswerReason,
    ReminderOffice,
    ReminderRecipient,
    ReminderState,
    ReminderSubject,
)
from app.learning.shapes import CourseState, ExemptionLine, RequirementEffect, RequirementLine
from app.plan.domain.falls import Fall

OFFICE_ROLES = {
    Office.CONTACT_POINT: Role.CONTACT_POINT,
    Office.SECRETARIAT: Role.COORDINATOR,
    Office.TRAINERS: Role.TRAINER,
}
NOTHING = LateCounts()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanActionLine:
    """An action as a row of a list; `moves` is the number of earlier due dates."""

    id: UUID
    text: str
    subject_kind: SubjectKind
    subject: str
    about_country: str
    office: Office
    country: str
    first_due_on: date
    due_on: date
    state: ActionState
    origin: ActionOrigin
    meeting_on: date | None
    result: str
    created_by: UUID
    created_at: datetime
    ended_at: datetime | None
    moves: int

    @property
    def office_role(self) -> Role:
        """Return the role that the office has."""
        return OFFICE_ROLES[self.office]

    @property
    def office_country(self) -> str:
        """Return the country of the office, empty for an office of all countries."""
        return self.country


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredNote:
    """A note on an action."""

    text: str
    written_by: UUID
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDetails:
    """An action with its notes and earlier due dates, the oldest first."""

    line: PlanActionLine
    notes: Sequence[StoredNote]
    earlier_dates: Sequence[date]

    @property
    def office_role(self) -> Role:
        """Return the role that the office has."""
        return self.line.office_role

    @property
    def office_country(self) -> str:
        """Return the country of the office, empty for an office of all countries."""
        return self.line.country

    @property
    def about_country(self) -> str:
        """Return the country concerned, or ""."""
        return self.line.about_country


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementDetails:
    """A requirement, what it would do (None: it is no draft), and the one whose date it changes, if any."""

    line: RequirementLine
    effect: RequirementEffect | None
    earlier: RequirementLine | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptOfficer:
    """An officer for whom an exemption is set, with the supervisors of the officer."""

    person_id: UUID
    alias: str
    country: str
    supervisors: frozenset[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleExemption:
    """An exemption with the supervisors of its officer."""

    line: ExemptionLine
    supervisors: frozenset[UUID]

    @property
    def country(self) -> str:
        """Return the country in which the exemption applies."""
        return self.line.country


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderLine:
    """A reminder with the late rows that it is about; `recipient_id` None: the contact points of `country`."""

    id: UUID
    office: ReminderOffice
    country: str
    recipient_id: UUID | None
    sender_id: UUID
    sent_at: datetime
    wanted_by: date
    message: str
    state: ReminderState
    opened_at: datetime | None
    answer: AnswerKind | None
    answer_on: date | None
    answer_reason: AnswerReason | None
    answer_text: str
    answered_at: datetime | None
    ended_at: datetime | None
    subjects: Sequence[ReminderSubject] = ()

    @property
    def recipient(self) -> ReminderRecipient:
        """Return to whom the reminder goes."""
        return ReminderRecipient(office=self.office, country=self.country, person_id=self.recipient_id)

    @property
    def person_id(self) -> UUID | None:
        """Return the only recipient, None for an office."""
        return self.recipient_id

    @property
    def office_role(self) -> Role | None:
        """Return the role of the office that answers, None for one person."""
        return Role.CONTACT_POINT if self.office is ReminderOffice.CONTACT_POINT else None

    @property
    def office_country(self) -> str:
        """Return the country of the office."""
        return self.country


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedDate:
    """A date that a reminder asks of a person, or on which the sender waits for an answer that has come."""

    reminder_id: UUID
    person_id: UUID
    wanted_by: date
    country: str
    office: ReminderOffice | None  # None: the person sent it, and it is answered


@dataclass(frozen=True, slots=True, kw_only=True)
class LateLine:
    """A row of the list of late work of a coordinator: counts and offices, no officer.

    `countries` are those whose contact points can be reminded of it; `acts` who acts, with how many officers, actions
    or countries are concerned (0: not counted). `title` is the text of an action, `count` the number of a row of the
    other kinds. Without `is_exact` the numbers of officers are shown in bands: the country has not agreed.
    """

    kind: LateKind
    cell: str
    country: str
    rule: LateRule
    acts: Sequence[tuple[LateOffice, int]]
    counts: LateCounts = NOTHING
    countries: Sequence[str] = ()
    count: int = 0
    bounced: int = 0
    since: date | None = None
    title: str = ""
    is_exact: bool = True
    fall: Fall | None = None

    @property
    def key(self) -> str:
        """Return what names the row in an address."""
        return f"{self.kind}:{self.cell}:{self.country}"

    @property
    def subject(self) -> ReminderSubject:
        """Return what a reminder stores of the row."""
        return ReminderSubject(self.kind, self.cell, self.rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateOfficer:
    """An officer in a course that is late, for the own contact point and the own supervisors."""

    person_id: UUID
    alias: str
    course_id: UUID
    rule: LateRule
    state: CourseState
    supervisors: Sequence[UUID] = ()

    @property
    def key(self) -> str:
        """Return what names the row in an address."""
        return f"{self.person_id}:{self.course_id}"

    @property
    def subject(self) -> ReminderSubject:
        """Return what a reminder stores of the row."""
        return ReminderSubject(LateKind.COURSE, str(self.course_id), self.rule)
