"""Every route with an address to try it by."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from flask import Flask
from werkzeug.routing import Rule

from tests.support import courses

NOBODYS = UUID("00000000-0000-4000-8000-000000000000")
# by converter; the default is an unknown UUID
OF_CONVERTERS: Mapping[str, object] = {
    "CompetencyConverter": "PRT-01",
    "CountryConverter": "IQ",
    "IndicatorConverter": "OP2.1",
    "IntegerConverter": 1,
    "ItemConverter": courses.CHECK,
    "LanguageConverter": "en",
    "PeriodConverter": "2028",
    "QuarterConverter": "2027-q1",
    "SittingCodeConverter": "abcdefgh",
    "SmallConverter": 1,
}
# by name, where one converter serves several kinds of values
OF_NAMES: Mapping[str, object] = {
    "course": courses.SLUG,
    "lesson": "the-list",
    "case": "scenario",
    "digest": "0" * 64,
    "form": "csv",
    "step": "close",
    "part": "course",
    "exchange": "xliff",
    "role": "practitioner",
    "name": "academy.css",
    "token": "no-such-link",
}
RESULTS = {"plan.outcome": "OC1", "plan.note_outcome": "OC1", "plan.output": "OP1", "plan.note_output": "OP1"}


def address(app: Flask, rule: Rule, **values: object) -> str:
    """Return an address of a rule; a value that is not passed comes from the tables above."""
    wanted = {name: values.get(name, _usual(rule, name)) for name in rule.arguments}
    return str(app.url_map.bind("localhost").build(rule.endpoint, wanted))


def _usual(rule: Rule, name: str) -> object:
    if name == "code" and rule.endpoint in RESULTS:
        return RESULTS[rule.endpoint]
    if name in OF_NAMES:
        return OF_NAMES[name]
    if rule.defaults and name in rule.defaults:
        return rule.defaults[name]
    return OF_CONVERTERS.get(type(rule._converters[name]).__name__, NOBODYS)


def of_method(app: Flask, method: str) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]


def changes(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield endpoint and address of every route that changes something."""
    for rule in of_method(app, "POST"):
        yield rule.endpoint, address(app, rule)


def pages(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield endpoint and address of every route that reads."""
    for rule in of_method(app, "GET"):
        yield rule.endpoint, address(app, rule)
