"""What surprise checks make of the figures: the audited number and its likely range."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.competence.domain import audit
from app.competence.domain.audit import Shift
from app.competence.domain.measure import Parameters, State, p, project


@dataclass(frozen=True, slots=True)
class Audited:
    """The audited share of officers and its likely range."""

    expected: float
    low: float
    high: float


def chances(states: Sequence[State | None], day: int, delta: float, k: Parameters) -> list[float]:
    """Return for each officer how likely they are up to the pass mark on a day, were all of them off by `delta`."""
    return [_chance(one, day, delta, k) for one in states]


def audited(states: Sequence[State | None], day: int, shift: Shift, k: Parameters) -> Audited:
    """Return the audited figures of a day."""
    each, lows, highs = (chances(states, day, delta, k) for delta in (shift.delta, *shift.range))
    low, high = audit.likely(chances(states, day, 0.0, k), lows=lows, highs=highs)
    return Audited(sum(each) / len(each), low / len(each), high / len(each))


def _chance(state: State | None, day: int, delta: float, k: Parameters) -> float:
    if state is None:
        return p(None, day, k)
    at = project(state, day, k)
    return audit.p(at.level, at.var, delta)
