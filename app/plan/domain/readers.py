"""Who reads a figure of the plan, and what kind of number it is: the two questions of the privacy rule."""

from enum import StrEnum

COMPETENCE_RULES = frozenset({"verified_in_all", "verified_in_all_share"})


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
