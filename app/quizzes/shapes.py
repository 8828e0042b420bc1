"""Frozen values of attempts, questions, answers and feedback; the public interface for `learning` and `competence`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.catalogue.shapes import ItemTexts
from app.quizzes.domain.attempts import AttemptState, AttemptTiming, Purpose
from app.quizzes.domain.delayed_questions import DelayedQuestionsStatus
from app.quizzes.domain.item_flags import ItemAnswers
from app.quizzes.domain.selection import DrawnQuestion, StoredQuestion
from app.quizzes.domain.statistics import TotalSums


@dataclass(frozen=True, slots=True)
class TestStatus:
    """A person's status in a test: passed, best score of ended attempts (None: none), number of attempts begun.

    `later` is the status of delayed questions, None while the test is not passed.
    """

    __test__ = False  # its name makes pytest look for test functions in it

    passed: bool
    best: float | None
    number: int
    open_id: UUID | None
    later: DelayedQuestionsStatus | None = None


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """An attempt in a list."""

    id: UUID
    course_id: UUID
    version_id: UUID
    purpose: Purpose
    number: int
    state: AttemptState
    started_at: datetime
    ended_at: datetime | None
    score: float | None
    passed: bool | None


@dataclass(frozen=True, slots=True)
class Marked:
    """The score of a question of an ended attempt, from 0 to 1."""

    item: str
    competency: str
    score: float


@dataclass(frozen=True, slots=True)
class Practised:
    """The newest answer to a practice question; `body` as JSON values."""

    item: str
    body: object
    score: float
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class CurrentAnswer:
    """The save that counts for a question; `body` is an answer as JSON values, None if it was withdrawn.

    `locked`: its feedback was shown, so no later save is stored.
    """

    sequence: int
    body: object
    certainty: int | None
    marked: bool
    locked: bool = False


@dataclass(frozen=True, slots=True)
class AttemptView:
    """An attempt as its person sees it; `id` is the public id, `saves` are by question number from 1."""

    row_id: int
    id: UUID
    person_id: UUID
    course_id: UUID
    version_id: UUID
    purpose: Purpose
    number: int
    language: str
    slips: tuple[StoredQuestion, ...]
    pass_mark: float
    state: AttemptState
    started_at: datetime
    deadline_at: datetime | None
    ended_at: datetime | None
    score: float | None
    passed: bool | None
    saves: Mapping[int, CurrentAnswer] = field(default_factory=dict)
    highest: int = 0  # number of all its saves; this and the next are read when the row is locked
    most_saves: int = 0  # stored of one question

    @property
    def sitting(self) -> AttemptTiming:
        """Return the facts of the attempt that the rules of time need."""
        return AttemptTiming(self.state, self.deadline_at)

    @property
    def is_open(self) -> bool:
        """Return whether the attempt has not ended yet."""
        return self.state is AttemptState.OPEN

    @property
    def is_reduced(self) -> bool:
        """Return whether only the result remains after the retention period."""
        return not self.is_open and not self.slips


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn question with its texts and their language: the source language if there is no translation."""

    number: int
    question: DrawnQuestion
    texts: ItemTexts
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """An option or an entry of a question; `rank` is the position that the person gave it, 0 for none."""

    value: int
    text: str
    chosen: bool
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionItem:
    """A question as components/question.html shows it."""

    id: str
    kind: str
    stem: str
    lang: str
    dir: str
    options: tuple[AnswerLine, ...]
    entries: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackRow:
    """An option or an entry with the reason why it is right or not; `word` "": no status."""

    text: str
    chosen: bool
    word: str
    kind: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackBase:
    """The right answer of a question and the reasons, beside the person's answer; `word` and `kind` are a status."""

    word: str
    kind: str
    rows: tuple[FeedbackRow, ...]
    general: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseStatistics:
    """Statistics of the first answers in a course; also stored as JSON: never rename a field.

    `tests` are the first attempts at the test that ended, `passed` those that passed; `totals` are the sums of their
    scores by competency.
    """

    tests: int = 0
    passed: int = 0
    answers: tuple[ItemAnswers, ...] = ()
    totals: Mapping[str, TotalSums] = field(default_factory=dict)
