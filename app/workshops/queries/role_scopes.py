"""Read the titles of courses and events that can limit a role; `factory` passes it to the role pages as a port."""

from collections.abc import Mapping

from app.access.policy import Action, Actor, Scope, allows
from app.catalogue.queries import versions
from app.i18n.babel import isolated, words
from app.i18n.languages import current
from app.kernel import clock
from app.workshops.queries import workshops


def reaches(actor: Actor) -> Mapping[Scope, list[tuple[str, str]]]:
    """Return the courses, collections and future events that an actor may name as the scope of a role, by id."""
    if not allows(actor, Action.MAKE_WORKSHOP):
        return {}
    published = [
        course for course in versions.published_with_collections() if allows(actor, Action.READ_COURSE, course)
    ]
    courses = [(str(course.course_id), course.title(current())) for course in published]
    events = [
        (str(event.id), " – ".join(part for part in (event.code, event.town, isolated(words(event.first_day))) if part))
        for event in workshops.listing(actor, clock.today())
    ]
    return {Scope.COURSE: courses, Scope.EVENT: events}
