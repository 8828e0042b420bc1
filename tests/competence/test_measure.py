"""The measure against the vectors that its reference printed."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.competence.domain import audit, measure
from app.competence.domain.audit import Checked
from app.competence.domain.evidence import EvidenceKind, Piece
from app.competence.domain.history import Rule, step
from app.competence.domain.measure import Bearing, Parameters, State
from app.competence.domain.statuses import Status, status

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))["vectors"]
K = Parameters()
RULE = Rule(K, frozenset({"watched_check", "assessor"}))
MARK = 0.62
Kind = EvidenceKind


def _piece(kind: EvidenceKind, day: int, right: int = 0, items: int = 0, mark: float = MARK) -> Piece:
    trust = {Kind.CHECK: 1.0, Kind.SURPRISE: 1.0, Kind.MODULE: 0.0, Kind.REFRESHER: 0.0, Kind.CLAIM: 0.0}
    training = "course:1" if kind in {Kind.MODULE, Kind.QUIZ} else ""
    return Piece(
        day=date.fromordinal(day),
        kind=kind,
        share=right / items if items else None,
        mark=mark if items else None,
        items=items,
        trust=trust.get(kind, 0.5),
        watched=kind in {Kind.CHECK, Kind.SURPRISE},
        training=training,
    )


MODULE = _piece(Kind.MODULE, 100)
QUIZ = _piece(Kind.QUIZ, 100, 8, 10)
CHECK = _piece(Kind.CHECK, 100, 10, 12)
A3 = [MODULE, QUIZ, CHECK]
REVIEW = _piece(Kind.REVIEW, 160, 4, 4)
SURPRISE = _piece(Kind.SURPRISE, 160, 5, 12)
REFRESHER = _piece(Kind.REFRESHER, 174)


def _after(pieces: list[Piece]) -> State:
    """The vectors' officer is known from day 0."""
    state: State | None = measure.initial(0, K)
    for place, piece in enumerate(pieces):
        state = step(state, piece, pieces[:place], RULE)
    assert state is not None
    return state


def _claimed(right: int) -> list[Piece]:
    return [_piece(Kind.CLAIM, 100), _piece(Kind.CHECK, 100, right, 12)]


STEPS: dict[str, Callable[[], State]] = {
    "A0": lambda: _after([]),
    "A1": lambda: _after([MODULE]),
    "A2": lambda: _after([MODULE, QUIZ]),
    "A3": lambda: _after(A3),
    "A4": lambda: _after(A3),
    "A5": lambda: measure.observe(_after(A3), REVIEW, K),
    "A6": lambda: _after([*A3, REVIEW]),
    "A7": lambda: _after([*A3, REVIEW, _piece(Kind.REVIEW, 205, 3, 4)]),
    "A8": lambda: _after([*A3, REVIEW, _piece(Kind.REVIEW, 205, 3, 4)]),
    "B1": lambda: _after([*A3, _piece(Kind.REVIEW, 160, 1, 4)]),
    "C1": lambda: _after([*A3, SURPRISE]),
    "C2": lambda: _after([*A3, SURPRISE, REFRESHER]),
    "C3": lambda: _after([*A3, SURPRISE, REFRESHER, _piece(Kind.CHECK, 174, 11, 12)]),
    "D1": lambda: _after([*A3, _piece(Kind.SUPERVISOR, 160, 3, 3, 0.67)]),
    "E9": lambda: _after(_claimed(9)),
    "E10": lambda: _after(_claimed(10)),
    "E11": lambda: _after(_claimed(11)),
    "E12": lambda: _after(_claimed(12)),
}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['step'][:3]}-{vector['day']}")
def test_every_vector(vector: dict[str, object]) -> None:
    name = str(vector["step"]).split()[0]
    day = int(str(vector["day"]))
    state = STEPS[name]()
    at = measure.project(state, day, K)
    assert at.level == pytest.approx(vector["level"], abs=0.001)
    assert math.sqrt(at.var) == pytest.approx(vector["sd"], abs=0.001)
    assert measure.p(state, day, K) == pytest.approx(vector["p"], abs=0.001)
    assert K.half_gain * math.exp(state.du) == pytest.approx(vector["fade_days"], abs=0.1)
    assert (state.verified_from, state.verified_until) == (vector["verified_from"], vector["verified_until"])
    until = None if state.verified_until is None else date.fromordinal(state.verified_until)
    # a day of the vectors is 0, which the calendar does not have
    found = status(name != "A0", until, date.fromordinal(max(1, day)))
    assert found.value.replace("_", " ") == vector["status"]


def test_all_vectors_are_there() -> None:
    assert {str(vector["step"]).split()[0] for vector in VECTORS} == set(STEPS)


def test_share_and_weight() -> None:
    shares = [measure.share(level, measure.offset(MARK, 0.25), 0.25) for level in (-2, -1, 0, 1, 2)]
    assert shares == pytest.approx([0.3373, 0.4478, 0.6200, 0.7943, 0.9085], abs=0.0001)
    assert measure.weight(12, 1.0, K) == pytest.approx(5.7143, abs=0.0001)
    assert measure.weight(4, 0.5, K) == pytest.approx(1.5385, abs=0.0001)
    assert measure.weight(0, 1.0, K) == 0


def test_surprise_checks_shift_the_level_of_all() -> None:
    state = _after(A3)
    at = measure.project(state, 160, K)
    checks = [Checked(at.level, at.var, right / 12, MARK, 12, 1.0, 0.25) for right in (5, 8, 10, 7, 6)]
    found = audit.shift(checks, K)
    assert found is not None
    assert (found.delta, found.se) == pytest.approx((-0.1220, 0.3643), abs=0.0001)
    assert found.agrees
    assert audit.shift([], K) is None
    audited = [audit.p(at.level, at.var, delta) for delta in (-0.3, 0, 0.3)]
    assert audited == pytest.approx([0.5999, 0.7156, 0.8123], abs=0.0001)


def test_sums_over_three_officers() -> None:
    states = [_after(A3), _after([*A3, REVIEW]), _after([*A3, SURPRISE])]
    chances = [measure.p(state, 160, K) for state in states]
    assert sum(chances) == pytest.approx(2.0523, abs=0.0001)
    assert sum(chance * (1 - chance) for chance in chances) == pytest.approx(0.4966, abs=0.0001)
    assert sum(state.verified_until is not None and state.verified_until >= 160 for state in states) == 2


def test_the_likely_range_is_wider_than_chance_alone() -> None:
    low, high = audit.likely([0.6, 0.7, 0.8], lows=[0.5, 0.6, 0.7], highs=[0.7, 0.8, 0.9])
    chance = 1.96 * math.sqrt(0.24 + 0.21 + 0.16)
    assert (low, high) == pytest.approx((max(0.0, 1.8 - chance), min(3.0, 2.4 + chance)))


def test_a_newcomer_counts_a_little() -> None:
    assert measure.p(None, 1, K) == pytest.approx(0.0912, abs=0.0001)


@pytest.mark.parametrize(
    ("has_state", "until", "expected"),
    [
        (False, None, Status.NOT_STARTED),
        (True, None, Status.IN_TRAINING),
        (True, date(2027, 3, 29), Status.VERIFIED),
        (True, date(2027, 3, 28), Status.DUE),
        (True, date(2027, 3, 1), Status.DUE),
        (True, date(2027, 2, 28), Status.LAPSED),
        (False, date(2027, 3, 29), Status.VERIFIED),  # a higher level alone was shown
    ],
)
def test_statuses_change_on_the_day(has_state: bool, until: date | None, expected: Status) -> None:
    assert status(has_state, until, date(2027, 3, 1)) is expected


def test_nothing_asked_moves_nothing_but_the_day() -> None:
    state = _after(A3)
    asked_nothing = replace(REVIEW, trust=0.0)
    after = measure.observe(state, asked_nothing, K)
    assert measure.p(after, 160, K) == pytest.approx(measure.p(state, 160, K))
    assert (after.du, after.uvar) == (state.du, state.uvar)


def test_a_check_that_may_not_verify_moves_p_only() -> None:
    state = _after([MODULE, QUIZ])
    after = measure.apply(state, CHECK, K, Bearing(verifies=False))
    assert measure.p(after, 100, K) > measure.p(state, 100, K)
    assert (after.verified_until, after.watched) == (None, None)
