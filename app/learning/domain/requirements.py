"""Rules of requirements and exemptions: states, days, reasons and the second person (coordination, 1.4 and 1.5)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.kernel.errors import DomainError, IllegalMoveError

REASON_LONGEST = 300
NOTE_LONGEST = 200
ONE_PERSON_DAYS = 90  # a longer exemption needs a second person
LONGEST_DAYS = 366  # at most 12 months


class RequirementState(StrEnum):
    DRAFT = "draft"
    AGREED = "agreed"
    DROPPED = "dropped"  # never agreed


class RequirementStep(StrEnum):
    AGREE = "agree"
    DROP = "drop"


class ExemptionKind(StrEnum):
    """An officer is exempt through a day, or has a later date."""

    EXEMPT = "exempt"
    LATER = "later"


class ExemptionReason(StrEnum):
    TRAINED_ELSEWHERE = "trained_elsewhere"
    NOT_IN_THIS_DUTY = "not_in_this_duty"
    LONG_ABSENCE = "long_absence"
    LANGUAGE = "language"
    OTHER = "other"


class ExemptionState(StrEnum):
    PROPOSED = "proposed"  # waits for a second person
    AGREED = "agreed"
    DROPPED = "dropped"
    ENDED = "ended"


REQUIREMENT_MOVES = {
    (RequirementState.DRAFT, RequirementStep.AGREE): RequirementState.AGREED,
    (RequirementState.DRAFT, RequirementStep.DROP): RequirementState.DROPPED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequirement:
    """The input of a requirement: a fixed date, or days after joining; `role` "" and `countries` () are all."""

    role: str = ""
    countries: tuple[str, ...] = ()
    due_on: date | None = None
    due_days: int | None = None
    renew_months: int | None = None
    starts: date
    ends: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewExemption:
    """The input of an exemption: exempt through a day, or a later date, for a reason from the list."""

    kind: ExemptionKind
    until: date
    reason: ExemptionReason
    note: str = ""


def after_step(state: RequirementState, step: RequirementStep) -> RequirementState:
    """Return the next state of the requirement; raise IllegalMoveError for a step that is not in the table."""
    try:
        return REQUIREMENT_MOVES[state, step]
    except KeyError:
        raise IllegalMoveError("This requirement is agreed or dropped already.") from None


def check_requirement(new: NewRequirement, *, has_test: bool, today: date) -> None:
    """Raise DomainError for a requirement without exactly one date, with a past day, or with a renewal without test."""
    if (new.due_on is None) == (new.due_days is None):
        raise DomainError("Enter a date, or a number of days after joining.")
    if new.starts < today or (new.due_on is not None and new.due_on < new.starts):
        raise DomainError("Choose today or a later day: past days do not change.")
    if new.ends is not None and new.ends < new.starts:
        raise DomainError("The last day is before the first day.")
    _check_days(new.due_days)
    _check_renewal(new.renew_months, has_test=has_test)


def _check_days(days: int | None) -> None:
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise DomainError("Enter 1 to 366 days.")


def _check_renewal(months: int | None, *, has_test: bool) -> None:
    if months is None:
        return
    if not has_test:
        raise DomainError("This course has no test, so it cannot be renewed.")
    if not 1 <= months <= 120:
        raise DomainError("Enter 1 to 120 months.")


def check_exemption(new: NewExemption, today: date) -> None:
    """Raise DomainError for a past day, a day more than 12 months away, or a note that is too long."""
    if new.until < today:
        raise DomainError("Choose today or a later day: past days do not change.")
    if (new.until - today).days > LONGEST_DAYS:
        raise DomainError("Choose a day within 12 months.")
    if len(new.note) > NOTE_LONGEST:
        raise DomainError("Write at most 200 characters.")


def needs_second(until: date, today: date) -> bool:
    """Return whether an exemption through this day needs a second person."""
    return (until - today).days > ONE_PERSON_DAYS
