"""My country: what waits for its contact point, and its numbers."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.access.guard import actor, requires
from app.access.policy import Action
from app.accounts import countries
from app.accounts import queries as accounts
from app.accounts.roster import serving_in
from app.catalogue import queries as catalogue
from app.catalogue.domain.references.competencies import Competencies
from app.competence import roster
from app.competence.events import OfficersSeen
from app.competence.roster import Narrowed
from app.db.session import record, transaction
from app.home import duties
from app.home.pages import country as pages
from app.home.pages import duties as duty_lines
from app.i18n import words
from app.kernel import clock
from app.learning.pages import wanted
from app.plan import queries as plan
from app.ports import ports
from app.workshops import bookings

bp = Blueprint("country", __name__, template_folder="templates", url_prefix="/country")
MOST = 500  # seats in a list


@bp.get("")
@requires(Action.SEE_OWN_COUNTRY)
def show() -> ResponseReturnValue:
    """Show what waits and how the country stands, in numbers alone."""
    mine, today = actor().country, clock.today()
    framework = catalogue.competencies() or Competencies()
    waiting = pages.Waiting(
        duties=duty_lines.tasks(duties.ask(ports().task_sources, actor(), {})),
        figures=plan.count_open_observations(mine),
        help_is_due=countries.settings(mine).help_is_due(today),
    )
    numbers = pages.Numbers(
        officers=roster.count(mine, today, framework),
        soon=roster.count(mine, today, framework, Narrowed.SOON),
        lapsed=roster.count(mine, today, framework, Narrowed.LAPSED),
        seats=bookings.count_seats_of(serving_in(mine, today), clock.now()),
    )
    return render_template("home/country.html", code=mine, to_do=pages.tasks(waiting), numbers=pages.numbers(numbers))


@bp.get("/seats")
@requires(Action.SEE_OWN_COUNTRY)
def seats() -> ResponseReturnValue:
    """Show which officers of the own country have a seat in which event to come."""
    mine = actor().country
    with transaction():
        record(OfficersSeen(country=mine, officer=None))
    found = bookings.seats_of(serving_in(mine, clock.today()), clock.now(), MOST)
    shown = [one.workshop_id for one in found if pages.open_to_all(one)]
    said = words.of(shown, wanted())
    aliases = accounts.names({one.person_id for one in found})
    return render_template("home/seats.html", seats=pages.seats(found, aliases, said))
