"""The quarterly `flask competence refit`: how fast a competency fades, estimated from watched checks.

The result is a proposal for `half_gain` in competencies.toml; the effect of a review is not estimated.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.competence.domain.assessment import EvidenceRow, Rules, in_order
from app.competence.domain.audit import SurpriseCheck, log_likelihood
from app.competence.domain.evidence import LEVELS, Piece
from app.competence.domain.history import CompetencyRule, next_state
from app.competence.domain.measure import Parameters, SkillState, project

LEAST_CHECKS = 30
LEAST_DAYS = 14  # since the last evidence: less does not show fading
STEPS = tuple(-1.5 + 0.1 * number for number in range(31))  # of the log fade time, around what is assumed
PRIOR_SD = 0.4


@dataclass(frozen=True, slots=True)
class WatchedCheck:
    """A watched check, and the state before it."""

    state: SkillState
    check: Piece


def watched_checks(pieces: Sequence[Piece], rule: CompetencyRule) -> list[WatchedCheck]:
    """Return the watched checks among an officer's pieces, each with the state before it; pieces are in order."""
    checks: list[WatchedCheck] = []
    state: SkillState | None = None
    for index, piece in enumerate(pieces):
        if state is not None and piece.watched:
            checks.append(WatchedCheck(state, piece))
        state = next_state(state, piece, pieces[:index], rule)
    return checks


def fading_checks(rows: Sequence[EvidenceRow], rules: Rules) -> list[WatchedCheck]:
    """Return the checks among the evidence on a competency, of all levels, that show fading."""
    checks = (
        check
        for level in LEVELS
        for check in watched_checks([row.piece for row in in_order(rows, level, rules)], rules(level))
    )
    return [check for check in checks if shows_fading(check)]


def half_gain(checks: Iterable[WatchedCheck], assumed: Parameters) -> int | None:
    """Return the most likely days until half of a gain is lost, or None with fewer than 30 checks."""
    used = [check for check in checks if shows_fading(check)]
    if len(used) < LEAST_CHECKS:
        return None
    return round(assumed.half_gain * math.exp(max(STEPS, key=lambda shift: _likelihood(used, shift, assumed))))


def shows_fading(met: WatchedCheck) -> bool:
    """Return whether a check shows fading: a trained officer took it at least two weeks after the last evidence."""
    return met.check.watched and met.check.day.toordinal() - met.state.last >= LEAST_DAYS and met.state.mu > 0


def projected_check(met: WatchedCheck, k: Parameters) -> SurpriseCheck:
    """Return a check with the level and variance projected to the moment before it."""
    check, at = met.check, project(met.state, met.check.day.toordinal(), k)
    return SurpriseCheck(at.level, at.var, check.share or 0.0, check.mark or 0.0, check.items, check.trust, check.guess)


def _likelihood(checks: Sequence[WatchedCheck], shift: float, assumed: Parameters) -> float:
    k = replace(assumed, half_gain=assumed.half_gain * math.exp(shift))
    return sum(log_likelihood(projected_check(check, k), 0.0, k) for check in checks) - 0.5 * (shift / PRIOR_SD) ** 2
