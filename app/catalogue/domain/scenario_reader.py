"""Parse a branching case, `scenario[-<name>].<lang>.md`, and merge a translation with its source.

A translation repeats the ids of the nodes and the texts. It leaves out keys (`pass_value` of a node too), the word
`recovery` and the tails `-> node (rating)`; one that is repeated and differs from the source is a problem. An option
whose own text ends like a tail must have its tail. A node that only the source contains has its source text, with a
warning.
"""

import re
from collections.abc import Sequence

import msgspec

from app.catalogue.domain.answer_lists import DASH, RawEntry, read_entries
from app.catalogue.domain.item_keys import read_pass_value
from app.catalogue.domain.item_reader import split_stem
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.scenarios import ErrorKind, Move, MoveRating, Node, Scenario, Truth
from app.catalogue.domain.source_lines import (
    KeyLine,
    Report,
    SourceLines,
    begins_with_key,
    check_blocks,
    lines_of_file,
    read_keys,
    stripped_text,
)
from app.catalogue.domain.text import TextFile

_KEYS = frozenset({"id", "truth", "start"})
_NODE_KEYS = frozenset({"pass_value"})
_ID = re.compile(r"[A-Z][A-Z0-9-]*[0-9]")
_NODE = re.compile(r"([a-z][a-z0-9-]*)( recovery)?")
_TAIL = re.compile(r" *([a-z][a-z0-9-]*) *\((best|acceptable|poor|harmful)(?:, *(miss|false_alarm))?\)")


class TranslatedScenario(Scenario, frozen=True):
    """A case of a translation before the merge: a move without a tail leads to "" with a placeholder verdict.

    `keys` are optional key lines; `id`, `truth` and `start` are placeholders.
    """

    keys: tuple[KeyLine, ...] = ()


def read_scenario(source: TextFile, *, translation: bool = False) -> tuple[Scenario | None, list[Problem]]:
    """Return a case (`TranslatedScenario` in a translation), None without usable title and keys, and all problems."""
    report = Report(source.file)
    whole = lines_of_file(source, report)
    opening = whole.before("## ").trimmed()
    title = opening.lines[0][2:].strip() if opening.lines and opening.lines[0].startswith("# ") else ""
    if not title:
        report.error(opening.first, "The file has no title.", "Begin it with # and the title.")
    keys, rest = read_keys(opening.part(1 if title else 0), report, _KEYS)
    check_blocks(rest, report)
    nodes = _read_nodes(whole.sections("## "), report, translation=translation)
    scene = stripped_text(list(rest.lines))
    scenario: Scenario | None
    if translation:
        scenario = TranslatedScenario("", title, Truth.OTHER, "", scene, nodes, tuple(keys))
    else:
        scenario = _with_keys(keys, opening.first, report, scenario=Scenario("", title, Truth.OTHER, "", scene, nodes))
    return scenario if title else None, report.sorted()


def _with_keys(keys: list[KeyLine], line: int, report: Report, *, scenario: Scenario) -> Scenario | None:
    values = {key.name: key for key in keys}
    for name, example in (("id", "S01"), ("truth", ", ".join(Truth)), ("start", "d1")):
        if name not in values:
            report.error(line, "The case has no key %(key)s.", "Example: %(example)s.", key=name, example=example)
    if set(values) != _KEYS:
        return None
    fine = [
        _check_key(values["id"], report, fits=bool(_ID.fullmatch(values["id"].value)), example="S01"),
        _check_key(values["truth"], report, fits=values["truth"].value in list(Truth), example=", ".join(Truth)),
    ]
    if not all(fine):
        return None
    return msgspec.structs.replace(
        scenario, id=values["id"].value, truth=Truth(values["truth"].value), start=values["start"].value
    )


def _check_key(key: KeyLine, report: Report, *, fits: bool, example: str) -> bool:
    if not fits:
        message = "%(value)s is not a valid value of the key %(key)s."
        report.error(key.line, message, "Example: %(example)s.", value=key.value, key=key.name, example=example)
    return fits


def _read_nodes(sections: list[SourceLines], report: Report, *, translation: bool) -> tuple[Node, ...]:
    nodes: dict[str, Node] = {}
    for section in sections:
        node = _read_node(section, report, translation=translation)
        if node and node.id in nodes:
            message = "The id %(id)s is taken by the node at line %(first)s."
            report.error(node.line, message, "Give it another id.", id=node.id, first=nodes[node.id].line)
        elif node:
            nodes[node.id] = node
    return tuple(nodes.values())


def _read_node(section: SourceLines, report: Report, *, translation: bool) -> Node | None:
    name = section.lines[0][3:].strip()
    match = _NODE.fullmatch(name)
    if not match:
        report.error(
            section.first, "%(name)s is not an id of a node.", "Write it as d1, or r1 recovery.", name=name[:40]
        )
        return None
    pass_value, body = _read_node_keys(section.part(1), report)
    parted = split_stem(body)
    text, answers = parted or (body, body.part(0, 0))
    if not parted:
        _find_lost_moves(body, report)
    check_blocks(text, report)
    raws = read_entries(answers, report, DASH)
    if parted and not raws:
        report.error(section.first, "The node %(id)s has no options.", "Write them after the line ---.", id=match[1])
    moves = [_read_move(raw, report, translation=translation) for raw in raws]
    complete = tuple(move for move in moves if move)
    return Node(match[1], stripped_text(list(text.lines)), complete, bool(match[2]), section.first, pass_value)


def _read_node_keys(section: SourceLines, report: Report) -> tuple[float | None, SourceLines]:
    """Return the pass value right below the heading, and the text; a first line that is no key is text."""
    if not begins_with_key(section) and section.lines and section.lines[0].strip():
        return None, section
    keys, rest = read_keys(section, report, _NODE_KEYS)
    for key in keys:
        try:
            return read_pass_value(key.value), rest
        except ValueError:
            _check_key(key, report, fits=False, example="0.6")
    return None, rest


def _find_lost_moves(body: SourceLines, report: Report) -> None:
    """Report options and lines `---` in a node that would otherwise count as an end."""
    for index in body.starting("---", "- "):
        line = body.lines[index]
        if line.rstrip() == "---" or cut_tail(line)[0]:
            message = "There is no line --- between the text and the options."
            report.error(body.number(index), message, "Write --- between two blank lines before the options.")
            return


def cut_tail(text: str) -> tuple[re.Match[str] | None, str]:
    """Split the tail `-> node (rating, slip)` off the end of the text; None if there is none."""
    before, arrow, after = text.rpartition("->")
    tail = _TAIL.fullmatch(after.rstrip()) if arrow else None
    return tail, before.rstrip() if tail else text


def _read_move(raw: RawEntry, report: Report, *, translation: bool) -> Move | None:
    tail, text = cut_tail(raw.text)
    if not tail and not translation:
        message = "This option does not say where it leads and how good it is."
        report.error(raw.line, message, "End it with -> node (best), or acceptable, poor, harmful.")
        return None
    if not text:
        report.error(raw.line, "This option is empty.", "Write what is done, before the arrow.")
    consequence, why = _cut_why(raw.feedback)
    to, verdict, slip = tail.groups() if tail else ("", "best", None)
    return Move(text, to, MoveRating(verdict), ErrorKind(slip) if slip else None, consequence, why)


def _cut_why(feedback: str) -> tuple[str, str]:
    lines = feedback.split("\n")
    at = next((place for place, line in enumerate(lines) if line.startswith("Why:")), len(lines))
    return stripped_text(lines[:at]), stripped_text(
        [line.removeprefix("Why:") for line in lines[at : at + 1]] + lines[at + 1 :]
    ).lstrip()


def merge_scenario(source_scenario: Scenario, translated: Scenario, file: str) -> tuple[Scenario, list[Problem]]:
    """Merge a case read with `translation=True` into the source; return the full case and all problems."""
    report = Report(file)
    _compare_keys(source_scenario, translated, report)
    written = {node.id: node for node in translated.nodes}
    _compare_ids(source_scenario, translated.nodes, report)
    nodes = tuple(_merge_node(node, written.get(node.id), report) for node in source_scenario.nodes)
    merged = msgspec.structs.replace(source_scenario, title=translated.title, scene=translated.scene, nodes=nodes)
    if bool(source_scenario.scene) != bool(translated.scene):
        report.warn(1, "Source and translation do not both have a scene.", "Translate it, or remove it.")
    return merged, report.sorted()


def _compare_keys(source: Scenario, translated: Scenario, report: Report) -> None:
    values = {"id": source.id, "truth": source.truth, "start": source.start}
    for key in translated.keys if isinstance(translated, TranslatedScenario) else ():
        if values[key.name] != key.value:
            message = "The key %(key)s differs from the source."
            report.error(key.line, message, "Remove the key: only the source may have keys.", key=key.name)


def _compare_ids(source: Scenario, nodes: Sequence[Node], report: Report) -> None:
    places = {node.id: position for position, node in enumerate(source.nodes)}
    latest = -1
    for node in nodes:
        position = places.get(node.id, -1)
        if position < 0:
            report.error(node.line, "The source has no node %(id)s.", "Use the id of the source.", id=node.id)
        elif position < latest:
            message = "The node %(id)s is at another position than in the source."
            report.error(node.line, message, "Use the order of the source.", id=node.id)
        latest = max(latest, position)


def _merge_node(source: Node, written: Node | None, report: Report) -> Node:
    if written is None:
        report.warn(
            1, "The node %(id)s is not translated.", "Add it; until then readers see the source text.", id=source.id
        )
        return source
    if written.recovery and not source.recovery:
        report.error(
            written.line, "The node %(id)s is not a recovery in the source.", "Remove the word recovery.", id=source.id
        )
    if written.pass_value not in (None, source.pass_value):
        message = "The key %(key)s differs from the source."
        report.error(written.line, message, "Remove the key: only the source may have keys.", key="pass_value")
    moves = source.moves
    if len(source.moves) != len(written.moves):
        message = "There are %(found)s options here, and %(wanted)s in the source."
        written_count, source_count = len(written.moves), len(source.moves)
        hint = "Write the same number, in the same order."
        report.error(written.line, message, hint, found=written_count, wanted=source_count)
    else:
        pairs = zip(source.moves, written.moves, strict=True)
        moves = tuple(_merge_move(source_move, move, written.line, report=report) for source_move, move in pairs)
    return msgspec.structs.replace(source, text=written.text, moves=moves, line=written.line)


def _merge_move(source: Move, written: Move, line: int, *, report: Report) -> Move:
    tail = (written.to, written.verdict, written.slip)
    if written.to and tail != (source.to, source.verdict, source.slip):
        message = "The arrow or the rating of the option %(text)s differs from the source."
        report.error(
            line, message, "Remove the arrow and the rating: only the source may have them.", text=written.text[:40]
        )
    if bool(source.why) != bool(written.why):
        message = "Source and translation do not both have a reason for the option %(text)s."
        report.error(line, message, "Begin the reason with Why: in every language.", text=written.text[:40])
    return msgspec.structs.replace(source, text=written.text, consequence=written.consequence, why=written.why)
