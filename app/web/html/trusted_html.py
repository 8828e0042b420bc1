"""The one place that trusts HTML: what the renderer cleaned and the catalogue stored."""

from flask import Flask
from markupsafe import Markup


def init_app(app: Flask) -> None:
    """Give templates the filter `stored`."""
    app.jinja_env.filters["stored"] = stored


def stored(html: str) -> Markup:
    """Return cleaned HTML from the catalogue as markup; anything else must never come here."""
    return Markup(html)  # noqa: S704 - rendered and cleaned by app.markup before it was stored
