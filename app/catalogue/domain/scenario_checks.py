"""Check a branching case as a graph: options, pass values, unreachable nodes, loops, paths without an end."""

from collections.abc import Iterable, Mapping

from app.catalogue.domain.problems import Problem
from app.catalogue.domain.scenarios import MoveRating, Node, Scenario
from app.catalogue.domain.source_lines import Report
from app.catalogue.domain.text_checks import find_dense

MARKS: Mapping[MoveRating, int] = {
    MoveRating.BEST: 3, MoveRating.ACCEPTABLE: 2, MoveRating.POOR: 1, MoveRating.HARMFUL: 0,
}  # fmt: skip
"""What a choice earns; a path earns the mean of its choices."""

LEAST_PASS, MOST_PASS = 0.25, 0.95
"""Between which the pass value of a decision lies: luck alone, and a decision that decides nothing."""

Graph = Mapping[str, tuple[str, ...]]


def check_scenario(scenario: Scenario, file: str) -> list[Problem]:
    """Return the problems of the nodes, the options, and the paths through them."""
    report = Report(file)
    nodes = {node.id: node for node in scenario.nodes}
    if scenario.start not in nodes:
        message = "There is no node %(id)s to start at."
        report.error(1, message, "Name one of the nodes in the key start.", id=scenario.start)
    for node in scenario.nodes:
        _check_node(node, nodes, report)
        find_dense("\n\n".join([node.text, *(_said(node))]), node.line, report)
    _check_paths(scenario, nodes, report)
    return report.sorted()


def _said(node: Node) -> Iterable[str]:
    return (f"{move.text}\n\n{move.consequence}\n\n{move.why}" for move in node.moves)


def _check_node(node: Node, nodes: Mapping[str, Node], report: Report) -> None:
    if not node.moves and node.recovery:
        report.error(node.line, "The recovery %(id)s has no options.", "Write --- and its options.", id=node.id)
    if node.moves and not node.text:
        report.error(
            node.line, "The decision %(id)s has no question.", "Write what the officer must decide.", id=node.id
        )
    _warn_of_weak_options(node, report)
    _check_pass_value(node, report)
    _check_moves(node, nodes, report)


def _warn_of_weak_options(node: Node, report: Report) -> None:
    if len(node.moves) == 1:
        report.warn(node.line, "The decision %(id)s has one option only.", "Write a second one.", id=node.id)
    if node.moves and all(move.verdict is not MoveRating.BEST for move in node.moves):
        report.warn(node.line, "No option of %(id)s is the best one.", "Rate one of them (best).", id=node.id)


def _check_pass_value(node: Node, report: Report) -> None:
    if node.pass_value is None:
        if node.scored:
            message = "The decision %(id)s has no pass value; 0.62 is used until then."
            report.warn(node.line, message, "Write pass_value: and a share such as 0.6 below its heading.", id=node.id)
    elif not node.scored:
        message = "The node %(id)s is not scored, so it has no pass value."
        report.error(node.line, message, "Remove the line pass_value.", id=node.id)
    elif not LEAST_PASS <= node.pass_value <= MOST_PASS:
        message = "The pass value of %(id)s is not between 0.25 and 0.95."
        report.error(
            node.line, message, "Write the share of the points that a just competent officer earns.", id=node.id
        )


def _check_moves(node: Node, nodes: Mapping[str, Node], report: Report) -> None:
    for position, move in enumerate(node.moves, 1):
        if move.to not in nodes:
            message = "Option %(place)s of %(id)s leads to %(to)s, which does not exist."
            report.error(node.line, message, "Name a node of this case.", place=position, id=node.id, to=move.to)
        if not move.why:
            message = "The rating of option %(place)s of %(id)s has no reason."
            report.error(node.line, message, "Add a line > Why: and the reason.", place=position, id=node.id)
        if not move.consequence:
            message = "Option %(place)s of %(id)s has no consequence."
            report.warn(node.line, message, "Write below it, after >, what follows.", place=position, id=node.id)


def _check_paths(scenario: Scenario, nodes: Mapping[str, Node], report: Report) -> None:
    steps = {node.id: tuple(move.to for move in node.moves if move.to in nodes) for node in scenario.nodes}
    back = _turned(steps)
    reached = _reachable(steps, _starts(scenario, nodes))
    ends = _ends(scenario)
    ending = _reachable(back, ends)
    if not ends:
        report.error(1, "No path ends.", "Write a node without options, as in ## end.")
        ending = set(nodes)
    _check_reachability(scenario.nodes, reached, ending, report)
    for name in sorted(_in_loops(steps)):
        message = "A path leads back to %(id)s, so it may never end."
        report.error(nodes[name].line, message, "Let an option lead to another node.", id=name)
    _check_recoveries(scenario, nodes, report)


def _starts(scenario: Scenario, nodes: Mapping[str, Node]) -> list[str]:
    return [scenario.start] if scenario.start in nodes else []


def _ends(scenario: Scenario) -> list[str]:
    return [node.id for node in scenario.nodes if not node.moves]


def _check_reachability(nodes: Iterable[Node], reached: set[str], ending: set[str], report: Report) -> None:
    for node in nodes:
        if node.id not in reached:
            report.error(node.line, "No path reaches %(id)s.", "Let an option lead to it, or remove it.", id=node.id)
        if node.id not in ending:
            report.error(node.line, "No path from %(id)s ends.", "Let an option lead towards an end.", id=node.id)


def _check_recoveries(scenario: Scenario, nodes: Mapping[str, Node], report: Report) -> None:
    """Report recoveries on a path of best choices only: such a path would earn full marks."""
    best = {
        node.id: tuple(move.to for move in node.moves if move.verdict is MoveRating.BEST and move.to in nodes)
        for node in scenario.nodes
    }
    reached = _reachable(best, _starts(scenario, nodes))
    ending = _reachable(_turned(best), _ends(scenario))
    for node in scenario.nodes:
        if node.recovery and node.id in reached & ending:
            message = "A path through the recovery %(id)s earns full marks."
            report.error(node.line, message, "Rate the option that leads to it below best.", id=node.id)


def _turned(steps: Graph) -> Graph:
    turned: dict[str, list[str]] = {name: [] for name in steps}
    for name, following in steps.items():
        for other in following:
            turned[other].append(name)
    return {name: tuple(before) for name, before in turned.items()}


def _reachable(steps: Graph, starts: list[str]) -> set[str]:
    reached, waiting = set(starts), list(starts)
    while waiting:
        for name in steps[waiting.pop()]:
            if name not in reached:
                reached.add(name)
                waiting.append(name)
    return reached


def _in_loops(steps: Graph) -> set[str]:
    """Return the nodes that remain when nodes without a way out or in are removed repeatedly."""
    return _pruned(_turned(steps), _pruned(steps, set(steps)))


def _pruned(steps: Graph, remaining: set[str]) -> set[str]:
    """Remove nodes without a way out among the remaining ones, until every node has one."""
    remaining = set(remaining)
    back = _turned(steps)
    out = {name: sum(other in remaining for other in steps[name]) for name in remaining}
    waiting = [name for name, count in out.items() if count == 0]
    while waiting:
        name = waiting.pop()
        remaining.discard(name)
        for before in back[name]:
            if before in remaining:
                out[before] -= 1
                if out[before] == 0:
                    waiting.append(before)
    return remaining
