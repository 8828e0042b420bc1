"""What a branching case is, as data. `scenario_reader` and `scenario_writer` turn it from and into text."""

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
    """Which kind of error a choice is, if it is one."""

    MISS = "miss"
    FALSE_ALARM = "false_alarm"


class Move(msgspec.Struct, frozen=True):
    """An option of a decision: what is done, where it leads, how good it is, what follows, and why."""

    text: str
    to: str
    verdict: MoveRating
    slip: ErrorKind | None = None
    consequence: str = ""
    why: str = ""


class Node(msgspec.Struct, frozen=True):
    """A decision, a recovery, or an end (no moves). `text` is Markdown.

    `pass_value`: share of its points that a just competent officer would earn; None: not judged yet.
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
