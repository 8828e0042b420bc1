"""Nominees and rounds for the rules that share seats among countries."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any
from uuid import UUID

from app.workshops.domain.allocation import (
    CountedAs,
    CountryYear,
    Decision,
    ExceptionCategory,
    Nominee,
    SeatedPerson,
    SeatException,
    SeatRequest,
    draw,
)

FIRST_DAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
SECRETARIAT = UUID(int=1 << 100)


def nominee(country: str, rank: int, *, day: int = 0, **values: Any) -> Nominee:
    """Return a nominee whose id follows from country and rank."""
    return Nominee(
        nomination_id=id_of(country, rank),
        country=country,
        rank=rank,
        nominated_at=FIRST_DAY + timedelta(days=day),
        **values,
    )


def id_of(country: str, rank: int) -> UUID:
    return UUID(bytes=f"{country}{rank:014d}".encode())


def name_of(nomination_id: UUID) -> str:
    """Return country and rank, such as PK2."""
    return f"{nomination_id.bytes[:2].decode()}{int(nomination_id.bytes[2:])}"


def random_request(random: Random) -> SeatRequest:
    """Return a round with unequal demand, exceptions, people with a seat and countries that are not invited."""
    countries = [f"{letter}{letter}" for letter in "ABCDEFGHIJKLM"][: random.randint(1, 13)]
    guaranteed = random.randint(0, 2)
    seated = [
        SeatedPerson(random.choice(countries), random.choice(list(CountedAs))) for _ in range(random.randint(0, 3))
    ]
    nominees = [
        _random_nominee(random, country, rank)
        for country in [*countries, "ZZ"]
        for rank in range(1, random.randint(0, 4) + 1)
    ]
    return SeatRequest(
        capacity=guaranteed * len(countries) + len(seated) + random.randint(0, 12),
        guaranteed=guaranteed,
        countries=countries,
        seed=random.getrandbits(62),
        nominees=nominees,
        seated=seated,
        years={country: CountryYear(*(random.randint(0, 3) for _ in range(3))) for country in countries},
        exceptions=[
            SeatException(
                each.nomination_id,
                random.random() < 0.5,
                SECRETARIAT,
                ExceptionCategory.HOST_NEED,
                "agreed by the host",
            )
            for each in nominees
            if random.random() < 0.03
        ],
    )


def _random_nominee(random: Random, country: str, rank: int) -> Nominee:
    return nominee(
        country,
        rank,
        day=random.randint(0, 3),
        has_named_role=random.random() < 0.7,
        has_done_courses=random.random() < 0.7,
        counted_as=random.choice(list(CountedAs)),
        problems=("courses",) if random.random() < 0.2 else (),
    )


class Replay:
    """The rule written a second time, as plain counts over the decisions of a round."""

    def __init__(self, request: SeatRequest) -> None:
        self.request = request
        self.exceptions = {exception.nomination_id: exception for exception in request.exceptions}
        self.competing = [each for each in request.nominees if self.competes(each)]
        self.remaining = sorted(self.competing, key=lambda each: (not self.is_in(each), each.rank))
        self.used = Counter[str]()
        self.seated: list[Nominee | SeatedPerson] = list(request.seated)
        self.women = _share_of_women([*request.seated, *self.competing])

    def competes(self, each: Nominee) -> bool:
        exception = self.exceptions.get(each.nomination_id)
        return exception.is_in if exception else not each.problems and each.country in self.request.countries

    def best_of_countries(self) -> list[Nominee]:
        """Return the first remaining nominee of each country."""
        return list({each.country: each for each in reversed(self.remaining)}.values())

    def is_in(self, each: Nominee) -> bool:
        exception = self.exceptions.get(each.nomination_id)
        return bool(exception and exception.is_in)

    def key(self, each: Nominee) -> tuple[object, ...]:
        """Return the values to compare: the smallest goes first."""
        year = self.request.years.get(each.country, CountryYear())
        too_few = _share_of_women(self.seated) < self.women
        return (
            not self.is_in(each),
            Fraction(year.used + year.no_shows + self.used[each.country], year.guaranteed_offered + 1),
            not each.has_named_role,
            not each.has_done_courses,
            too_few and each.counted_as != CountedAs.WOMAN,
            each.nominated_at,
            draw(self.request.seed, each.nomination_id),
        )

    def decide(self, decision: Decision) -> None:
        """Count a decision."""
        chosen = next(each for each in self.remaining if each.nomination_id == decision.nomination_id)
        self.remaining.remove(chosen)
        self.used[chosen.country] += 1
        if decision.seat_source:
            self.seated.append(chosen)


def _share_of_women(people: Iterable[Nominee | SeatedPerson]) -> Fraction:
    counted = [person.counted_as == CountedAs.WOMAN for person in people]
    return Fraction(sum(counted), len(counted) or 1)
