"""The page for browsers without a connection, and the service worker that shows it."""

import hashlib
from base64 import b64encode
from functools import cache

from flask import Blueprint, Response, abort, current_app, make_response, request
from flask_babel import force_locale

from app.i18n.languages import INTERFACE, direction
from app.web.assets import STATIC, address, small_script, small_style
from app.web.http.headers import POLICY

bp = Blueprint("offline", __name__)
SCRIPTS = ("attendance.js", "later.js", "outbox.js")  # of the page: it shows a saved attendance list
DAY = "public, max-age=86400"  # for files that a browser requests again once a day


@bp.get("/sw.js")
def worker() -> Response:
    """Send the service worker for a language; its text changes with the page that it stores."""
    requested = request.args.get("lang", "")
    language = requested if requested in INTERFACE else "en"
    addresses = ", ".join(f'"{address(current_app, name)}"' for name in SCRIPTS)
    script = _worker().replace("ADDRESSES", addresses)
    script = script.replace("LANGUAGE", language).replace("VERSION", _digest(_page(language)))
    response = Response(script, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = DAY
    return response


@bp.get("/about/offline/<lang:language>")
def page(language: str) -> Response:
    """Send the page, which is the same for everyone; the worker stores its scripts with it."""
    if language not in INTERFACE:
        abort(404)
    response = make_response(_page(language))
    response.headers["Content-Security-Policy"] = policy()
    response.headers["Cache-Control"] = DAY
    return response


def policy() -> str:
    """Return the security policy of the page: of styles it allows only the one inside the page."""
    return POLICY.replace("style-src 'self'", f"style-src '{_style()[1]}'")


@cache
def _worker() -> str:
    return small_script((STATIC / "worker" / "sw.js").read_text("utf-8"))


@cache
def _style() -> tuple[str, str]:
    """Return the style of the page, and its digest in the notation of a security policy."""
    css = small_style((STATIC / "worker" / "offline.css").read_text("utf-8"))
    return css, "sha256-" + b64encode(hashlib.sha256(css.encode()).digest()).decode()


def _page(language: str) -> str:
    template = current_app.jinja_env.get_template("about/offline.html")  # without the layout, which reads the session
    with force_locale(language):
        text = template.render(language=language, dir=direction(language))
    return text.replace("</title>", f"</title>\n<style>{_style()[0]}</style>", 1)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
