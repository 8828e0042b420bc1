"""Figures entered by hand that a quarter lacks before it is locked, and who acts next."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.catalogue.domain.references.plan import Indicator
from app.plan.domain.definitions import is_entered_by_countries
from app.plan.domain.observations import OPEN, ObservationState

# months of the period that a figure covers; a figure of an event has no period
PERIODS = {"monthly": 3, "quarterly": 3, "twice_a_year": 6, "yearly": 12}


@dataclass(frozen=True, slots=True)
class EnteredFigure:
    """A figure entered by hand, of a country or of the community ("")."""

    code: str
    country: str
    day: date
    state: ObservationState


@dataclass(frozen=True, slots=True)
class MissingFigure:
    """Countries ("" for the community) that lack an approved figure; `state` is that of their newest entry, if any."""

    code: str
    state: ObservationState | None
    countries: tuple[str, ...]


def first_day(end: date, months: int) -> date:
    """Return the first day of the period of so many months that ends on a day."""
    month = end.year * 12 + end.month - months
    return date(month // 12, month % 12 + 1, 1)


def missing(
    indicators: Iterable[Indicator], entered: Sequence[EnteredFigure], members: Collection[str], end: date
) -> list[MissingFigure]:
    """Return the figures that a period ending with the quarter lacks: submitted, begun, and not entered ones."""
    gaps: list[MissingFigure] = []
    for indicator in indicators:
        months = PERIODS.get(indicator.frequency)
        if months is None or end.month % months:
            continue
        first = first_day(end, months)
        within = [figure for figure in entered if figure.code == indicator.id and first <= figure.day <= end]
        gaps += _gaps(indicator, within, members)
    return gaps


def _gaps(indicator: Indicator, entered: Sequence[EnteredFigure], members: Collection[str]) -> list[MissingFigure]:
    wanted = tuple(members) if is_entered_by_countries(indicator) else ("",)
    by_state: dict[ObservationState | None, list[str]] = {}
    for country in wanted:
        state = _state([figure.state for figure in entered if figure.country == country])
        if state is not ObservationState.APPROVED:
            by_state.setdefault(state, []).append(country)
    order = (ObservationState.PENDING, ObservationState.DRAFT, None)
    return [MissingFigure(indicator.id, state, tuple(by_state[state])) for state in order if state in by_state]


def _state(states: Collection[ObservationState]) -> ObservationState | None:
    """Return how far the figures of a country are: approved, submitted, begun, or None."""
    for state in (ObservationState.APPROVED, ObservationState.PENDING):
        if state in states:
            return state
    return ObservationState.DRAFT if not OPEN.isdisjoint(states) else None
