"""Views below `/cases`: the current decision, the choice of a move, and the debrief at the end."""

from typing import assert_never
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import requires
from app.access.policy import Action
from app.db.session import transaction
from app.kernel import clock
from app.scenarios import domain, pages, queries, service
from app.scenarios.forms import ChoiceForm
from app.scenarios.queries import PlaythroughView
from app.scenarios.service import AlreadyDecided, ChoiceTaken
from app.web.pages import render

bp = Blueprint("scenarios", __name__, template_folder="templates")


@bp.get("/cases/<uuid:playthrough>")
@requires(Action.PLAY_CASE, load=queries.visible)
def show(current: PlaythroughView, playthrough: UUID) -> ResponseReturnValue:
    """Show the decision that is due, or redirect to the debrief."""
    if current.finished_at is not None:
        return redirect(url_for("scenarios.debrief", playthrough=playthrough))
    return render(pages.decision(current))


@bp.post("/cases/<uuid:playthrough>/choice")
@requires(Action.PLAY_CASE, load=queries.visible)
def choose(current: PlaythroughView, playthrough: UUID) -> ResponseReturnValue:
    """Record the choice of a move."""
    form = ChoiceForm(request.form)
    if current.is_reduced:
        return redirect(url_for("scenarios.debrief", playthrough=playthrough))
    if not form.validate():
        return render(pages.decision(current, error=_("Choose what you do."))), 422
    move = _chosen(current, form.move.data)
    with transaction():
        decision = service.choose(playthrough, step=form.step.data, move=move, now=clock.now())
    match decision:
        case AlreadyDecided():
            flash(_("This decision was made before. Here is where you are now."), "warning")
            return redirect(url_for("scenarios.show", playthrough=playthrough))
        case ChoiceTaken(finished):
            endpoint = "scenarios.debrief" if finished else "scenarios.show"
            return redirect(url_for(endpoint, playthrough=playthrough))
        case _:
            assert_never(decision)


@bp.get("/cases/<uuid:playthrough>/debrief")
@requires(Action.PLAY_CASE, load=queries.visible)
def debrief(current: PlaythroughView, playthrough: UUID) -> ResponseReturnValue:
    """Show the consequences of all decisions, or only the result if the choices were deleted."""
    if current.finished_at is None:
        return redirect(url_for("scenarios.show", playthrough=playthrough))
    if current.is_reduced:
        return render(pages.result(current, current.finished_at))
    return render(pages.debrief(current))


def _chosen(playthrough: PlaythroughView, position: int) -> int:
    """Return the index in the source of the move that the page showed at this position; -1 if it showed none."""
    scenario = pages.case_text(playthrough).scenario
    order = domain.shuffled_moves(str(playthrough.id), domain.follow(scenario, playthrough.choices).at)
    return order[position] if position < len(order) else -1
