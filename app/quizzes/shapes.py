"""Frozen values of attempts, questions, answers and feedback; the public interface for `learning` and `competence`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from app.catalogue.shapes import DocumentText, ItemTexts
from app.quizzes.domain.attempts import AttemptState, AttemptTiming, Purpose
from app.quizzes.domain.delayed_questions import DelayedQuestionsStatus
from app.quizzes.domain.item_flags import ItemAnswers
from app.quizzes.domain.selection import DrawnQuestion, StoredQuestion
from app.quizzes.domain.statistics import TotalSums


@dataclass(frozen=True, slots=True)
class TestStatus:
    """A person's status in a test: passed, displayed score of ended attempts (None: none), number of attempts begun.

    `shown` is the best, last, first or mean score, as the course says (`CourseTest.shown_result`). `later`: of delayed
    questions, None while the test is not passed.
    """

    __test__ = False  # its name makes pytest look for test functions in it

    passed: bool
    shown: float | None
    number: int
    open_id: UUID | None
    later: DelayedQuestionsStatus | None = None


@dataclass(frozen=True, slots=True)
class MetBefore:
    """What an officer met in a course: papers with the time of the last attempt, and items of the last days."""

    papers: Mapping[str, datetime] = field(default_factory=dict)
    items: frozenset[str] = frozenset()


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
    """An attempt as its person sees it; `id` is the public id, `saves` are by question number from 1.

    `back_url`: of a watched attempt, the page of its sitting.
    """

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
    back_url: str = ""

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
class QuestionPiece:
    """A piece of a text: plain, followed by a gap, or a passage to select (`value` not None)."""

    text: str
    gap: GapField | None = None
    value: int | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LineControl:
    """A box at the end of a line with which the user marks it: a check box, or a radio if one line is asked for."""

    kind: Literal["checkbox", "radio"]
    name: str
    value: str
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LineField:
    """A text field in place of the entry of a form's line."""

    name: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMark:
    """What feedback says about a line: a status (`word` such as "Counts", `kind` as in components/status.html).

    `marked`: the person marked the line. `tint`: "right" is a ring, "missed" a dashed outline, for a line that counts.
    `why` is the reason as stored HTML.
    """

    word: str
    kind: str
    marked: bool = False
    tint: Literal["", "right", "missed"] = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A document as components/document.html draws it; the mappings are by the number of the line from 1.

    `anchor` begins the ids of lines, `<anchor>-<number>`, where links in texts lead. It is "doc-<id>" unless the same
    document is on the page a second time: then that one needs another.
    `language` is that of the page, for the words that the component adds.
    """

    text: DocumentText
    language: str
    controls: Mapping[int, LineControl] = field(default_factory=dict)
    fields: Mapping[int, LineField] = field(default_factory=dict)
    marks: Mapping[int, LineMark] = field(default_factory=dict)
    anchor: str = ""

    @property
    def id(self) -> str:
        """Return the beginning of all ids of the document on the page."""
        return self.anchor or f"doc-{self.text.id}"

    @property
    def owner(self) -> str:
        """Return the speaker whose turns are at the end side of a chat: the sender, otherwise the first speaker."""
        speakers = [unit.speaker for part in self.text.parts for unit in part.units if unit.speaker]
        return self.text.sender if self.text.sender in speakers else next(iter(speakers), "")

    @property
    def cache_key(self) -> bytes | None:
        """Return all values of the view as bytes, None if it shows what a user wrote, marked or was told."""
        is_filled = any(entry.value for entry in self.fields.values())
        is_marked = any(control.checked for control in self.controls.values())
        return None if self.marks or is_filled or is_marked else msgspec.json.encode(self)


@dataclass(frozen=True, slots=True)
class LineInput:
    """A field for the number of a line: its name, the number, and the position of the document."""

    name: str
    line: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionItem:
    """A question as components/question.html shows it, of any kind; what another kind has is empty.

    `value` is a typed answer; `targets` are the cells of a match or the groups of a sort, as plain text;
    `word_limits`: the length asked of an open answer. `documents` are beside the question, with boxes to mark lines or
    fields to fill; `elsewhere`: those that the page shows in another place. `most_lines`: of the longest one;
    `proves`: a line is to be marked that proves the answer.
    """

    id: str
    kind: str
    stem: str
    lang: str
    dir: str
    options: tuple[AnswerLine, ...] = ()
    entries: tuple[AnswerLine, ...] = ()
    targets: tuple[tuple[int, str], ...] = ()
    pieces: tuple[QuestionPiece, ...] = ()
    pairs: tuple[tuple[LineInput, LineInput], ...] = ()
    value: str = ""
    unit: str = ""
    word_limits: tuple[int, int] | None = None
    scale: tuple[int, ...] = ()
    proves: bool = False
    documents: tuple[DocumentView, ...] = ()
    elsewhere: tuple[DocumentView, ...] = ()
    most_lines: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackRow:
    """An option, an entry or a line with the reason why it is right or not; `word` "": no status."""

    text: str
    chosen: bool
    word: str
    kind: str
    why: str


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
    """What the writer of an open answer compares it with; `heads` are the column titles of the criteria.

    `own_points` says how many points the writer ticked, "" if none.
    `peers_href` leads to the page on which colleagues are asked to mark it, "" where a course does not allow that.
    """

    heads: tuple[str, ...]
    criteria: tuple[CriterionLine, ...]
    good: str
    weak: str
    own_points: str = ""
    peers_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackBase:
    """The right answer of a question and the reasons, beside the person's answer; `word` and `kind` are a status.

    `documents` are shown once more, with feedback beside their lines. `model`: of an open question.
    """

    word: str
    kind: str
    rows: tuple[FeedbackRow, ...]
    general: str
    documents: tuple[DocumentView, ...] = ()
    model: ModelAnswers | None = None


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
