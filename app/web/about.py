"""Public pages that name nobody: about, privacy, accessibility, help; is the server up; the components page."""

from flask import Blueprint, Response, jsonify, make_response, render_template
from sqlalchemy import text

from app.db.session import db

bp = Blueprint("about", __name__)
components = Blueprint("components", __name__)


@bp.get("/about")
def show() -> str:
    """Say what this platform is."""
    return render_template("about/about.html")


@bp.get("/about/privacy")
def privacy() -> str:
    """Say what is kept about a person and who sees it."""
    return render_template("about/privacy.html")


@bp.get("/about/accessibility")
def accessibility() -> str:
    """Say what was done for access, and what is weak."""
    return render_template("about/accessibility.html")


@bp.get("/about/help")
def help() -> str:  # noqa: A001 - the page is called so
    """Say where help is."""
    return render_template("about/help.html")


@bp.get("/health")
def health() -> Response:
    """Say whether the server and its database answer."""
    db.session.execute(text("SELECT 1"))
    return make_response(jsonify(status="ok"))


@components.get("/_components")
def show_components() -> str:
    """Show every component in both directions of writing."""
    return render_template("components_page.html")
