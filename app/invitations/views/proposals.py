"""Pages of role proposals: reading one, agreeing to it, stopping it."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user

from app.access.guard import actor, requires, thing
from app.access.policy import Action
from app.db.session import transaction
from app.invitations.pages import proposals
from app.invitations.queries import proposals as invitations_proposals
from app.invitations.queries.proposals import ProposalDetails
from app.invitations.service import proposal_answers
from app.invitations.views._blueprint import bp
from app.kernel import clock
from app.rights.domain.proposals import ProposalRefusal
from app.sign_in.web import reauthentication

REFUSALS = {
    ProposalRefusal.OVER: lazy_gettext("This proposal has ended."),
    ProposalRefusal.OWN: lazy_gettext("Another person has to agree: you proposed this role, or it is yours."),
    ProposalRefusal.AGREED: lazy_gettext("A coordinator has already agreed to this role."),
    ProposalRefusal.TENURE: lazy_gettext("You have been a coordinator for less than 7 days. Ask another coordinator."),
    ProposalRefusal.NOT_YOURS: lazy_gettext("You cannot agree to this role. You can stop it."),
    ProposalRefusal.UNFIT: lazy_gettext("The role can no longer be assigned. The proposal has lapsed."),
}


@bp.get("/people/proposals/<uuid:proposal_id>")
@requires(Action.SEE_PROPOSAL, of=invitations_proposals.proposal)
def show_proposal(proposal_id: UUID) -> ResponseReturnValue:
    """Show a proposed role."""
    return render_template("invitations/proposal.html", page=proposals.details(actor(), thing()))


@bp.post("/people/proposals/<uuid:proposal_id>/agreement")
@requires(Action.ANSWER_PROPOSAL, of=invitations_proposals.proposal)
def agree_to_proposal(proposal_id: UUID) -> ResponseReturnValue:
    """Agree to a proposed role."""
    if (refused := _prove(_("Agree to the role"))) is not None:
        return refused
    with transaction():
        refusal = proposal_answers.agree(actor(), proposal_id, clock.today(), clock.now())
    return _answered(proposal_id, refusal, _("You agreed to the role."))


@bp.post("/people/proposals/<uuid:proposal_id>/stop")
@requires(Action.ANSWER_PROPOSAL, of=invitations_proposals.proposal)
def stop_proposal(proposal_id: UUID) -> ResponseReturnValue:
    """Stop a proposed role, or withdraw the own proposal."""
    own = thing().proposed_by == current_user.id
    if (refused := _prove(_("Withdraw the proposal") if own else _("Stop the proposal"))) is not None:
        return refused
    with transaction():
        refusal = proposal_answers.stop(actor(), proposal_id, clock.now())
    return _answered(proposal_id, refusal, _("The proposal has ended. The role is not assigned."))


def _prove(done: str) -> ResponseReturnValue | None:
    """Ask for the password before what a single button does; None where it was given."""
    details: ProposalDetails = thing()
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
