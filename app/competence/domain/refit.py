"""The quarterly refit: the fade time and the worth of a review that watched checks speak for (section 6)."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.competence.domain.evidence import Piece
from app.competence.domain.measure import Parameters, State, holds_until, offset, practise, project, weight

LEAST_CHECKS = 30
LEAST_DAYS = 14  # what happened since the last evidence must be time for fading to be seen
FADE_STEPS = tuple(-1.5 + 0.1 * number for number in range(31))  # of the log fade time, around the prior
REVIEW_STEPS = tuple(0.05 * number for number in range(13))
FADE_PRIOR, REVIEW_PRIOR = 0.4, 0.15  # how freely each may move


@dataclass(frozen=True, slots=True)
class Met:
    """A watched check and the state that it met; `reviewed` is the state before the practice of the last review.

    It is None when the last evidence was no review.
    """

    state: State
    check: Piece
    reviewed: State | None = None


def fits(met: Met) -> bool:
    """Say whether a check tells of fading: somebody who was trained met it two weeks later or more."""
    return met.check.day.toordinal() - met.state.last >= LEAST_DAYS and met.state.mu > 0


def refit(checks: Iterable[Met], prior: Parameters) -> Parameters:
    """Return the parameters that the checks speak for; those of before when there are too few."""
    used = [met for met in checks if fits(met)]
    if len(used) < LEAST_CHECKS:
        return prior
    plain = [(met.state, met.check) for met in used if met.reviewed is None]
    after = {rho: [_reviewed(met, rho, prior) for met in used if met.reviewed is not None] for rho in REVIEW_STEPS}
    tried = []
    for fade in FADE_STEPS:
        k = replace(prior, half_gain=prior.half_gain * math.exp(fade))
        known = _sum(plain, k) - 0.5 * (fade / FADE_PRIOR) ** 2
        for rho, reviewed in after.items():
            doubt = 0.5 * ((rho - prior.rho_review) / REVIEW_PRIOR) ** 2
            tried.append((known + _sum(reviewed, k) - doubt, replace(k, rho_review=rho)))
    return max(tried, key=lambda each: each[0])[1]


def redate(state: State, day: int, k: Parameters) -> State:
    """Return the state with the date that these parameters give it; who is not verified on the day stays so."""
    if state.verified_until is None or state.verified_until < day or state.watched is None:
        return state
    until = holds_until(state, k.keep, k)
    return replace(state, verified_until=max(day - 1, min(until or day - 1, state.watched + k.watched_every)))


def likelihood(state: State, check: Piece, k: Parameters, shift: float = 0.0) -> float:
    """Return the log likelihood of a check's result for somebody in this state, `shift` logits above it."""
    share, mark = check.share, check.mark
    if share is None or mark is None:
        return 0.0
    at = project(state, check.day.toordinal(), k)
    level = (at.level + shift + offset(mark, check.guess)) / math.sqrt(1 + 0.39 * at.var)
    q = check.guess + (1 - check.guess) / (1 + math.exp(-level))
    steep = (q - check.guess) * (1 - q) / (1 - check.guess)
    spread = q * (1 - q) / weight(check.items, check.trust, k) + steep * steep * at.var
    return -0.5 * (math.log(spread) + (share - q) ** 2 / spread)


def _sum(checks: Sequence[tuple[State, Piece]], k: Parameters) -> float:
    return sum(likelihood(state, check, k) for state, check in checks)


def _reviewed(met: Met, rho: float, k: Parameters) -> tuple[State, Piece]:
    """Return the state that the check met if a review gave back a share `rho`."""
    if met.reviewed is None:
        return met.state, met.check
    after = practise(met.reviewed, met.state.last, rho, k)
    return replace(met.state, mu=after.mu, var=after.var), met.check
