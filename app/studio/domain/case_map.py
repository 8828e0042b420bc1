"""Lay out a branching case as a map: rows of nodes by their distance from the start, and an edge for each option.

The layout follows the order of the text and moves nothing to avoid crossings, so that a small change of the text
changes the map little. Coordinates are whole units of the drawing, from its upper left corner.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.catalogue.domain.scenarios import Move, MoveRating, Node, Scenario

MOST_IN_ROW = 8
COLUMN, ROW = 104, 96  # distances of the centres of nodes
NODE_WIDTH, NODE_HEIGHT = 80, 36
MARGIN = 64  # room for the curves that lead back
LANE, MOST_LANES = 8, 3  # distance of edges between the same two nodes, and how many are drawn side by side


class NodeKind(StrEnum):
    DECISION = "decision"
    RECOVERY = "recovery"
    END = "end"


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MapNode:
    """A node with its centre; `layer` is the number of decisions before it, -1 if no path reaches it."""

    id: str
    kind: NodeKind
    line: int
    layer: int
    is_start: bool
    centre: Point

    @property
    def is_reachable(self) -> bool:
        """Return whether a path from the start reaches the node."""
        return self.layer >= 0

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Return the left edge, the upper edge, the width and the height."""
        return self.centre.x - NODE_WIDTH // 2, self.centre.y - NODE_HEIGHT // 2, NODE_WIDTH, NODE_HEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class MapEdge:
    """An option: from its node to the next one. `curve`: start, two control points, end of a cubic Bézier curve."""

    source: str
    option: int
    target: str
    rating: MoveRating
    curve: tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMap:
    """The map of a case; `unreachable_from` is the upper edge of the unreachable nodes, None without such nodes."""

    width: int
    height: int
    nodes: tuple[MapNode, ...]
    edges: tuple[MapEdge, ...]
    unreachable_from: int | None


def case_map(scenario: Scenario) -> CaseMap:
    """Return the map of a case; an option that leads to no node has no edge."""
    nodes = {node.id: node for node in scenario.nodes}
    layers = _layers(scenario.start, nodes)
    reachable = _by_layer(scenario.nodes, layers)
    apart = _rows([node.id for node in scenario.nodes if node.id not in layers])
    width = _width([*reachable, *apart])
    gap = ROW // 2 if reachable and apart else 0
    centres = _centres([*reachable, *apart], width, gap_before=len(reachable), gap=gap)
    placed = [_map_node(node, scenario.start, layers, centres) for node in scenario.nodes]
    return CaseMap(
        width=width,
        height=(len(reachable) + len(apart)) * ROW + gap,
        nodes=tuple(placed),
        edges=tuple(_edges(scenario.nodes, centres)),
        unreachable_from=len(reachable) * ROW if apart else None,
    )


def _width(rows: Sequence[Sequence[str]]) -> int:
    return max((len(row) for row in rows), default=1) * COLUMN + 2 * MARGIN


def mirrored(drawn: CaseMap) -> CaseMap:
    """Return the map from right to left, for pages in such a language."""
    return replace(
        drawn,
        nodes=tuple(replace(node, centre=_flipped(node.centre, drawn.width)) for node in drawn.nodes),
        edges=tuple(replace(edge, curve=_flipped_curve(edge, drawn.width)) for edge in drawn.edges),
    )


def _flipped(point: Point, width: int) -> Point:
    return Point(width - point.x, point.y)


def _flipped_curve(edge: MapEdge, width: int) -> tuple[Point, Point, Point, Point]:
    start, first, second, end = edge.curve
    return _flipped(start, width), _flipped(first, width), _flipped(second, width), _flipped(end, width)


def _layers(start: str, nodes: Mapping[str, Node]) -> dict[str, int]:
    """Return the least number of decisions between the start and each node that a path reaches."""
    layers = {start: 0} if start in nodes else {}
    current = list(layers)
    while current:
        following = dict.fromkeys(move.to for name in current for move in nodes[name].moves if move.to in nodes)
        number = layers[current[0]] + 1
        current = [name for name in following if name not in layers]
        layers |= dict.fromkeys(current, number)
    return layers


def _by_layer(nodes: Sequence[Node], layers: Mapping[str, int]) -> list[list[str]]:
    names: dict[int, list[str]] = {}
    for node in nodes:
        if node.id in layers:
            names.setdefault(layers[node.id], []).append(node.id)
    return [row for number in sorted(names) for row in _rows(names[number])]


def _rows(names: Sequence[str]) -> list[list[str]]:
    return [list(names[index : index + MOST_IN_ROW]) for index in range(0, len(names), MOST_IN_ROW)]


def _centres(rows: Sequence[Sequence[str]], width: int, *, gap_before: int, gap: int) -> dict[str, Point]:
    """Return the centre of each node; the rows from `gap_before` on are moved down by the gap."""
    centres: dict[str, Point] = {}
    for number, row in enumerate(rows):
        y = number * ROW + ROW // 2 + (gap if number >= gap_before else 0)
        left = (width - (len(row) - 1) * COLUMN) // 2
        for column, name in enumerate(row):
            centres[name] = Point(left + column * COLUMN, y)
    return centres


def _map_node(node: Node, start: str, layers: Mapping[str, int], centres: Mapping[str, Point]) -> MapNode:
    return MapNode(
        id=node.id,
        kind=node_kind(node),
        line=node.line,
        layer=layers.get(node.id, -1),
        is_start=node.id == start,
        centre=centres[node.id],
    )


def node_kind(node: Node) -> NodeKind:
    """Return the kind of a node; a recovery without options is still a recovery."""
    if node.recovery:
        return NodeKind.RECOVERY
    return NodeKind.DECISION if node.moves else NodeKind.END


def _edges(nodes: Iterable[Node], centres: Mapping[str, Point]) -> Iterator[MapEdge]:
    for node in nodes:
        lanes: dict[str, int] = {}
        for option, move in enumerate(node.moves, 1):
            if move.to in centres:
                lane = lanes.get(move.to, 0)
                lanes[move.to] = lane + 1
                yield _edge(node, option, move, centres, lane=lane)


def _edge(node: Node, option: int, move: Move, centres: Mapping[str, Point], *, lane: int) -> MapEdge:
    start, end, shift = centres[node.id], centres[move.to], min(lane, MOST_LANES - 1) * LANE
    return MapEdge(source=node.id, option=option, target=move.to, rating=move.verdict, curve=_curve(start, end, shift))


def _curve(start: Point, end: Point, shift: int) -> tuple[Point, Point, Point, Point]:
    if end.y > start.y:
        return _downwards(start, end, shift)
    if end.y == start.y and end.x != start.x:
        return _along(start, end, shift)
    return _around(start, end, shift)


def _downwards(start: Point, end: Point, shift: int) -> tuple[Point, Point, Point, Point]:
    """Return a curve to a node in a later row; one that passes a row makes a bow around the nodes of its column."""
    above, below = start.y + NODE_HEIGHT // 2, end.y - NODE_HEIGHT // 2
    if end.y - start.y > ROW + ROW // 2:
        side = max(start.x, end.x) + COLUMN - LANE + shift
        return Point(start.x, above), Point(side, above), Point(side, below), Point(end.x, below)
    middle = (above + below) // 2
    first, last = start.x + shift, end.x + shift
    return Point(first, above), Point(first, middle), Point(last, middle), Point(last, below)


def _along(start: Point, end: Point, shift: int) -> tuple[Point, Point, Point, Point]:
    """Return a bow above the row between two nodes of it."""
    side = NODE_WIDTH // 4 if end.x > start.x else -NODE_WIDTH // 4
    upper = start.y - NODE_HEIGHT // 2
    top = upper - (ROW - NODE_HEIGHT) // 2 + shift // 2
    return (
        Point(start.x + side, upper),
        Point(start.x + side, top),
        Point(end.x - side, top),
        Point(end.x - side, upper),
    )


def _around(start: Point, end: Point, shift: int) -> tuple[Point, Point, Point, Point]:
    """Return a curve on one side of the nodes, to an earlier row or back to the same node."""
    edge, apart = NODE_WIDTH // 2, NODE_HEIGHT // 4
    side = max(start.x, end.x) + edge + MARGIN - LANE + shift
    leaves, arrives = start.y + apart, end.y - apart
    return Point(start.x + edge, leaves), Point(side, leaves), Point(side, arrives), Point(end.x + edge, arrives)
