"""What a person may narrow the list of events to."""

from collections.abc import Collection, Mapping

from app.i18n.languages import NAMES
from app.workshops.domain.events import WorkshopKind
from app.workshops.queries.workshops import ONLINE, Filters

KINDS = {str(one): one for one in WorkshopKind}


def filters(given: Mapping[str, str], countries: Collection[str]) -> Filters:
    """Return the filters of an address; one that says nothing known narrows nothing, so that old links still open."""
    language, place = given.get("language", ""), given.get("place", "")
    return Filters(
        kind=KINDS.get(given.get("kind", "")),
        language=language if language in NAMES else "",
        place=place if place == ONLINE or place in countries else "",
    )
