"""Views of a supervisor at /supervision/events: two questions after an event, commitments to confirm."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.db.session import transaction
from app.kernel import clock
from app.web.pages import render
from app.workshops.domain.follow_up import ChangeSeen
from app.workshops.forms.afterwards import ChangeSeenForm
from app.workshops.pages import supervised_events
from app.workshops.queries import commitments as commitment_queries, follow_ups
from app.workshops.queries.commitments import CommitmentLine
from app.workshops.queries.follow_ups import SupervisedFollowUp
from app.workshops.service import commitments, follow_ups as follow_up_service
from app.workshops.views._blueprint import bp


@bp.get("/supervision/events")
@requires(Action.ANSWER_ABOUT_OFFICER, of=own_scope)
def show_supervised_events() -> ResponseReturnValue:
    """Show the questions about officers, and their commitments."""
    return render(supervised_events.page(actor(), clock.today()))


@bp.post("/supervision/events/<uuid:follow_up_id>/answer")
@requires(Action.ANSWER_ABOUT_OFFICER, load=follow_ups.supervised)
def answer_about_officer(asked: SupervisedFollowUp, follow_up_id: UUID) -> ResponseReturnValue:
    """Save what the supervisor saw; the first answer counts."""
    form = ChangeSeenForm(request.form)
    if not form.validate():
        return render(supervised_events.page(actor(), clock.today(), rejected=str(asked.id), form=form)), 422
    with transaction():
        is_new = follow_up_service.answer_as_supervisor(
            follow_up_id,
            ChangeSeen(form.change.data),
            would_help=form.would_help.data or "",
            by=actor().id,
            now=clock.now(),
        )
    flash(_("Sent. Thank you.") if is_new else _("This was answered already."))
    return redirect(url_for("workshops.show_supervised_events"))


@bp.post("/supervision/events/commitments/<uuid:commitment_id>/confirmation")
@requires(Action.ANSWER_ABOUT_OFFICER, load=commitment_queries.supervised)
def confirm_commitment(_line: CommitmentLine, commitment_id: UUID) -> ResponseReturnValue:
    """Confirm the result of a commitment; a repeated request changes nothing."""
    with transaction():
        is_new = commitments.confirm(commitment_id, by=actor().id, now=clock.now())
    flash(_("Confirmed.") if is_new else _("This was confirmed already."))
    return redirect(url_for("workshops.show_supervised_events"))
