"""Views below `/people/<id>/learning` for contact points and supervisors: courses, workshops, suggestions."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.people_rules import is_officer_of_contact_point
from app.access.policy import Action
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.competence.queries import competencies as competence
from app.db.session import record, transaction
from app.home.forms import SuggestForm
from app.home.pages import officer as pages
from app.home.pages.officer import OfficerLearningPage, VisibleLearner
from app.home.pages.titles import TitledLine
from app.home.views._blueprint import bp
from app.i18n import stored_translations
from app.identity.queries import people as accounts
from app.kernel import clock
from app.learning.events import LearningSeen
from app.learning.labels import wanted
from app.learning.queries import progress as learning, suggestions as learning_suggestions
from app.learning.service import suggestions
from app.learning.service.suggestions import NewSuggestion
from app.web.pages import render
from app.workshops.queries import workshops


@bp.get("/people/<uuid:person_id>/learning")
@requires(Action.SEE_LEARNING, load=pages.visible_learner, applies_to=is_officer_of_contact_point)
def show_officer_learning(officer: VisibleLearner, person_id: UUID) -> ResponseReturnValue:
    """Show an officer's courses and workshops: states and days, no answers, no times."""
    return render(_page(officer, SuggestForm()))


@bp.post("/people/<uuid:person_id>/learning/suggestions")
@requires(Action.SUGGEST_COURSE, load=pages.visible_learner)
def suggest_course(officer: VisibleLearner, person_id: UUID) -> ResponseReturnValue:
    """Suggest a course; repeating the request changes nothing."""
    form, open_to = SuggestForm(request.form), _open_to(officer)
    form.today = clock.today()
    form.course.offer((key, "") for key in open_to)
    if not form.validate():
        return render(_page(officer, form)), 422
    new = NewSuggestion(
        person_id=person_id,
        country=officer.country,
        suggested_by=actor().id,
        suggested_as=pages.suggester(actor()),
        reason=form.reason.data,
        due_on=form.due_on.data,
    )
    with transaction():
        is_new = suggestions.suggest(new, open_to[form.course.data], clock.now())
    flash(_("Suggested. The officer sees it today.") if is_new else _("This course is already suggested or finished."))
    return redirect(url_for("home.show_officer_learning", person_id=person_id))


@bp.post("/people/<uuid:person_id>/learning/suggestions/<uuid:suggestion_id>/taking-back")
@requires(Action.SUGGEST_COURSE, load=pages.learner_with_suggestion)
def withdraw_suggestion(_officer: VisibleLearner, person_id: UUID, suggestion_id: UUID) -> ResponseReturnValue:
    """Withdraw a suggestion."""
    with transaction():
        withdrawn = suggestions.take_back(suggestion_id, clock.now())
    flash(_("Taken back. The officer sees it no longer.") if withdrawn else _("This was answered already."))
    return redirect(url_for("home.show_officer_learning", person_id=person_id))


def _page(officer: VisibleLearner, form: SuggestForm) -> OfficerLearningPage:
    person_id, viewer, today = officer.person_id, actor(), clock.today()
    with transaction():  # recorded first: a view that cannot be recorded is not shown
        record(LearningSeen(person_id=person_id, country=officer.country))
    whole, open_to = pages.sees_all(viewer), _open_to(officer)
    begun = learning.enrolments([person_id]).get(person_id, [])
    lines = learning_suggestions.lines(person_id, officer.country, by=None if whole else viewer.id)
    form.course.offer(pages.choices(list(open_to.values()), begun, lines, viewer))
    visible = pages.visible_suggestions(viewer, lines, officer.country)
    by_id = {outline.course_id: outline for outline in open_to.values()}
    aliases = accounts.names({line.suggested_by for line in visible})
    framework = catalogue.competencies() or Competencies()
    return OfficerLearningPage(
        alias=officer.officer.alias,
        person_id=person_id,
        whole=whole,
        form=form,
        today=today,
        suggestions=pages.suggestions(visible, by_id, aliases, viewer),
        courses=pages.enrolments(begun, viewer),
        bookings=_bookings(officer, today) if whole else [],
        claims=pages.claims(competence.claims_of(person_id), framework) if whole else [],
    )


def _open_to(officer: VisibleLearner) -> dict[str, Outline]:
    """Return the published courses that the officer may read, by their ids as the form submits them."""
    learner = officer.learner if officer.officer.practitioner else replace(officer.learner, roles=frozenset())
    return {str(outline.course_id): outline for outline in catalogue.all_visible(learner)}


def _bookings(officer: VisibleLearner, today: date) -> list[TitledLine]:
    """Return the seats and waiting list positions of the officer, the newest workshop first."""
    viewer, bookings = actor(), workshops.own_bookings(officer.learner)
    earned = {certificate.id for certificate in workshops.certificates(officer.learner, today)}
    translations = stored_translations.translations_for(pages.readable_ids(viewer, bookings), wanted())
    return [pages.booking_line(booking, earned, translations, viewer) for booking in reversed(bookings)]
