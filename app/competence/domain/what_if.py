"""What further evidence would lead to for one officer: practice, a refresher with a watched check, a workshop.

Each skill is a state with the rule of its competency and level. Only watched evidence verifies; practice prolongs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.competence.domain import measure
from app.competence.domain.evidence import NAMES, EvidenceKind
from app.competence.domain.forecast import good_piece
from app.competence.domain.history import CompetencyRule, last_state, next_state
from app.competence.domain.measure import SkillState

REVIEW_SPACING = 14  # days between two reviews of a competency
WEEK = 7


@dataclass(frozen=True, slots=True)
class Skill:
    """The state of an officer in a competency that is asked for, with its rule; `state` None: no evidence yet."""

    state: SkillState | None
    rule: CompetencyRule


def chance_by_practice(skills: Sequence[Skill], first: date, last: date) -> float:
    """Return how likely weekly practice from a day on keeps all these skills verified until the last day.

    The competencies take turns, with at least 14 days between two reviews of one competency; the least likely decides.
    """
    step = timedelta(days=max(REVIEW_SPACING, WEEK * len(skills)))
    return min((_by_practice(skill, first, last, step) for skill in skills), default=0.0)


def chance_by_check(skills: Sequence[Skill], day: date, last: date, *, refreshed: bool = False) -> float:
    """Return how likely watched checks on a day verify all these skills until the last day: each must be passed."""
    chance = 1.0
    for skill in skills:
        chance *= _by_check(skill, day, last, refreshed=refreshed)
    return chance


def valid_days_after_workshop(rule: CompetencyRule, day: date) -> int:
    """Return for how many days a new officer is verified after a course and a passed workshop: the standard path."""
    pieces = [good_piece(kind, day) for kind in (EvidenceKind.MODULE, EvidenceKind.WORKSHOP)]
    until = _until(last_state(pieces, rule))
    return 0 if until is None else (until - day).days + 1


def _by_practice(skill: Skill, first: date, last: date, step: timedelta) -> float:
    kind, state = _practice_kind(skill.rule), skill.state
    if state is None or kind is None or _last_day(state) < first:
        return 0.0
    chance = measure.p(state, first.toordinal(), skill.rule.parameters)
    after = _practised(state, kind, skill.rule, first=first, last=last, step=step)
    return chance if _last_day(after) >= last else 0.0


def _practised(
    state: SkillState, kind: EvidenceKind, rule: CompetencyRule, *, first: date, last: date, step: timedelta
) -> SkillState:
    """Return the state after practice at each step, which ends when the skill is verified until the last day."""
    day = first
    while day <= _last_day(state) < last:
        state = next_state(state, good_piece(kind, day), (), rule) or state
        day += step
    return state


def _last_day(state: SkillState) -> date:
    """Return the last day of a verification, the first day of all without one."""
    return date.min if state.verified_until is None else date.fromordinal(state.verified_until)


def _practice_kind(rule: CompetencyRule) -> EvidenceKind | None:
    """Return the practice that counts at the level of a rule: reviews, else cases, else none."""
    kinds = (EvidenceKind.REVIEW, EvidenceKind.SCENARIO)
    return next((kind for kind in kinds if NAMES[kind] in rule.evidence), None)


def _by_check(skill: Skill, day: date, last: date, *, refreshed: bool) -> float:
    at, k = day.toordinal(), skill.rule.parameters
    state = skill.state
    if refreshed:
        state = measure.train(state or measure.initial(at, k), at, k)
    until = _until(next_state(state, good_piece(EvidenceKind.CHECK, day), (), skill.rule))
    return measure.p(state, at, k) if until is not None and until >= last else 0.0


def _until(state: SkillState | None) -> date | None:
    if state is None or state.verified_until is None:
        return None
    return date.fromordinal(state.verified_until)
