"""Public pages without personal data: about, privacy, accessibility, help; health; the components page."""

from datetime import date

from flask import Blueprint, Response, jsonify, make_response, render_template
from sqlalchemy import text

from app.db.session import db
from app.ports import ports
from app.web import charts
from app.web.charts import Point

bp = Blueprint("about", __name__)
components = Blueprint("components", __name__)


@bp.get("/about")
def show() -> str:
    """Explain the platform."""
    return render_template("about/about.html")


@bp.get("/about/privacy")
def privacy() -> str:
    """Explain which personal data is stored and who sees it."""
    return render_template("about/privacy.html")


@bp.get("/about/accessibility")
def accessibility() -> str:
    """Show the accessibility statement."""
    return render_template("about/accessibility.html")


@bp.get("/about/help")
def help() -> str:  # noqa: A001 - the page is called so
    """Show the help page."""
    return render_template("about/help.html", contact=ports().help_contact())


@bp.get("/about/support")
def support() -> str:
    """Show how to reach support, and what helps after a hard lesson."""
    return render_template("about/support.html", contact=ports().help_contact())


@bp.get("/health")
def health() -> Response:
    """Check that the server and its database respond."""
    db.session.execute(text("SELECT 1"))
    return make_response(jsonify(status="ok"))


@components.get("/_components")
def show_components() -> str:
    """Show every component in both directions of writing."""
    return render_template("components_page.html", charts=_sample_charts(), sample_day=date(2028, 3, 3))


def _sample_charts() -> dict[str, object]:
    quarters = [Point(n, value, f"Q{1 + n % 4}") for n, value in enumerate((6.0, 6.0, 6.0, 17.0, 25.0, 31.0))]
    ahead = [Point(8, 24.0, "Q1")]
    return {
        "bars": [
            (charts.target_bar(baseline=20, now=84, expected=80, target=120), "84 of 120"),
            (charts.target_bar(baseline=6, now=31, expected=42, target=60), "31 of 60"),
            (charts.target_bar(baseline=None, now=None, expected=None, target=60), "No data, target 60"),
        ],
        "trends": [
            (way, charts.trend(quarters, goal=60, forecast=ahead, mirrored=way == "rtl")) for way in ("ltr", "rtl")
        ],
        "sparks": [(charts.spark(line), str(line)) for line in ((6, 6, 6, 17, 25, 31), (4, None, 8, 8), (None,))],
        "stack": charts.stack((62, 48, 31, 17)),
        "fields": [(n, charts.full_fields(n)) for n in (5, 8, 10, 12)],
    }
