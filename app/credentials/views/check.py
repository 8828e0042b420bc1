"""`/verify`: the public check of a certificate, the issuer's public keys, and the status lists."""

from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound

from app.credentials.domain import certificates as rules
from app.credentials.domain.check_limit import CheckLimit
from app.credentials.pages.check import check_page
from app.credentials.queries import certificates
from app.credentials.service import badges
from app.credentials.views._blueprint import bp
from app.kernel import clock
from app.kernel.errors import RateLimitedError
from app.sign_in.domain import network
from app.web.pages import render

_LIMIT = CheckLimit()
_LONGEST = 60


@bp.get("/verify")
def ask_code() -> ResponseReturnValue:
    """Ask for a code; the form leads to the address of its check."""
    entered = request.args.get("code", "").strip()[:_LONGEST]
    if not entered:
        return _hidden(render(check_page("", None, clock.now())))
    code = rules.read_code(entered)
    if code is None:
        _count()
        return _hidden(render(check_page(entered, None, clock.now())), 404)
    return redirect(url_for("credentials.check_certificate", code=code))


@bp.get("/verify/<slug:code>")
def check_certificate(code: str) -> ResponseReturnValue:
    """Say whether a certificate is valid, replaced, revoked or unknown, and what it says."""
    _count()
    canonical = rules.read_code(code)
    line = certificates.by_code(canonical) if canonical else None
    return _hidden(render(check_page(code[:_LONGEST], line, clock.now())), 200 if line else 404)


@bp.get("/verify/issuer")
def show_issuer() -> ResponseReturnValue:
    """Send the issuer's profile with all public keys."""
    if not badges.are_set_up():
        raise NoResultFound
    return _json(badges.issuer())


@bp.get("/verify/status/<int:list_number>")
def show_status_list(list_number: int) -> ResponseReturnValue:
    """Send the signed list of replaced and revoked credentials."""
    _count()
    credential = badges.status_list(list_number, clock.now()) if badges.are_set_up() else None
    if credential is None:
        raise NoResultFound
    return _json(credential)


def _count() -> None:
    seconds = _LIMIT.wait(network(request.remote_addr or ""), clock.real_now().timestamp())
    if seconds:
        raise RateLimitedError(seconds)


def _hidden(text: str, status: int = 200) -> Response:
    """Return a page that search engines leave out."""
    response = make_response(text, status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _json(content: str) -> Response:
    response = Response(content, mimetype="application/ld+json")
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
