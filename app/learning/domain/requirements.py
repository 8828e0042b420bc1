"""Rules of requirements and exemptions: states, days, reasons and the second person (coordination, 1.4 and 1.5)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.access.policy import Role
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
