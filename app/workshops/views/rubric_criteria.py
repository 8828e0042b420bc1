"""View of one criterion of a rubric for all participants of an event."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.kernel import clock
from app.web.pages import render
from app.workshops.forms import scoring
from app.workshops.pages import rubrics
from app.workshops.queries import bookings, workshops
from app.workshops.service import results, rubric_sheets
from app.workshops.shapes import WorkshopFacts
from app.workshops.views._blueprint import bp

RULE = "/teaching/workshops/<uuid:workshop_id>/criteria/<competency:competency>/<slug:criterion>"


@bp.get(RULE)
@requires(Action.ASSESS, load=workshops.assessed_by)
def show_criterion(workshop: WorkshopFacts, workshop_id: UUID, competency: str, criterion: str) -> ResponseReturnValue:
    """Show one criterion for all participants."""
    with transaction():
        results.record_view(workshop_id, clock.now())
    return render(
        rubrics.criterion_page(actor(), workshop, results.rubric_of(workshop, competency), criterion, clock.now())
    )


@bp.post(RULE)
@requires(Action.ASSESS, load=workshops.assessed_by)
def score_criterion(workshop: WorkshopFacts, workshop_id: UUID, competency: str, criterion: str) -> ResponseReturnValue:
    """Save one criterion; people whose rubric is complete now are scored."""
    rubric = results.rubric_of(workshop, competency)
    if criterion not in rubric.criteria:
        raise NoResultFound
    others = [str(booking.id) for booking in bookings.seated(workshop_id) if booking.person_id != actor().id]
    scores = {UUID(key): score for key, score in scoring.scores(request.form, others).items()}
    with transaction():
        complete = rubric_sheets.save_criterion(
            workshop_id, competency, criterion, scores, by=actor().id, now=clock.now()
        )
    text = ngettext("Saved. %(num)s person is scored.", "Saved. %(num)s people are scored.", len(complete))
    flash(text if complete else _("Saved for later. Go on with the next criterion."))
    position = rubric.criteria.index(criterion) + 1
    if position < len(rubric.criteria):
        return redirect(
            url_for(
                "workshops.show_criterion",
                workshop_id=workshop_id,
                competency=competency,
                criterion=rubric.criteria[position],
            )
        )
    return redirect(url_for("workshops.participants", workshop_id=workshop_id))
