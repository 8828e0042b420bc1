"""Views of /endorsements: supervisors, and contact points of officers without one, endorse requests or decline them."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.db.session import transaction
from app.kernel import clock
from app.web.pages import render
from app.workshops.forms.endorsements import EndorsementForm
from app.workshops.pages import endorsements as pages
from app.workshops.queries import endorsements
from app.workshops.queries.endorsements import EndorsementRequest
from app.workshops.service import nominations
from app.workshops.views._blueprint import bp


@bp.get("/endorsements")
@requires(Action.ENDORSE_NOMINATION, of=own_scope)
def show_endorsements() -> ResponseReturnValue:
    """Show the requests that wait for the user, and those answered before."""
    return render(pages.page(actor(), clock.now()))


@bp.post("/endorsements/<uuid:nomination_id>/decision")
@requires(Action.ENDORSE_NOMINATION, load=endorsements.request_of)
def answer_endorsement(endorsement: EndorsementRequest, nomination_id: UUID) -> ResponseReturnValue:
    """Endorse a request, or decline it with a reason; the first answer counts."""
    if endorsement.is_answered:
        flash(_("This request was answered already."))
        return redirect(url_for("workshops.show_endorsements"))
    form = EndorsementForm(request.form)
    if not form.fits():
        return render(pages.page(actor(), clock.now(), rejected=nomination_id, form=form)), 422
    with transaction():
        if form.endorses:
            nominations.endorse(nomination_id, actor(), clock.now())
        else:
            nominations.decline(nomination_id, actor(), reason=form.reason.data or "", now=clock.now())
    flash(_("Endorsed. The officer sees it today.") if form.endorses else _("Not now. The officer sees the reason."))
    return redirect(url_for("workshops.show_endorsements"))
