"""Views `/country` and `/country/seats`: tasks, numbers and seats for the contact point."""

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
from app.home.pages import country as pages, tasks as task_lines
from app.home.queries import tasks
from app.home.views._blueprint import bp
from app.i18n import stored_translations
from app.identity.queries import people as accounts
from app.identity.queries.postings import serving_in
from app.kernel import clock
from app.learning.labels import wanted
from app.plan.queries import figures as plan
from app.ports import ports
from app.web.pages import render
from app.workshops.queries import bookings

MOST = 500  # seats in a list


@bp.get("/country")
@requires(Action.SEE_OWN_COUNTRY, of=own_scope)
def show_country() -> ResponseReturnValue:
    """Show the tasks and the numbers of the own country."""
    country, today = actor().country, clock.today()
    framework = catalogue.competencies() or Competencies()
    to_do = pages.tasks(
        task_lines.tasks(tasks.counts(ports().task_sources, actor(), {})),
        plan.count_open_observations(country),
        help_is_due=country_settings.settings(country).help_is_due(today),
    )
    numbers = pages.numbers(
        officers=officers.count(country, today, framework),
        soon=officers.count(country, today, framework, OfficerFilter.SOON),
        lapsed=officers.count(country, today, framework, OfficerFilter.LAPSED),
        seats=bookings.count_seats_of(serving_in(country, today), clock.now()),
    )
    return render(pages.OwnCountryPage(code=country, to_do=to_do, numbers=numbers))


@bp.get("/country/seats")
@requires(Action.SEE_OWN_COUNTRY, of=own_scope)
def country_seats() -> ResponseReturnValue:
    """Show the seats of the officers of the own country in coming workshops."""
    country = actor().country
    with transaction():
        record(OfficersSeen(country=country, officer=None))
    seats = bookings.seats_of(serving_in(country, clock.today()), clock.now(), MOST)
    open_ids = [seat.workshop_id for seat in seats if pages.is_unrestricted(seat)]
    translations = stored_translations.translations_for(open_ids, wanted())
    return render(pages.seats_page(seats, accounts.names({seat.person_id for seat in seats}), translations))
