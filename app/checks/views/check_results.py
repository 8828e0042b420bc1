"""Views of an officer's own desk tasks: the list, and the result of a task."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from app.access.guard import actor, requires
from app.access.policy import Action
from app.checks.pages import check_result
from app.checks.queries import products
from app.checks.queries.products import OwnProduct
from app.checks.views._blueprint import bp
from app.kernel import clock
from app.web.pages import render


@bp.get("/sittings/results")
@requires(Action.SEE_OWN_RECORD)
def show_check_results() -> ResponseReturnValue:
    """Show the own desk tasks, the newest first."""
    return render(check_result.list_page(actor()))


@bp.get("/sittings/results/<uuid:product_id>")
@requires(Action.WORK_IN_SITTING, load=products.own_product)
def show_check_result(own: OwnProduct, product_id: UUID) -> ResponseReturnValue:
    """Show the scores and comments of the own desk task."""
    return render(check_result.page(own, clock.today()))
