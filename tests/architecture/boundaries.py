"""Measure what crosses a border of a package, of the access rights or of the tests."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.source_tree import FUNCTIONS, Offence, Source, Tree

# modules that compose the application may import everything, and demonstration data is not counted
COMPOSING = {"factory", "cli", "subscriptions", "schedule", "navigation", "processes"}
UNCOUNTED_PACKAGES = {"demo"}
OPEN_PACKAGES = {"access", "db", "i18n", "kernel", "markup", "web"}
PUBLIC_MODULES = {"service", "queries", "domain", "events", "shapes", "labels"}
# for the views and forms of all packages: the session of a request, the password again, new passwords, names
SHARED_BY_SIGN_IN = {"views.current_session", "views.reauthentication", "forms.authentication", "forms.names"}
READERS_OF_IDENTITY = {"sign_in", "rights", "recovery", "invitations", "directory", "settings"}
PAGES_AND_VIEWS = re.compile(r"[/_](?:pages|views)(?:\.py|/)")
TEST_IMPORT = re.compile(r"^ *(?:from (tests[\w.]*) import (\([^)]*\)|[^\n]*)|import (tests[\w.]+))", re.M)


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
        package == "sign_in" and ".".join(parts[1:]) in SHARED_BY_SIGN_IN,
        importer == "privacy" and module == "personal_data",
        package == "identity" and module == "models" and importer in READERS_OF_IDENTITY,
    }
    return True not in allowed


def role_checks_outside_access(tree: Tree) -> list[Offence]:
    """Count comparisons of roles outside `access`: `Role.X in actor.roles`, `actor.roles & SET`, `isdisjoint`."""
    return [
        source.offence(node, ast.unparse(node))
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
        source.offence(node, ast.unparse(node))
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
        source.offence(node, ast.unparse(node))
        for source in tree.app
        if source.path != "app/db/session.py"
        for node in source.nodes(ast.Attribute)
        if node.attr == "info" and ast.unparse(node.value).endswith("session")
    ]


def untyped_pages(tree: Tree) -> list[Offence]:
    """Count `dict[str, Any]` in modules of pages and views: by name, or because they render templates."""
    return [
        Offence(source.path, source.line(match.start()), "dict[str, Any]")
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
        line = source.line(statement.start())
        module, names, whole = statement.groups()
        if whole:
            yield line, whole
        for name in re.findall(r"(\w+)(?: as \w+)?", re.sub(r"#.*", "", names or "")):
            yield line, f"{module}.{name}"
