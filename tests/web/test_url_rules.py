"""Rules build the addresses of Werkzeug's own, and what builds them is compiled when it is first needed."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.factory import create_app
from app.web.http.url_rules import LateUrlRule
from tests.support import routes
from tests.support.settings import settings_for


def _values(rule: Rule) -> dict[str, object]:
    return {name: routes._usual(rule, name) for name in rule.arguments}


@pytest.mark.parametrize("append_unknown", [True, False])
def test_every_rule_builds_the_address_of_a_plain_rule(sqlite_app: Flask, append_unknown: bool) -> None:
    rules = list(sqlite_app.url_map.iter_rules())
    assert {type(rule) for rule in rules} == {LateUrlRule}
    for rule in rules:
        values = {**_values(rule), "page": "2 & 3"}
        plain = Rule._compile_builder(rule, append_unknown)(rule, **values)
        assert rule.build(values, append_unknown) == rule.build(values, append_unknown) == plain
    assert any("?page=2" in path for _domain, path in [plain]) is append_unknown


def test_application_starts_without_a_compiled_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[Rule] = []
    compile_builder = Rule._compile_builder

    def noted(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled.append(rule)
        return compile_builder(rule, append_unknown)

    monkeypatch.setattr(Rule, "_compile_builder", noted)
    app = create_app(settings_for("sqlite://"))
    assert compiled == []
    rule = next(app.url_map.iter_rules())
    rule.build(_values(rule))
    rule.build(_values(rule))
    assert compiled == [rule]
