"""Clients of contact points and their deputies."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import Role, Scope
from app.db.session import transaction
from app.rights.service import roles as accounts
from tests.support import factories
from tests.support.settings import NOW

TODAY = NOW.date()
DAY = timedelta(days=1)


def chief(app: Flask, country: str = "IQ") -> FlaskClient:
    with app.app_context():
        person_id = factories.person(
            alias=f"Chief {country}", country=country, roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, country),)
        )
    return factories.sign_in(app, person_id)


def deputy(app: Flask) -> FlaskClient:
    with app.app_context():
        person_id = factories.person(roles=())
        with transaction():
            accounts.add_role(
                person_id, Role.CONTACT_POINT, scope=Scope.COUNTRY, reach="IQ", since=TODAY, until=TODAY + 9 * DAY,
                deputy=True,
            )  # fmt: skip
    return factories.sign_in(app, person_id)
