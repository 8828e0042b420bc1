"""Rules of operations: late jobs, low disk space, clocks that differ; the member countries and their time zones."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GRACE = timedelta(minutes=5)
LEAST_FREE = 1024**3
MOST_APART = timedelta(seconds=2)
FIRST_CODE_LIFE, FIRST_CODE_DIGITS = timedelta(hours=24), 12
# the members that the plan names, and their time zones
MEMBERS = {
    "AT": "Europe/Vienna",
    "AZ": "Asia/Baku",
    "BD": "Asia/Dhaka",
    "BA": "Europe/Sarajevo",
    "BG": "Europe/Sofia",
    "FR": "Europe/Paris",
    "DE": "Europe/Berlin",
    "HU": "Europe/Budapest",
    "IQ": "Asia/Baghdad",
    "NL": "Europe/Amsterdam",
    "MK": "Europe/Skopje",
    "PK": "Asia/Karachi",
    "RS": "Europe/Belgrade",
}
# kinds of events about learning, answers and results of an officer: results and times belong to the officer,
# not to the readers of the audit log, which does not show them;
# extra time in tests is for the officer and the contact point alone
OFFICERS_OWN = frozenset(
    {
        "CourseBegun", "LessonDone", "LessonLookedThrough", "LessonSkipped", "VersionTaken", "CourseCompleted",
        "CompletionEnded",
        "SuggestionChanged", "MistakeReported", "QuestionAsked",
        "AttemptStarted", "AttemptEnded", "AttemptRegraded",
        "PeerMarkingRequested", "PeerMarkingWithdrawn", "PeerAnswerDrawn", "PeerAnswerMarked", "PeerCommentReported",
        "CaseStarted", "CaseChoiceMade", "CaseFinished",
        "EvidenceRecorded", "EvidenceVoided", "StandingChanged", "RubricScored",
        "ExtraTimeChanged", "ExtraTimeSeen",
    }
)  # fmt: skip


class AuditKeyReason(StrEnum):
    """Why the signing key of the audit log is replaced."""

    LOST = "lost"  # no copy of audit.key is left
    DAMAGED = "damaged"  # the file and its copies cannot be read any more
    DISCLOSED = "disclosed"  # others may know the key


class JobState(StrEnum):
    NEVER = "never"
    GOOD = "good"
    FAILED = "failed"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Planned:
    """A job and how often it should run."""

    name: str
    every: timedelta


@dataclass(frozen=True, slots=True)
class Run:
    """The runs of a job; times are of the machine clock, `error` is "" after a successful run."""

    name: str
    last_started_at: datetime
    last_good_at: datetime | None
    error: str
    runs: int
    took_ms: int


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job, its state and its runs (None: it never ran)."""

    planned: Planned
    state: JobState
    run: Run | None

    @property
    def next_at(self) -> datetime | None:
        """When the job should run again."""
        return self.run.last_started_at + self.planned.every if self.run else None


def line(planned: Planned, run: Run | None, real_now: datetime) -> JobLine:
    """Return a job with its state: late if three periods and `GRACE` have passed without a successful run."""
    return JobLine(planned, _state(planned, run, real_now), run)


def _state(planned: Planned, run: Run | None, real_now: datetime) -> JobState:
    if run is None:
        return JobState.NEVER
    if real_now - (run.last_good_at or run.last_started_at) > 3 * planned.every + GRACE:
        return JobState.LATE
    return JobState.FAILED if run.error else JobState.GOOD


def short_of_space(free: int, total: int) -> bool:
    """Return whether less than 1 GiB or a twentieth of a disk is free."""
    return free < min(LEAST_FREE, total) or free * 20 < total


def clocks_differ(first: datetime, second: datetime) -> bool:
    """Return whether two clocks differ by more than the time of a query."""
    return abs(first - second) > MOST_APART
