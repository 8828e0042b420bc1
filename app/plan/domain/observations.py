"""A figure entered by hand: what it may be, and what it may become."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite

from app.catalogue.domain.references.plan import Indicator
from app.kernel.errors import DomainError, IllegalMoveError
from app.plan.domain.definitions import Collected, collected

SOURCE_LIMIT = 300  # signs


class ObservationState(StrEnum):
    DRAFT = "draft"
    PENDING = "pending"
    RETURNED = "returned"
    APPROVED = "approved"


class ObservationStep(StrEnum):
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"


MOVES: Mapping[tuple[ObservationState, ObservationStep], ObservationState] = {
    (ObservationState.DRAFT, ObservationStep.SUBMIT): ObservationState.PENDING,
    (ObservationState.RETURNED, ObservationStep.SUBMIT): ObservationState.PENDING,
    (ObservationState.PENDING, ObservationStep.RETURN): ObservationState.RETURNED,
    (ObservationState.PENDING, ObservationStep.APPROVE): ObservationState.APPROVED,
}


OPEN = frozenset({ObservationState.DRAFT, ObservationState.RETURNED})  # whoever entered it may still change it


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody enters: of a country, or of the community as a whole (""), on a day, from a source."""

    country: str
    day: date
    value: float
    source: str


def check(entry: Entry, indicator: Indicator, *, members: Collection[str], today: date) -> None:
    """Raise DomainError, with a sentence for whoever enters it, for a figure that cannot be."""
    if collected(indicator) is not Collected.BY_HAND:
        raise DomainError("This indicator is not entered by hand.")
    by_country = "country" in indicator.split_by
    if by_country and entry.country not in members:
        raise DomainError("Name the member country that the figure is of.")
    if not by_country and entry.country:
        raise DomainError("This figure is of the community as a whole: leave out the country.")
    if entry.day > today:
        raise DomainError("The day of a figure cannot lie in the future.")
    if not isfinite(entry.value) or entry.value < 0 or entry.value > _most(indicator):
        raise DomainError("This value is not possible for the indicator.")
    if not 0 < len(entry.source) <= SOURCE_LIMIT:
        raise DomainError("Name the source in 1 to 300 characters.")


def _most(indicator: Indicator) -> float:
    if "points" in indicator.settings:
        return float(indicator.settings["points"])
    if "topics" in indicator.settings:
        return float(len(indicator.settings["topics"]))
    return 100.0 if indicator.unit == "percent" else 1e9


def after(state: ObservationState, step: ObservationStep) -> ObservationState:
    """Return the state that follows; raise IllegalMoveError for a step that is not in the table."""
    try:
        return MOVES[state, step]
    except KeyError:
        raise IllegalMoveError(f"A figure that is {state} cannot {step}.") from None
