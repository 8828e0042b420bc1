"""Values that queries return: actions with their owner, dates, notes; requirements and exemptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.access.policy import Role
from app.coordination.domain.actions import ActionOrigin, ActionState, Office, SubjectKind
from app.learning.shapes import ExemptionLine, RequirementEffect, RequirementLine

OFFICE_ROLES = {
    Office.CONTACT_POINT: Role.CONTACT_POINT,
    Office.SECRETARIAT: Role.COORDINATOR,
    Office.TRAINERS: Role.TRAINER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLine:
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
class NoteLine:
    """A note on an action."""

    text: str
    written_by: UUID
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDetails:
    """An action with its notes and earlier due dates, the oldest first."""

    line: ActionLine
    notes: Sequence[NoteLine]
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
