"""To which courses and events a role may reach, by title, for rooms that know of none."""

from collections.abc import Mapping

from app.access.policy import Action, Actor, Scope, allows
from app.catalogue.queries import courses as catalogue
from app.i18n.babel import isolated, words
from app.i18n.languages import current
from app.kernel import clock
from app.workshops.queries import workshops


def reaches(actor: Actor) -> Mapping[Scope, list[tuple[str, str]]]:
    """Return the courses and the events to come that an actor may name, each by the id that a role reaches to."""
    if not allows(actor, Action.MAKE_WORKSHOP):
        return {}
    courses = [(str(one.course_id), one.title(current())) for one in catalogue.all_visible(actor)]
    events = [
        (str(one.id), " – ".join(part for part in (one.code, one.town, isolated(words(one.first_day))) if part))
        for one in workshops.listing(actor, clock.today())
    ]
    return {Scope.COURSE: courses, Scope.EVENT: events}
