"""The five statuses of an officer in a competency, derived from the last valid day, never stored."""

from datetime import date
from enum import StrEnum

DUE_DAYS = 28


class VerificationStatus(StrEnum):
    NOT_STARTED = "not_started"
    IN_TRAINING = "in_training"
    VERIFIED = "verified"
    DUE = "due"  # still counts as verified
    LAPSED = "lapsed"


def status(has_state: bool, until: date | None, today: date, due_days: int = DUE_DAYS) -> VerificationStatus:
    """Return the status; `until` is the last day that counts, None for never verified."""
    if until is None:
        return VerificationStatus.IN_TRAINING if has_state else VerificationStatus.NOT_STARTED
    left = (until - today).days
    if left < 0:
        return VerificationStatus.LAPSED
    return VerificationStatus.DUE if left < due_days else VerificationStatus.VERIFIED
