import re

from flask import Flask
from werkzeug.routing import Rule

from app import addresses
from app.access.public import PUBLIC, UNAUDITED

KEBAB = re.compile(
    r"([a-z0-9]+(-[a-z0-9]+)*|_components|static|a|<[a-z]+:[a-z_]+>|v<small:[a-z_]+>)(\.(<file:form>|ics|js|pdf))?"
)


def _rules(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def test_public_routes_are_all_there_and_name_no_action(lite_app: Flask) -> None:
    bare = {rule.endpoint for rule in _rules(lite_app) if not hasattr(lite_app.view_functions[rule.endpoint], "action")}
    assert bare == PUBLIC
    assert set(UNAUDITED) <= PUBLIC


def test_parameters_of_addresses_are_typed(lite_app: Flask) -> None:
    untyped = [rule.rule for rule in _rules(lite_app) if re.search(r"<[a-z_]+>", rule.rule)]
    assert [rule for rule in untyped if not rule.startswith("/static/a/")] == []


def test_longest_prefix_names_the_package_of_each_route(lite_app: Flask) -> None:
    served = {rule.rule: lite_app.view_functions[rule.endpoint].__module__.split(".")[1] for rule in _rules(lite_app)}
    assert {path: addresses.package_of(path) for path in served} == served


def test_each_package_of_a_prefix_serves_a_route(lite_app: Flask) -> None:
    served = {rule.rule: addresses.package_of(rule.rule) for rule in _rules(lite_app)}
    assert set(served.values()) == set(addresses.PREFIXES.values())


def test_blueprints_are_named_like_their_packages(lite_app: Flask) -> None:
    others = {"about", "assets", "offline", "components"}  # of web
    packages = {lite_app.view_functions[rule.endpoint].__module__.split(".")[1] for rule in _rules(lite_app)}
    assert set(lite_app.blueprints) - others == packages - {"web"}


def test_addresses_are_kebab_case(lite_app: Flask) -> None:
    odd = [
        rule.rule
        for rule in _rules(lite_app)
        if not rule.rule.startswith("/static/")
        and not all(KEBAB.fullmatch(p) for p in rule.rule.strip("/").split("/") if p)
    ]
    assert odd == []


def test_get_and_change_are_different_views(lite_app: Flask) -> None:
    both = [rule.rule for rule in _rules(lite_app) if {"GET", "POST"} <= (rule.methods or set())]
    assert both == []


def test_changes_answer_to_post_alone(lite_app: Flask) -> None:
    odd = [rule.rule for rule in _rules(lite_app) if (rule.methods or set()) & {"PUT", "PATCH", "DELETE"}]
    assert odd == []
