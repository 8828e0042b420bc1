"""Invitations made and accepted through the pages."""

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.db.session import db
from app.identity.models import Agency
from app.invitations.models import Invitation
from tests.support import sites
from tests.support.sites import Site

MAIL = "karim@police.example"
FIELDS = {
    "mail": MAIL, "name": "كريم حسن", "latin_name": "Karim Hassan", "service_number": "BP 17", "role": "practitioner",
    "posting": "first_responder", "language": "ar",
}  # fmt: skip
PASSWORD = "five plain words in a row"


def agency_of(site: Site, country: str) -> str:
    with site.app.app_context():
        return str(db.session.scalars(select(Agency.id).where(Agency.country == country)).first())


def invite(site: Site, who: str = "contact_point", country: str = "IQ", **fields: str) -> TestResponse:
    sent = {**FIELDS, "agency": agency_of(site, country), **fields}
    return sites.post(site.app, site.client(who), "/people/invite", sent)


def invitation_id_in(answer: TestResponse) -> str:
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return str(answer.headers["Location"].rsplit("/", 1)[1])


def invitation_token(site: Site) -> str:
    with site.app.app_context():
        return db.session.scalars(select(Invitation.token)).one()


def accept(site: Site, client: FlaskClient, token: str, *, more: bool = False) -> TestResponse:
    """Take the four steps; `more`: the last one says that a second step follows."""
    path = f"/invitation/{token}"
    assert client.get(path).status_code == 200
    assert client.get(f"{path}/name").status_code == 200
    fields = {"name": "Karim Hassan", "latin_name": "", "alias": "Watcher 5"}
    assert sites.post(site.app, client, f"{path}/name", fields).headers["Location"].endswith("/password")
    assert sites.post(site.app, client, f"{path}/password", {"new": PASSWORD}).headers["Location"].endswith("/start")
    last = client.get(f"{path}/start").get_data(as_text=True)
    assert ("Watcher 5" in last, "تضيف خطوة ثانية" in last) == (True, more)
    assert "<bdi>Watcher 5</bdi>" in last  # Latin letters in an Arabic sentence
    return sites.post(site.app, client, f"{path}/start")
