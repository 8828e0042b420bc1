"""What a branching case is, as data. `scenario_reader` and `scenario_writer` turn it from and into text."""

from enum import StrEnum

import msgspec


class Truth(StrEnum):
    TRAFFICKING = "trafficking"
    SMUGGLING = "smuggling"
    MIXED = "mixed"
    OTHER = "other"


class Verdict(StrEnum):
    BEST = "best"
    ACCEPTABLE = "acceptable"
    POOR = "poor"
    HARMFUL = "harmful"


class Slip(StrEnum):
    """Which kind of error a choice is, if it is one."""

    MISS = "miss"
    FALSE_ALARM = "false_alarm"


class Move(msgspec.Struct, frozen=True):
    """An option of a decision: what is done, where it leads, how good it is, what follows, and why."""

    text: str
    to: str
    verdict: Verdict
    slip: Slip | None = None
    consequence: str = ""
    why: str = ""


class Node(msgspec.Struct, frozen=True):
    """A decision, a recovery, or an end (no moves). `text` is Markdown."""

    id: str
    text: str
    moves: tuple[Move, ...] = ()
    recovery: bool = False
    line: int = 0


class Scenario(msgspec.Struct, frozen=True):
    id: str
    title: str
    truth: Truth
    start: str
    scene: str
    nodes: tuple[Node, ...]
