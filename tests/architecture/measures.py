"""Measure the figures that only get better (`make figures`; `--list NAME` prints each place).

Each measuring function takes a tree and returns one `Offence` for each place that it counts.
"""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator

from tests.architecture.source_tree import FUNCTIONS, Function, Offence, Source, Tree, package_of

MOST_DECISIONS = 7
MOST_CHARACTERS = 140
MOST_LINES = 400

COMPREHENSIONS: tuple[type[ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp], ...] = (
    ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip
BINDINGS: tuple[type[ast.AST], ...] = (ast.Name, ast.arg, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)
BRANCHES = (ast.If, ast.IfExp, ast.For, ast.While, ast.ExceptHandler, ast.match_case, ast.comprehension)

BANNED_NAMES = {
    *("one", "it", "each", "mine", "what", "who", "found", "given", "made", "got", "held", "kept", "stands", "known"),
    *("seen", "said", "told", "spoken", "words", "sentence", "wrong", "blame", "refused", "walk", "place", "here"),
    *("there", "where", "mark", "share", "_rest", "_more"),
}
BANNED_PROSE = re.compile(
    r"\b(?:somebody|whoever|whomever|nobody|anew|by now|stands? (?:in|at|there|for)|is held"
    r"|tells? (?:of|who|what|that)|keep that|what (?:came|holds|waits|is kept))\b",
    re.I,
)
STORED_FIELDS = re.compile(r"/(?:events|\w*models)(?:\.py|/)")
OPEN_CLASSES = re.compile(r"^(?:str|int|float|bool|bytes|dict|list|tuple|set|\w*(?:Error|Exception))$")


# Density


def functions(tree: Tree) -> Iterator[tuple[Source, Function]]:
    """Yield each function and method of app, inner ones included."""
    for source in tree.app:
        for function in source.nodes(*FUNCTIONS):
            yield source, function


def decisions(function: Function) -> int:
    """Return 1 + branches + boolean operators, as McCabe counts them, with expressions included."""
    nodes = list(ast.walk(function))
    return (
        1
        + sum(isinstance(n, BRANCHES) for n in nodes)
        + sum(len(n.values) - 1 for n in nodes if isinstance(n, ast.BoolOp))
    )


def functions_over_7_decisions(tree: Tree) -> list[Offence]:
    """Count functions of app with more than 7 `decisions`."""
    counted = [(source, function, decisions(function)) for source, function in functions(tree)]
    return [
        Offence(source.path, function.lineno, f"{function.name}: {number} decisions", number)
        for source, function, number in counted
        if number > MOST_DECISIONS
    ]


def nested_ternaries(tree: Tree) -> list[Offence]:
    """Count conditional expressions of app that contain another one, at any depth."""
    return [
        source.offence(node, ast.unparse(node)[:80], len(ast.unparse(node)))
        for source in tree.app
        for node in source.nodes(ast.IfExp)
        if any(isinstance(inner, ast.IfExp) for inner in _inside(node))
    ]


def matches_without_assert_never(tree: Tree) -> list[Offence]:
    """Count `match` statements over a closed set that do not end with `case _: assert_never(...)`.

    A set counts as closed if a pattern names a member (`State.OPEN`) or a class that is neither built in nor an error.
    """
    return [
        source.offence(node, f"match {ast.unparse(node.subject)}")
        for source in tree.app
        for node in source.nodes(ast.Match)
        if _is_closed(node) and not _ends_with_assert_never(node)
    ]


def _is_closed(match: ast.Match) -> bool:
    patterns = [pattern for case in match.cases for pattern in ast.walk(case.pattern)]
    members = [p for p in patterns if isinstance(p, ast.MatchValue) and isinstance(p.value, ast.Attribute)]
    classes = [ast.unparse(p.cls) for p in patterns if isinstance(p, ast.MatchClass)]
    return bool(members) or any(not OPEN_CLASSES.match(name.rsplit(".")[-1]) for name in classes)


def _ends_with_assert_never(match: ast.Match) -> bool:
    last = match.cases[-1]
    is_wildcard = isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None and last.guard is None
    calls = [node for statement in last.body for node in ast.walk(statement) if isinstance(node, ast.Call)]
    return is_wildcard and any(ast.unparse(call.func).endswith("assert_never") for call in calls)


def template_lines(tree: Tree) -> int:
    """Return the number of lines of all templates."""
    return sum(len(source.text.splitlines()) for source in tree.templates)


def template_lines_over_140(tree: Tree) -> list[Offence]:
    """Count lines of templates with more than 140 characters."""
    return [
        Offence(source.path, number, f"{len(line)} characters", len(line))
        for source in tree.templates
        for number, line in enumerate(source.text.splitlines(), 1)
        if len(line) > MOST_CHARACTERS
    ]


def modules_over_400_lines(tree: Tree) -> list[Offence]:
    """Count modules of app with more than 400 lines."""
    lines = [(source.path, source.text.count("\n")) for source in tree.app]
    return [Offence(path, 1, f"{number} lines", number) for path, number in lines if number > MOST_LINES]


def lines_of_app(tree: Tree) -> int:
    """Return the number of lines of Python in app."""
    return sum(source.text.count("\n") for source in tree.app)


def modules_at_the_top(tree: Tree) -> list[Offence]:
    """Return one offence for each module or inner package directly inside a package of app."""
    tops = {
        source.path for source in tree.app if source.path.count("/") == 2 and not source.path.endswith("__init__.py")
    }
    inner = {source.path for source in tree.app if source.path.count("/") == 3 and source.path.endswith("__init__.py")}
    sizes = Counter(package_of(path) for path in tops | inner)
    return [Offence(path, 1, path.split("/")[2], sizes[package_of(path)]) for path in sorted(tops | inner)]


def largest_package(offences: Iterable[Offence]) -> int:
    """Return how many of the offences the package with the most of them has."""
    return max(Counter(offence.package for offence in offences).values(), default=0)


def names_in_inside_contract(tree: Tree) -> list[Offence]:
    """Count module names in the contract `inside` of pyproject.toml."""
    contracts = tomllib.loads(tree.settings).get("tool", {}).get("importlinter", {}).get("contracts", [])
    layers = [layer for contract in contracts if contract.get("id") == "inside" for layer in contract["layers"]]
    return [Offence("pyproject.toml", 1, name) for layer in layers for name in re.findall(r"\w+", layer)]


# Vocabulary


def banned_names(tree: Tree) -> list[Offence]:
    """Count places in app that bind a banned name: assignments, loops, parameters, `with`, `except`, patterns.

    A comprehension of one line may use them. Fields of events and models are stored names and not counted.
    """
    offences = []
    for source in tree.app:
        allowed = _allowed_names(source)
        bound = [(node, _bound_name(node)) for node in source.nodes(*BINDINGS) if node not in allowed]
        offences += [source.offence(node, name) for node, name in bound if name in BANNED_NAMES]
    return offences


def _bound_name(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
            return name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return name
        case _:
            return ""


def _allowed_names(source: Source) -> set[ast.AST]:
    allowed: set[ast.AST] = set()
    for node in source.nodes(*COMPREHENSIONS):
        if node.lineno == node.end_lineno:
            allowed.update(name for generator in node.generators for name in ast.walk(generator.target))
    if STORED_FIELDS.search(source.path):
        for model in source.nodes(ast.ClassDef):
            allowed.update(field.target for field in model.body if isinstance(field, ast.AnnAssign))
    return allowed


def names_one_and_found(tree: Tree) -> list[Offence]:
    """Count the banned names `one` and `found` alone."""
    return [offence for offence in banned_names(tree) if offence.text in {"one", "found"}]


def repeated_class_names(tree: Tree) -> list[Offence]:
    """Return each class of app whose name another class of app has, too."""
    classes = [(source.path, node) for source in tree.app for node in source.nodes(ast.ClassDef)]
    uses = Counter(node.name for _, node in classes)
    return [Offence(path, node.lineno, node.name, uses[node.name]) for path, node in classes if uses[node.name] > 1]


def distinct_texts(offences: Iterable[Offence]) -> int:
    """Return the number of different texts: several classes of one name count once."""
    return len({offence.text for offence in offences})


def functions_named_like_tests(tree: Tree) -> list[Offence]:
    """Count functions of app that are named like a test."""
    named = [(source, node) for source, node in functions(tree) if node.name.startswith("test_")]
    return [source.offence(node, node.name) for source, node in named]


def prose_in_app(tree: Tree) -> list[Offence]:
    """Count banned words in the Python of app: code, comments, docstrings and texts."""
    return _prose(tree.app)


def prose_in_templates(tree: Tree) -> list[Offence]:
    """Count banned words in templates."""
    return _prose(tree.templates)


def prose_in_tests(tree: Tree) -> list[Offence]:
    """Count banned words in the Python of tests."""
    return _prose(tree.tests)


def _prose(sources: Iterable[Source]) -> list[Offence]:
    return [
        Offence(source.path, number, f"“{match[0]}” in: {line.strip()[:90]}")
        for source in sources
        if BANNED_PROSE.search(source.text)
        for number, line in enumerate(source.text.splitlines(), 1)
        for match in BANNED_PROSE.finditer(line)
    ]


def _inside(node: ast.AST) -> list[ast.AST]:
    return list(ast.walk(node))[1:]


if __name__ == "__main__":
    from tests.architecture.figures import main

    main()
