"""A page about one officer for contact points and supervisors: courses, workshops, and suggesting a course."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires, thing
from app.access.policy import Action
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.competence.queries import competencies as competence
from app.db.session import record, transaction
from app.home.forms import SuggestForm
from app.home.pages import officer as pages
from app.home.pages.officer import Attended, Seen
from app.home.views._blueprint import bp
from app.i18n import stored_translations
from app.identity.queries import people as accounts
from app.kernel import clock
from app.learning.events import LearningSeen
from app.learning.labels import wanted
from app.learning.queries import progress as learning
from app.learning.queries import suggestions as learning_suggestions
from app.learning.service import suggestions
from app.learning.service.suggestions import NewSuggestion
from app.workshops.queries import workshops


@bp.get("/people/<uuid:person_id>/learning")
@requires(Action.SEE_LEARNING, of=pages.seen)
def show_officer_learning(person_id: UUID) -> ResponseReturnValue:
    """Show an officer's courses and workshops: states and days, no answers, no times."""
    return _page(SuggestForm())


@bp.post("/people/<uuid:person_id>/learning/suggestions")
@requires(Action.SUGGEST_COURSE, of=pages.seen)
def suggest_course(person_id: UUID) -> ResponseReturnValue:
    """Suggest a course; a second press finds that it is so already."""
    seen: Seen = thing()
    form, open_to = SuggestForm(request.form), _open_to(seen)
    form.today = clock.today()
    form.course.offer((key, "") for key in open_to)
    if not form.validate():
        return _page(form), 422
    new = NewSuggestion(
        person_id=person_id,
        country=seen.country,
        suggested_by=actor().id,
        suggested_as=pages.suggester(actor()),
        reason=form.reason.data,
        due_on=form.due_on.data,
    )
    with transaction():
        made = suggestions.suggest(new, open_to[form.course.data], clock.now())
    flash(_("Suggested. The officer sees it today.") if made else _("This course is suggested already, or done."))
    return redirect(url_for("home.show_officer_learning", person_id=person_id))


@bp.post("/people/<uuid:person_id>/learning/suggestions/<uuid:suggestion_id>/taking-back")
@requires(Action.SUGGEST_COURSE, of=pages.taken)
def withdraw_suggestion(person_id: UUID, suggestion_id: UUID) -> ResponseReturnValue:
    """Suggest a course no longer."""
    with transaction():
        done = suggestions.take_back(suggestion_id, clock.now())
    flash(_("Taken back. The officer sees it no longer.") if done else _("This was answered already."))
    return redirect(url_for("home.show_officer_learning", person_id=person_id))


def _page(form: SuggestForm) -> str:
    seen: Seen = thing()
    person_id, who, today = seen.person_id, actor(), clock.today()
    with transaction():  # before anything is shown: what cannot be written is not read, either
        record(LearningSeen(person_id=person_id, country=seen.country))
    whole, open_to = pages.sees_all(who), _open_to(seen)
    begun = learning.enrolments([person_id]).get(person_id, [])
    lines = learning_suggestions.lines(person_id, seen.country, by=None if whole else who.id)
    form.course.offer(pages.choices(list(open_to.values()), begun, lines, who))
    mine = pages.shown_to(who, lines, seen.country)
    by_id = {outline.course_id: outline for outline in open_to.values()}
    aliases = accounts.names({one.suggested_by for one in mine})
    return render_template(
        "home/officer.html",
        alias=seen.officer.alias,
        person_id=person_id,
        whole=whole,
        form=form,
        today=today,
        suggestions=pages.suggestions(mine, by_id, aliases, who),
        courses=pages.courses(begun, who),
        bookings=pages.bookings(_attended(seen, today), who, today) if whole else [],
        claims=pages.claims(competence.claims_of(person_id), _framework()) if whole else [],
        **pages.links(who, person_id),
    )


def _open_to(seen: Seen) -> dict[str, Outline]:
    """Return the published courses that the officer may read, by their ids as a form sends them."""
    learner = seen.learner if seen.officer.practitioner else replace(seen.learner, roles=frozenset())
    return {str(outline.course_id): outline for outline in catalogue.all_visible(learner)}


def _attended(seen: Seen, today: date) -> Attended:
    events = workshops.own_bookings(seen.learner)
    earned = workshops.certificates(seen.learner, today)
    said = stored_translations.translations_for(pages.open_to(actor(), events), wanted())
    return Attended(events, {one.id for one in earned}, said)


def _framework() -> Competencies:
    return catalogue.competencies() or Competencies()
