from datetime import date
from random import Random

import pytest

from app.competence.domain.evidence import EvidenceKind
from app.competence.domain.measure import Parameters, SkillState
from app.demo.truth import policy
from app.demo.truth.policy import Purse, UpkeepStep
from app.demo.truth.world import Nature, SimulatedWorld

K = Parameters()
DAY = date(2027, 6, 7)
TODAY = DAY.toordinal()


def state(*, last: int = 30, watched: int = 30, until: int | None = 200) -> SkillState:
    """Return a state; days are counted from today, back for `last` and `watched`, ahead for `until`."""
    return SkillState(
        mu=1.0, var=1.0, du=0.0, uvar=0.3, peak=1.0, trained=True, last=TODAY - last, watched=TODAY - watched,
        verified_from=TODAY - watched, verified_until=None if until is None else TODAY + until,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        (state(), None),
        (state(until=27), UpkeepStep.REVIEW),
        (state(until=28), None),
        (state(until=0), UpkeepStep.REVIEW),
        (state(until=-1), UpkeepStep.REFRESHER),
        (state(until=None), UpkeepStep.REFRESHER),
        (state(until=-1, last=13), None),
        (state(until=20, last=14), UpkeepStep.REVIEW),
        (state(watched=338, until=27), UpkeepStep.CHECK),
        (state(watched=337, until=27), UpkeepStep.REVIEW),
    ],
)
def test_next_step_depends_on_state(known: SkillState, asked: UpkeepStep | None) -> None:
    assert policy.next_step(known, TODAY, K) == asked


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        (state(until=27), UpkeepStep.REVIEW),
        (state(until=100), None),
        (state(until=100, last=56), UpkeepStep.REVIEW),
        (state(until=None, last=55), None),
        (state(until=None, last=56), UpkeepStep.REVIEW),
        (state(watched=338, until=27), UpkeepStep.REVIEW),
    ],
)
def test_unwatchable_officer_is_invited_to_reviews_only(known: SkillState, asked: UpkeepStep | None) -> None:
    assert policy.next_step(known, TODAY, K, watchable=False) == asked


def test_unwatchable_officer_has_no_check_after_module() -> None:
    world = SimulatedWorld(1, 1, Nature(watchable=0.0))
    assert {piece.kind for piece in policy.begun(world, world.officers[0], DAY)} == {EvidenceKind.QUIZ}


def test_purse_limits_minutes_of_a_month() -> None:
    purse = Purse()
    purse.add(0, 32)
    assert purse.has(3)
    assert not purse.has(4)
    purse.open(4)  # the same place, a month later
    assert purse.has(32)


def test_module_ends_with_watched_check() -> None:
    world = SimulatedWorld(1, 1)
    *attempts, last = policy.begun(world, world.officers[0], DAY)
    assert {piece.kind for piece in attempts} == {EvidenceKind.QUIZ}
    assert [piece.reached for piece in attempts[:-1]] == [False] * (len(attempts) - 1)
    assert [piece.trust for piece in attempts] == [0.5, 0.25, 0.25][: len(attempts)]
    assert (last.kind, last.watched) == (EvidenceKind.CHECK, True)
    assert world.officers[0].trained


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        (UpkeepStep.REFRESHER, [EvidenceKind.REFRESHER, EvidenceKind.CHECK]),
        (UpkeepStep.CHECK, [EvidenceKind.CHECK]),
        (UpkeepStep.REVIEW, [EvidenceKind.REVIEW]),
    ],
)
def test_followed_invitation_gives_evidence(asked: UpkeepStep, kinds: list[EvidenceKind]) -> None:
    world = SimulatedWorld(1, 1)
    one = world.officers[0]
    world.study(one, 1.0)
    one.days = 200
    before = one.retention(0.5)
    assert [piece.kind for piece in policy.followed(world, one, asked, DAY)] == kinds
    assert (one.retention(0.5) > before) == (asked is not UpkeepStep.CHECK)


def test_sample_has_fifty_officers_or_all() -> None:
    assert len(set(policy.sample(range(200), Random(1)))) == policy.SAMPLE
    assert sorted(policy.sample(range(7), Random(1))) == list(range(7))
