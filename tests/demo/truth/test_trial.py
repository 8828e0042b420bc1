"""A small truth test: with the rules and some officers, and with the services and few officers."""

from dataclasses import astuple, replace

import pytest
from flask import Flask

from app.competence.domain.measure import Parameters
from app.db.session import db
from app.demo.truth.academy import Academy, opened
from app.demo.truth.scores import Score, mean
from app.demo.truth.trial import EXPECTED, SHOWN, Trial, TrialRecord, completion
from app.demo.truth.world import SimulatedWorld
from tests.support.memory_register import MemoryRegister

SEEDS, COUNT = (200, 201), 100
FEW, SOME_WEEKS = 15, 56


def by_rules(seed: int, count: int, k: Parameters, *, refits: bool) -> TrialRecord:
    return Trial(SimulatedWorld(count, seed), MemoryRegister(count, k), seed, refits=refits).run()


def over_seeds(name: str, k: Parameters, *, refits: bool) -> Score:
    return mean([by_rules(seed, COUNT, k, refits=refits).scores()[name] for seed in SEEDS])


def test_measure_is_near_the_truth() -> None:
    found = over_seeds(EXPECTED, Parameters(), refits=True)
    assert abs(found.bias) < 0.05
    assert found.rmse < 0.06
    assert found.ece is not None
    assert found.ece < 0.06


def test_measure_without_forgetting_has_large_bias() -> None:
    found = over_seeds(EXPECTED, Parameters(half_gain=1e9, drift=0.0, u_sd=0.01), refits=False)
    assert found.bias > 0.10


def test_surprise_checks_correct_measure_without_refit() -> None:
    courses = [by_rules(seed, COUNT, Parameters(), refits=False) for seed in SEEDS]
    plain, shown = (mean([one.scores()[name] for one in courses]) for name in (EXPECTED, SHOWN))
    assert plain.bias < -0.05
    assert abs(shown.bias) < 0.05
    assert all(one.covered() > 0.8 for one in courses)


def test_completion_count_has_large_bias() -> None:
    assert mean([completion(SimulatedWorld(COUNT, seed)) for seed in SEEDS]).bias > 0.40


def test_services_and_rules_give_same_results(lite_app: Flask) -> None:
    rules = MemoryRegister(FEW, Parameters())
    wanted = Trial(SimulatedWorld(FEW, 3), rules, 3).run(SOME_WEEKS)
    with opened():
        academy = Academy(FEW)
        course = Trial(SimulatedWorld(FEW, 3), academy, 3).run(SOME_WEEKS)
    assert academy.parameters == rules.parameters
    assert academy.parameters.half_gain != Parameters().half_gain  # the refit has changed it
    assert any(report.high is not None for report in course.reports)
    told = [replace(one, high=one.high and min(1.0, one.high)) for one in course.reports]
    assert [astuple(one) for one in told] == [pytest.approx(astuple(one)) for one in wanted.reports]
    assert course.chances == pytest.approx(wanted.chances)
    with lite_app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(db.metadata.tables["evidence"])) == 0
