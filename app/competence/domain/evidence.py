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


LEVELS = (Level.FOUNDATION, Level.PRACTITIONER, Level.SPECIALIST)  # low to high; a higher one includes the lower


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of evidence. `share` of `items` was right where `mark` was the pass mark; None where nothing was asked.

    `assessor`, `assessor_country`: who scored a rubric, for levels that two people of two countries must see.
    `taught`: it closes a training, so the training's effect comes before it (quiz of a module, workshop).
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
