"""The capacity measure: an officer's estimated skill in a competency at a level, and the last day that it is valid.

A skill is a level in logits above the pass mark with a variance. It fades with time; training raises it, and results
update it by Bayes' rule. `STEPS` has the formula for each kind of evidence. Days are ordinals; `p` is the chance to
be above the pass mark. A change of results needs a new `EDITION`; `tests/competence/vectors.json` has examples.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from app.competence.domain.evidence import EvidenceKind, Piece
from app.competence.domain.statuses import DUE_DAYS

EDITION = 2  # of these rules; states that an earlier one made are made again
GRID = tuple(-4 + 0.2 * step for step in range(41))
AHEAD = 1500  # days that a date is looked for
MOST_SHIFT = 0.7  # one piece of evidence moves the log fade time by no more
LEAST_UVAR = 0.02
CLAIM_SD = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Parameters of the measure; levels are logits above the pass mark, `half_gain` and `watched_every` are days."""

    floor: float = -2.0
    floor_sd: float = 1.5
    gain: float = 4.0
    gain_sd: float = 1.5
    half_gain: float = 198.0
    u_sd: float = 0.6
    drift: float = 0.2
    rho_items: float = 0.10
    rho_review: float = 0.3
    rho_refresh: float = 0.8
    spacing: float = 0.4
    peak_sd: float = 0.6
    verify: float = 0.80
    keep: float = 0.70
    watched_every: int = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillState:
    """The skill estimated from all evidence so far, exact on day `last`.

    `mu`, `var`: level and its variance; `du`, `uvar`: the officer's fade time, as the log of its ratio to the common
    one, and its variance; `peak`: the level after the last training; `verified_until`: the last valid day.
    """

    mu: float
    var: float
    du: float
    uvar: float
    peak: float
    last: int
    trained: bool = False
    watched: int | None = None
    verified_from: int | None = None
    verified_until: int | None = None


@dataclass(frozen=True, slots=True)
class Projection:
    """A level on a later day, its variance, and how it depends on the log fade time."""

    level: float
    var: float
    slope: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """The possible effects of a piece, given the pieces before it.

    `verifies`: it may open, prolong or end a verification. `trains`: the training that it belongs to counts now.
    `closes`: it is the check at the end of a training.
    """

    verifies: bool = False
    trains: bool = True
    closes: bool = False


def initial(day: int, k: Parameters) -> SkillState:
    """Return the state of an officer without any evidence."""
    return SkillState(mu=k.floor, var=k.floor_sd**2, du=0.0, uvar=k.u_sd**2, peak=k.floor, last=day)


def project(state: SkillState, day: int, k: Parameters) -> Projection:
    """Return the level on a day, which is the last one or later."""
    days = max(0, day - state.last)
    x = days / (k.half_gain / 3 * math.exp(state.du))
    f = (1 + x) ** -0.5 if state.mu > k.floor else 1.0  # nothing to forget at or below the floor
    above, low = max(0.0, state.mu - k.floor), min(state.mu, k.floor)
    slope = above * f * 0.5 * x / (1 + x)
    var = state.var * f * f + k.floor_sd**2 * (1 - f) ** 2 + slope**2 * state.uvar + k.drift * days / 365
    return Projection(low + above * f, var, slope)


def p(state: SkillState | None, day: int, k: Parameters) -> float:
    """Return the chance that the level is above the pass mark on a day; without a state, that of a newcomer."""
    if state is None:
        return normal(k.floor / k.floor_sd)
    at = project(state, day, k)
    return normal(at.level / math.sqrt(at.var))


def normal(x: float) -> float:
    """Return the standard normal distribution function at x."""
    return 0.5 * (1 + math.erf(x / math.sqrt(2)))


def share(level: float, easy: float, guess: float) -> float:
    """Return the expected ratio of right answers at a level; `easy` is the `offset` of the items' pass mark."""
    return guess + (1 - guess) / (1 + math.exp(-(level + easy)))


def offset(pass_mark: float, guess: float) -> float:
    """Return the easiness of items: log odds of a right answer at the pass mark, guesses left out."""
    y = min(0.98, max(0.02, (pass_mark - guess) / (1 - guess)))
    return math.log(y / (1 - y))


def weight(items: int, trust: float, k: Parameters) -> float:
    """Return the effective number of items, scaled by trust: answers in one sitting are correlated."""
    return trust * items / (1 + (items - 1) * k.rho_items) if items else 0.0


def observe(state: SkillState, piece: Piece, k: Parameters) -> SkillState:
    """Return the state after a result; a result under the mark never raises p; without items nothing changes."""
    day = piece.day.toordinal()
    at = project(state, day, k)
    n = weight(piece.items, piece.trust, k)
    if n == 0 or piece.share is None or piece.mark is None:
        return state
    mean, var = _posterior(at, piece.share, offset(piece.mark, piece.guess), n, piece.guess)
    if not piece.reached:
        mean = min(mean, at.level * math.sqrt(var / at.var))
    back = at.slope * state.uvar / at.var
    return replace(
        state,
        mu=mean,
        var=var,
        du=state.du + max(-MOST_SHIFT, min(MOST_SHIFT, back * (mean - at.level))),
        uvar=max(LEAST_UVAR, state.uvar - back**2 * max(0.0, at.var - var)),
        last=day,
    )


def teach(state: SkillState, day: int, k: Parameters) -> SkillState:
    """Return the state after the first training, whose gain is added once."""
    at = project(state, day, k)
    top = at.level + k.gain  # a provisional peak, until the check that closes the training
    return replace(state, mu=top, var=at.var + k.gain_sd**2, peak=top, last=day, trained=True)


def practise(state: SkillState, day: int, rho: float, k: Parameters) -> SkillState:
    """Return the state after practice, which restores the ratio `rho` of the loss and slows the fading."""
    at = project(state, day, k)
    lift = max(0.0, state.peak - at.level)
    grow = math.log1p(k.spacing * min(1.0, rho / 0.3)) * min(1.0, lift / max(0.5, state.peak - k.floor))
    var = at.var * (1 - rho) ** 2 + (rho * k.peak_sd) ** 2 + (0.3 * rho * lift) ** 2
    level = max(at.level + rho * lift, at.level * math.sqrt(var / at.var))  # being surer never lowers p
    return replace(state, mu=level, var=var, du=state.du + grow, last=day)


def train(state: SkillState, day: int, k: Parameters) -> SkillState:
    """Return the state after a training: the first one teaches, every later one refreshes."""
    return practise(state, day, k.rho_refresh, k) if state.trained else teach(state, day, k)


def claim(day: int, k: Parameters) -> SkillState:
    """Return the first state of an endorsed earlier skill: at the pass mark, with a large variance."""
    return SkillState(mu=0.0, var=CLAIM_SD**2, du=0.0, uvar=k.u_sd**2, peak=0.0, last=day)


def anchor(state: SkillState) -> SkillState:
    """Return the state after the check that closes a training: its level is the peak."""
    return replace(state, peak=state.mu)


def holds_until(state: SkillState, level: float, k: Parameters) -> int | None:
    """Return the last day on which p is at least `level`, or None if it is lower on the day of the state."""
    if p(state, state.last, k) < level:
        return None
    low, high = state.last, state.last + AHEAD
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if p(state, middle, k) >= level else (low, middle)
    return low


def verify(state: SkillState, reached: bool, k: Parameters) -> SkillState:
    """Return the state after a watched result on its last day.

    Reached, it opens or prolongs a verification and never shortens it; under the mark it never prolongs one, and ends
    it where p is below `verify`.
    """
    if reached or state.watched is None:
        state = replace(state, watched=state.last)
    if state.verified_until is None or state.verified_until < state.last:
        return _opened(state, k) if reached else state
    return _prolonged(state, state.verified_until, k) if reached else _shortened(state, state.verified_until, k)


def _opened(state: SkillState, k: Parameters) -> SkillState:
    """Return the state with a new verification, if it is sure enough."""
    until = valid_until(state, k) if _is_sure(state, k) else None
    return state if until is None else replace(state, verified_from=state.last, verified_until=until)


def _prolonged(state: SkillState, until: int, k: Parameters) -> SkillState:
    """Return the state with a later last day, if it is sure enough; the last day never becomes earlier."""
    if not _is_sure(state, k):
        return state
    return replace(state, verified_until=max(until, valid_until(state, k) or until))


def _shortened(state: SkillState, until: int, k: Parameters) -> SkillState:
    """Return the state after a missed mark: the verification ends now unless the state is still sure enough."""
    ended = state.last - 1
    return replace(state, verified_until=min(until, valid_until(state, k) or ended) if _is_sure(state, k) else ended)


def _is_sure(state: SkillState, k: Parameters) -> bool:
    return p(state, state.last, k) >= k.verify


def extend(state: SkillState, reached: bool, k: Parameters) -> SkillState:
    """Return the state after unwatched practice: it neither verifies nor ends a verification.

    Reached, it never shortens the date; under the mark it never prolongs it, and at the worst makes it due.
    """
    day, until = state.last, state.verified_until
    if until is None or until < day:
        return state
    new = valid_until(state, k) or day
    if reached:
        return replace(state, verified_until=max(until, new))
    return replace(state, verified_until=min(until, max(new, day + DUE_DAYS - 1)))


def valid_until(state: SkillState, k: Parameters) -> int | None:
    """Return the last valid day of a verification by a state, or None if p is below `keep` already.

    It is at most `watched_every` days after the last watched result.
    """
    until = holds_until(state, k.keep, k)
    if until is None or state.watched is None:
        return until
    return min(until, state.watched + k.watched_every)


def apply(state: SkillState | None, piece: Piece, k: Parameters, bearing: Bearing) -> SkillState:
    """Return the state after one more piece of evidence, by its kind."""
    before = initial(piece.day.toordinal(), k) if state is None else state
    return STEPS[piece.kind](before, piece, k, bearing)


def _module(state: SkillState, piece: Piece, k: Parameters, bearing: Bearing) -> SkillState:
    return train(state, piece.day.toordinal(), k) if bearing.trains else state


def _quiz(state: SkillState, piece: Piece, k: Parameters, bearing: Bearing) -> SkillState:
    return observe(_module(state, piece, k, bearing), piece, k)


def _workshop(state: SkillState, piece: Piece, k: Parameters, bearing: Bearing) -> SkillState:
    return anchor(_verified(_quiz(state, piece, k, bearing), piece, k, bearing))


def _check(state: SkillState, piece: Piece, k: Parameters, bearing: Bearing) -> SkillState:
    state = _verified(observe(state, piece, k), piece, k, bearing)
    return anchor(state) if bearing.closes else state


def _review(state: SkillState, piece: Piece, k: Parameters, _bearing: Bearing) -> SkillState:
    state = observe(state, piece, k)
    if piece.reached:
        state = practise(state, piece.day.toordinal(), k.rho_review, k)
    return extend(state, piece.reached, k)


def _scenario(state: SkillState, piece: Piece, k: Parameters, bearing: Bearing) -> SkillState:
    return (_check if piece.watched else _review)(state, piece, k, bearing)


def _supervisor(state: SkillState, piece: Piece, k: Parameters, _bearing: Bearing) -> SkillState:
    return extend(observe(state, piece, k), piece.reached, k)


def _claim(_state: SkillState, piece: Piece, k: Parameters, _bearing: Bearing) -> SkillState:
    return claim(piece.day.toordinal(), k)


def _verified(state: SkillState, piece: Piece, k: Parameters, bearing: Bearing) -> SkillState:
    return verify(state, piece.reached, k) if bearing.verifies else state


def _posterior(at: Projection, right: float, easy: float, n: float, guess: float) -> tuple[float, float]:
    """Return mean and variance of the level after a share `right` of `n` items, over a grid of standard deviations."""
    sd, missed = math.sqrt(at.var), 1 - right
    levels, weights = [], []
    for z in GRID:
        level = at.level + sd * z
        q = share(level, easy, guess)
        levels.append(level)
        weights.append(math.exp(-z * z / 2 + n * (right * math.log(q) + missed * math.log(1 - q))))
    total = sum(weights)
    mean = sum(w * level for w, level in zip(weights, levels, strict=True)) / total
    return mean, sum(w * (level - mean) ** 2 for w, level in zip(weights, levels, strict=True)) / total


STEPS: Mapping[EvidenceKind, Callable[[SkillState, Piece, Parameters, Bearing], SkillState]] = {
    EvidenceKind.MODULE: _module,
    EvidenceKind.REFRESHER: _module,
    EvidenceKind.QUIZ: _quiz,
    EvidenceKind.WORKSHOP: _workshop,
    EvidenceKind.CHECK: _check,
    EvidenceKind.SURPRISE: _check,
    EvidenceKind.DESK_TASK: _check,
    EvidenceKind.REVIEW: _review,
    EvidenceKind.SCENARIO: _scenario,
    EvidenceKind.SUPERVISOR: _supervisor,
    EvidenceKind.CLAIM: _claim,
}
