"""Query the cards of the countries."""

from app.catalogue.domain.references.country_cards import CountryCards
from app.catalogue.domain.versions import ReferenceKind
from app.catalogue.queries import courses


def cards() -> CountryCards:
    """Return the newest cards of the countries, empty when none were loaded."""
    return courses.newest(ReferenceKind.COUNTRIES, CountryCards) or CountryCards()
