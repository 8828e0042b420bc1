"""Measure the figures that only get better (`make figures`; `--list NAME` prints each place).

Each measuring function takes a tree and returns one `Offence` for each place that it counts.
"""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator

from tests.architecture.source_tree import Offence, Source, Tree, package_of

MOST_DECISIONS = 7
MOST_CHARACTERS = 140
MOST_LINES = 400

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS: tuple[type[Function], ...] = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS: tuple[type[ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp], ...] = (
    ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip
BINDINGS: tuple[type[ast.AST], ...] = (ast.Name, ast.arg, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)
BRANCHES = (ast.If, ast.IfExp, ast.For, ast.While, ast.ExceptHandler, ast.match_case, ast.comprehension)

# modules that compose the application may import everything, and demonstration data is not counted
COMPOSING = {"factory", "cli", "subscriptions", "schedule", "navigation", "processes"}
UNCOUNTED_PACKAGES = {"demo"}
OPEN_PACKAGES = {"access", "db", "i18n", "kernel", "markup", "web"}
PUBLIC_MODULES = {"service", "queries", "domain", "events", "shapes", "labels"}
READERS_OF_IDENTITY = {"sign_in", "rights", "recovery", "invitations", "directory", "settings"}

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
PAGES_AND_VIEWS = re.compile(r"[/_](?:pages|views)(?:\.py|/)")
TEST_IMPORT = re.compile(r"^ *(?:from (tests[\w.]*) import (\([^)]*\)|[^\n]*)|import (tests[\w.]+))", re.M)
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
        _offence(source, node, ast.unparse(node)[:80], len(ast.unparse(node)))
        for source in tree.app
        for node in source.nodes(ast.IfExp)
        if any(isinstance(inner, ast.IfExp) for inner in _inside(node))
    ]


def matches_without_assert_never(tree: Tree) -> list[Offence]:
    """Count `match` statements over a closed set that do not end with `case _: assert_never(...)`.

    A set counts as closed if a pattern names a member (`State.OPEN`) or a class that is neither built in nor an error.
    """
    return [
        _offence(source, node, f"match {ast.unparse(node.subject)}")
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


# Boundaries


def imports_beside_interface(tree: Tree) -> list[Offence]:
    """Count pairs of modules where one imports a private module of another package of app.

    Public are `PUBLIC_MODULES` and what they contain, except modules that start with an underscore.
    """
    modules = {source.module for source in tree.app}
    return [
        Offence(source.path, line, f"imports {target}")
        for source in tree.app
        if not _may_import_all(source)
        for target, line in sorted(_imported(source, modules).items())
        if _is_private(target, source.package)
    ]


def _may_import_all(source: Source) -> bool:
    return source.package in UNCOUNTED_PACKAGES or source.module.removeprefix("app.") in COMPOSING


def _imported(source: Source, modules: set[str]) -> dict[str, int]:
    """Return each imported module of app with its first line."""
    lines: dict[str, int] = {}
    for node in source.nodes(ast.ImportFrom, ast.Import):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "app":
            full = [f"{node.module}.{alias.name}" for alias in node.names]
            targets = [name if name in modules else node.module for name in full]
        elif isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names if alias.name.startswith("app.")]
        else:
            continue
        for target in targets:
            lines.setdefault(target, node.lineno)
    return lines


def _is_private(target: str, importer: str) -> bool:
    _, *parts = target.split(".")
    if len(parts) < 2 or parts[0] in OPEN_PACKAGES | {importer}:
        return False
    package, module = parts[0], parts[1]
    if any(part.startswith("_") for part in parts):
        return True
    allowed = {
        module in PUBLIC_MODULES,
        package == "sign_in" and module == "web",
        importer == "privacy" and module == "personal_data",
        package == "identity" and module == "models" and importer in READERS_OF_IDENTITY,
    }
    return True not in allowed


def role_checks_outside_access(tree: Tree) -> list[Offence]:
    """Count comparisons of roles outside `access`: `Role.X in actor.roles`, `actor.roles & SET`, `isdisjoint`."""
    return [
        _offence(source, node, ast.unparse(node))
        for source in tree.app
        if source.package != "access"
        for node in source.nodes(ast.Compare, ast.BinOp, ast.Call)
        if _is_role_check(node)
    ]


def _is_role_check(node: ast.AST) -> bool:
    match node:
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[ast.Attribute(attr="roles")]):
            return any(getattr(inner, "id", getattr(inner, "attr", "")) == "Role" for inner in ast.walk(left))
        case ast.BinOp(op=ast.BitAnd(), left=ast.Attribute(attr="roles")):
            return True
        case ast.BinOp(op=ast.BitAnd(), right=ast.Attribute(attr="roles")):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="roles"), attr=method)):
            return method in {"isdisjoint", "intersection", "issubset", "issuperset"}
        case _:
            return False


def uses_of_extensions(tree: Tree) -> list[Offence]:
    """Count `extensions["..."]` outside the factory and outside modules with an accessor for it.

    An accessor is a function that ends with `return cast("Type", ...extensions["..."])`. Its module may assign, too.
    """
    return [
        _offence(source, node, ast.unparse(node))
        for source in tree.app
        if source.path != "app/factory.py"
        for node in _outside_accessors(source)
        if isinstance(node.value, ast.Attribute) and node.value.attr == "extensions"
    ]


def _outside_accessors(source: Source) -> list[ast.Subscript]:
    allowed: list[ast.Subscript] = []
    for function in source.nodes(*FUNCTIONS):
        match function.body[-1]:
            case ast.Return(value=ast.Call(func=ast.Name(id="cast"), args=[_, ast.Subscript() as extension])):
                allowed.append(extension)
            case _:
                pass
    keys = {ast.dump(extension.slice) for extension in allowed}
    return [
        node
        for node in source.nodes(ast.Subscript)
        if node not in allowed and not (isinstance(node.ctx, ast.Store) and ast.dump(node.slice) in keys)
    ]


def uses_of_session_info(tree: Tree) -> list[Offence]:
    """Count `session.info` outside app/db/session.py."""
    return [
        _offence(source, node, ast.unparse(node))
        for source in tree.app
        if source.path != "app/db/session.py"
        for node in source.nodes(ast.Attribute)
        if node.attr == "info" and ast.unparse(node.value).endswith("session")
    ]


def untyped_pages(tree: Tree) -> list[Offence]:
    """Count `dict[str, Any]` in modules of pages and views: by name, or because they render templates."""
    return [
        Offence(source.path, _line(source, match.start()), "dict[str, Any]")
        for source in tree.app
        if PAGES_AND_VIEWS.search(source.path) or "render_template(" in source.text
        for match in re.finditer(r"dict\[str, Any\]", source.text)
    ]


def imports_of_test_modules(tree: Tree) -> list[Offence]:
    """Count modules of tests that import a test module (`test_*`) or a name from one."""
    offences = []
    for source in tree.tests:
        imports = [(line, name) for line, name in _test_imports(source) if ".test_" in name]
        if imports:
            names = ", ".join(name for _, name in imports)
            offences.append(Offence(source.path, imports[0][0], f"imports {names}", len(imports)))
    return offences


def imports_of_private_test_names(tree: Tree) -> list[Offence]:
    """Count names starting with an underscore that a module of tests imports from another one."""
    return [
        Offence(source.path, line, f"imports {name}")
        for source in tree.tests
        for line, name in _test_imports(source)
        if name.rsplit(".")[-1].startswith("_")
    ]


def _test_imports(source: Source) -> Iterator[tuple[int, str]]:
    """Yield each imported module or name of tests with its line."""
    for statement in TEST_IMPORT.finditer(source.text):
        line = _line(source, statement.start())
        module, names, whole = statement.groups()
        if whole:
            yield line, whole
        for name in re.findall(r"(\w+)(?: as \w+)?", re.sub(r"#.*", "", names or "")):
            yield line, f"{module}.{name}"


# Vocabulary


def banned_names(tree: Tree) -> list[Offence]:
    """Count places in app that bind a banned name: assignments, loops, parameters, `with`, `except`, patterns.

    A comprehension of one line may use them. Fields of events and models are stored names and not counted.
    """
    offences = []
    for source in tree.app:
        allowed = _allowed_names(source)
        bound = [(node, _bound_name(node)) for node in source.nodes(*BINDINGS) if node not in allowed]
        offences += [_offence(source, node, name) for node, name in bound if name in BANNED_NAMES]
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
    return [_offence(source, node, node.name) for source, node in named]


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


def _offence(source: Source, node: ast.AST, text: str, weight: int = 1) -> Offence:
    return Offence(source.path, getattr(node, "lineno", 1), text, weight)


def _line(source: Source, offset: int) -> int:
    return source.text.count("\n", 0, offset) + 1


if __name__ == "__main__":
    from tests.architecture.figures import main

    main()
