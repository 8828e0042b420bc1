"""Protection against cross-site request forgery: a session token, masked for each page, and the Origin header."""

import base64
import hmac
import os
import secrets

from flask import Flask, abort, current_app, request, session

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SEED_BYTES = 16
FIELD = "csrf_token"
HEADER = "X-CSRF-Token"


def init_app(app: Flask) -> None:
    """Refuse every change without the token, or from another site, before the view runs."""
    app.before_request(_check)


def token() -> str:
    """Return the session token under a fresh mask, so that compression does not reveal it."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(SEED_BYTES)
    seed = _bytes(session["csrf"])
    mask = os.urandom(len(seed))
    return base64.urlsafe_b64encode(mask + _xor(mask, seed)).decode().rstrip("=")


def renew() -> None:
    """Replace the session token at sign-in and sign-out."""
    session["csrf"] = secrets.token_urlsafe(SEED_BYTES)


def _check() -> None:
    if request.method in SAFE:
        return
    # second check: a browser sends the origin of a request
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403)
    origin = request.headers.get("Origin")
    if origin is not None and not _is_own(origin):
        abort(403)
    sent = request.headers.get(HEADER) or request.form.get(FIELD, "")
    if not _is_valid(sent):
        abort(400, description="csrf")


def _is_own(origin: str) -> bool:
    scheme = "https" if current_app.config["SESSION_COOKIE_SECURE"] else "http"
    return origin == f"{scheme}://{request.host}"


def _is_valid(sent: str) -> bool:
    if "csrf" not in session:
        return False
    seed = _bytes(session["csrf"])
    try:
        raw = base64.urlsafe_b64decode(sent + "=" * (-len(sent) % 4))
    except ValueError:
        return False
    if len(raw) != 2 * len(seed):
        return False
    return hmac.compare_digest(_xor(raw[: len(seed)], raw[len(seed) :]), seed)


def _bytes(text: str) -> bytes:
    return text.encode()


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
