"""The error message of a refused sign-in has the focus, so that screen readers read it first."""

import re

import pyotp
import pytest
from flask import Flask

from app.db.session import db, transaction
from app.kernel import clock
from app.sign_in.models import AuthenticatorApp
from tests.support import factories, sites

MAIL = "one@example.org"
FOCUSED = r'<div class="notice is-bad" role="alert" tabindex="-1" autofocus id="mistakes">.*?<p>'


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/sign-in", {"name": MAIL, "password": "wrong"}),
        ("/invitation", {"mail": MAIL, "code": "0000 0000"}),
        ("/sign-in/second-step/passkey", {"credential": "{}"}),
    ],
)
def test_error_message_has_the_focus(lite_app: Flask, path: str, fields: dict[str, str]) -> None:
    app, client = lite_app, lite_app.test_client()
    with app.app_context(), transaction():
        person_id, now = factories.person(mail=MAIL), clock.real_now()
        seed = pyotp.random_base32()
        db.session.add(AuthenticatorApp(person_id=person_id, seed=seed, made_at=now, confirmed_at=now))
    sites.post(app, client, "/sign-in", {"name": MAIL, "password": factories.PASSWORD})
    page = sites.post(app, client, path, fields)
    assert (page.status_code, len(re.findall(FOCUSED, page.text))) == (422, 1)
