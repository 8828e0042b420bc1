"""Views of `/practice`: choose a practice sitting and begin it; its questions are at `/attempts`."""

from collections.abc import Sequence

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence.queries import competencies as competence
from app.competence.shapes import CompetencyStatus
from app.db.session import transaction
from app.home.pages import practice as pages
from app.home.queries.practice import PracticeOffer, offers
from app.home.views._blueprint import bp
from app.kernel import clock
from app.learning.queries import progress as learning
from app.quizzes.queries import practice as sittings
from app.quizzes.service import practice as service
from app.web.pages import render


@bp.get("/practice")
@requires(Action.SEE_OWN_PATH)
def show_practice() -> ResponseReturnValue:
    """Show the practice that is due first, or on the competency of the query, and what it counts for."""
    statuses = _statuses()
    return render(
        pages.practice_page(
            _offers(statuses),
            statuses,
            catalogue.competencies() or Competencies(),
            asked=request.args.get("competency", ""),
            open_sitting=sittings.open_sitting(actor().id),
            today=clock.today(),
        )
    )


@bp.post("/practice")
@requires(Action.SEE_OWN_PATH)
def start_practice() -> ResponseReturnValue:
    """Begin the practice on a competency, or continue the one in progress."""
    offer = pages.chosen(_offers(_statuses()), request.form.get("competency", ""))
    if offer is None:
        abort(404)
    with transaction():
        started = service.start(
            person_id=actor().id,
            outline=offer.outline,
            language=offer.language,
            competencies=offer.competencies,
            counted=offer.counted,
            last_met=offer.last_met,
            now=clock.now(),
        )
    return redirect(url_for("quizzes.question", attempt=started.public_id, n=1))


def _statuses() -> list[CompetencyStatus]:
    return competence.path(actor().id, tuple(current_user.signed.posting_roles), clock.today())


def _offers(statuses: Sequence[CompetencyStatus]) -> list[PracticeOffer]:
    return offers(actor().id, statuses, learning.begun(actor().id), clock.today())
