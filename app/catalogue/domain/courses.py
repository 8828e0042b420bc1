"""What a course is: the facts of `course.toml`, and the words of `course.<lang>.md`."""

from datetime import date
from enum import StrEnum

import msgspec

from app.access.policy import Sensitivity
from app.catalogue.domain.items import Item, Level


class Feedback(StrEnum):
    AFTER_ATTEMPT = "after_attempt"
    AFTER_ANSWER = "after_answer"


class Reviewer(StrEnum):
    PRACTITIONER = "practitioner"
    PROSECUTOR = "prosecutor"
    VICTIM_SUPPORT = "victim_support"


class Aim(msgspec.Struct, frozen=True):
    """A competency the course teaches, and up to which level."""

    id: str
    level: Level


class Review(msgspec.Struct, frozen=True):
    """The reviewer of the course, the role and the day."""

    by: Reviewer
    on: date
    role: str = ""


class LessonEntry(msgspec.Struct, frozen=True):
    """A lesson's place in the course. `warning`: 0 none, 1 mild, 2 strong; `skip_to`, `alternative`: lesson slugs."""

    slug: str
    minutes: int
    competencies: tuple[str, ...] = ()
    warning: int = 0
    skip_to: str = ""
    alternative: str = ""


class Draw(msgspec.Struct, frozen=True):
    """How many items a test takes of one competency, of one level alone where one is named."""

    competency: str
    items: int
    level: Level | None = None

    def takes(self, item: Item) -> bool:
        """Return whether an item is one of those."""
        return item.competency == self.competency and self.level in (None, item.level)


class CourseTest(msgspec.Struct, frozen=True):
    """The blueprint and rules of the test. `attempts` and `minutes`: 0 is no limit; `pass_mark` is a share of 1."""

    draw: tuple[Draw, ...]
    pass_mark: float = 0.8
    attempts: int = 3
    wait_hours: int = 24
    minutes: int = 0
    certainty: bool = True
    feedback: Feedback = Feedback.AFTER_ATTEMPT


class Pretest(msgspec.Struct, frozen=True):
    """How many items of the blueprint, form A, are asked before the course."""

    items: int


class Retention(msgspec.Struct, frozen=True):
    """How many items of the blueprint, form A, are asked again, and how many months after the test."""

    items: int
    months: int = 6


class ReviewPoint(StrEnum):
    """What is looked at before a course is published (safeguarding, section 9), in its order."""

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
    """The content of `course.toml`. `hours` is for the whole course; `retired` are item ids never used again."""

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


class CourseText(msgspec.Struct, frozen=True):
    """The words of a course in one language. `lead` is the Markdown line before the outcomes, as it stands."""

    title: str
    paragraph: str
    outcomes: tuple[str, ...]
    lead: str = ""
