"""Views of `/people/proposals/<id>`: show a role proposal, agree to it and stop it."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.invitations.pages.proposals import proposal_page
from app.invitations.queries.proposals import proposal
from app.invitations.service import proposal_answers
from app.invitations.shapes import ProposalDetails
from app.invitations.views._blueprint import bp
from app.kernel import clock
from app.rights.domain.proposals import ProposalRefusal
from app.sign_in.views import reauthentication
from app.web.pages import render

REFUSALS = {
    ProposalRefusal.OVER: lazy_gettext("This proposal has ended."),
    ProposalRefusal.OWN: lazy_gettext("Another person has to agree: you proposed this role, or it is yours."),
    ProposalRefusal.AGREED: lazy_gettext("A coordinator has already agreed to this role."),
    ProposalRefusal.TENURE: lazy_gettext("You have been a coordinator for less than 7 days. Ask another coordinator."),
    ProposalRefusal.NOT_YOURS: lazy_gettext("You cannot agree to this role. You can stop it."),
    ProposalRefusal.UNFIT: lazy_gettext("The role can no longer be assigned. The proposal has lapsed."),
}


@bp.get("/people/proposals/<uuid:proposal_id>")
@requires(Action.SEE_PROPOSAL, load=proposal)
def show_proposal(details: ProposalDetails, proposal_id: UUID) -> ResponseReturnValue:
    """Show a proposed role."""
    return render(proposal_page(actor(), details))


@bp.post("/people/proposals/<uuid:proposal_id>/agreement")
@requires(Action.ANSWER_PROPOSAL, load=proposal)
def agree_to_proposal(details: ProposalDetails, proposal_id: UUID) -> ResponseReturnValue:
    """Agree to a proposed role."""
    if (response := _ask_password(_("Agree to the role"), details)) is not None:
        return response
    with transaction():
        refusal = proposal_answers.agree(actor(), proposal_id, clock.today(), clock.now())
    return _answered(proposal_id, refusal, _("You agreed to the role."))


@bp.post("/people/proposals/<uuid:proposal_id>/stop")
@requires(Action.ANSWER_PROPOSAL, load=proposal)
def stop_proposal(details: ProposalDetails, proposal_id: UUID) -> ResponseReturnValue:
    """Stop a proposed role, or withdraw the own proposal."""
    own = details.proposed_by == current_user.id
    done = _("Withdraw the proposal") if own else _("Stop the proposal")
    if (response := _ask_password(done, details)) is not None:
        return response
    with transaction():
        refusal = proposal_answers.stop(actor(), proposal_id, clock.now())
    return _answered(proposal_id, refusal, _("The proposal has ended. The role is not assigned."))


def _ask_password(done: str, details: ProposalDetails) -> ResponseReturnValue | None:
    """Return the page that asks for the password before an action, or None if it was entered."""
    path = [
        (_("People"), url_for("directory.show_people")),
        (_("Proposed role"), url_for("invitations.show_proposal", proposal_id=details.id)),
    ]
    return reauthentication.ask_password(done, details.alias, path)


def _answered(proposal_id: UUID, refusal: ProposalRefusal | None, done: str) -> ResponseReturnValue:
    if refusal is None:
        flash(done)
    else:
        flash(str(REFUSALS[refusal]), "warning")
    return redirect(url_for("invitations.show_proposal", proposal_id=proposal_id))
