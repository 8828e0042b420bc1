"""Data classes of a course: `CourseFacts` from `course.toml`, `CourseText` from `course.<lang>.md`."""

from datetime import date
from enum import StrEnum

import msgspec

from app.access.policy import Sensitivity
from app.catalogue.domain.guesses import GuessRecord
from app.catalogue.domain.items import Item, Level


class Feedback(StrEnum):
    AFTER_ATTEMPT = "after_attempt"
    AFTER_ANSWER = "after_answer"


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


class CourseTest(msgspec.Struct, frozen=True):
    """The draws and rules of the test. `attempts`, `minutes`: 0 is no limit; `pass_mark` is a rate from 0 to 1."""

    draw: tuple[Draw, ...]
    pass_mark: float = 0.8
    attempts: int = 3
    wait_hours: int = 24
    minutes: int = 0
    certainty: bool = True
    feedback: Feedback = Feedback.AFTER_ATTEMPT


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
    """The content of `course.toml`, stored as JSON. `hours`: of the course; `retired`: item ids never used again."""

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
    competencies: tuple[Aim, ...] = ()
    reviews: tuple[Review, ...] = ()
    checklist: Checklist | None = None
    lessons: tuple[LessonEntry, ...] = ()
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
