"""Pages of role proposals: reading one, agreeing to it, stopping it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user

from app.access.guard import actor, requires, thing
from app.access.policy import Action
from app.accounts import asking, proposal_answers, proposal_pages, proposal_queries
from app.accounts.proposal_queries import ProposalDetails
from app.accounts.proposal_rules import ProposalRefusal
from app.db.session import transaction
from app.kernel import clock

bp = Blueprint("proposals", __name__, template_folder="templates", url_prefix="/people/proposals")
REFUSALS = {
    ProposalRefusal.OVER: lazy_gettext("This proposal has ended."),
    ProposalRefusal.OWN: lazy_gettext("Another person has to agree: you proposed this role, or it is yours."),
    ProposalRefusal.AGREED: lazy_gettext("A coordinator has already agreed to this role."),
    ProposalRefusal.TENURE: lazy_gettext("You have been a coordinator for less than 7 days. Ask another coordinator."),
    ProposalRefusal.NOT_YOURS: lazy_gettext("You cannot agree to this role. You can stop it."),
    ProposalRefusal.UNFIT: lazy_gettext("The role can no longer be assigned. The proposal has lapsed."),
}


@bp.get("/<uuid:proposal_id>")
@requires(Action.SEE_PROPOSAL, of=proposal_queries.proposal)
def show(proposal_id: UUID) -> ResponseReturnValue:
    """Show a proposed role."""
    return render_template("accounts/proposal.html", page=proposal_pages.details(actor(), thing()))


@bp.post("/<uuid:proposal_id>/agreement")
@requires(Action.ANSWER_PROPOSAL, of=proposal_queries.proposal)
def agree(proposal_id: UUID) -> ResponseReturnValue:
    """Agree to a proposed role."""
    if (refused := _prove(_("Agree to the role"))) is not None:
        return refused
    with transaction():
        refusal = proposal_answers.agree(actor(), proposal_id, clock.today(), clock.now())
    return _answered(proposal_id, refusal, _("You agreed to the role."))


@bp.post("/<uuid:proposal_id>/stop")
@requires(Action.ANSWER_PROPOSAL, of=proposal_queries.proposal)
def stop(proposal_id: UUID) -> ResponseReturnValue:
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
    path = [(_("People"), url_for("people.show_all")), (_("Proposed role"), url_for(".show", proposal_id=details.id))]
    return asking.ask_proof(done, details.alias, path)


def _answered(proposal_id: UUID, refusal: ProposalRefusal | None, done: str) -> ResponseReturnValue:
    if refusal is None:
        flash(done)
    else:
        flash(str(REFUSALS[refusal]), "warning")
    return redirect(url_for(".show", proposal_id=proposal_id))
