"""The account is made in the browser in which its password was chosen, and in no other one."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db.session import db
from app.invitations.models import Invitation
from app.sign_in.queries import sessions
from tests.support import sites
from tests.support.invitation_pages import MAIL, PASSWORD, invitation_id_in, invitation_token, invite
from tests.support.sites import Site

OTHER = "six other words in another row"


def _choose(site: Site, client: FlaskClient, token: str, password: str) -> None:
    answer = sites.post(site.app, client, f"/invitation/{token}/password", {"new": password})
    assert answer.headers["Location"].endswith("/start")


def _start(site: Site, client: FlaskClient, token: str) -> str:
    return sites.post(site.app, client, f"/invitation/{token}/start").headers["Location"]


def test_another_browser_does_not_finish_what_the_first_began(site: Site) -> None:
    invitation_id_in(invite(site))
    token, first, second = invitation_token(site), site.app.test_client(), site.app.test_client()
    _choose(site, first, token, PASSWORD)
    assert second.get(f"/invitation/{token}/start").headers["Location"].endswith("/password")
    assert _start(site, second, token).endswith("/password")
    with site.app.app_context():
        assert sessions.credentials_by_name(MAIL) is None
    assert _start(site, first, token) == "/"


def test_another_browser_starts_again_from_its_own_password(site: Site) -> None:
    invitation_id_in(invite(site))
    token, first, second = invitation_token(site), site.app.test_client(), site.app.test_client()
    _choose(site, first, token, PASSWORD)
    _choose(site, second, token, OTHER)
    assert _start(site, first, token).endswith("/password")
    assert _start(site, second, token) == "/"
    assert first.get(f"/invitation/{token}").status_code == 410  # nor is it told that its password opens the account
    fields = {"name": MAIL, "password": PASSWORD}
    assert sites.post(site.app, site.app.test_client(), "/sign-in", fields).status_code == 422
    assert sites.post(site.app, site.app.test_client(), "/sign-in", fields | {"password": OTHER}).status_code == 302


@pytest.mark.parametrize("last", [0, 1])
def test_double_press_on_the_password_goes_on_in_the_same_browser(site: Site, last: int) -> None:
    invitation_id_in(invite(site))
    token, client = invitation_token(site), site.app.test_client()
    client.get(f"/invitation/{token}/password")
    cookies = []
    for _press in range(2):
        before = client.get_cookie("academy")
        assert before is not None
        _choose(site, client, token, PASSWORD)
        after = client.get_cookie("academy")
        assert after is not None
        cookies.append(after.value)
        client.set_cookie("academy", before.value)  # both were sent with the same cookie
    client.set_cookie("academy", cookies[last])
    assert _start(site, client, token) == "/"


def test_row_holds_a_hash_and_not_the_secret_of_the_browser(site: Site) -> None:
    invitation_id_in(invite(site))
    token, client = invitation_token(site), site.app.test_client()
    _choose(site, client, token, PASSWORD)
    with client.session_transaction() as session:
        secret = session["guest"]
    with site.app.app_context():
        row = db.session.scalars(select(Invitation)).one()
        assert row.browser_hash not in {None, secret}
