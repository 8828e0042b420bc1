"""Page model of `/treaties/countries/<country>`: eight facts on the law and practice of a country, with sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.catalogue.domain.references.country_cards import CountryCards
from app.home.pages.treaties import countries_with_card
from app.learning.labels.country_facts import CountryFacts, facts_of
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryCardPage(Page):
    """The card of a country; `others` are codes and names of the other cards, the own country first."""

    template: ClassVar[str] = "home/country_card.html"
    facts: CountryFacts
    as_of: date | None
    others: Sequence[tuple[str, str]]


def country_card(cards: CountryCards, country: str, own_country: str, today: date) -> CountryCardPage | None:
    """Return the page of a country, or None if it has no card."""
    facts = facts_of(cards, country, today)
    if facts is None:
        return None
    return CountryCardPage(
        facts=facts,
        as_of=cards.as_of,
        others=[pair for pair in countries_with_card(cards, own_country) if pair[0] != country],
    )
