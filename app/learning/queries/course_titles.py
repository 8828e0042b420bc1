"""Read the titles of courses in the language of the user, for notices of `home` and bookings of `workshops`."""

from app.access.policy import Actor
from app.catalogue.queries import courses as catalogue
from app.learning.labels import shown
from app.learning.queries import progress


def titles(actor: Actor) -> dict[str, str]:
    """Return the titles of the courses that a user may read or has begun, by code."""
    begun = (status.outline for status in progress.begun(actor.id))
    return {outline.code: outline.title(shown(outline)) for outline in (*begun, *catalogue.all_visible(actor))}
