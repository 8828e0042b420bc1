"""Check the rules of a nominated event before they are saved."""

import re
from collections.abc import Iterator
from datetime import date

from app.kernel.errors import DomainError
from app.workshops.domain.phases import NominationRules

COUNTRIES = 13  # members of the community, invited unless countries are named
MOST_OBSERVERS = 3
MOST_OFFER_DAYS = 60
COUNTRY = re.compile(r"[A-Z]{2}")
COUNTRY_CODES = 100  # characters of all codes, parted by blanks


def guaranteed_seats(rules: NominationRules) -> int:
    """Return how many seats are guaranteed to all invited countries together."""
    return rules.guaranteed * (len(rules.countries) or COUNTRIES)


def nomination_problems(rules: NominationRules, *, capacity: int, first_day: date) -> Iterator[DomainError]:
    """Yield an error for each problem of the rules."""
    if rules.guaranteed < 0 or guaranteed_seats(rules) > capacity:
        yield DomainError("More seats are guaranteed than the event has.")
    if not 0 <= rules.observers <= MOST_OBSERVERS:
        yield DomainError("An event has at most %(most)s observers.", most=MOST_OBSERVERS)
    if not 1 <= rules.offer_days <= MOST_OFFER_DAYS:
        yield DomainError("An offer is open for 1 to %(most)s days.", most=MOST_OFFER_DAYS)
    if not 0 <= rules.minimum <= capacity:
        yield DomainError("The minimum of participants is at most the number of seats.")
    yield from _problems_of_days(rules, first_day)
    yield from _problems_of_codes(rules)


def _problems_of_days(rules: NominationRules, first_day: date) -> Iterator[DomainError]:
    if not rules.opens <= rules.deadline < first_day:
        yield DomainError("Nominations open before they close, and close before the first session.")
    later = [day for day in (rules.reallocation, rules.decide_by, rules.withdraw_by) if day is not None]
    if any(not rules.deadline <= day <= first_day for day in later):
        yield DomainError("The other days lie between the end of nominations and the first session.")


def _problems_of_codes(rules: NominationRules) -> Iterator[DomainError]:
    if not all(COUNTRY.fullmatch(code) for code in rules.countries):
        yield DomainError("Invited countries are member countries.")
    if len(" ".join(rules.countries)) > COUNTRY_CODES:
        yield DomainError("These are too many codes. Name fewer of them.")
