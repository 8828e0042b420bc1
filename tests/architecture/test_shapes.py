import ast
from pathlib import Path

from tests.architecture.source_tree import source

APP = Path(__file__).resolve().parents[2] / "app"
# commands, a child process with one thread, and a module without types of ours
ALONE = {"app/markup/sandbox/child.py", "app/markup/render.py", "app/demo/invariants/checks.py"}
PLAIN = {"dict[str, Any]", "shape"}


def calls(name: str) -> dict[str, list[ast.Call]]:
    found: dict[str, list[ast.Call]] = {}
    last = name.rpartition(".")[2]
    for path in sorted(APP.rglob("*.py")):
        for node in source(path).nodes(ast.Call):
            is_near = last in {getattr(node.func, "attr", None), getattr(node.func, "id", None)}  # unparsing takes long
            if is_near and ast.unparse(node.func) == name:
                found.setdefault(path.relative_to(APP.parent).as_posix(), []).append(node)
    return found


def test_each_decoded_type_is_made_ready_before_threads_use_it() -> None:
    ready = {ast.unparse(each) for found in calls("ready").values() for call in found for each in call.args}
    decoded = {
        ast.unparse(keyword.value)
        for path, found in calls("msgspec.json.decode").items()
        if path not in ALONE
        for call in found
        for keyword in call.keywords
        if keyword.arg == "type"
    }
    sent = {ast.unparse(call.args[0]) for found in calls("read_json").values() for call in found}
    assert decoded | sent
    assert (decoded | sent) - PLAIN <= ready
