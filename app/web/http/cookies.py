"""The one cookie: signed, its seal HMAC with SHA-256."""

import hashlib

from flask import Flask
from flask.sessions import SecureCookieSessionInterface


class Cookies(SecureCookieSessionInterface):
    """Flask's own, which would take SHA-1."""

    digest_method = staticmethod(hashlib.sha256)


def init_app(app: Flask) -> None:
    """Read and write the cookie so."""
    app.session_interface = Cookies()
