"""Data classes of a course: `CourseFacts` from `course.toml`, `CourseText` from `course.<lang>.md`."""

from datetime import date
from enum import StrEnum

import msgspec

from app.access.policy import Sensitivity
from app.catalogue.domain.guesses import GuessRecord
from app.catalogue.domain.items import Item, ItemForm, Level


class Feedback(StrEnum):
    AFTER_ATTEMPT = "after_attempt"
    AFTER_ANSWER = "after_answer"


class ReviewPart(StrEnum):
    """What an officer may see of an ended attempt: the points of each question, the right answers, the reasons."""

    POINTS = "points"
    ANSWERS = "answers"
    REASONS = "reasons"


class ShownResult(StrEnum):
    """Which of several attempts the record shows; only the best one decides whether the test is passed."""

    BEST = "best"
    LAST = "last"
    FIRST = "first"
    AVERAGE = "average"


class Reviewer(StrEnum):
    PRACTITIONER = "practitioner"
    PROSECUTOR = "prosecutor"
    VICTIM_SUPPORT = "victim_support"


class Aim(msgspec.Struct, frozen=True):
    """A competency that the course teaches, and the level that it leads to."""

    id: str
    level: Level


class Review(msgspec.Struct, frozen=True):
    """The reviewer of the course, the role and the day."""

    by: Reviewer
    on: date
    role: str = ""


class LessonEntry(msgspec.Struct, frozen=True):
    """A lesson in `course.toml`. `warning`: 0 none, 1 mild, 2 strong; `skip_to`, `alternative`: lesson slugs."""

    slug: str
    minutes: int
    competencies: tuple[str, ...] = ()
    warning: int = 0
    skip_to: str = ""
    alternative: str = ""


class Draw(msgspec.Struct, frozen=True):
    """The number of items that a test draws of a competency, of one level only if `level` is set."""

    competency: str
    items: int
    level: Level | None = None

    def takes(self, item: Item) -> bool:
        """Return whether the draw can take this item."""
        return item.competency == self.competency and self.level in (None, item.level)


class Paper(msgspec.Struct, frozen=True):
    """Linked items about one to three documents, drawn together. `family`: papers of one are parallel.

    `minutes` are said to the learner and not enforced; 0: nothing is said.
    """

    id: str
    form: ItemForm
    family: str
    documents: tuple[str, ...]
    items: tuple[str, ...]
    minutes: int = 0


class DeskTask(msgspec.Struct, frozen=True):
    """A watched task on documents of form reserve. `items` say what is to be produced; `rubric` marks the whole."""

    id: str
    competency: str
    level: Level
    rubric: str
    documents: tuple[str, ...]
    items: tuple[str, ...]
    minutes: int = 0


class CourseTest(msgspec.Struct, frozen=True):
    """The draws and rules of the test. `attempts`, `minutes`: 0 is no limit; `pass_mark` is a rate from 0 to 1.

    What may be reviewed: during the attempt by `feedback`, in the hour after it (`right_after`), then while others may
    still attempt the test (`while_open`), and once the course is retired (`closed`).
    `papers` are drawn besides the items of `draw`, never two of one family. `floor`: the least rate of a competency.
    """

    draw: tuple[Draw, ...]
    pass_mark: float = 0.8
    attempts: int = 3
    wait_hours: int = 24
    minutes: int = 0
    certainty: bool = True
    feedback: Feedback = Feedback.AFTER_ATTEMPT
    shown_result: ShownResult = ShownResult.BEST
    right_after: tuple[ReviewPart, ...] = tuple(ReviewPart)
    while_open: tuple[ReviewPart, ...] = tuple(ReviewPart)
    closed: tuple[ReviewPart, ...] = tuple(ReviewPart)
    papers: int = 0
    floor: dict[str, float] = {}


class Pretest(msgspec.Struct, frozen=True):
    """The number of items of form A that are asked before the course."""

    items: int


class Retention(msgspec.Struct, frozen=True):
    """The number of items of form A that are asked again, and how many months after the test."""

    items: int
    months: int = 6


class ReviewPoint(StrEnum):
    """A point of the checklist for the publication of a course, in the order of the checklist."""

    OUTCOMES = "outcomes"
    FACTS = "facts"
    FICTION = "fiction"
    MARK = "mark"
    WARNINGS = "warnings"
    RIGHTS = "rights"
    WORDS = "words"
    FEEDBACK = "feedback"
    READABLE = "readable"
    LIGHT = "light"
    ALTERNATIVES = "alternatives"
    COUNTRIES = "countries"
    LICENCE = "licence"
    REVIEWED = "reviewed"
    DUAL_USE = "dual_use"


class Checklist(msgspec.Struct, frozen=True):
    """The points that were checked and fulfilled, and the day of the check; the others are open."""

    on: date
    done: tuple[ReviewPoint, ...] = ()


class CourseFacts(msgspec.Struct, frozen=True):
    """The content of `course.toml`, stored as JSON. `hours`: of the course; `retired`: item ids never used again.

    `peer_marking`: learners may mark each other's open answers in lessons. `collection`: desk tasks without lessons
    and test, for watched checks; in no list of courses.
    """

    id: str
    source_language: str
    sensitivity: Sensitivity
    hours: float
    licence: str
    roles: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    owner: str = ""
    checked_on: date | None = None
    retired: tuple[str, ...] = ()
    peer_marking: bool = False
    collection: bool = False
    competencies: tuple[Aim, ...] = ()
    reviews: tuple[Review, ...] = ()
    checklist: Checklist | None = None
    lessons: tuple[LessonEntry, ...] = ()
    papers: tuple[Paper, ...] = ()
    desk_tasks: tuple[DeskTask, ...] = ()
    test: CourseTest | None = None
    pretest: Pretest | None = None
    retention: Retention | None = None
    guesses: tuple[GuessRecord, ...] = ()


class CourseText(msgspec.Struct, frozen=True):
    """Title, description and outcomes in one language, stored as JSON. `lead`: the line before the outcomes."""

    title: str
    paragraph: str
    outcomes: tuple[str, ...]
    lead: str = ""
