"""Planned needs: how many officers a country wants reached in the plan period, by role; checks, states, sums."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.catalogue.domain.references.plan import Indicator
from app.kernel.errors import DomainError, IllegalMoveError

ALL_ROLES = "*"
SOURCE_LIMIT = 300  # characters
MOST = 1_000_000  # officers
PlannedNeeds = Mapping[str, Mapping[str, int]]  # officers by country and role


class PlannedNeedState(StrEnum):
    """The state of a version of a planned need; `replaced`: a later version was proposed or agreed instead."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    REPLACED = "replaced"


class PlannedNeedStep(StrEnum):
    AGREE = "agree"
    REPLACE = "replace"


MOVES: Mapping[tuple[PlannedNeedState, PlannedNeedStep], PlannedNeedState] = {
    (PlannedNeedState.PROPOSED, PlannedNeedStep.AGREE): PlannedNeedState.AGREED,
    (PlannedNeedState.PROPOSED, PlannedNeedStep.REPLACE): PlannedNeedState.REPLACED,
    (PlannedNeedState.AGREED, PlannedNeedStep.REPLACE): PlannedNeedState.REPLACED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlannedNeed:
    """A planned need to write; `role` is "*" for all officers, `day` is the day of the source."""

    country: str
    role: str
    value: int
    day: date
    source: str


def check(new: NewPlannedNeed, *, members: Collection[str], roles: Collection[str], today: date) -> None:
    """Raise DomainError for a planned need that is not allowed."""
    if new.country not in members:
        raise DomainError("Choose a member country.")
    if new.role != ALL_ROLES and new.role not in roles:
        raise DomainError("Choose a role, or all officers.")
    if not 0 <= new.value <= MOST:
        raise DomainError("Enter a whole number from 0 to 1,000,000.")
    if new.day > today:
        raise DomainError("The day of the source cannot lie in the future.")
    if not 0 < len(new.source.strip()) <= SOURCE_LIMIT:
        raise DomainError("Name the source in 1 to 300 characters.")


def after(state: PlannedNeedState, step: PlannedNeedStep) -> PlannedNeedState:
    """Return the state that follows; raise IllegalMoveError for a step that is not in the table."""
    try:
        return MOVES[state, step]
    except KeyError:
        raise IllegalMoveError(f"A planned need that is {state} cannot {step}.") from None


def roles_of(indicator: Indicator) -> tuple[str, ...]:
    """Return the roles that an indicator asks, "*" alone for one that asks all officers."""
    return tuple(sorted(indicator.settings.get("roles", ()))) or (ALL_ROLES,)


def total(needs: Mapping[str, int], roles: Iterable[str]) -> int | None:
    """Return the planned need of some roles of a country; None unless it is told for each of them."""
    values = [needs.get(role) for role in roles]
    told = [value for value in values if value is not None]
    return sum(told) if len(told) == len(values) else None
