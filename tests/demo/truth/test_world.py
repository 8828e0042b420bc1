from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.demo.truth.trial import counted
from app.demo.truth.world import BASE, WORLDS, Officer, World

COUNT = 200


def trained(world: World) -> World:
    for one in world.officers:
        world.study(one, 1.0)
    return world


def alike(one: Officer) -> Officer:
    return replace(one, base=0.0, copies=False)


def test_the_same_seed_makes_the_same_officers_whatever_is_done_with_them() -> None:
    busy = World(30, 5)
    first = [replace(one) for one in busy.officers]
    for _ in range(10):
        trained(busy).week()
    assert World(30, 5).officers == first
    assert World(30, 6).officers != first
    assert World(20, 5).officers == first[:20]


def test_the_same_seed_lives_the_same_life() -> None:
    assert list(counted(World(30, 5))) == list(counted(World(30, 5)))


def test_without_upkeep_skill_is_lost_and_a_completion_count_never_falls() -> None:
    weeks = list(counted(World(COUNT, 1)))
    assert all(later >= earlier for (earlier, _), (later, _) in pairwise(weeks))
    told, true = weeks[-1]
    assert told > 0.85
    assert true < weeks[26][1] - 0.05  # fewer than when the last one had just joined
    assert told - true > 0.40


def test_nobody_forgets_what_nobody_learned() -> None:
    world = World(COUNT, 1)
    before = world.competent()
    for _ in range(20):
        world.week()
    assert world.competent() == before


@given(days=st.integers(0, 1000), more=st.integers(1, 500), power=st.sampled_from([0.25, 0.5, 1.0]))
def test_what_is_held_falls_with_the_days(days: int, more: int, power: float) -> None:
    one = replace(World(1, 1).officers[0], kept=1.0, days=days)
    later = replace(one, days=days + more)
    assert 0 < later.held(power) < one.held(power) <= 1


def test_half_of_the_gain_is_gone_after_the_median_time() -> None:
    world = World(1001, 3)
    held = sorted(replace(one, kept=1.0, days=198).held(BASE.power) for one in world.officers)
    assert held[500] == pytest.approx(0.5, abs=0.03)


def test_practice_brings_a_share_back_and_slows_forgetting() -> None:
    world = World(1, 1)
    one = world.officers[0]
    world.study(one, 1.0)
    one.days, before = 300, one.tau
    held = one.held(BASE.power)
    world.study(one, 0.3)
    assert one.held(BASE.power) == pytest.approx(held + 0.3 * (1 - held))
    assert one.tau == pytest.approx(before * (1 + BASE.spacing * (1 - held)))


def test_who_copies_does_so_when_nobody_watches() -> None:
    world = World(1, 1)
    weak = replace(world.officers[0], base=-4.0, copies=True)
    alone, watched = (sum(world.answer(weak, 10, watched=flag)[0] for _ in range(200)) / 200 for flag in (False, True))
    assert alone == pytest.approx(0.95, abs=0.02)
    assert watched < 0.45


def test_whoever_is_at_the_pass_mark_gets_about_the_pass_mark_right() -> None:
    world = World(1, 1)
    just = alike(world.officers[0])
    answers = [world.answer(just, 12, watched=True) for _ in range(2000)]
    right, mark = (sum(each) / len(answers) for each in zip(*answers, strict=True))
    assert right == pytest.approx(mark, abs=0.03)


def test_some_follow_no_invitation() -> None:
    world = World(COUNT, 1)
    silent = [one for one in world.officers if one.responds == 0]
    assert 0 < len(silent) < COUNT * 0.12
    assert not any(world.follows(one) for one in silent for _ in range(50))


def test_the_worlds_have_the_same_officers_but_for_their_habits() -> None:
    base, *others = (World(COUNT, 5, nature) for nature in WORLDS.values())
    plain = [replace(one, clicks=False, watchable=True) for one in base.officers]
    for other in others:
        assert [replace(one, clicks=False, watchable=True) for one in other.officers] == plain


def test_a_share_of_officers_clicks_through_and_learns_nothing() -> None:
    world = World(COUNT, 1, WORLDS["click30"])
    clicking = [one for one in world.officers if one.clicks]
    assert 0.2 < len(clicking) / COUNT < 0.4
    trained(world)
    assert {one.held(world.nature.power) for one in clicking} == {0.0}
    assert all(one.held(world.nature.power) == 1.0 for one in world.officers if not one.clicks)


def test_what_may_be_guessed_is_guessed_only_where_no_one_watches() -> None:
    world = World(1, 1, WORLDS["guess90"])
    weak = replace(world.officers[0], base=-6.0, gain=0.2, copies=False)
    alone, seen = ([world.answer(weak, 10, watched=watched)[0] for _ in range(COUNT)] for watched in (False, True))
    assert 0.75 < sum(alone) / COUNT < 0.9
    assert sum(seen) / COUNT < 0.4


def test_a_share_of_officers_is_ever_watched() -> None:
    world = World(COUNT, 1, WORLDS["watched30"])
    assert 0.2 < sum(one.watchable for one in world.officers) / COUNT < 0.4
    assert all(one.watchable for one in World(COUNT, 1).officers)
