"""Data classes of a branching case in course files: `Scenario`, `Node`, `Move`; `app/scenarios` plays it."""

from enum import StrEnum

import msgspec

NOT_JUDGED = 0.62  # the pass value of a decision that trainers have not judged yet


class Truth(StrEnum):
    TRAFFICKING = "trafficking"
    SMUGGLING = "smuggling"
    MIXED = "mixed"
    OTHER = "other"


class MoveRating(StrEnum):
    BEST = "best"
    ACCEPTABLE = "acceptable"
    POOR = "poor"
    HARMFUL = "harmful"


class ErrorKind(StrEnum):
    """The kind of error that a choice is: a missed victim or a false alarm."""

    MISS = "miss"
    FALSE_ALARM = "false_alarm"


class Move(msgspec.Struct, frozen=True):
    """An option of a decision: text, next node, rating, kind of error, consequence and reason of the rating."""

    text: str
    to: str
    verdict: MoveRating
    slip: ErrorKind | None = None
    consequence: str = ""
    why: str = ""


class Node(msgspec.Struct, frozen=True):
    """A decision, a recovery, or an end (no moves). `text` is Markdown.

    `pass_value`: share of its points that a just competent officer would earn; None until trainers set it.
    """

    id: str
    text: str
    moves: tuple[Move, ...] = ()
    recovery: bool = False
    line: int = 0
    pass_value: float | None = None

    @property
    def scored(self) -> bool:
        """Return whether the node is a decision whose points count: no recovery and no end."""
        return bool(self.moves) and not self.recovery


class Scenario(msgspec.Struct, frozen=True):
    id: str
    title: str
    truth: Truth
    start: str
    scene: str
    nodes: tuple[Node, ...]
