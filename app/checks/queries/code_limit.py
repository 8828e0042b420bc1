"""The rate limit of wrong codes of sittings: they are counted by their entries in the audit log."""

from datetime import datetime
from uuid import UUID

from app.audit import queries as audit
from app.checks.events import SittingCodeRefused
from app.kernel.events import stored_name
from app.sign_in.domain import ACCOUNT_LIMITS, LONGEST_WINDOW, remaining_wait


def seconds_to_wait(person_id: UUID, now: datetime) -> int:
    """Return the seconds before a person may enter another code: after 5 wrong ones a minute, 10 in 5 minutes."""
    failures = audit.times_of(stored_name(SittingCodeRefused), person_id, since=now - LONGEST_WINDOW)
    left = remaining_wait(failures, ACCOUNT_LIMITS, now)
    return int(left.total_seconds()) + 1 if left else 0
