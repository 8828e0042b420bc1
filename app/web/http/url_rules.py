"""URL rules that start fast: to compile what builds the addresses of all rules took most of the time to start."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.routing import Rule


class LateUrlRule(Rule):
    """A rule that compiles its functions to build an address when the first address is built."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            if not compiled:
                compiled.append(Rule._compile_builder(rule, append_unknown))  # noqa: SLF001 - Werkzeug offers no other way
            return compiled[0](rule, **values)

        return build


def init_app(app: Flask) -> None:
    """Let the routes that are added from now on be such rules."""
    app.url_rule_class = LateUrlRule
