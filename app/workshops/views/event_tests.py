"""Views of the tests before and after an event: the lead opens and closes them, participants take them."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.learning import labels as learning_pages
from app.web.pages import render
from app.workshops.domain.event_tests import EventTestPart
from app.workshops.forms.on_the_day import EventTestForm
from app.workshops.pages import event_tests as pages
from app.workshops.queries import bookings, event_tests as queries, workshops
from app.workshops.service import event_tests
from app.workshops.shapes import BookingLine, WorkshopFacts
from app.workshops.views._blueprint import bp


@bp.get("/teaching/workshops/<uuid:workshop_id>/tests")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def show_tests(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show the tests of an event and the gain."""
    return render(pages.page(workshop, pages.offer_courses(EventTestForm(), actor(), workshop)))


@bp.post("/teaching/workshops/<uuid:workshop_id>/tests/<slug:part>/opening")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def open_test(workshop: WorkshopFacts, workshop_id: UUID, part: str) -> ResponseReturnValue:
    """Open a test; the first one asks for the course of the questions."""
    chosen = _part(part)
    form = pages.offer_courses(EventTestForm(request.form), actor(), workshop)
    if not queries.tests_of(workshop_id) and not form.validate():
        return render(pages.page(workshop, form)), 422
    try:
        with transaction():
            event_tests.open_test(workshop_id, chosen, _outline(form), by=actor().id, now=clock.now())
    except DomainError as error:
        return render(pages.page(workshop, form, error.translated(_))), 422
    flash(_("Open. The participants get a notice."))
    return redirect(url_for("workshops.show_tests", workshop_id=workshop_id))


@bp.post("/teaching/workshops/<uuid:workshop_id>/tests/<slug:part>/closing")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def close_test(_workshop: WorkshopFacts, workshop_id: UUID, part: str) -> ResponseReturnValue:
    """Close a test; open attempts are submitted as they are."""
    with transaction():
        event_tests.close_test(workshop_id, _part(part), by=actor().id, now=clock.now())
    flash(_("Closed. Open attempts were submitted as they are."))
    return redirect(url_for("workshops.show_tests", workshop_id=workshop_id))


@bp.post("/workshops/<uuid:workshop_id>/tests/<slug:part>")
@requires(Action.TAKE_EVENT_TEST, load=bookings.own_booking)
def take_test(_booking: BookingLine, workshop_id: UUID, part: str) -> ResponseReturnValue:
    """Begin the test of an event, or continue it."""
    chosen = _part(part)
    test = queries.tests_of(workshop_id).get(chosen)
    if test is None:
        raise NoResultFound
    language = learning_pages.shown(catalogue.outline(test.version_id))
    try:
        with transaction():
            attempt = event_tests.begin(workshop_id, chosen, actor().id, language=language, now=clock.now())
    except DomainError as error:
        flash(error.translated(_), "warning")
        return redirect(url_for("workshops.show_workshop", workshop_id=workshop_id))
    return redirect(url_for("quizzes.question", attempt=attempt, n=1))


def _part(name: str) -> EventTestPart:
    try:
        return EventTestPart(name)
    except ValueError:
        raise NoResultFound from None


def _outline(form: EventTestForm) -> Outline | None:
    slug = str(form.course.data or "")
    return next((outline for outline in catalogue.all_visible(actor()) if outline.slug == slug), None)
