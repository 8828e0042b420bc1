"""Views of pages to print for an event: the sign-in sheet and the badges, by alias with blanks for names."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.kernel import clock
from app.web.pages import render
from app.workshops.pages import sheets
from app.workshops.queries import workshops
from app.workshops.service import results
from app.workshops.shapes import WorkshopFacts
from app.workshops.views._blueprint import bp


@bp.get("/teaching/workshops/<uuid:workshop_id>/sign-in-sheet")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def show_sign_in_sheet(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show a sheet for each day on which participants write name and signature."""
    _record_view(workshop_id)
    return render(sheets.sign_in_page(actor(), workshop, clock.today()))


@bp.get("/teaching/workshops/<uuid:workshop_id>/badges")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def show_badges(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show a badge for each participant, with a blank for the name."""
    _record_view(workshop_id)
    return render(sheets.badges_page(actor(), workshop, clock.today()))


def _record_view(workshop_id: UUID) -> None:
    with transaction():
        results.record_view(workshop_id, clock.now())
