"""Compare what a template reads of `page` with the type hints of the page's class."""

import inspect
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Union, get_args, get_origin, get_type_hints

import jinja2
from jinja2 import nodes

Problem = str
UNKNOWN: Any = Any  # a value of unknown type: nothing below it is checked


@dataclass
class Checker:
    """Walk through a template; `scope` maps names to types."""

    scope: dict[str, Any]
    found: list[Problem] = field(default_factory=list)

    def visit(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.For):
            self._loop(node)
        elif isinstance(node, nodes.Macro):
            Checker({}, self.found).children(node)
        elif isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
            self.scope[node.target.name] = self.type_of(node.node)
        elif isinstance(node, nodes.Getattr):
            self.type_of(node)
        else:
            self.children(node)

    def children(self, node: nodes.Node) -> None:
        for child in node.iter_child_nodes():
            self.visit(child)

    def type_of(self, node: nodes.Node) -> Any:
        """Return the type of an expression and record fields that do not exist."""
        if isinstance(node, nodes.Name):
            return self.scope.get(node.name, UNKNOWN)
        if isinstance(node, nodes.Getattr):
            return self._attribute(node)
        self.visit(node) if isinstance(node, nodes.For) else self.children(node)
        return UNKNOWN

    def _attribute(self, node: nodes.Getattr) -> Any:
        owner = without_none(self.type_of(node.node))
        if owner is UNKNOWN:
            return UNKNOWN
        kind = get_origin(owner) or owner
        if not inspect.isclass(kind):
            return UNKNOWN
        hints = get_type_hints(kind)
        if node.attr in hints:
            return hints[node.attr]
        if not hasattr(kind, node.attr):
            self.found.append(path_of(node))
            return UNKNOWN
        member = getattr(kind, node.attr)
        if isinstance(member, property) and member.fget is not None:
            return get_type_hints(member.fget).get("return", UNKNOWN)
        return UNKNOWN

    def _loop(self, node: nodes.For) -> None:
        before = dict(self.scope)
        self._bind(node.target, self._items(node.iter))
        if node.test is not None:
            self.visit(node.test)
        for child in (*node.body, *node.else_):
            self.visit(child)
        self.scope = before

    def _items(self, node: nodes.Node) -> tuple[Any, ...]:
        """Return the types of the loop's targets."""
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr) and node.node.attr == "items":
            mapping = without_none(self.type_of(node.node.node))
            return get_args(mapping) if is_kind(mapping, Mapping) else ()
        iterated = without_none(self.type_of(node))
        arguments = get_args(iterated)
        if not is_kind(iterated, Iterable) or not arguments:
            return ()
        element = arguments[0]
        return get_args(element) if get_origin(element) is tuple else (element,)

    def _bind(self, target: nodes.Node, kinds: tuple[Any, ...]) -> None:
        names = [target] if isinstance(target, nodes.Name) else list(target.find_all(nodes.Name))
        for position, name in enumerate(names):
            fits = len(kinds) == len(names)
            self.scope[name.name] = kinds[position] if fits else UNKNOWN


def without_none(kind: Any) -> Any:
    """Return the type without None; UNKNOWN for other unions."""
    if get_origin(kind) not in (Union, types.UnionType):
        return kind
    rest = [each for each in get_args(kind) if each is not type(None)]
    return rest[0] if len(rest) == 1 else UNKNOWN


def is_kind(kind: Any, base: type) -> bool:
    origin = get_origin(kind)
    return inspect.isclass(origin) and issubclass(origin, base)


def path_of(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{path_of(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "(...)"


def _reads(tree: nodes.Template, checker: Checker) -> Iterator[Problem]:
    checker.visit(tree)
    yield from checker.found


def problems(template: str, page: type) -> list[Problem]:
    """Return the fields that a template reads and that the class of its page does not have."""
    environment = jinja2.Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    return list(_reads(environment.parse(template), Checker({"page": page})))
