"""Events about courses, lessons and suggestions for the audit log, `competence` and the counts of `plan`.

The audit log stores the names and fields of these classes: a renamed class needs `audit_name`.
"""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseBegun(Event):
    person_id: UUID
    course_id: UUID
    version_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonDone(Event):
    person_id: UUID
    course_id: UUID
    lesson: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonLookedThrough(Event):
    """A lesson was ended after less than a fifth of its stated minutes."""

    person_id: UUID
    course_id: UUID
    lesson: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonSkipped(Event):
    person_id: UUID
    course_id: UUID
    lesson: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionTaken(Event):
    person_id: UUID
    course_id: UUID
    version_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningSeen(Event):
    """A user who is allowed to do so viewed an officer's courses and workshops."""

    person_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseSuggested(Event):
    """A course was suggested to an officer; the reason is shown to the officer only."""

    person_id: UUID
    suggestion_id: UUID
    course_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionChanged(Event):
    """A suggestion was begun, done, set aside or withdrawn."""

    person_id: UUID
    suggestion_id: UUID
    course_id: UUID
    country: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionReplaced(Event):
    """An urgent version replaced the earlier versions for all readers."""

    course_id: UUID
    version_id: UUID
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseCompleted(Event):
    """A course was completed; the minutes are those spent in its lessons and those stated, None where not known."""

    person_id: UUID
    course_id: UUID
    version_id: UUID
    minutes_spent: int | None = None  # in its lessons, of each at most the stated ones
    minutes_stated: int | None = None
    cycle: int = 0  # how many earlier completions a breaking version ended


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionEnded(Event):
    """A breaking version (`version_id`) ended a completion; the person may complete the course again."""

    person_id: UUID
    course_id: UUID
    version_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MistakeReported(Event):
    """A learner reported a mistake in a lesson; its text is shown to the trainers of the course only."""

    person_id: UUID
    course_id: UUID
    lesson: str
    report_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSettled(Event):
    """A trainer answered or closed a report."""

    course_id: UUID
    report_id: UUID
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(Event):
    """A learner asked the trainers of a course; the text is shown to them only."""

    person_id: UUID
    course_id: UUID
    question_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionChanged(Event):
    """A trainer answered or closed a question."""

    course_id: UUID
    question_id: UUID
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpEntryProposed(Event):
    course_id: UUID
    question_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpEntryPublished(Event):
    """A second trainer published a help entry for all readers of a course."""

    course_id: UUID
    question_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpEntryWithdrawn(Event):
    course_id: UUID
    question_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementDrafted(Event):
    """A requirement of a course waits for a second person; `country` is its only country, "" for several or all."""

    requirement_id: UUID
    course_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementAgreed(Event):
    """A second person agreed to a requirement, which is valid from its first day."""

    requirement_id: UUID
    course_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementDropped(Event):
    """A draft of a requirement was dropped before it was agreed."""

    requirement_id: UUID
    course_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementEnded(Event):
    """A requirement has a last day, or another row replaced it."""

    requirement_id: UUID
    course_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionSet(Event):
    """An officer is exempt from a course or has a later date; `waits` for a second person or not."""

    person_id: UUID
    exemption_id: UUID
    course_id: UUID
    country: str
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionAgreed(Event):
    """A second person agreed to an exemption."""

    person_id: UUID
    exemption_id: UUID
    course_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionEnded(Event):
    """An exemption was ended before its last day, or dropped before it was agreed."""

    person_id: UUID
    exemption_id: UUID
    course_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionRecorded(Event):
    """A contact point recorded a completion elsewhere; it counts for requirements, never as evidence."""

    person_id: UUID
    record_id: UUID
    course_id: UUID
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionRecordEnded(Event):
    """A record of a completion elsewhere was replaced or undone."""

    person_id: UUID
    record_id: UUID
    course_id: UUID
    country: str
