"""Rules of playing a case: allowed moves, score, pass mark, missed victims and false alarms, debrief."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean

from app.catalogue.domain.scenarios import NOT_JUDGED, ErrorKind, Move, MoveRating, Node, Scenario
from app.kernel.errors import DomainError, IllegalMoveError

MARKS = {MoveRating.BEST: 3, MoveRating.ACCEPTABLE: 2, MoveRating.POOR: 1, MoveRating.HARMFUL: 0}
FULL = MARKS[MoveRating.BEST]
TOLERANCE = 1e-9
MOST_AFTER_RECOVERY = MARKS[MoveRating.ACCEPTABLE]


class NotFinishedError(DomainError):
    """The consequences of choices are shown at the end only."""


@dataclass(frozen=True, slots=True)
class Step:
    """A decision taken: the node, and the index of the move chosen, from 0."""

    node: Node
    move_index: int

    @property
    def move(self) -> Move:
        """Return the move that was chosen."""
        return self.node.moves[self.move_index]


@dataclass(frozen=True, slots=True)
class Path:
    """The steps so far and the node reached."""

    steps: tuple[Step, ...]
    at: Node


@dataclass(frozen=True, slots=True)
class Considered:
    """A move of a decision, and whether the person took it."""

    move: Move
    taken: bool


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A decision in the debrief with all its moves. `visited`: the person reached it."""

    node: Node
    moves: tuple[Considered, ...]
    visited: bool


def follow(scenario: Scenario, choices: Sequence[int]) -> Path:
    """Return the path of these choices; raise IllegalMoveError for a move that was not available."""
    nodes = {node.id: node for node in scenario.nodes}
    at = nodes[scenario.start]
    steps: list[Step] = []
    for move_index in choices:
        if not may_choose(Path(tuple(steps), at), move_index):
            raise IllegalMoveError("This choice is not open here.")
        steps.append(Step(at, move_index))
        at = nodes[at.moves[move_index].to]
    return Path(tuple(steps), at)


def may_choose(path: Path, move_index: int) -> bool:
    """Return whether the node reached has a move at this index."""
    return 0 <= move_index < len(path.at.moves)


def shuffled_moves(playthrough_id: str, node: Node) -> tuple[int, ...]:
    """Return the indexes of a node's moves in shuffled order, because authors often write the best move first.

    The order is fixed for a playthrough. A page names a move by its position in it, which does not reveal the index.
    """
    places = list(range(len(node.moves)))
    Random(f"{playthrough_id}{node.id}").shuffle(places)  # noqa: S311 - an order to show, not a secret
    return tuple(places)


def usual_length(scenario: Scenario) -> int:
    """Return the number of decisions on the path of the best moves."""
    nodes = {node.id: node for node in scenario.nodes}
    node, visited = nodes[scenario.start], set[str]()
    while node.moves and node.id not in visited:
        visited.add(node.id)
        best = max(node.moves, key=lambda move: MARKS[move.verdict])
        node = nodes[best.to]
    return len(visited)


def is_finished(path: Path) -> bool:
    """Return whether the path has reached an end."""
    return not path.at.moves


def score(path: Path) -> float:
    """Return the mean mark of the decisions, as a share of full marks; 0 before the first.

    A recovery is not a decision of its own: it raises the mark of the decision before it to the mean of both, if that
    is higher, and at most to "acceptable". So a good recovery always helps, but never restores full marks.
    """
    marks = _marks(path.steps)
    return fmean(marks) / FULL if marks else 0.0


def decisions(path: Path) -> int:
    """Return the number of decisions that were marked; a recovery does not count."""
    return len(_marks(path.steps))


def pass_mark(path: Path) -> float:
    """Return the mean pass value of the scored decisions on the path; a recovery has none."""
    values = [step.node.pass_value for step in path.steps if step.node.scored]
    return fmean(NOT_JUDGED if value is None else value for value in values or [None])


def reached(path: Path) -> bool:
    """Return whether the score is at the pass mark or over it."""
    return score(path) >= pass_mark(path) - TOLERANCE


def guess(path: Path) -> float:
    """Return the chance of a right guess: the mean of 1 / moves over the decisions that were marked, 0 without any."""
    chances = [1 / len(step.node.moves) for step in path.steps if not step.node.recovery]
    return fmean(chances) if chances else 0.0


def missed_victims(path: Path) -> int:
    """Return the number of choices that missed a victim."""
    return _slips(path, ErrorKind.MISS)


def false_alarms(path: Path) -> int:
    """Return the number of choices that saw a crime where there was none."""
    return _slips(path, ErrorKind.FALSE_ALARM)


def debrief(scenario: Scenario, path: Path) -> tuple[Reviewed, ...]:
    """Return every decision of the case with all moves: the visited ones in the path's order, then the others.

    Raises NotFinishedError before the end: ratings and reasons are the key of the case.
    """
    if not is_finished(path):
        raise NotFinishedError("What each choice leads to is shown at the end.")
    taken = {(step.node.id, step.move_index) for step in path.steps}
    visited = list(dict.fromkeys(step.node.id for step in path.steps))
    places = {node_id: place for place, node_id in enumerate(visited)}
    decisions = [node for node in scenario.nodes if node.moves]
    decisions.sort(key=lambda node: places.get(node.id, len(places)))
    return tuple(_reviewed(node, taken, visited=node.id in places) for node in decisions)


def _reviewed(node: Node, taken: set[tuple[str, int]], *, visited: bool) -> Reviewed:
    moves = tuple(Considered(move, (node.id, place) in taken) for place, move in enumerate(node.moves))
    return Reviewed(node, moves, visited)


def _slips(path: Path, kind: ErrorKind) -> int:
    return sum(step.move.slip is kind for step in path.steps)


def _marks(steps: Sequence[Step]) -> list[float]:
    """Return a mark for each decision; recoveries are merged, last first, into the step before them."""
    marks: list[float] = []
    recovery: float | None = None
    for step in reversed(steps):
        points = float(MARKS[step.move.verdict])
        if recovery is not None:
            points = min(MOST_AFTER_RECOVERY, max(points, (points + recovery) / 2))
        recovery = points if step.node.recovery else None
        if not step.node.recovery:
            marks.append(points)
    return marks if recovery is None else [*marks, min(MOST_AFTER_RECOVERY, recovery)]
