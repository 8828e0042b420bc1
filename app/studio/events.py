"""Events of the studio: a course was created, a draft was saved, a review was sent, decided or published."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseCreated(Event):
    """A course was created; `source_id` is the course that it is a copy of, None for an empty one."""

    course_id: UUID
    source_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftOpened(Event):
    course_id: UUID
    version_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSaved(Event):
    """A revision was saved; automatic saves that extend a revision are not events."""

    course_id: UUID
    number: int
    kind: str
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerAdded(Event):
    course_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerRemoved(Event):
    course_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSubmitted(Event):
    course_id: UUID
    review_id: UUID
    number: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDecided(Event):
    """A review was approved, sent back, withdrawn or published; `state` is its new state."""

    course_id: UUID
    review_id: UUID
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPointTicked(Event):
    review_id: UUID
    point: str
    is_done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkWritten(Event):
    course_id: UUID
    remark_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkResolved(Event):
    course_id: UUID
    remark_id: UUID
    is_resolved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseExported(Event):
    """The files of a course were exported with the keys of its questions; `number` is the version, 0 for the draft."""

    course_id: UUID
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsExported(Event):
    """Questions with their keys were exported; `format`: gift, xml or scorm, `forms` are parallel forms with commas."""

    course_id: UUID
    format: str
    forms: str
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsExported(Event):
    """A table of the results of a course was exported: lessons, questions, cases or countries, as csv or xlsx."""

    course_id: UUID
    table: str
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionKeyViewed(Event):
    """A trainer or a reviewer viewed a question of a draft with its key.

    `item` is its id, or the path of a file with all questions: in a comparison, a review or the translation desk.
    """

    course_id: UUID
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationExported(Event):
    """A translation of a part of a course was sent as a file with its source."""

    course_id: UUID
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelOpened(Event):
    """Judges were asked to estimate an item of a draft."""

    course_id: UUID
    panel_id: UUID
    item: str
    judges: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemJudged(Event):
    """A judge gave a value; `round` is first or second."""

    panel_id: UUID
    round: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgesLeftOut(Event):
    """A panel goes on without some judges who gave no value."""

    panel_id: UUID
    judges: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelClosed(Event):
    """A panel ended; `used`: its mean became the pass value of the item in the draft."""

    course_id: UUID
    panel_id: UUID
    used: bool
