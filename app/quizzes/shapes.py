"""Frozen values of attempts, questions, answers and feedback; the public interface for `learning` and `competence`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.catalogue.shapes import DocumentText, ItemTexts
from app.quizzes.domain.attempts import AttemptState, AttemptTiming, Purpose
from app.quizzes.domain.delayed_questions import DelayedQuestionsStatus
from app.quizzes.domain.selection import DrawnQuestion, StoredQuestion


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
    """A question with its texts and documents, and their language: the source language if there is no translation."""

    number: int
    question: DrawnQuestion
    texts: ItemTexts
    language: str
    documents: tuple[DocumentText, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """An option, entry, row or statement of a question; `text` is HTML.

    `chosen`: it is selected. `filling`: the value of its field, "" for none: rank, cell, group or point of the scale.
    """

    value: int
    text: str
    chosen: bool = False
    filling: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GapField:
    """A gap with its filling; `options` are empty for a typed one."""

    value: int
    filling: str
    options: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPiece:
    """A piece of a text: plain, followed by a gap, or a passage to select (`value` not None)."""

    text: str
    gap: GapField | None = None
    value: int | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class LineInput:
    """A field for the number of a line: its name, the number, and the position of the document."""

    name: str
    line: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionItem:
    """A question as components/question.html shows it, of any kind; what another kind has is empty.

    `value` is a typed answer; `targets` are the cells of a match or the groups of a sort, as plain text; `words` the
    length asked of an open answer. `documents` are beside the question; `fields` are the filled fields by name.
    """

    id: str
    kind: str
    stem: str
    lang: str
    dir: str
    options: tuple[AnswerLine, ...] = ()
    entries: tuple[AnswerLine, ...] = ()
    targets: tuple[tuple[int, str], ...] = ()
    pieces: tuple[TextPiece, ...] = ()
    pairs: tuple[tuple[LineInput, LineInput], ...] = ()
    value: str = ""
    unit: str = ""
    words: tuple[int, int] | None = None
    scale: tuple[int, ...] = ()
    parts: int = 0
    proves: bool = False
    documents: tuple[DocumentText, ...] = ()
    fields: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackRow:
    """An option, an entry or a line with the reason why it is right or not; `word` "": no status."""

    text: str
    chosen: bool
    word: str
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class LineNote:
    """What a line of a document is worth, in words, and the kind of this status."""

    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionLine:
    """A criterion of an open question; `earned`: its writer ticked it."""

    value: int
    name: str
    points: str
    earns: str
    earned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAnswers:
    """What the writer of an open answer compares it with; `heads` are the column titles of the criteria."""

    heads: tuple[str, ...]
    criteria: tuple[CriterionLine, ...]
    good: str
    weak: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackBase:
    """The right answer of a question and the reasons, beside the person's answer; `word` and `kind` are a status.

    `documents` are shown once more, with `notes` by document and line. `model`: of an open question.
    """

    word: str
    kind: str
    rows: tuple[FeedbackRow, ...]
    general: str
    documents: tuple[DocumentText, ...] = ()
    notes: Mapping[tuple[int, int], LineNote] = field(default_factory=dict)
    model: ModelAnswers | None = None
