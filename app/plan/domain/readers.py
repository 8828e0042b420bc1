"""Who reads a figure of the plan, and what kind of number it is: the two questions of the privacy rule."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from app.plan.domain.cells import published_day

VERIFIED_RULES = frozenset({"verified_in_all", "verified_in_all_share"})
# results of tests, cases and assessments; one officer counts more than once. `content_marked` and `incidents` are about
# courses and the academy, `evaluation_mean` and `women_among_attended` about no single officer: neither kind
RESULT_RULES = frozenset({
    "mean_gain", "retained_share", "scenario_accuracy", "assessors_agree", "follow_up_reports",
})  # fmt: skip
COMPETENCE_RULES = VERIFIED_RULES | RESULT_RULES
# may count an officer twice
REPEATED_RULES = RESULT_RULES | {
    "completed_of_started", "session_attendance", "commitments_done", "offered_seats_used",
}  # fmt: skip


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


class FigureView(Protocol):
    """A day of figures and their reader; `own_country` is the country of a contact point, else ""."""

    @property
    def on(self) -> date: ...

    @property
    def own_country(self) -> str: ...

    @property
    def is_coordinator(self) -> bool: ...

    @property
    def outside_day(self) -> date: ...


@dataclass(frozen=True, slots=True)
class OutsideView:
    """Figures of a day as published outside, for reports."""

    on: date
    own_country: str = ""

    @property
    def is_coordinator(self) -> bool:
        """Return False: numbers are not for organising."""
        return False

    @property
    def outside_day(self) -> date:
        """Return the last quarter end up to the day."""
        return published_day(self.on)
