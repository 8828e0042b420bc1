"""Repeated submits: the response was lost, or the user pressed twice. Nothing happens twice, and no error appears."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from app.db.session import db, transaction
from app.identity.models import Country
from app.invitations.models import Invitation
from app.kernel import clock
from app.recovery.models import AddressChange, AskedForLink
from app.sign_in.domain import REPEATED_SUBMIT_WINDOW
from tests.support import factories, sites
from tests.support.invitation_pages import MAIL, PASSWORD, accept, invitation_id_in, invitation_token, invite
from tests.support.sites import Site

MADE = "Your account is ready. Sign in with your mail address and your password."
OPEN = "If you completed all four steps, your account is ready."


@pytest.mark.parametrize("second_factor", [False, True])
def test_the_last_step_of_an_invitation_leads_to_signing_in(site: Site, *, second_factor: bool) -> None:
    with site.app.app_context(), transaction():
        db.session.execute(update(Country).values(second_factor=second_factor))
    invitation_id_in(invite(site, language="en"))
    client, token = site.app.test_client(), invitation_token(site)
    path = f"/invitation/{token}"
    client.get(path)
    sites.post(site.app, client, f"{path}/name", {"name": "Karim Hassan", "latin_name": "", "alias": "Watcher 5"})
    sites.post(site.app, client, f"{path}/password", {"new": PASSWORD})
    before = client.get_cookie("academy")
    assert before is not None
    sites.post(site.app, client, f"{path}/start")
    client.set_cookie("academy", before.value)  # the answer never came
    for method, end in (("POST", "/start"), ("GET", ""), ("GET", "/password")):
        fields = {"csrf_token": factories.token(site.app, client)}
        assert client.open(f"{path}{end}", method=method, data=fields).headers["Location"] == "/sign-in"
        assert MADE in client.get("/sign-in").text
    fields = {"name": MAIL, "password": PASSWORD}
    onward = "/sign-in/second-step" if second_factor else "/"
    assert sites.post(site.app, client, "/sign-in", fields).headers["Location"] == onward
    # who never walked through it reads of both cases, whatever the link was
    pages = [site.app.test_client().get(f"/invitation/{one}") for one in (token, "x" * len(token))]
    assert [(page.status_code, OPEN in page.text, MADE in page.text) for page in pages] == [(410, True, False)] * 2


def test_password_of_another_invitation_reveals_nothing(site: Site) -> None:
    invitation_id_in(invite(site))
    token = invitation_token(site)
    accept(site, site.app.test_client(), token)
    other = site.app.test_client()
    with other.session_transaction() as session:
        session["guest"] = "0" * 32
    assert other.get(f"/invitation/{token}").status_code == 410


def _rows(site: Site) -> int:
    with site.app.app_context():
        return db.session.scalar(select(func.count()).select_from(Invitation)) or 0


@pytest.mark.each_database
def test_repeated_invitation_is_created_once(site: Site) -> None:
    made = invitation_id_in(invite(site))
    assert (invitation_id_in(invite(site)), _rows(site)) == (made, 1)
    with site.app.app_context():
        assert db.session.scalars(select(Invitation)).one().mails == 1
    other = invite(site, name="Another person")
    assert (other.status_code, "is invited already" in other.text) == (422, True)
    with site.app.app_context(), transaction():
        then = clock.real_now() - REPEATED_SUBMIT_WINDOW - timedelta(seconds=1)
        db.session.execute(update(Invitation).values(made_at=then))
    assert invite(site).status_code == 422


def _ask(site: Site, client: FlaskClient, mail: str) -> int:
    return sites.post(site.app, client, "/settings/sign-in/address", {"mail": mail}).status_code


def test_repeated_address_change_keeps_its_links(site: Site) -> None:
    client = site.client("owner")

    def asked() -> tuple[str, int]:
        with site.app.app_context():
            links = db.session.scalar(select(func.count()).select_from(AskedForLink)) or 0
            return db.session.scalars(select(AddressChange.new_hash)).one(), links

    assert _ask(site, client, "new@example.org") == 302
    first = asked()
    assert [_ask(site, client, mail) for mail in ["new@example.org", "NEW@example.org"] * 4] == [302] * 8
    assert asked() == first  # nor does it count as many that were asked for
    assert (_ask(site, client, "other@example.org"), asked()[1]) == (302, 2)
    with site.app.app_context(), transaction():
        db.session.scalars(select(AddressChange)).one().ends_at -= REPEATED_SUBMIT_WINDOW
    second = asked()
    assert (_ask(site, client, "other@example.org"), asked() == second) == (302, False)
