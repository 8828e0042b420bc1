"""Rules of completions elsewhere that a contact point records (coordination, 5.5): proof, days, note."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.kernel.errors import DomainError
from app.learning.domain.requirements import NOTE_LONGEST

FIRST_DAY = date(2000, 1, 1)


class CompletionProof(StrEnum):
    """What proves a completion elsewhere."""

    CERTIFICATE = "certificate"
    ATTENDANCE_LIST = "attendance_list"
    SERVICE_RECORD = "service_record"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecordedCompletion:
    """The input of a record: officer, course, day of completion, proof, and a note without health data."""

    person_id: UUID
    course_id: UUID
    completed_on: date
    proof: CompletionProof
    note: str = ""


def check(new: NewRecordedCompletion, today: date) -> None:
    """Raise DomainError for a day in the future or before 2000, or a note that is too long."""
    if new.completed_on > today:
        raise DomainError("The day of a completion cannot be in the future.")
    if new.completed_on < FIRST_DAY:
        raise DomainError("Enter a day from the year 2000 on.")
    if len(new.note) > NOTE_LONGEST:
        raise DomainError("Write at most 200 characters.")
