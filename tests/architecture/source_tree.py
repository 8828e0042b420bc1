"""The files that the figures of `measures` are counted in."""

import ast
import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar, cast

Node = TypeVar("Node", bound=ast.AST)
Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS: tuple[type[Function], ...] = (ast.FunctionDef, ast.AsyncFunctionDef)
ROOT = Path(__file__).resolve().parents[2]
# these two name the words that they look for
UNMEASURED = {"tests/architecture/measures.py", "tests/architecture/test_measures.py"}


@dataclass(frozen=True)
class Source:
    """One file: its path from the top of the repository, and its text."""

    path: str
    text: str

    @cached_property
    def by_class(self) -> dict[type[ast.AST], list[ast.AST]]:
        """The nodes of the syntax tree by their class. The collector is paused, which halves the time."""
        enabled = gc.isenabled()
        gc.disable()
        nodes: defaultdict[type[ast.AST], list[ast.AST]] = defaultdict(list)
        try:
            for node in ast.walk(ast.parse(self.text)):
                nodes[type(node)].append(node)
        finally:
            if enabled:
                gc.enable()
        return nodes

    def nodes(self, *classes: type[Node]) -> Iterator[Node]:
        """Yield the nodes of these classes."""
        for node_class in classes:
            yield from cast("list[Node]", self.by_class.get(node_class, []))

    def line(self, offset: int) -> int:
        """Return the number of the line that contains a character."""
        return self.text.count("\n", 0, offset) + 1

    def offence(self, node: ast.AST, text: str, weight: int = 1) -> "Offence":
        """Return an offence at the first line of a node."""
        return Offence(self.path, getattr(node, "lineno", 1), text, weight)

    @property
    def package(self) -> str:
        return package_of(self.path)

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@dataclass(frozen=True)
class Tree:
    """Python files of app and tests, and the templates of app."""

    app: tuple[Source, ...] = ()
    tests: tuple[Source, ...] = ()
    templates: tuple[Source, ...] = ()
    settings: str = ""  # the text of pyproject.toml

    def only(self, package: str) -> "Tree":
        """Return the files of one package."""
        return Tree(
            app=tuple(source for source in self.app if source.package == package),
            tests=tuple(source for source in self.tests if source.package == package),
            templates=tuple(source for source in self.templates if source.package == package),
        )


@dataclass(frozen=True)
class Offence:
    """One place that a figure counts. The largest weight is the worst."""

    path: str
    line: int
    text: str
    weight: int = 1

    @property
    def package(self) -> str:
        return package_of(self.path)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def package_of(path: str) -> str:
    """Return the folder below app or tests, or the empty text for a file at the top of them."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else ""


def read_tree(root: Path = ROOT) -> Tree:
    """Read the files of the repository."""
    return Tree(
        app=_read(root, (root / "app").rglob("*.py")),
        tests=_read(root, (root / "tests").rglob("*.py")),
        templates=_read(root, (root / "app").rglob("templates/**/*.html")),
        settings=(root / "pyproject.toml").read_text("utf-8"),
    )


def _read(root: Path, paths: Iterable[Path]) -> tuple[Source, ...]:
    named = {path.relative_to(root).as_posix(): path for path in paths}
    return tuple(Source(name, named[name].read_text("utf-8")) for name in sorted(named.keys() - UNMEASURED))


@cache
def repository() -> Tree:
    """Return the tree of the repository, read and parsed once for all tests of a worker."""
    return read_tree()


def source(path: Path) -> Source:
    """Return a file of the repository; those of `repository` are parsed once."""
    name = path.relative_to(ROOT).as_posix()
    return _by_path().get(name) or Source(name, path.read_text("utf-8"))


@cache
def _by_path() -> dict[str, Source]:
    tree = repository()
    return {source.path: source for source in (*tree.app, *tree.tests)}
