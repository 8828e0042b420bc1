"""Share the seats of an event among the countries: guaranteed seats first, then the pool, one seat at a time.

The function is deterministic and independent of the order of its input. For the pool, only the best-ranked remaining
eligible nominee of each country competes, and the smallest key wins: share of the country, named role, courses done,
women first while their share is too small, earlier nomination, draw. A decision names the keys that were compared.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, Protocol
from uuid import UUID


class CountedAs(StrEnum):
    """How the nominating officer counts a nominee for the share of women; used for nothing else."""

    WOMAN = "woman"
    MAN = "man"
    NOT_SAID = "not_said"


class SeatSource(StrEnum):
    GUARANTEED = "guaranteed"  # a seat reserved for the country
    POOL = "pool"
    SUBSTITUTE = "substitute"  # replaced another person of the same country
    OBSERVER = "observer"  # added by the host, without certificate


class Reason(StrEnum):
    """Why a nominee has a seat, waits or has none."""

    GUARANTEED_SEAT = "guaranteed_seat"
    POOL_SEAT = "pool_seat"
    SET_IN = "set_in"  # exception of the secretariat
    NO_SEAT_LEFT = "no_seat_left"  # on the waiting list
    NOT_ELIGIBLE = "not_eligible"
    SET_OUT = "set_out"  # exception of the secretariat


SEATED = frozenset({Reason.GUARANTEED_SEAT, Reason.POOL_SEAT, Reason.SET_IN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Nominee:
    """A nominee as the rule sees them; `problems` are the requirements that make the nominee ineligible."""

    nomination_id: UUID
    country: str
    rank: int
    nominated_at: datetime
    has_named_role: bool = True
    has_done_courses: bool = True
    counted_as: CountedAs = CountedAs.NOT_SAID
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeatedPerson:
    """A person who has a seat or an offer before this round."""

    country: str
    counted_as: CountedAs


@dataclass(frozen=True, slots=True)
class CountryYear:
    """What a country had this year: seats used before this round, no-shows without notice, guaranteed seats offered.

    Seats of this event given in earlier rounds and the guaranteed seats of this event are included.
    """

    used: int = 0
    no_shows: int = 0
    guaranteed_offered: int = 0

    def used_rate(self, given_in_round: int) -> Fraction:
        """Return the share of the country: a no-show without notice counts as one more used seat."""
        return Fraction(self.used + given_in_round + self.no_shows, self.guaranteed_offered + 1)


class ExceptionCategory(StrEnum):
    """Why an exception was made, in words that the officers concerned read."""

    HOST_NEED = "host_need"  # operational need of the host
    ROLE_IN_EVENT = "role_in_event"
    REPLACEMENT = "replacement"  # of a person who withdrew
    TEAM_BALANCE = "team_balance"  # women and men in a team
    DATA_ERROR = "data_error"
    OTHER = "other"

    @property
    def code(self) -> str:
        """The reason of a nomination that was decided by an exception of this category."""
        return f"exception:{self.value}"


@dataclass(frozen=True, slots=True)
class SeatException:
    """A nominee whom the secretariat sets in or out; `reason` is a note for staff."""

    nomination_id: UUID
    is_in: bool
    by: UUID
    category: ExceptionCategory
    reason: str


@dataclass(frozen=True, slots=True)
class LostSeat:
    """A guaranteed seat that went to another nominee of the country by exception; None: stored without a category."""

    category: ExceptionCategory | None


class Key(NamedTuple):
    """The values compared for a seat, the smallest first; 0 is better than 1."""

    used_rate: Fraction
    role: int
    courses: int
    women: int
    nominated_at: datetime
    draw: str


@dataclass(frozen=True, slots=True)
class Competitor:
    """The best-ranked remaining nominee of a country with the compared key."""

    nomination_id: UUID
    country: str
    key: Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The decision about a nominee; `competitors` are the compared nominees, the winner of this step first.

    `reserve` is the position on the waiting list, from 1.
    """

    order: int
    nomination_id: UUID
    country: str
    reason: Reason
    seat_source: SeatSource | None = None
    reserve: int | None = None
    competitors: tuple[Competitor, ...] = ()
    problems: tuple[str, ...] = ()
    exception: SeatException | None = None

    @property
    def exception_reason(self) -> str:
        """The reason of the exception, "" for a decision by the rule."""
        return self.exception.reason if self.exception else ""

    @property
    def exception_category(self) -> ExceptionCategory | None:
        """The category of the exception, None for a decision by the rule."""
        return self.exception.category if self.exception else None


class DecidedNominee(Protocol):
    """What a decision, proposed or stored, says about a nominee; "" as reason of the exception: by the rule."""

    @property
    def nomination_id(self) -> UUID: ...
    @property
    def country(self) -> str: ...
    @property
    def reason(self) -> Reason: ...
    @property
    def seat_source(self) -> SeatSource | None: ...
    @property
    def exception_reason(self) -> str: ...
    @property
    def exception_category(self) -> ExceptionCategory | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRequest:
    """The input of a round. `guaranteed` is the number of seats for each of `countries`, 0 for a reallocation."""

    capacity: int
    guaranteed: int
    countries: Collection[str]
    seed: int
    nominees: Collection[Nominee]
    seated: Sequence[SeatedPerson] = ()
    years: Mapping[str, CountryYear] = field(default_factory=dict)
    exceptions: Collection[SeatException] = ()


def allocate(request: SeatRequest) -> list[Decision]:
    """Return one decision for each nominee in the order in which they were made."""
    allocation = _Allocation(request)
    allocation.give_guaranteed_seats()
    allocation.give_pool_seats()
    allocation.decline_the_others()
    return allocation.decisions


def lost_seats(decisions: Sequence[DecidedNominee]) -> Mapping[UUID, LostSeat]:
    """Return who waits while a guaranteed seat of the own country went to a nominee whom the secretariat set in.

    `decisions` are those of a round in their order, of all countries or of some. For each such seat, it is the
    first nominee of the country who has no guaranteed seat.
    """
    taken: dict[str, list[LostSeat]] = {}
    for decision in decisions:
        if _took_guaranteed_seat(decision):
            taken.setdefault(decision.country, []).append(LostSeat(decision.exception_category))
    lost = {}
    for decision in decisions:
        if _is_without_guaranteed_seat(decision) and taken.get(decision.country):
            seat = taken[decision.country].pop(0)
            if decision.reason is Reason.NO_SEAT_LEFT:
                lost[decision.nomination_id] = seat
    return lost


def _took_guaranteed_seat(decision: DecidedNominee) -> bool:
    return decision.reason is Reason.SET_IN and decision.seat_source is SeatSource.GUARANTEED


def _is_without_guaranteed_seat(decision: DecidedNominee) -> bool:
    return decision.reason in (Reason.POOL_SEAT, Reason.NO_SEAT_LEFT) and not decision.exception_reason


def draw(seed: int, nomination_id: UUID) -> str:
    """Return the lot of a nominee: anyone who knows the recorded seed can repeat the draw."""
    return hashlib.sha256(f"{seed}:{nomination_id}".encode()).hexdigest()


class _Allocation:
    """The state of a round while seats are given."""

    def __init__(self, request: SeatRequest) -> None:
        self.request = request
        self.decisions: list[Decision] = []
        self.exceptions = {exception.nomination_id: exception for exception in request.exceptions}
        self.free = max(0, request.capacity - len(request.seated))
        self.given: dict[str, int] = {}  # seats and, after the last seat, reserve positions of this round
        self.reserve = 0
        competing = [nominee for nominee in request.nominees if self._competes(nominee)]
        self.queues = _queues(competing, request.seed, self.exceptions)
        self.seated = len(request.seated)
        self.seated_women = _women(request.seated)
        eligible = len(competing) + len(request.seated)
        self.women_share = Fraction(_women([*competing, *request.seated]), eligible or 1)

    def _competes(self, nominee: Nominee) -> bool:
        exception = self.exceptions.get(nominee.nomination_id)
        if exception is not None:
            return exception.is_in
        return not nominee.problems and nominee.country in self.request.countries

    def give_guaranteed_seats(self) -> None:
        """Give each country the seats reserved for it, one for each country at a time."""
        for _ in range(self.request.guaranteed):
            for country in sorted(self.request.countries):
                if self.queues.get(country) and self.free:
                    self._decide(self.queues[country].pop(0), SeatSource.GUARANTEED)

    def give_pool_seats(self) -> None:
        """Give the remaining seats, and then the positions on the waiting list, to the winner of each comparison."""
        while best := [queue[0] for queue in self.queues.values() if queue]:
            competitors = self._compared(best)
            winner = next(nominee for nominee in best if nominee.nomination_id == competitors[0].nomination_id)
            self.queues[winner.country].pop(0)
            self._decide(winner, SeatSource.POOL if self.free else None, competitors)

    def decline_the_others(self) -> None:
        """Record the nominees who did not compete, by country and rank."""
        decided = {decision.nomination_id for decision in self.decisions}
        others = [nominee for nominee in self.request.nominees if nominee.nomination_id not in decided]
        for nominee in sorted(others, key=lambda other: (other.country, other.rank, str(other.nomination_id))):
            exception = self.exceptions.get(nominee.nomination_id)
            reason = Reason.NOT_ELIGIBLE if exception is None else Reason.SET_OUT
            self._append(nominee, reason)

    def _compared(self, best: Iterable[Nominee]) -> tuple[Competitor, ...]:
        """Return the competitors, the winner first; a nominee whom the secretariat set in goes before the others."""
        women_first = Fraction(self.seated_women, self.seated or 1) < self.women_share
        competitors = [
            Competitor(nominee.nomination_id, nominee.country, self._key(nominee, women_first=women_first))
            for nominee in best
        ]
        return tuple(sorted(competitors, key=lambda competitor: (not self._is_in(competitor), competitor.key)))

    def _key(self, nominee: Nominee, *, women_first: bool) -> Key:
        year = self.request.years.get(nominee.country, CountryYear())
        return Key(
            used_rate=year.used_rate(self.given.get(nominee.country, 0)),
            role=int(not nominee.has_named_role),
            courses=int(not nominee.has_done_courses),
            women=int(women_first and nominee.counted_as is not CountedAs.WOMAN),
            nominated_at=nominee.nominated_at,
            draw=draw(self.request.seed, nominee.nomination_id),
        )

    def _is_in(self, nominee: Nominee | Competitor) -> bool:
        exception = self.exceptions.get(nominee.nomination_id)
        return exception is not None and exception.is_in

    def _decide(self, nominee: Nominee, source: SeatSource | None, competitors: tuple[Competitor, ...] = ()) -> None:
        """Give a seat, or a position on the waiting list without a source."""
        self.given[nominee.country] = self.given.get(nominee.country, 0) + 1
        if source is None:
            self.reserve += 1
            self._append(nominee, Reason.NO_SEAT_LEFT, competitors=competitors, reserve=self.reserve)
            return
        self.free -= 1
        self.seated += 1
        self.seated_women += nominee.counted_as is CountedAs.WOMAN
        reason = Reason.GUARANTEED_SEAT if source is SeatSource.GUARANTEED else Reason.POOL_SEAT
        if self._is_in(nominee):
            reason = Reason.SET_IN
        self._append(nominee, reason, seat_source=source, competitors=competitors)

    def _append(
        self,
        nominee: Nominee,
        reason: Reason,
        *,
        seat_source: SeatSource | None = None,
        reserve: int | None = None,
        competitors: tuple[Competitor, ...] = (),
    ) -> None:
        self.decisions.append(
            Decision(
                order=len(self.decisions) + 1,
                nomination_id=nominee.nomination_id,
                country=nominee.country,
                reason=reason,
                seat_source=seat_source,
                reserve=reserve,
                competitors=competitors,
                problems=nominee.problems,
                exception=self.exceptions.get(nominee.nomination_id),
            )
        )


def _queues(
    nominees: Iterable[Nominee], seed: int, exceptions: Mapping[UUID, SeatException]
) -> dict[str, list[Nominee]]:
    """Return the competing nominees by country, the best-ranked first; those whom the secretariat set in lead."""
    queues: dict[str, list[Nominee]] = {}
    for nominee in nominees:
        queues.setdefault(nominee.country, []).append(nominee)
    for queue in queues.values():
        queue.sort(
            key=lambda nominee: (
                nominee.nomination_id not in exceptions,
                nominee.rank,
                draw(seed, nominee.nomination_id),
            )
        )
    return queues


def _women(people: Iterable[Nominee | SeatedPerson]) -> int:
    return sum(person.counted_as is CountedAs.WOMAN for person in people)
