from hypothesis import given, strategies as st

from app.catalogue.domain.scenarios import Move, MoveRating, Node, Scenario, Truth
from app.studio.domain.case_map import MOST_IN_ROW, CaseMap, NodeKind, case_map, mirrored

IDS = st.from_regex(r"[a-z][a-z0-9-]{0,5}", fullmatch=True)


def _scenario(nodes: tuple[Node, ...], start: str = "d1") -> Scenario:
    return Scenario("S01", "A case", Truth.MIXED, start, "", nodes)


def _node(name: str, *targets: str, recovery: bool = False, line: int = 0) -> Node:
    moves = tuple(Move("text", to, MoveRating.BEST) for to in targets)
    return Node(name, "text", moves, recovery, line)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Return cases with cycles, targets that do not exist, nodes out of reach, and perhaps no start."""
    ids = draw(st.lists(IDS, max_size=20, unique=True))
    target = st.sampled_from([*ids, "missing"])
    rating = st.sampled_from(MoveRating)
    nodes = []
    for number, name in enumerate(ids):
        moves = draw(st.lists(st.tuples(target, rating), max_size=5))
        options = tuple(Move("text", to, verdict) for to, verdict in moves)
        nodes.append(Node(name, "text", options, draw(st.booleans()), number + 5))
    return _scenario(tuple(nodes), draw(target))


def _boxes_overlap(drawn: CaseMap) -> bool:
    centres = [(node.centre.x, node.centre.y) for node in drawn.nodes]
    return len(set(centres)) != len(centres)


@given(scenarios())
def test_map_has_each_node_once_with_its_line(scenario: Scenario) -> None:
    drawn = case_map(scenario)
    assert [(node.id, node.line) for node in drawn.nodes] == [(node.id, node.line) for node in scenario.nodes]
    assert not _boxes_overlap(drawn)


@given(scenarios())
def test_map_has_an_edge_for_each_option_that_leads_to_a_node(scenario: Scenario) -> None:
    ids = {node.id for node in scenario.nodes}
    expected = [
        (node.id, number, move.to, move.verdict)
        for node in scenario.nodes
        for number, move in enumerate(node.moves, 1)
        if move.to in ids
    ]
    edges = case_map(scenario).edges
    assert [(edge.source, edge.option, edge.target, edge.rating) for edge in edges] == expected


@given(scenarios())
def test_map_is_the_same_for_the_same_case(scenario: Scenario) -> None:
    assert case_map(scenario) == case_map(scenario)


@given(scenarios())
def test_map_is_drawn_within_its_size(scenario: Scenario) -> None:
    drawn = case_map(scenario)
    points = [node.centre for node in drawn.nodes] + [point for edge in drawn.edges for point in edge.curve]
    assert all(0 <= point.x <= drawn.width and 0 <= point.y <= drawn.height for point in points)


@given(scenarios())
def test_map_mirrored_twice_is_the_map(scenario: Scenario) -> None:
    drawn = case_map(scenario)
    assert mirrored(mirrored(drawn)) == drawn


@given(scenarios())
def test_layer_is_one_more_than_the_least_layer_before(scenario: Scenario) -> None:
    nodes = {node.id: node for node in case_map(scenario).nodes}
    for node in nodes.values():
        before = [nodes[edge.source].layer for edge in case_map(scenario).edges if edge.target == node.id]
        reached = [layer for layer in before if layer >= 0]
        if node.id == scenario.start:
            assert node.layer == 0
        else:
            assert node.layer == (min(reached) + 1 if reached else -1)


def test_kinds_are_decision_recovery_and_end() -> None:
    nodes = (_node("d1", "r1", "end"), _node("r1", "end", recovery=True), _node("end"))
    assert [node.kind for node in case_map(_scenario(nodes)).nodes] == list(NodeKind)


def test_unreachable_nodes_are_below_all_others() -> None:
    drawn = case_map(_scenario((_node("lost", "end"), _node("d1", "end"), _node("end"))))
    assert [node.id for node in drawn.nodes if not node.is_reachable] == ["lost"]
    assert drawn.unreachable_from is not None
    assert all((node.centre.y > drawn.unreachable_from) is (node.id == "lost") for node in drawn.nodes)


def test_all_nodes_are_unreachable_without_a_start() -> None:
    drawn = case_map(_scenario((_node("d1", "d1"),), start="none"))
    assert not drawn.nodes[0].is_reachable
    assert drawn.unreachable_from == 0


def test_options_to_the_same_node_have_different_curves() -> None:
    edges = case_map(_scenario((_node("d1", "end", "end", "d1"), _node("end")))).edges
    assert len({edge.curve for edge in edges}) == 3


def test_wide_layer_is_divided_into_rows() -> None:
    ends = [f"e{number}" for number in range(50)]
    drawn = case_map(_scenario((_node("d1", *ends), *(_node(name) for name in ends))))
    rows: dict[int, int] = {}
    for node in drawn.nodes:
        rows[node.centre.y] = rows.get(node.centre.y, 0) + 1
    assert max(rows.values()) == MOST_IN_ROW


def test_chain_of_a_thousand_nodes_has_as_many_layers() -> None:
    count = 1_000
    nodes = tuple(_node(f"d{number}", f"d{number % count + 1}", "d1") for number in range(1, count + 1))
    drawn = case_map(_scenario(nodes))
    assert [node.layer for node in drawn.nodes] == list(range(count))
    assert len(drawn.edges) == 2 * count
