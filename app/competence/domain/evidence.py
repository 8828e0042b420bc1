"""Kinds of evidence, and `Piece`: a result with score, pass mark, items, trust, and whether it was watched.

Kinds are stored; the values of `NAMES` are words of competencies.toml; `source` of stored evidence begins with the
training (`training_of`), as `service.evidence` and `workshops` write it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.catalogue.domain.items import Level


class EvidenceKind(StrEnum):
    MODULE = "module"  # a course completed; with trust one without a test, whose lessons were worked through
    REFRESHER = "refresher"
    QUIZ = "quiz"  # an attempt at a course's test, unwatched; a later one counts by its unseen questions
    REVIEW = "review"
    CHECK = "check"  # watched, 12 fresh items
    SURPRISE = "surprise"  # watched; measures the training, not the officer
    SCENARIO = "scenario"
    WORKSHOP = "workshop"  # an assessor's rubric
    DESK_TASK = "desk_task"  # produced in a watched sitting, scored by an assessor's rubric
    SUPERVISOR = "supervisor"
    CLAIM = "claim"  # earlier skill, endorsed by a second person, before any other evidence
    VOID = "void"  # takes an earlier row out


TO_THE_MARK = 1e-9  # a share this little under the mark reaches it
# the word of the framework's `evidence` that an unwatched kind counts under
NAMES: Mapping[EvidenceKind, str] = {
    EvidenceKind.MODULE: "quiz",
    EvidenceKind.REFRESHER: "quiz",
    EvidenceKind.QUIZ: "quiz",
    EvidenceKind.REVIEW: "quiz",
    EvidenceKind.SCENARIO: "scenario",
    EvidenceKind.SUPERVISOR: "observed_practice",
}
REMOVED = "removed"  # replaces a text about a person whose identity was deleted
LEVELS = (Level.FOUNDATION, Level.PRACTITIONER, Level.SPECIALIST)  # low to high; a higher one includes the lower


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of evidence: `share` of `items` was right, `mark` is the pass mark; None if nothing was asked.

    `assessor`, `assessor_country`: of a rubric, as some levels need two assessors of two countries. `reporter`
    recorded it. `training`: the course or workshop that it belongs to, "" for none; each counts once as training.
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

    @property
    def reached(self) -> bool:
        """Return whether the share is at or over the pass mark; False if nothing was asked."""
        return self.share is not None and self.mark is not None and self.share >= self.mark - TO_THE_MARK

    @property
    def named(self) -> str:
        """Return the word that the level's `evidence` must contain for this piece to count; "" if watched."""
        return "" if self.watched else NAMES.get(self.kind, "")


def training_of(source: str) -> str:
    """Return the course or workshop of a source: "course:<id>" of "course:<id>:test:<attempt>"."""
    return ":".join(source.split(":")[:2])
