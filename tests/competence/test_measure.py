"""The measure against the vectors that its reference printed."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from app.competence.domain import audit, measure
from app.competence.domain.audit import SurpriseCheck
from app.competence.domain.evidence import EvidenceKind, Piece
from app.competence.domain.history import CompetencyRule, next_state
from app.competence.domain.measure import Bearing, Parameters, SkillState
from app.competence.domain.statuses import VerificationStatus, status

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))["vectors"]
K = Parameters()
RULE = CompetencyRule(K, frozenset({"watched_check", "assessor"}), frozenset({"quiz", "scenario", "observed_practice"}))
MARK, RUBRIC_MARK = 0.62, 2 / 3
Kind = EvidenceKind
TRUST = {Kind.CHECK: 1.0, Kind.SURPRISE: 1.0, Kind.WORKSHOP: 1.0, Kind.MODULE: 1.0, Kind.CLAIM: 0.0}
WATCHED = {Kind.CHECK, Kind.SURPRISE, Kind.WORKSHOP}


def _piece(kind: EvidenceKind, day: int, right: float = 0, items: int = 0, mark: float = MARK, **more: object) -> Piece:
    values: dict[str, object] = {
        "day": date.fromordinal(day),
        "kind": kind,
        "share": right / items if items else None,
        "mark": mark if items else None,
        "items": items,
        "trust": TRUST.get(kind, 0.5),
        "watched": kind in WATCHED,
        "guess": 0.05 if kind is Kind.WORKSHOP else 0.25,
        "training": f"course:{day}" if kind in {Kind.MODULE, Kind.QUIZ} else "",
    }
    return Piece(**(values | more))  # type: ignore[arg-type]


def _workshop(day: int, right: float, items: int) -> Piece:
    return _piece(Kind.WORKSHOP, day, right, items, RUBRIC_MARK, assessor=UUID(int=7), assessor_country="IQ")


MODULE = _piece(Kind.MODULE, 100)
QUIZ = _piece(Kind.QUIZ, 100, 8, 10)  # of the same course: reached, it carries the training of A1
CHECK = _piece(Kind.CHECK, 100, 10, 12)
A3 = [QUIZ, CHECK]
REVIEW = _piece(Kind.REVIEW, 160, 4, 4)
SURPRISE = _piece(Kind.SURPRISE, 160, 5, 12)
REFRESHED = [*A3, SURPRISE, _piece(Kind.QUIZ, 174, 8, 10)]
F1, G1 = [_workshop(100, 10 / 3, 4)], [_workshop(100, 5, 5)]
F2 = [*F1, _piece(Kind.QUIZ, 249, 0, 2, 0.7)]
CASE = _piece(Kind.SCENARIO, 249, 0.38 * 6, 6)
H1 = [_piece(Kind.QUIZ, 100, 2, 4, 0.72)]
H2 = [*H1, _piece(Kind.QUIZ, 114, 4, 4, 0.72, trust=0.25, training="course:100")]


def _after(pieces: Sequence[Piece]) -> SkillState:
    """Return the state after pieces of an officer who, in the vectors, exists from day 0 on."""
    state: SkillState | None = measure.initial(0, K)
    for place, piece in enumerate(pieces):
        state = next_state(state, piece, pieces[:place], RULE)
    assert state is not None
    return state


def _reviewed(day: int, right: int) -> list[Piece]:
    return [*A3, _piece(Kind.REVIEW, day, right, 4)]


def _claimed(right: int) -> list[Piece]:
    return [_piece(Kind.CLAIM, 100), _piece(Kind.CHECK, 100, right, 12)]


SECOND_REVIEW = [*A3, REVIEW, _piece(Kind.REVIEW, 195, 3, 4)]
HISTORIES: dict[str, list[Piece]] = {
    "A0": [],
    "A1": [MODULE],
    "A2": [QUIZ],
    "A3": A3,
    "A4": A3,
    "A6": [*A3, REVIEW],
    "A7": SECOND_REVIEW,
    "A8": SECOND_REVIEW,
    **{f"B{right}": _reviewed(160, right) for right in range(5)},
    **{f"B1{right}": _reviewed(110, right) for right in range(5)},
    "C1": [*A3, SURPRISE],
    "C2": REFRESHED,
    **{f"C3-{right}": [*REFRESHED, _piece(Kind.CHECK, 174, right, 12)] for right in (5, 7, 8, 11)},
    "D1": [*A3, _piece(Kind.SUPERVISOR, 160, 3, 3, 0.67)],
    **{f"E{right}": _claimed(right) for right in (9, 10, 11, 12)},
    "F1": F1,
    "F2": F2,
    "F3": [*F2, CASE],
    "G1": G1,
    "G2": [*G1, CASE],
    "H1": H1,
    "H2": H2,
    "H3": [*H2, _workshop(120, 2, 5)],
}


def _name(vector: Mapping[str, object]) -> str:
    """Return the key of a vector's history; the steps C3 differ by what was right."""
    words = str(vector["step"]).split()
    return f"C3-{words[words.index('of') - 1]}" if words[0] == "C3" else words[0]


def _state(name: str) -> SkillState:
    return measure.observe(_after(A3), REVIEW, K) if name == "A5" else _after(HISTORIES[name])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['step'][:3]}-{vector['day']}")
def test_every_vector(vector: dict[str, object]) -> None:
    name, day = _name(vector), int(str(vector["day"]))
    state = _state(name)
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
    assert {_name(vector) for vector in VECTORS} == {*HISTORIES, "A5"}
    assert len(VECTORS) == 44


def test_share_and_weight() -> None:
    shares = [measure.share(level, measure.offset(MARK, 0.25), 0.25) for level in (-2, -1, 0, 1, 2)]
    assert shares == pytest.approx([0.3373, 0.4478, 0.6200, 0.7943, 0.9085], abs=0.0001)
    assert measure.weight(12, 1.0, K) == pytest.approx(5.7143, abs=0.0001)
    assert measure.weight(4, 0.5, K) == pytest.approx(1.5385, abs=0.0001)
    assert measure.weight(0, 1.0, K) == 0


def test_surprise_checks_shift_the_level_of_all() -> None:
    state = _after(A3)
    at = measure.project(state, 160, K)
    checks = [SurpriseCheck(at.level, at.var, right / 12, MARK, 12, 1.0, 0.25) for right in (5, 8, 10, 7, 6)]
    found = audit.estimated_shift(checks, K)
    assert found is not None
    assert (found.delta, found.se) == pytest.approx((-0.1220, 0.3643), abs=0.0001)
    assert found.agrees
    assert audit.estimated_shift([], K) is None
    audited = [audit.p(at.level, at.var, delta) for delta in (-0.3, 0, 0.3)]
    assert audited == pytest.approx([0.5999, 0.7156, 0.8123], abs=0.0001)


def test_sums_over_three_officers() -> None:
    states = [_after(A3), _after([*A3, REVIEW]), _after([*A3, SURPRISE])]
    chances = [measure.p(state, 160, K) for state in states]
    assert sum(chances) == pytest.approx(2.0523, abs=0.0001)
    assert sum(chance * (1 - chance) for chance in chances) == pytest.approx(0.4966, abs=0.0001)
    assert sum(state.verified_until is not None and state.verified_until >= 160 for state in states) == 2


def test_the_likely_range_is_wider_than_chance_alone() -> None:
    low, high = audit.likely_range([0.6, 0.7, 0.8], lows=[0.5, 0.6, 0.7], highs=[0.7, 0.8, 0.9])
    chance = 1.96 * math.sqrt(0.24 + 0.21 + 0.16)
    assert (low, high) == pytest.approx((max(0.0, 1.8 - chance), min(3.0, 2.4 + chance)))


def test_a_newcomer_counts_a_little() -> None:
    assert measure.p(None, 1, K) == pytest.approx(0.0912, abs=0.0001)


@pytest.mark.parametrize(
    ("has_state", "until", "expected"),
    [
        (False, None, VerificationStatus.NOT_STARTED),
        (True, None, VerificationStatus.IN_TRAINING),
        (True, date(2027, 3, 29), VerificationStatus.VERIFIED),
        (True, date(2027, 3, 28), VerificationStatus.DUE),
        (True, date(2027, 3, 1), VerificationStatus.DUE),
        (True, date(2027, 2, 28), VerificationStatus.LAPSED),
        (False, date(2027, 3, 29), VerificationStatus.VERIFIED),  # a higher level alone was shown
    ],
)
def test_statuses_change_on_the_day(has_state: bool, until: date | None, expected: VerificationStatus) -> None:
    assert status(has_state, until, date(2027, 3, 1)) is expected


@pytest.mark.parametrize("piece", [replace(REVIEW, trust=0.0), replace(MODULE, trust=0.0)])
def test_state_stays_when_piece_has_no_trust(piece: Piece) -> None:
    assert next_state(_after(A3), piece, A3, RULE) == _after(A3)
    assert next_state(None, piece, [], RULE) is None


def test_a_check_that_may_not_verify_moves_p_only() -> None:
    state = _after([QUIZ])
    after = measure.apply(state, CHECK, K, Bearing(verifies=False))
    assert measure.p(after, 100, K) > measure.p(state, 100, K)
    assert (after.verified_until, after.watched) == (None, None)
