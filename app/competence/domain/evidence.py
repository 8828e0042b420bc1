"""What a piece of evidence is, and what each kind of it is worth (capacity measure, section 3)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.catalogue.domain.items import Level


class EvidenceKind(StrEnum):
    MODULE = "module"  # a course completed: teaches, proves nothing
    REFRESHER = "refresher"
    QUIZ = "quiz"  # the first attempt at a course's test, unwatched
    REVIEW = "review"
    CHECK = "check"  # watched, 12 fresh items
    SURPRISE = "surprise"  # watched; measures the training, not the officer
    SCENARIO = "scenario"
    WORKSHOP = "workshop"  # an assessor's rubric
    SUPERVISOR = "supervisor"
    CLAIM = "claim"  # earlier skill, endorsed by a second person, before any other evidence
    VOID = "void"  # takes an earlier row out


REMOVED = "removed"  # stands where words about somebody stood whose name is kept no longer
LEVELS = (Level.FOUNDATION, Level.PRACTITIONER, Level.SPECIALIST)  # low to high; a higher one includes the lower


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of evidence. `share` of `items` was right where `mark` was the pass mark; None where nothing was asked.

    `assessor`, `assessor_country`: who scored a rubric, for levels that two people of two countries must see.
    `reporter`: who recorded it. `training`: the course or workshop it belongs to, "" for none; one trains once.
    """

    day: date
    kind: EvidenceKind
    share: float | None = None
    mark: float | None = None
    items: int = 0
    trust: float = 0.0
    watched: bool = False
    guess: float = 0.25
    assessor: UUID | None = None
    assessor_country: str = ""
    reporter: UUID | None = None
    training: str = ""


def training_of(source: str) -> str:
    """Return the course or workshop of a source: "course:<id>" of "course:<id>:test:<attempt>"."""
    return ":".join(source.split(":")[:2])
