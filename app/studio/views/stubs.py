"""Addresses of pages that other branches bring."""

from flask import abort
from flask.typing import ResponseReturnValue

from app.access.guard import requires
from app.access.policy import Action
from app.studio.queries import workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.views._blueprint import bp


@bp.get("/teaching/courses/<slug:course>/bank/<item:item>", endpoint="show_item")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def show_item(workspace: Workspace, course: str, item: str) -> ResponseReturnValue:
    """Answer with 404."""
    abort(404)
