"""View of an officer's own result of a desk task."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from app.access.guard import requires
from app.access.policy import Action
from app.checks.pages import check_result
from app.checks.queries import products
from app.checks.queries.products import OwnProduct
from app.checks.views._blueprint import bp
from app.web.pages import render


@bp.get("/sittings/results/<uuid:product_id>")
@requires(Action.WORK_IN_SITTING, load=products.own_product)
def show_check_result(own: OwnProduct, product_id: UUID) -> ResponseReturnValue:
    """Show the scores and comments of the own desk task."""
    return render(check_result.page(own))
