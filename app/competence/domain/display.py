"""Limits on what pages show of a state: whether the chance is shown, its word, and the stage of a training."""

from collections.abc import Mapping
from enum import StrEnum

from app.catalogue.domain.items import Level
from app.competence.domain.measure import SkillState
from app.competence.domain.needs import at_least
from app.competence.domain.statuses import VerificationStatus

MOST_BESIDE = 0.80  # beside "lapsed" and "in training" no higher chance is shown
UNSURE = frozenset({VerificationStatus.LAPSED, VerificationStatus.IN_TRAINING})


class Likelihood(StrEnum):
    VERY_LIKELY = "very_likely"
    LIKELY = "likely"
    OPEN = "open"
    UNLIKELY = "unlikely"


class TrainingStage(StrEnum):
    """The stage of an officer whose status is "in training"."""

    COURSE_BEGUN = "course_begun"
    TEST_PASSED = "test_passed"  # and not watched yet
    WATCHED = "watched"  # and not verified by it


LEAST: Mapping[Likelihood, float] = {
    Likelihood.VERY_LIKELY: 0.90,
    Likelihood.LIKELY: 0.70,
    Likelihood.OPEN: 0.40,
    Likelihood.UNLIKELY: 0.0,
}


def shown_chance(chance: float, status: VerificationStatus, *, watched: bool) -> float | None:
    """Return the chance that a page may show, or None.

    None for an officer who was never watched, and above 80 % beside "lapsed" or "in training".
    """
    if not watched or (status in UNSURE and chance > MOST_BESIDE):
        return None
    return chance


def likelihood(chance: float) -> Likelihood:
    """Return the word for a chance."""
    return next(word for word, least in LEAST.items() if chance >= least)


def ever_watched(states: Mapping[Level, SkillState], level: Level) -> bool:
    """Return whether an officer was ever watched at a level or above it."""
    return any(states[at].watched is not None for at in at_least(level) if at in states)


def training_stage(states: Mapping[Level, SkillState], level: Level) -> TrainingStage:
    """Return the stage that explains the status "in training"."""
    if ever_watched(states, level):
        return TrainingStage.WATCHED
    trained = any(state.trained for state in states.values())
    return TrainingStage.TEST_PASSED if trained else TrainingStage.COURSE_BEGUN
