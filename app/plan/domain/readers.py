"""Who reads a figure of the plan, and what kind of number it is: the two questions of the privacy rule."""

from enum import StrEnum

VERIFIED_RULES = frozenset({"verified_in_all", "verified_in_all_share"})
# results of tests, cases and assessments; one officer counts more than once. `content_marked` and `incidents` are about
# courses and the academy: no officers, so neither kind
RESULT_RULES = frozenset({"mean_gain", "retained_share", "scenario_accuracy", "assessors_agree"})
COMPETENCE_RULES = VERIFIED_RULES | RESULT_RULES
REPEATED_RULES = frozenset({"completed_of_started", "session_attendance"}) | RESULT_RULES  # may count an officer twice


class FigureReader(StrEnum):
    """A reader of figures."""

    OWN = "own"  # contact point: the own country exactly, the community as from outside
    COORDINATOR = "coordinator"  # process exactly, competence of a country in bands
    OUTSIDE = "outside"  # co-chairs, other countries, publication


class NumberKind(StrEnum):
    """What a number says of officers."""

    PROCESS = "process"  # invited, completed, active, attended: what was done
    COMPETENCE = "competence"  # verified, able: how well


def kind_of(rule: str) -> NumberKind:
    """Return the kind of number that a rule counts."""
    return NumberKind.COMPETENCE if rule in COMPETENCE_RULES else NumberKind.PROCESS
