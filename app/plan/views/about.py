"""View of `/about/colep`, public."""

from flask.typing import ResponseReturnValue

from app.catalogue.queries import courses as catalogue
from app.plan.pages import about
from app.plan.views._blueprint import bp
from app.web.pages import render


@bp.get("/about/colep")
def about_colep() -> ResponseReturnValue:
    """Show the initiative, its members and its plan without figures."""
    return render(about.about_colep(catalogue.plan()))
