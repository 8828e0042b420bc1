"""Build the rows of the selection page: nominees, decisions, seats by country."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.i18n import babel
from app.i18n.languages import country_name
from app.identity.domain.alias_order import alias_key
from app.identity.queries import people as accounts, visible_identity
from app.workshops import labels
from app.workshops.domain import allocation
from app.workshops.domain.allocation import CountryYear, Decision, LostSeat, SeatSource
from app.workshops.domain.eligibility import Obstacle
from app.workshops.domain.events import WorkshopState
from app.workshops.domain.nominations import NominationState
from app.workshops.forms.selection import NO_EXCEPTION, SubmittedException
from app.workshops.labels import nominations as nomination_labels
from app.workshops.pages import selection_texts as texts
from app.workshops.queries import selection as queries
from app.workshops.queries.nominations import NominationLine
from app.workshops.queries.selection import ComparedCountry, StoredDecision
from app.workshops.shapes import WorkshopFacts

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionRow:
    """A nominee by alias; `lacks` are the missing requirements, `admitted` why the nominee may come without them."""

    alias: str
    href: str
    country: str
    rank: str
    role: str
    lacks: Sequence[str]
    admitted: str
    language: str
    endorsed: str
    word: str
    kind: str


@dataclass(frozen=True, slots=True)
class ExceptionChoices:
    """The values of the fields of an exception with their labels."""

    seats: Sequence[tuple[str, str]]
    categories: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """A decision about a nominee; `compared` are the values of each competing country, the winner first.

    `id` is in the names of the fields of an exception, `exception` has their values.
    """

    id: UUID
    order: int
    alias: str
    href: str
    country: str
    source: str
    why: str
    compared: Sequence[str]
    word: str
    kind: str
    exception: SubmittedException


@dataclass(frozen=True, slots=True, kw_only=True)
class NomineeSeat:
    """A nominee with a seat, an offer or a position on the waiting list; `until` is the end of an offer."""

    alias: str
    href: str
    country: str
    source: str
    word: str
    kind: str
    until: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountrySeats:
    """The seats of a country in this event and in the year."""

    country: str
    nominated: int
    guaranteed: int
    pool: int
    used: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nominees:
    """The nominees of an event with what their rows need; `protected` are people whose country is never shown."""

    workshop: WorkshopFacts
    lines: Sequence[NominationLine]
    names: Mapping[UUID, str]
    roles: Mapping[str, str]
    obstacles: Mapping[UUID, list[Obstacle]]
    protected: Collection[UUID]

    def in_state(self, *states: NominationState, observers: bool = False) -> list[NominationLine]:
        """Return the nominations in these states: the observers, or the others."""
        return [
            line
            for line in self.lines
            if line.state in states and (line.seat_source is SeatSource.OBSERVER) is observers
        ]

    def country(self, line: NominationLine) -> str:
        """Return the name of a nominee's country, or a neutral text for a person under threat."""
        return labels.country("" if line.person_id in self.protected else line.country)

    def lacks(self, line: NominationLine) -> list[str]:
        """Return the missing requirements of a nominee."""
        return [texts.obstacle(obstacle, self.roles) for obstacle in self.obstacles.get(line.person_id, ())]


def nominees(workshop: WorkshopFacts, lines: Sequence[NominationLine], now: datetime) -> Nominees:
    """Return the nominees of an event with their names and obstacles."""
    return Nominees(
        workshop=workshop,
        lines=lines,
        names=accounts.names([line.person_id for line in lines]),
        roles=labels.role_names(),
        obstacles=queries.obstacles_of(workshop.id, lines, now.date()) if lines else {},
        protected=visible_identity.protected(),
    )


def nominee_rows(people: Nominees, *, observers: bool = False) -> list[SelectionRow]:
    """Return all nominees by country and rank, people under threat at the end by alias."""
    others = [line for line in people.lines if observers or line.seat_source is not SeatSource.OBSERVER]
    protected = [line for line in others if line.person_id in people.protected]
    protected.sort(key=lambda line: alias_key(people.names.get(line.person_id, "")))
    shown = [line for line in others if line.person_id not in people.protected]
    shown.sort(key=lambda line: (country_name(line.country), line.rank is None, line.rank or 0))
    return [_nominee(line, people) for line in (*shown, *protected)]


def _nominee(line: NominationLine, people: Nominees) -> SelectionRow:
    word, kind = nomination_labels.state(line.state)
    is_protected = line.person_id in people.protected
    return SelectionRow(
        alias=people.names.get(line.person_id, ""),
        href=nominee_url(line),
        country=people.country(line),
        rank=_("Rank %(n)s", n=line.rank) if line.rank else "",
        role="–" if is_protected else people.roles.get(line.role, line.role) or "–",
        lacks=people.lacks(line),
        admitted=line.admission_reason,
        language=texts.language_level(line.language_level),
        endorsed=babel.words(line.endorsed_at) if line.endorsed_at else _("Not yet"),
        word=word,
        kind=kind,
    )


def exception_choices() -> ExceptionChoices:
    """Return what can be chosen for an exception."""
    categories = nomination_labels.EXCEPTION_CATEGORIES.items()
    return ExceptionChoices(
        seats=[("", _("By the rule")), ("in", _("Set in")), ("out", _("Set out"))],
        categories=[("", _("Choose a reason")), *((category.value, str(label)) for category, label in categories)],
    )


def proposed_rows(
    decisions: Sequence[Decision], people: Nominees, *, sent: Mapping[UUID, SubmittedException]
) -> list[DecisionRow]:
    """Return proposed decisions with the submitted exceptions."""
    lines, lost = {line.id: line for line in people.lines}, _lost_seats(decisions, people)
    return [
        _decision(
            _as_stored(decision),
            lines[decision.nomination_id],
            people,
            lacks=people.lacks(lines[decision.nomination_id]),
            lost_seat=lost.get(decision.nomination_id),
            exception=sent.get(decision.nomination_id, NO_EXCEPTION),
        )
        for decision in decisions
    ]


def _lost_seats(decisions: Sequence[Decision] | Sequence[StoredDecision], people: Nominees) -> Mapping[UUID, LostSeat]:
    """Return `allocation.lost_seats` without people under threat: it would tell their country."""
    protected = {line.id for line in people.lines if line.person_id in people.protected}
    return allocation.lost_seats([decision for decision in decisions if decision.nomination_id not in protected])


def _as_stored(decision: Decision) -> StoredDecision:
    return StoredDecision(
        position=decision.order,
        nomination_id=decision.nomination_id,
        country=decision.country,
        reason=decision.reason,
        seat_source=decision.seat_source,
        reserve=decision.reserve,
        problems=decision.problems,
        compared=_compared(decision),
        exception_reason=decision.exception_reason,
        exception_category=decision.exception_category,
    )


def stored_rows(decisions: Sequence[StoredDecision], people: Nominees) -> list[DecisionRow]:
    """Return decisions of a round."""
    lines, lost = {line.id: line for line in people.lines}, _lost_seats(decisions, people)
    return [
        _decision(
            decision,
            lines[decision.nomination_id],
            people,
            lacks=_missing(decision),
            lost_seat=lost.get(decision.nomination_id),
        )
        for decision in decisions
    ]


def _missing(decision: StoredDecision) -> list[str]:
    names = [texts.obstacle_kind(kind) for kind in decision.problems]
    return [_("Missing: %(codes)s", codes=babel.joined(names))] if names else []


def _decision(
    decision: StoredDecision,
    line: NominationLine,
    people: Nominees,
    *,
    lacks: Sequence[str],
    lost_seat: LostSeat | None,
    exception: SubmittedException = NO_EXCEPTION,
) -> DecisionRow:
    is_protected = line.person_id in people.protected
    compared = () if is_protected else decision.compared
    word, kind = texts.result(decision.reason, decision.reserve)
    return DecisionRow(
        id=decision.nomination_id,
        order=decision.position,
        alias=people.names.get(line.person_id, ""),
        href=nominee_url(line),
        country=people.country(line),
        source=texts.source(decision.seat_source),
        why=texts.why(
            decision.reason,
            rank=line.rank,
            exception=decision.exception_reason,
            category=decision.exception_category,
            lacks=lacks,
            compared=compared,
            lost_seat=lost_seat,
        ),
        compared=texts.compared_lines(compared),
        word=word,
        kind=kind,
        exception=exception,
    )


def _compared(decision: Decision) -> tuple[ComparedCountry, ...]:
    return tuple(
        ComparedCountry(
            country=competitor.country,
            used_rate=float(competitor.key.used_rate),
            has_named_role=not competitor.key.role,
            has_done_courses=not competitor.key.courses,
            women=competitor.key.women,
            nominated_at=competitor.key.nominated_at,
            draw=competitor.key.draw,
        )
        for competitor in decision.competitors
    )


def seat_rows(lines: Sequence[NominationLine], people: Nominees) -> list[NomineeSeat]:
    """Return nominees in this order with the state of the seat."""
    return [_seat(line, people, position) for position, line in enumerate(lines, 1)]


def _seat(line: NominationLine, people: Nominees, position: int) -> NomineeSeat:
    word, kind = nomination_labels.state(line.state)
    return NomineeSeat(
        alias=people.names.get(line.person_id, ""),
        href=nominee_url(line),
        country=people.country(line),
        source=texts.source(line.seat_source),
        word=word,
        kind=kind,
        until=_offer_end(line, people.workshop),
        position=position,
    )


def country_rows(
    people: Nominees,
    countries: Sequence[str],
    years: Mapping[str, CountryYear],
    seats: Mapping[tuple[str, SeatSource], int],
) -> list[CountrySeats]:
    """Return the seats of each invited country, by name; `seats` are the seats of this event by country and source."""
    rows = []
    for country in sorted(countries, key=country_name):
        substitutes = seats.get((country, SeatSource.SUBSTITUTE), 0)
        rows.append(
            CountrySeats(
                country=country_name(country),
                nominated=sum(line.country == country for line in people.lines),
                guaranteed=seats.get((country, SeatSource.GUARANTEED), 0),
                pool=seats.get((country, SeatSource.POOL), 0) + substitutes,
                used=_used(years.get(country, CountryYear())),
            )
        )
    return rows


def nominee_url(line: NominationLine) -> str:
    """Return the address of the page of a nominee."""
    return url_for("workshops.show_nominee", workshop_id=line.workshop_id, nomination_id=line.id)


def _used(year: CountryYear) -> str:
    used = _("%(used)s used, %(guaranteed)s guaranteed", used=year.used, guaranteed=year.guaranteed_offered)
    if not year.no_shows:
        return used
    missed = ngettext("%(num)s absent without notice", "%(num)s absent without notice", year.no_shows)
    return f"{used}, {missed}"


def _offer_end(line: NominationLine, workshop: WorkshopFacts) -> str:
    """Return the last day of an open offer, which ends with the minute before; "" while the event is postponed."""
    is_open = line.state is NominationState.OFFERED and workshop.state is not WorkshopState.POSTPONED
    if line.offered_until is None or not is_open:
        return ""
    return babel.words((line.offered_until - MINUTE).astimezone(ZoneInfo(workshop.time_zone)).date())
