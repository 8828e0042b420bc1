"""My country: what waits for its contact point, and its numbers."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence.events import OfficersSeen
from app.competence.queries import officers
from app.competence.queries.officers import OfficerFilter
from app.db.session import record, transaction
from app.directory.service import country_settings
from app.home.pages import country as pages
from app.home.pages import tasks as duty_lines
from app.home.queries import tasks
from app.home.views._blueprint import bp
from app.i18n import stored_translations
from app.identity.queries import people as accounts
from app.identity.queries.postings import serving_in
from app.kernel import clock
from app.learning.labels import wanted
from app.plan.queries import figures as plan
from app.ports import ports
from app.workshops.queries import bookings

MOST = 500  # seats in a list


@bp.get("/country")
@requires(Action.SEE_OWN_COUNTRY, of=own_scope)
def show_country() -> ResponseReturnValue:
    """Show what waits and how the country stands, in numbers alone."""
    mine, today = actor().country, clock.today()
    framework = catalogue.competencies() or Competencies()
    waiting = pages.PendingCounts(
        duties=duty_lines.tasks(tasks.ask(ports().task_sources, actor(), {})),
        figures=plan.count_open_observations(mine),
        help_is_due=country_settings.settings(mine).help_is_due(today),
    )
    numbers = pages.Numbers(
        officers=officers.count(mine, today, framework),
        soon=officers.count(mine, today, framework, OfficerFilter.SOON),
        lapsed=officers.count(mine, today, framework, OfficerFilter.LAPSED),
        seats=bookings.count_seats_of(serving_in(mine, today), clock.now()),
    )
    return render_template("home/country.html", code=mine, to_do=pages.tasks(waiting), numbers=pages.numbers(numbers))


@bp.get("/country/seats")
@requires(Action.SEE_OWN_COUNTRY, of=own_scope)
def country_seats() -> ResponseReturnValue:
    """Show which officers of the own country have a seat in which event to come."""
    mine = actor().country
    with transaction():
        record(OfficersSeen(country=mine, officer=None))
    found = bookings.seats_of(serving_in(mine, clock.today()), clock.now(), MOST)
    shown = [one.workshop_id for one in found if pages.open_to_all(one)]
    said = stored_translations.translations_for(shown, wanted())
    aliases = accounts.names({one.person_id for one in found})
    return render_template("home/seats.html", seats=pages.seats(found, aliases, said))
