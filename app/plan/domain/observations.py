"""Validation and state machine of figures entered by hand: draft, pending, returned, approved."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite

from app.catalogue.domain.references.plan import Indicator
from app.kernel.errors import DomainError, IllegalMoveError
from app.plan.domain.definitions import is_entered, is_entered_by_countries
from app.plan.domain.entries import TENTH, EntryRule, entry_rule

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


OPEN = frozenset({ObservationState.DRAFT, ObservationState.RETURNED})  # the author may still change it


@dataclass(frozen=True, slots=True)
class FigureEntry:
    """A figure to be entered: of a country, or of the community as a whole (""), on a day, from a source."""

    country: str
    day: date
    value: float
    source: str


def check(entry: FigureEntry, indicator: Indicator, *, members: Collection[str], today: date) -> None:
    """Raise DomainError with an error message for a figure that is not allowed."""
    if not is_entered(indicator):
        raise DomainError("This indicator is not entered by hand.")
    _check_country(entry.country, members, by_country=is_entered_by_countries(indicator))
    if entry.day > today:
        raise DomainError("The day of a figure cannot lie in the future.")
    _check_value(entry.value, entry_rule(indicator))
    if not 0 < len(entry.source) <= SOURCE_LIMIT:
        raise DomainError("Name the source in 1 to 300 characters.")


def _check_country(country: str, members: Collection[str], *, by_country: bool) -> None:
    if by_country and country not in members:
        raise DomainError("Name the member country that the figure is of.")
    if not by_country and country:
        raise DomainError("This figure is of the community as a whole: leave out the country.")


def _check_value(value: float, rule: EntryRule) -> None:
    if not isfinite(value):
        raise _out_of_range(value, rule)
    if rule.takes(value):
        return
    if not rule.minimum <= value <= rule.maximum:
        raise _out_of_range(value, rule)
    if rule.step == 1:
        raise DomainError("Enter a whole number.")
    if rule.step == TENTH:
        raise DomainError("Enter a number with one decimal place.")
    raise DomainError("Enter a number in steps of one half.")


def _out_of_range(value: float, rule: EntryRule) -> DomainError:
    if not rule.is_limited and not value > rule.maximum:
        return DomainError("Enter 0 or more.")
    return DomainError(
        "Enter a value from %(least)s to %(most)s.", least=f"{rule.minimum:g}", most=f"{rule.maximum:,.0f}"
    )


def after(state: ObservationState, step: ObservationStep) -> ObservationState:
    """Return the state that follows; raise IllegalMoveError for a step that is not in the table."""
    try:
        return MOVES[state, step]
    except KeyError:
        raise IllegalMoveError(f"A figure that is {state} cannot {step}.") from None
