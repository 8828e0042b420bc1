from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from app.demo.truth.trial import counted
from app.demo.truth.world import BASE, WORLDS, SimulatedOfficer, SimulatedWorld

COUNT = 200


def trained(world: SimulatedWorld) -> SimulatedWorld:
    for one in world.officers:
        world.study(one, 1.0)
    return world


def alike(one: SimulatedOfficer) -> SimulatedOfficer:
    return replace(one, base=0.0, copies=False)


def test_same_seed_makes_same_officers() -> None:
    busy = SimulatedWorld(30, 5)
    first = [replace(one) for one in busy.officers]
    for _ in range(10):
        trained(busy).week()
    assert SimulatedWorld(30, 5).officers == first
    assert SimulatedWorld(30, 6).officers != first
    assert SimulatedWorld(20, 5).officers == first[:20]


def test_same_seed_gives_same_weeks() -> None:
    assert list(counted(SimulatedWorld(30, 5))) == list(counted(SimulatedWorld(30, 5)))


def test_completion_count_never_falls_while_skill_is_lost() -> None:
    weeks = list(counted(SimulatedWorld(COUNT, 1)))
    assert all(later >= earlier for (earlier, _), (later, _) in pairwise(weeks))
    told, true = weeks[-1]
    assert told > 0.85
    assert true < weeks[26][1] - 0.05  # fewer than when the last one had just joined
    assert told - true > 0.40


def test_untrained_officers_forget_nothing() -> None:
    world = SimulatedWorld(COUNT, 1)
    before = world.competent()
    for _ in range(20):
        world.week()
    assert world.competent() == before


@given(days=st.integers(0, 1000), more=st.integers(1, 500), power=st.sampled_from([0.25, 0.5, 1.0]))
def test_retention_falls_with_days(days: int, more: int, power: float) -> None:
    one = replace(SimulatedWorld(1, 1).officers[0], retained=1.0, days=days)
    later = replace(one, days=days + more)
    assert 0 < later.retention(power) < one.retention(power) <= 1


def test_half_of_gain_is_lost_after_median_time() -> None:
    world = SimulatedWorld(1001, 3)
    held = sorted(replace(one, retained=1.0, days=198).retention(BASE.power) for one in world.officers)
    assert held[500] == pytest.approx(0.5, abs=0.03)


def test_practice_restores_skill_and_slows_forgetting() -> None:
    world = SimulatedWorld(1, 1)
    one = world.officers[0]
    world.study(one, 1.0)
    one.days, before = 300, one.tau
    held = one.retention(BASE.power)
    world.study(one, 0.3)
    assert one.retention(BASE.power) == pytest.approx(held + 0.3 * (1 - held))
    assert one.tau == pytest.approx(before * (1 + BASE.spacing * (1 - held)))


def test_copying_officer_scores_high_only_when_unwatched() -> None:
    world = SimulatedWorld(1, 1)
    weak = replace(world.officers[0], base=-4.0, copies=True)
    alone, watched = (sum(world.answer(weak, 10, watched=flag)[0] for _ in range(200)) / 200 for flag in (False, True))
    assert alone == pytest.approx(0.95, abs=0.02)
    assert watched < 0.45


def test_officer_at_pass_mark_scores_about_pass_mark() -> None:
    world = SimulatedWorld(1, 1)
    just = alike(world.officers[0])
    answers = [world.answer(just, 12, watched=True) for _ in range(2000)]
    right, mark = (sum(each) / len(answers) for each in zip(*answers, strict=True))
    assert right == pytest.approx(mark, abs=0.03)


def test_some_officers_accept_no_invitation() -> None:
    world = SimulatedWorld(COUNT, 1)
    silent = [one for one in world.officers if one.responds == 0]
    assert 0 < len(silent) < COUNT * 0.12
    assert not any(world.follows(one) for one in silent for _ in range(50))


def test_worlds_differ_only_in_habits_of_officers() -> None:
    base, *others = (SimulatedWorld(COUNT, 5, nature) for nature in WORLDS.values())
    plain = [replace(one, clicks=False, watchable=True) for one in base.officers]
    for other in others:
        assert [replace(one, clicks=False, watchable=True) for one in other.officers] == plain


def test_some_officers_click_through_and_learn_nothing() -> None:
    world = SimulatedWorld(COUNT, 1, WORLDS["click30"])
    clicking = [one for one in world.officers if one.clicks]
    assert 0.2 < len(clicking) / COUNT < 0.4
    trained(world)
    assert {one.retention(world.nature.power) for one in clicking} == {0.0}
    assert all(one.retention(world.nature.power) == 1.0 for one in world.officers if not one.clicks)


def test_guessable_answers_count_only_when_unwatched() -> None:
    world = SimulatedWorld(1, 1, WORLDS["guess90"])
    weak = replace(world.officers[0], base=-6.0, gain=0.2, copies=False)
    alone, seen = ([world.answer(weak, 10, watched=watched)[0] for _ in range(COUNT)] for watched in (False, True))
    assert 0.75 < sum(alone) / COUNT < 0.9
    assert sum(seen) / COUNT < 0.4


def test_only_some_officers_may_be_watched() -> None:
    world = SimulatedWorld(COUNT, 1, WORLDS["watched30"])
    assert 0.2 < sum(one.watchable for one in world.officers) / COUNT < 0.4
    assert all(one.watchable for one in SimulatedWorld(COUNT, 1).officers)
