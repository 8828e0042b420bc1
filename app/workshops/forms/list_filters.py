"""Read the filters of the list of events at /workshops from the query string."""

from collections.abc import Collection, Mapping

from app.i18n.languages import NAMES
from app.workshops.domain.events import WorkshopKind
from app.workshops.queries.workshops import ONLINE, Filters

KINDS = {str(kind): kind for kind in WorkshopKind}


def filters(values: Mapping[str, str], countries: Collection[str]) -> Filters:
    """Return the filters of a query string; unknown values are ignored, so that old links still open."""
    language, host = values.get("language", ""), values.get("place", "")
    return Filters(
        kind=KINDS.get(values.get("kind", "")),
        language=language if language in NAMES else "",
        location=host if host == ONLINE or host in countries else "",
    )
