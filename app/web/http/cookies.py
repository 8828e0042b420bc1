"""The only cookie, signed by HMAC with SHA-256."""

import hashlib

from flask import Flask
from flask.sessions import SecureCookieSessionInterface


class Cookies(SecureCookieSessionInterface):
    """The session interface of Flask, which uses SHA-1 by default."""

    digest_method = staticmethod(hashlib.sha256)


def init_app(app: Flask) -> None:
    """Use SHA-256 for the session cookie."""
    app.session_interface = Cookies()
