"""Write a branching case in its canonical form: as source, as translation, or as blocks to compare."""

from app.catalogue.domain.item_keys import decimal
from app.catalogue.domain.item_writer import WrittenMarks, entry
from app.catalogue.domain.scenario_reader import cut_tail
from app.catalogue.domain.scenarios import Move, Node, Scenario


def write_scenario(scenario: Scenario, *, translation: bool = False) -> str:
    """Return the text of a case; a translation has no keys, and tails only where a text would be misread."""
    marks = WrittenMarks.NEEDED if translation else WrittenMarks.ALL
    keys = [] if translation else [f"id: {scenario.id}", f"truth: {scenario.truth}", f"start: {scenario.start}"]
    pieces = ["\n".join([f"# {scenario.title}", *keys])]
    pieces += [scenario.scene] * bool(scenario.scene)
    pieces += [_node(node, marks) for node in scenario.nodes]
    return "\n\n".join(pieces) + "\n"


def blocks_of_scenario(scenario: Scenario) -> list[str]:
    """Return the text of each translation block: title with scene, then nodes that have text, without tails."""
    opening = f"# {scenario.title}\n\n{scenario.scene}".rstrip()
    bodies = (_body(node, WrittenMarks.NONE) for node in scenario.nodes)
    return [opening, *(body for body in bodies if body)]


def _node(node: Node, marks: WrittenMarks) -> str:
    heading = f"## {node.id}"
    if marks is WrittenMarks.ALL:
        heading += " recovery" * node.recovery
        heading += "" if node.pass_value is None else f"\npass_value: {decimal(node.pass_value)}"
    body = _body(node, marks)
    return heading + (f"\n\n{body}" if body else "")


def _body(node: Node, marks: WrittenMarks) -> str:
    pieces = [node.text] * bool(node.text)
    if node.moves:
        pieces += ["---", "\n".join(_move(move, marks) for move in node.moves)]
    return "\n\n".join(pieces)


def _move(move: Move, marks: WrittenMarks) -> str:
    slip = f", {move.slip}" if move.slip else ""
    misread = marks is WrittenMarks.NEEDED and cut_tail(move.text)[0]
    tail = f" -> {move.to} ({move.verdict}{slip})" if marks is WrittenMarks.ALL or misread else ""
    feedback = [move.consequence] * bool(move.consequence) + [f"Why: {move.why}"] * bool(move.why)
    if tail and move.text.split("\n")[-1].startswith(("```", "~~~")):
        tail = "\n" + tail.lstrip()
    return entry("-", move.text + tail, "\n".join(feedback))
