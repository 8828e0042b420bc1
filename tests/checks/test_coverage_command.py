"""`flask competence coverage`: each core competency of each role with its ways; 1 if one has none."""

import re
from contextlib import AbstractContextManager

import pytest
from flask import Flask

from app.catalogue.domain.items import Level
from app.catalogue.queries import courses as catalogue
from app.checks.domain.coverage import core
from app.db.session import db
from tests.support import check_requests, competence_site

FOUNDATION, PRACTITIONER, SPECIALIST = Level


@pytest.fixture
def framework(app: Flask) -> list[tuple[str, str, Level]]:
    """Load the real framework; return role, competency and level of each need."""
    with app.app_context():
        competence_site.make()
        loaded = catalogue.competencies()
        assert loaded is not None
        needs = core(loaded)
        db.session.remove()
    return needs


def _run(app: Flask, ways: AbstractContextManager[None]) -> tuple[int, str]:
    with ways:
        result = app.test_cli_runner().invoke(args=["competence", "coverage"])
    return result.exit_code, result.output


def test_coverage_lists_the_ways_of_each_need(app: Flask, framework: list[tuple[str, str, Level]]) -> None:
    names = {name for _role, name, _level in framework}
    pools = {(name, FOUNDATION): 30 for name in names}
    tasks = {(name, SPECIALIST): (f"T/{name}",) for name in names}
    code, output = _run(app, check_requests.ways(pools, tasks))
    assert code == 0
    assert output.endswith(f"{len(framework)} needs, 0 without a way.\n")
    assert re.findall(r"^(\w+):$", output, re.M) == list(dict.fromkeys(role for role, _name, _level in framework))
    line = "VIC-06 foundation: watched check: 30 items, small pool; desk task (specialist): T/VIC-06"
    assert line in output


def test_coverage_fails_when_a_need_has_no_way(app: Flask, framework: list[tuple[str, str, Level]]) -> None:
    names = {name for _role, name, _level in framework}
    tasks = {(name, SPECIALIST): ("T",) for name in names - {"VIC-06"}}
    missing = sum(name == "VIC-06" for _role, name, _level in framework)
    code, output = _run(app, check_requests.ways(tasks=tasks))
    assert code == 1
    assert f"{missing} without a way." in output
    assert output.count("NO WAY") == missing


def test_coverage_fails_without_a_framework(app: Flask) -> None:
    assert _run(app, check_requests.ways()) == (1, "0 needs, 0 without a way.\n")
